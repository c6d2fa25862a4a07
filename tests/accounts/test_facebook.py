"""Signing in with Facebook in its own protocol: OAuth 2, the Graph API, a proof per call (R193, R198)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from app.accounts.graph import appsecret_proof
from app.accounts.models import Provider
from app.config import Settings
from simulator.facebook import APP_ID, APP_SECRET
from tests.accounts.person_at_provider import PersonAtProvider

START = "/national/login/facebook"


@pytest.mark.requirement("R193", "R198")
def test_the_button_leads_to_the_dialog_with_a_state_and_asks_for_the_email_only(
    with_facebook: Any, client: Any, facebook: str
) -> None:
    away = [urlsplit(client.get(START).location) for _ in range(2)]

    asked = [{name: values[0] for name, values in parse_qs(each.query).items()} for each in away]
    assert f"{away[0].scheme}://{away[0].netloc}{away[0].path}" == f"{facebook}/dialog/oauth"
    assert asked[0]["state"] != asked[1]["state"]
    assert {name: asked[0][name] for name in ("client_id", "redirect_uri", "response_type", "scope")} == {
        "client_id": APP_ID,
        "redirect_uri": "http://localhost/login/facebook/callback",
        "response_type": "code",
        "scope": "email",
    }


@pytest.mark.requirement("R198")
def test_the_address_of_facebook_stands_in_the_form_and_is_verified_by_our_own_mail(
    with_facebook: Any, client: Any
) -> None:
    PersonAtProvider("meihua").sign_in(client, START)

    page = client.page("/national/signup/complete")

    assert page.find(id="email")["value"] == "meihua@example.tw"
    assert page.find(id="email").has_attr("readonly")
    sent = client.send(
        "/national/signup/complete",
        {"password": "tung-blossom-in-may", "password_again": "tung-blossom-in-may"},
    )
    assert sent.h1.get_text() == "請到信箱開啟認證信"


def test_who_has_no_address_there_types_one(with_facebook: Any, client: Any) -> None:
    PersonAtProvider("nomail").sign_in(client, START)

    page = client.page("/national/signup/complete")

    assert not page.find(id="email").has_attr("readonly")


def test_who_cancels_is_told_so(with_facebook: Any, client: Any) -> None:
    back = PersonAtProvider("meihua").come_back(client, START, press="cancel")

    assert "您在 Facebook 取消了登入" in client.page(back, status=422).get_text()


@pytest.mark.parametrize(
    "change",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.replace("code=", "code=x"),
        lambda back: back.partition("?")[0],
    ],
    ids=["state", "code", "nothing"],
)
def test_an_answer_that_does_not_fit_opens_nothing(with_facebook: Any, client: Any, change: Any) -> None:
    back = PersonAtProvider("meihua").come_back(client, START)

    assert "登入沒有成功" in client.page(change(back), status=422).get_text()


def test_an_answer_opens_once_and_only_in_its_own_browser(with_facebook: Any, client: Any) -> None:
    back = PersonAtProvider("meihua").come_back(client, START)

    assert with_facebook.test_client().get(back).status_code == 422
    assert client.get(back).status_code in (302, 303)
    assert client.get(back).status_code == 422


def test_without_the_apps_secret_nothing_is_told(with_facebook: Any, client: Any) -> None:
    registry, _issuers = with_facebook.extensions["login_providers"]
    back = PersonAtProvider("meihua").come_back(client, START)
    registry.create_client(Provider.FACEBOOK.value).client_secret = "another"

    assert "登入沒有成功" in client.page(back, status=422).get_text()


def test_the_proof_is_the_hmac_that_facebook_documents() -> None:
    # RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?".
    assert appsecret_proof("what do ya want for nothing?", "Jefe") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_a_graph_call_without_its_proof_is_refused(with_facebook: Any, client: Any, facebook: str) -> None:
    back = PersonAtProvider("meihua").come_back(client, START)
    code = parse_qs(urlsplit(back).query)["code"][0]
    asked = {
        "client_id": APP_ID,
        "client_secret": APP_SECRET,
        "code": code,
        "redirect_uri": "http://localhost/login/facebook/callback",
    }
    token = requests.get(f"{facebook}/oauth/access_token", params=asked, timeout=10).json()["access_token"]

    bare = requests.get(f"{facebook}/me", params={"access_token": token}, timeout=10)

    assert (bare.status_code, bare.json()["error"]["code"]) == (400, 100)


def test_in_production_it_is_facebook_itself() -> None:
    settings = Settings.from_environment({})

    assert settings.facebook_dialog_url == "https://www.facebook.com/v23.0/dialog/oauth"
    assert settings.facebook_graph_url == "https://graph.facebook.com/v23.0"
