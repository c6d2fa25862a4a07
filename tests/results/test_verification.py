"""The code on a printed document: read from the rendered page, then asked for at the portal."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
import zxingcpp
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.db import db, transaction
from app.core.signing import Signer, Statement, signer
from app.registration.models import Registration
from app.registration.states import CancelReason, FormState
from app.results import services
from app.tickets.models import Ticket
from tests.client import CheckingClient
from tests.factories.registrations import NATIONAL_1
from tests.factories.results import CERTIFIED, FAILS, PASSES, enter_scores, make_published

SignIn = Callable[[Account], None]
At = Callable[[str], None]
TICKET_DAY = date(2023, 5, 1)


@pytest.fixture
def candidate(app: Flask, sign_in: SignIn, at: At) -> Registration:
    """A signed-in candidate with a published result, on the day from which certificates are had."""
    [registration] = make_published({"黃𠊎堃": PASSES})
    sign_in(db.session.get_one(Account, registration.account_id))
    at(CERTIFIED)
    return registration


def scan(content: bytes, tmp_path: Path) -> str:
    """Return what the code on the first page says, as a reader sees it in print."""
    file = tmp_path / "document.pdf"
    file.write_bytes(content)
    picture = subprocess.run(
        ["pdftoppm", "-png", "-r", "200", "-f", "1", "-l", "1", str(file)], check=True, capture_output=True
    ).stdout
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return code.text


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def verify(client: CheckingClient, address: str) -> BeautifulSoup:
    """Return the page that somebody sees who is not signed in."""
    return client.application.test_client().page(path_of(address))


def address_of(statement: Statement) -> str:
    return f"/verify-document?d={signer().sign(statement)}"


@pytest.mark.parametrize(
    ("document", "sentence", "told"),
    [
        ("ticket.pdf", "這份准考證有效", ["112101060001", "黃○堃", "苗栗"]),
        ("score.pdf", "這份成績單有效", ["112101060001", "黃○堃", "初級合格", "80.5"]),
        (
            "certificate.pdf",
            "這份合格證書有效",
            ["112客初字第000001號", "黃○堃", "初級", "112 年 12 月 8 日"],
        ),
    ],
)
def test_the_code_on_the_printed_page_confirms_the_document_to_anybody(
    client: CheckingClient,
    candidate: Registration,
    tmp_path: Path,
    document: str,
    sentence: str,
    told: list[str],
) -> None:
    content = client.get(f"/registrations/{candidate.public_id}/{document}").data

    text = verify(client, scan(content, tmp_path)).get_text()

    assert sentence in text
    for word in told:
        assert word in text
    assert "黃𠊎堃" not in text
    assert candidate.id_number not in text


def test_the_code_itself_carries_nothing_about_the_person(
    client: CheckingClient, candidate: Registration, tmp_path: Path
) -> None:
    address = scan(client.get(f"/registrations/{candidate.public_id}/score.pdf").data, tmp_path)

    statement = signer().read(parse_qs(urlsplit(address).query)["d"][0])

    assert statement == Statement("S", "112101060001", 1, date(2023, 10, 20), "E-805")


def test_an_older_score_report_says_that_there_is_a_newer_one(
    client: CheckingClient, candidate: Registration
) -> None:
    old = address_of(Statement("S", "112101060001", 1, date(2023, 10, 20), "E-805"))
    enter_scores({candidate: FAILS})
    services.publish_results(NATIONAL_1, actor=SYSTEM)

    text = verify(client, old).get_text()

    assert "這份成績單已有新版" in text
    assert "80.5" in text  # what that paper says, not what the newer one does


def test_a_revoked_certificate_tells_nothing_more(client: CheckingClient, candidate: Registration) -> None:
    services.revoke_certificate("112E000001", reason="冒名頂替", actor=SYSTEM)

    text = verify(client, address_of(Statement("C", "112E000001", 1, date(2023, 12, 8), "E"))).get_text()

    assert "這份合格證書已經失效" in text
    assert "黃○堃" not in text
    assert "冒名頂替" not in text


def test_a_ticket_of_an_older_version_and_one_of_a_cancelled_registration(
    client: CheckingClient, candidate: Registration
) -> None:
    first = address_of(Statement("T", "112101060001", 1, TICKET_DAY))
    with transaction() as session:
        session.scalars(sa.select(Ticket)).one().version = 2
    assert "這份准考證已有新版" in verify(client, first).get_text()

    with transaction():
        candidate.form_state, candidate.cancel_reason = FormState.CANCELLED, CancelReason.WITHDRAWN
    page = verify(client, first)

    assert "這份准考證已經失效" in page.get_text()
    assert "黃○堃" not in page.get_text()


@pytest.mark.parametrize("code", ["", "假", "T.112101060001.1.20230501..1.AAAA", "A" * 3000])
def test_what_we_did_not_sign_is_not_known(
    client: CheckingClient, candidate: Registration, code: str
) -> None:
    response = client.get("/verify-document", query_string={"d": code})

    assert response.status_code == 200
    assert "這不是本中心製發的文件" in response.get_data(as_text=True)


def test_another_signature_over_the_same_words_is_not_known(
    client: CheckingClient, candidate: Registration
) -> None:
    forged = Signer(1, {1: bytes(32)}).sign(Statement("T", "112101060001", 1, TICKET_DAY))

    text = verify(client, f"/verify-document?d={forged}").get_text()

    assert "這不是本中心製發的文件" in text
    assert "黃○堃" not in text


@pytest.mark.parametrize(
    "statement", [Statement("T", "999", 1, TICKET_DAY), Statement("X", "1", 1, TICKET_DAY)]
)
def test_a_signed_statement_about_nothing_is_not_known(
    client: CheckingClient, app: Flask, statement: Statement
) -> None:
    assert "這不是本中心製發的文件" in verify(client, address_of(statement)).get_text()


def test_without_a_code_the_page_says_what_to_scan(client: CheckingClient, app: Flask) -> None:
    assert "掃描文件右下角的條碼" in client.page("/verify-document").get_text()
