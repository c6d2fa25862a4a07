"""Signing in with Google or Facebook, against a provider that is not ours (R193, R198; security 3)."""

import pytest
import sqlalchemy as sa

from app.accounts import queries, services
from app.accounts.models import LinkedLogin, Provider, Realm, SignInSession
from app.core.db import db
from tests.accounts.test_pages import path_in, text_of
from tests.factories.accounts import PASSWORD, make_account, make_staff

NEW_PASSWORD = {"password": PASSWORD, "password_again": PASSWORD}


def links():
    return db.session.scalars(sa.select(LinkedLogin)).all()


# ---- the buttons ----


@pytest.mark.requirement("W001")
def test_a_portal_without_client_ids_shows_no_buttons(client):
    assert not client.page("/national/login").select(".providers")
    assert client.get("/national/login/google").status_code == 422


@pytest.mark.requirement("R193")
@pytest.mark.parametrize("path", ["/national/login", "/multi/signup"])
def test_both_buttons_stand_under_the_form(with_providers, client, path):
    assert text_of(client.page(path), ".providers a") == ["用 Google 繼續", "用 Facebook 繼續"]


# ---- the first time (R198) ----


@pytest.mark.requirement("R193", "R198", "R199")
def test_from_the_button_through_the_completion_form_to_the_first_page(somebody, client):
    meihua = somebody("meihua")

    back = meihua.sign_in(client, "/national/login/google")
    form = client.page(back.location)
    arrived = client.send(back.location, NEW_PASSWORD)

    assert back.location == "/national/signup/complete"
    assert form.select_one("#email")["value"] == meihua.email
    assert form.select_one("#email").has_attr("readonly")
    assert "只用於本網站，不會改變您在 Google 的密碼" in form.select_one("#password-hint").get_text()
    assert text_of(arrived, "h1") == ["選擇報名類型"]


def test_the_account_opens_with_the_provider_and_with_the_local_password(somebody, client, actor):
    meihua = somebody("meihua")
    meihua.sign_in(client, "/national/login/google")
    client.send("/national/signup/complete", NEW_PASSWORD)
    client.post("/logout")

    again = meihua.sign_in(client, "/national/login/google")

    assert again.location == "/account/kind"
    account = services.authenticate(Realm.NATIONAL, meihua.email, PASSWORD, actor=actor)
    assert [(each.account_id, each.subject) for each in links()] == [(account.id, "meihua")]


@pytest.mark.requirement("R198")
def test_another_address_sent_in_place_of_the_read_only_one_is_not_looked_at(somebody, client):
    meihua = somebody("meihua")
    meihua.sign_in(client, "/national/login/google")

    client.send("/national/signup/complete", {**NEW_PASSWORD, "email": "somebody.else@example.tw"})

    assert queries.find_account(Realm.NATIONAL, meihua.email).verified_at
    assert queries.find_account(Realm.NATIONAL, "somebody.else@example.tw") is None


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"password": ""}, "password", "請設定密碼"),
        ({"password": "meihua"}, "password", "請至少輸入 10 個字元"),
        ({"password_again": "tung-blossom-in-june"}, "password_again", "兩次輸入的密碼不一樣"),
    ],
)
def test_each_mistake_is_said_beside_its_field(somebody, client, changes, field, sentence):
    somebody("meihua").sign_in(client, "/national/login/google")

    page = client.send("/national/signup/complete", {**NEW_PASSWORD, **changes}, status=422)

    assert sentence in page.select_one(f"#{field}-error").get_text()
    assert links() == []


@pytest.mark.requirement("R192")
def test_the_tracks_keep_their_accounts_apart(somebody, client):
    """R192: the same person at the provider opens an account of each track."""
    meihua = somebody("meihua")
    for track in ("national", "multi"):
        meihua.sign_in(client, f"/{track}/login/google")
        client.send(f"/{track}/signup/complete", NEW_PASSWORD)
        client.post("/logout")

    assert {each.realm for each in links()} == {Realm.NATIONAL, Realm.MULTI}
    assert len({each.account_id for each in links()}) == 2


def test_without_coming_from_a_provider_there_is_nothing_to_complete(somebody, client):
    assert client.get("/national/signup/complete").location == "/national/signup"

    somebody("meihua").sign_in(client, "/national/login/google")

    assert client.get("/multi/signup/complete").location == "/multi/signup"


# ---- an e-mail nobody vouches for ----


