"""The files in deploy/, put to work: nginx, gunicorn, worker, Redis and, where there is one, PostgreSQL.

In production mode, over TLS, as docs/deploying.md says; only names, ports and paths are changed.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests
from bs4 import BeautifulSoup
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.config import ROOT
from app.core import clock
from tests.conftest import KEYS, TestDatabases
from tests.operation.processes import (
    free_port,
    gunicorn,
    needed,
    running,
    running_mail_server,
    running_redis,
    wait_until,
)


@dataclass
class Site:
    url: str
    plain_url: str
    operators_url: str
    certificate: Path
    folder: Path
    mails: list[EmailMessage]

    def visitor(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # a machine's own list of authorities would go before this one
        session.verify = str(self.certificate)
        return session

    def ask_operators(self, path: str) -> requests.Response:
        return requests.get(f"{self.operators_url}{path}", timeout=10)


@pytest.fixture(scope="module")
def database(databases: TestDatabases, template: str) -> Iterator[str]:
    yield databases.create("site", like=template)
    databases.drop("site")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    secure, plain, operators = free_port(), free_port(), free_port()
    certificate = make_certificate(folder)
    socket_file = folder / "gunicorn.sock"
    changes = {
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "127.0.0.1:9100": f"127.0.0.1:{operators}",
        "exam.example": "localhost",
        "https://localhost$request_uri": f"https://localhost:{secure}$request_uri",
        "/run/portal-web/gunicorn.sock": str(socket_file),
        "/etc/portal/tls/fullchain.pem": str(certificate),
        "/etc/portal/tls/privkey.pem": str(folder / "key.pem"),
        "/srv/portal": str(ROOT),
        "/var/log/nginx": str(folder),
    }
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; pid {folder}/nginx.pid;\n"
        f"error_log stderr; events {{}}\n"
        f"http {{ include /etc/nginx/mime.types; {temporary_paths(folder)}\n"
        f"{changed((ROOT / 'deploy' / 'nginx.conf').read_text(), changes)} }}\n"
    )
    nginx = [needed("nginx"), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with running_redis(folder) as redis_url, running_mail_server() as (mail_port, mails):
        environment = {
            **example_settings(),
            **KEYS,
            "PORTAL_BASE_URL": f"https://localhost:{secure}",
            "PORTAL_INSTANCE": str(folder),
            "DATABASE_URL": database,
            "JOBS_URL": redis_url,
            "LIMITS_URL": redis_url.removesuffix("0") + "1",
            "MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "ECPAY_MERCHANT_ID": "1234567",
            "ECPAY_HASH_KEY": "x" * 16,
            "ECPAY_HASH_IV": "y" * 16,
            "CAPTCHA": "off",
        }
        worker = [sys.executable, "-m", "app.worker"]
        with (
            running(gunicorn(f"unix:{socket_file}"), folder, environment=environment, name="web"),
            running(worker, folder, environment=environment, name="worker"),
            running(nginx, folder, name="nginx"),
        ):
            site = Site(
                f"https://localhost:{secure}",
                f"http://127.0.0.1:{plain}",
                f"http://127.0.0.1:{operators}",
                certificate,
                folder,
                mails,
            )
            wait_until(lambda: is_ready(site), "the site is ready")
            yield site


def changed(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, f"deploy/nginx.conf has no {old}"
        text = text.replace(old, new)
    return text


def temporary_paths(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


def example_settings() -> dict[str, str]:
    lines = (ROOT / "deploy" / "portal.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def is_ready(site: Site) -> bool:
    try:
        return site.ask_operators("/readyz").ok
    except requests.ConnectionError:
        return False


def make_certificate(folder: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.system_now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder / "certificate.pem"


def test_a_sign_up_goes_through_all_of_it_and_arrives_as_a_mail(site: Site) -> None:
    visitor = site.visitor()
    form = visitor.get(f"{site.url}/national/signup", timeout=10)
    token = BeautifulSoup(form.text, "html5lib").select_one('input[name="csrf_token"]')["value"]
    password = "長長的一句話當作密碼用"

    answer = visitor.post(
        f"{site.url}/national/signup",
        data={
            "csrf_token": token,
            "email": "yulan@example.tw",
            "password": password,
            "password_again": password,
        },
        headers={"Referer": f"{site.url}/national/signup"},
        timeout=20,
    )

    assert answer.url == f"{site.url}/national/signup/sent"
    wait_until(lambda: site.mails, "the worker sends the mail")
    assert site.mails[0]["To"] == "yulan@example.tw"
    link = re.search(r"https://\S+", site.mails[0].get_content())[0]
    assert link.startswith(site.url)
    assert visitor.get(link, timeout=10).status_code == 200


def test_cookies_and_headers_are_those_of_a_public_site(site: Site) -> None:
    visitor = site.visitor()

    answer = visitor.get(f"{site.url}/national/login", timeout=10)

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sid=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "nginx/" not in answer.headers["Server"]


def test_a_plain_address_leads_to_the_secure_one(site: Site) -> None:
    answer = requests.get(
        f"{site.plain_url}/rounds", headers={"Host": "localhost"}, allow_redirects=False, timeout=10
    )

    assert (answer.status_code, answer.headers["Location"]) == (301, f"{site.url}/rounds")


def test_styles_come_from_nginx(site: Site) -> None:
    page = BeautifulSoup(site.visitor().get(site.url, timeout=10).text, "html5lib")
    sheets = [link["href"] for link in page.select('link[rel="stylesheet"]')]

    answers = [site.visitor().get(f"{site.url}{sheet}", timeout=10) for sheet in sheets]

    assert sheets
    assert {(each.status_code, each.headers["Content-Type"].split(";")[0]) for each in answers} == {
        (200, "text/css")
    }


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_operators_are_answered_at_their_listener_and_nobody_elsewhere(site: Site, path: str) -> None:
    assert site.ask_operators(path).status_code == 200
    assert site.ask_operators("/national/login").status_code == 404

    for headers in ({}, {"X-Forwarded-For": ""}, {"X-Forwarded-For": "127.0.0.1"}):
        answer = site.visitor().get(f"{site.url}{path}", headers=headers, timeout=10)
        assert answer.status_code == 404


def test_the_logs_of_both_meet_in_one_number_and_name_nobody(site: Site) -> None:
    secret = "Zk3vJ0m2nX8qQ5tY7uW1eR4oP6aS9dF0gH2jK4lL6zX"
    answer = site.visitor().get(f"{site.url}/verify/{secret}?who=yulan@example.tw", timeout=10)
    number = (answer.history or [answer])[0].headers["X-Request-Id"]

    # nginx writes its line after the answer has gone out.
    wait_until(lambda: number in (site.folder / "portal.log").read_text(), "nginx has logged")

    ours = [json.loads(line) for line in (site.folder / "web.log").read_text().splitlines()]
    theirs = [json.loads(line) for line in (site.folder / "portal.log").read_text().splitlines()]
    assert [line["route"] for line in ours if line.get("request_id") == number] == ["accounts.take_link"]
    assert [line["place"] for line in theirs if line["request_id"] == number] == ["/verify"]
    for name in ("web.log", "worker.log", "portal.log", "nginx.log"):
        text = (site.folder / name).read_text()
        assert secret not in text
        assert "yulan" not in text