@pytest.mark.parametrize(
    ("login", "path"), [("unproven", "/national/login/google"), ("meihua", "/national/login/facebook")]
)
def test_an_address_nobody_vouches_for_is_verified_by_our_own_mail(somebody, client, mailbox, login, path):
    person = somebody(login)
    person.sign_in(client, path)

    sent = client.send("/national/signup/complete", NEW_PASSWORD)
    before = person.sign_in(client, path).location
    client.page(path_in(mailbox.last()))
    client.send("/verify", {"password": PASSWORD})
    client.post("/logout")

    assert text_of(sent, "h1") == ["請到信箱開啟認證信"]
    assert before == "/national/signup/complete"
    assert person.sign_in(client, path).location == "/account/kind"


def test_who_has_no_address_at_the_provider_types_one(somebody, client, mailbox):
    somebody("nomail").sign_in(client, "/national/login/facebook")
    typed = {**NEW_PASSWORD, "email": "ajin@example.tw"}

    empty = client.send("/national/signup/complete", NEW_PASSWORD, status=422)
    client.send("/national/signup/complete", typed)

    assert "請輸入電子信箱" in empty.select_one("#email-error").get_text()
    assert mailbox.last().to == "ajin@example.tw"


def test_an_unproven_address_with_an_account_gets_the_same_answer_and_another_mail(somebody, client, mailbox):
    owner = make_account(email="unproven@example.tw")
    somebody("unproven").sign_in(client, "/national/login/google")

    page = client.send("/national/signup/complete", NEW_PASSWORD)

    assert text_of(page, "h1") == ["請到信箱開啟認證信"]
    assert "您已經有帳號了" in mailbox.last().subject
    assert queries.list_linked_logins(owner.id) == []


# ---- taking over an account (security 3, the table) ----


def test_a_verified_account_with_the_same_address_is_not_merged(somebody, client):
    owner = make_account(email="meihua@example.tw")
    somebody("meihua").sign_in(client, "/national/login/google")

    page = client.send("/national/signup/complete", NEW_PASSWORD, status=409)

    assert "請用密碼登入，再到「帳號設定」連結 Google" in page.select_one(".error-summary").get_text()
    assert queries.list_linked_logins(owner.id) == []


def test_an_account_never_verified_is_given_to_who_proves_the_address(somebody, client, actor, mailbox):
    services.sign_up(Realm.NATIONAL, "meihua@example.tw", "what-a-stranger-set", actor=actor)
    stale = path_in(mailbox.last())
    somebody("meihua").sign_in(client, "/national/login/google")
    client.send("/national/signup/complete", NEW_PASSWORD)

    with pytest.raises(services.LoginRefused):
        services.authenticate(Realm.NATIONAL, "meihua@example.tw", "what-a-stranger-set", actor=actor)
    client.post("/logout")
    assert client.get(stale, follow_redirects=True).status_code == 410


def test_a_login_linked_before_verification_does_not_outlive_a_new_sign_up(
    somebody, client, actor, mailbox, at
):
    somebody("unproven").sign_in(client, "/national/login/facebook")
    client.send("/national/signup/complete", NEW_PASSWORD)  # a stranger, with the owner's address
    at("2023-05-01 09:05")
    services.sign_up(Realm.NATIONAL, "unproven@example.tw", "camellia-in-winter", actor=actor)

    services.verify_email(path_in(mailbox.last()).rpartition("/")[2], "camellia-in-winter", actor=actor)

    assert links() == []
    again = somebody("unproven").sign_in(client, "/national/login/facebook")
    assert again.location == "/national/signup/complete"


def test_who_signs_up_with_an_address_that_has_a_linked_login_is_reminded_of_it(
    somebody, client, actor, mailbox
):
    somebody("meihua").sign_in(client, "/national/login/google")
    client.send("/national/signup/complete", NEW_PASSWORD)

    services.sign_up(Realm.NATIONAL, "meihua@example.tw", "camellia-in-winter", actor=actor)

    assert "您也可以用 Google 登入" in mailbox.last().text


# ---- linking and unlinking ----


def test_an_account_is_linked_and_then_opens_with_the_provider(somebody, client, sign_in, mailbox):
    owner = make_account(email="owner@example.tw")
    sign_in(owner)

    linked = somebody("meihua").sign_in(client, "/account/logins/google/start")
    page = client.page("/account")
    client.post("/logout")

    assert linked.location == "/account"
    assert "已連結：meihua@example.tw" in page.get_text()
    assert mailbox.last().subject == "您的帳號已經連結 Google"
    assert somebody("meihua").sign_in(client, "/national/login/google").location == "/registrations"


def test_linking_asks_for_the_password_when_signing_in_was_long_ago(with_providers, client, sign_in):
    account = make_account()
    sign_in(account)
    db.session.execute(sa.update(SignInSession).values(confirmed_at=sa.text("'2020-01-01 00:00:00+00'")))

    asked = client.get("/account/logins/google")
    wrong = client.send(asked.location, {"password": "not-the-password"}, status=422)
    confirmed = client.post(asked.location, data={"password": PASSWORD})

    assert asked.location == "/account/confirm?next=/account/logins/google"
    assert "密碼不對" in wrong.select_one("#password-error").get_text()
    assert confirmed.location == "/account/logins/google"
    assert text_of(client.page("/account/logins/google"), "h1") == ["連結 Google"]


def test_a_login_that_opens_another_account_is_not_linked_to_a_second(somebody, client, sign_in):
    sign_in(make_account())
    somebody("meihua").sign_in(client, "/account/logins/google/start")
    other = make_account()
    sign_in(other)

    response = somebody("meihua").sign_in(client, "/account/logins/google/start")

    assert response.status_code == 409
    assert "已經連結到另一個報名帳號" in response.get_data(as_text=True)
    assert queries.list_linked_logins(other.id) == []


def test_linking_and_unlinking_end_the_sessions_on_other_devices(app, somebody, client, sign_in):
    account = make_account(email="owner@example.tw")
    phone = app.test_client()
    sign_in(account)

    for change in (
        lambda: somebody("meihua").sign_in(client, "/account/logins/google/start"),
        lambda: client.post("/account/logins/google/unlink"),
    ):
        phone.post("/national/login", data={"email": "owner@example.tw", "password": PASSWORD})
        assert phone.get("/account").status_code == 200
        change()
        assert phone.get("/account").status_code == 303
        assert client.get("/account").status_code == 200


def test_an_unlinked_login_opens_nothing_any_more(somebody, client, sign_in):
    sign_in(make_account())
    somebody("meihua").sign_in(client, "/account/logins/google/start")

    client.post("/account/logins/google/unlink")
    client.post("/logout")

    assert links() == []
    again = somebody("meihua").sign_in(client, "/national/login/google")
    assert again.location == "/national/signup/complete"


def test_staff_link_nothing(with_providers, client, sign_in):
    sign_in(make_staff())

    assert client.get("/account/logins/google/start").status_code == 403
    assert "用其他帳號登入" not in client.page("/account").get_text()


# ---- what can go wrong on the way ----


def test_who_cancels_at_the_provider_is_told_so_and_finds_another_way_in(somebody, client):
    back = somebody("meihua").come_back(client, "/national/login/google", press="cancel")

    page = client.page(back, status=422)

    assert "您在 Google 取消了登入" in page.get_text()
    assert page.select_one('main a[href="/national/login"]')


@pytest.mark.parametrize(
    "change",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.replace("code=", "code=x"),
        lambda back: back.replace("/login/google/", "/login/facebook/"),
        lambda back: back.partition("?")[0],
        lambda back: (
            back + "&iss=https://evil.example" if "iss=" not in back else back.replace("iss=http", "iss=x")
        ),
    ],
    ids=["state", "code", "other provider", "nothing", "issuer"],
)
def test_an_answer_that_does_not_fit_opens_nothing(somebody, client, change):
    back = somebody("meihua").come_back(client, "/national/login/google")

    page = client.page(change(back), status=422)

    assert "登入沒有成功" in page.get_text()
    assert client.get("/national/signup/complete").location == "/national/signup"


def test_an_answer_opens_once(somebody, client):
    back = somebody("meihua").come_back(client, "/national/login/google")
    client.get(back)

    assert client.get(back).status_code == 422


def test_an_answer_brought_by_another_browser_opens_nothing(app, somebody, client):
    back = somebody("meihua").come_back(client, "/national/login/google")

    assert app.test_client().get(back).status_code == 422


def test_a_provider_that_does_not_answer_is_said_plainly(with_providers, client, monkeypatch):
    _registry, issuers = with_providers.extensions["login_providers"]
    google = _registry.create_client("google")
    google._server_metadata_url = "http://127.0.0.1:9/none"
    google.server_metadata.clear()

    page = client.page("/national/login/google", status=422)

    assert "Google 現在沒有回應" in page.get_text()
    assert issuers[Provider.GOOGLE]


def test_a_provider_whose_endpoints_lie_elsewhere_is_not_used(with_providers, client):
    """CVE-2026-104056"""
    registry, _issuers = with_providers.extensions["login_providers"]
    metadata = registry.create_client("google").load_server_metadata()
    metadata["token_endpoint"] = "https://evil.example/token"

    assert client.get("/national/login/google").status_code == 422


def test_every_journey_has_its_own_state_nonce_and_challenge(with_providers, client):
    first, second = (client.get("/national/login/google").location for _ in range(2))

    for name in ("state=", "nonce=", "code_challenge="):
        assert name in first
        values = {away.partition(name)[2].partition("&")[0] for away in (first, second)}
        assert len(values) == 2
    assert "code_challenge_method=S256" in first
    assert "redirect_uri=http%3A%2F%2Flocalhost%2Flogin%2Fgoogle%2Fcallback" in first
