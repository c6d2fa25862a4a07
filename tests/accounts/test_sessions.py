"""Sessions: rows that run out on the machine's clock, and that end when what opens the account changes."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts import sessions
from app.accounts.models import SignInLevel, SignInSession
from app.accounts.user_agents import describe
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from tests.accounts.test_pages import LOGIN, text_of
from tests.factories.accounts import PASSWORD, make_account, make_staff

START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
EMAIL = "lin.meihua@example.tw"


@pytest.fixture
def machine(monkeypatch):
    """Set the machine's own clock: ``machine(minutes=30)`` after the start."""

    def move(**after):
        monkeypatch.setattr(clock, "system_now", lambda: START + timedelta(**after))

    move()
    return move


def begin(account, actor):
    return sessions.begin(account, level=SignInLevel.PASSWORD, browser="test", actor=actor)


# ---- how long (security 1) ----


@pytest.mark.parametrize(
    ("make", "seconds", "live"),
    [
        (make_account, 30 * 60 - 1, True),
        (make_account, 30 * 60, False),
        (make_staff, 15 * 60 - 1, True),
        (make_staff, 15 * 60, False),
    ],
)
def test_an_idle_session_runs_out(app, actor, machine, make, seconds, live):
    token = begin(make(), actor)

    machine(seconds=seconds)

    assert (sessions.find_account(token) is not None) == live


@pytest.mark.parametrize(("make", "hours"), [(make_account, 12), (make_staff, 8)])
def test_a_busy_session_runs_out_too(app, actor, machine, make, hours):
    token = begin(make(), actor)
    for minutes in range(10, hours * 60, 10):
        machine(minutes=minutes)
        sessions.note_seen(sessions.find(token))

    machine(seconds=hours * 3600 - 1)
    last_second = sessions.find(token)
    machine(hours=hours)

    assert last_second is not None
    assert sessions.find(token) is None


def test_a_page_each_second_is_noted_once_a_minute(app, actor, machine, count_queries):
    token = begin(make_account(), actor)
    machine(seconds=59)
    with count_queries() as first:
        sessions.note_seen(sessions.find(token))
    machine(seconds=60)
    with count_queries() as second:
        sessions.note_seen(sessions.find(token))

    assert [any("UPDATE" in each for each in queries) for queries in (first, second)] == [False, True]


def test_moving_the_exam_years_clock_ends_nobodys_session(client, sign_in, at):
    sign_in(make_account())

    at("2023-08-11 09:00")

    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(("seconds", "fresh"), [(299, True), (300, False)])
def test_who_one_is_stays_proven_for_five_minutes(app, actor, machine, seconds, fresh):
    token = begin(make_account(), actor)

    machine(seconds=seconds)

    assert sessions.is_fresh(sessions.find(token)) == fresh


def test_proving_it_again_gives_a_new_token_and_voids_the_old(app, actor, machine):
    token = begin(make_account(), actor)
    machine(minutes=10)

    new = sessions.confirm(token, level=SignInLevel.SECOND_FACTOR)

    assert sessions.find(token) is None
    assert sessions.is_fresh(sessions.find(new))
    assert sessions.find(new).level == SignInLevel.SECOND_FACTOR
    with pytest.raises(NotFound):
        sessions.confirm(token)


def test_the_token_itself_is_not_kept(app, actor):
    token = begin(make_account(), actor)

    (kept,) = db.session.scalars(sa.select(SignInSession)).all()

    assert len(kept.digest) == 32
    assert kept.digest != token.encode()


def test_sessions_that_ran_out_are_cleared_away_when_another_begins(app, actor, machine):
    begin(make_account(), actor)
    machine(hours=13)

    begin(make_account(), actor)

    assert db.session.scalar(sa.select(sa.func.count(SignInSession.id))) == 1


# ---- in the browser ----


def test_a_copied_cookie_opens_nothing_after_signing_out(app, client):
    make_account(email=EMAIL)
    client.post("/national/login", data=LOGIN)
    thief = app.test_client()
    thief.set_cookie("sid", client.get_cookie("sid").value)
    assert thief.get("/account").status_code == 200

    client.post("/logout")

    assert thief.get("/account").location == "/login?next=/account"


def test_signing_in_again_gives_a_new_token_and_ends_the_old_session(app, client):
    make_account(email=EMAIL)
    make_staff(email=EMAIL)
    client.post("/national/login", data=LOGIN)
    before = client.get_cookie("sid").value

    client.post("/admin/login", data=LOGIN)

    old = app.test_client()
    old.set_cookie("sid", before)
    assert old.get("/account").status_code == 303


def test_one_sees_ones_devices_and_ends_one_of_them(app, client):
    make_account(email=EMAIL)
    phone = app.test_client()
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
    phone.post("/national/login", data=LOGIN, headers={"User-Agent": agent})
    client.post(
        "/national/login", data=LOGIN, headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}
    )

    page = client.page("/account")
    button = page.select_one('form[action^="/account/sessions/"]:not([action$="others"])')
    client.post(button["action"])

    devices = next(table for table in page.select("table") if "已登入的裝置" in table.caption.get_text())
    assert [th.get_text(strip=True) for th in devices.select("tbody th")] == [
        "Firefox（Windows）",
        "Safari（iPhone）",
    ]
    assert phone.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


def test_all_other_devices_are_ended_at_once(app, client):
    make_account(email=EMAIL)
    others = [app.test_client() for _ in range(2)]
    for browser in (*others, client):
        browser.post("/national/login", data=LOGIN)

    client.post("/account/sessions/end-others")

    assert [browser.get("/account").status_code for browser in (*others, client)] == [303, 303, 200]


def test_nobody_ends_the_session_of_another_account(app, client, sign_in, actor):
    token = begin(make_account(), actor)
    sign_in(make_account())

    response = client.post(f"/account/sessions/{sessions.find(token).public_id}/end")

    assert response.status_code == 404
    assert sessions.find(token) is not None


def test_the_chosen_language_comes_back_at_the_next_sign_in(app, client):
    make_account(email=EMAIL)
    client.post("/national/login", data=LOGIN)
    client.post("/account/language", data={"language": "en"})
    other = app.test_client()

    other.post("/national/login", data=LOGIN)

    with other.session_transaction() as session:
        assert session["lang"] == "en"
    assert client.post("/account/language", data={"language": "xx"}).status_code == 400


# ---- changing the password ----

CHANGE = {"current": PASSWORD, "password": "camellia-in-winter", "password_again": "camellia-in-winter"}


def test_a_changed_password_ends_the_other_devices_and_is_told_by_mail(app, client, mailbox):
    make_account(email=EMAIL)
    phone = app.test_client()
    for browser in (phone, client):
        browser.post("/national/login", data=LOGIN)

    page = client.send("/account/password", CHANGE)

    assert text_of(page, "h1") == ["帳號設定"]
    assert phone.get("/account").status_code == 303
    assert "您的密碼已經變更" in mailbox.last().subject
    client.post("/logout")
    assert client.post("/national/login", data=LOGIN).status_code == 422
    new = {"email": EMAIL, "password": "camellia-in-winter"}
    assert client.post("/national/login", data=new).status_code == 303


@pytest.mark.parametrize(
    ("make", "changes", "field", "sentence"),
    [
        (make_account, {"current": "not-the-password"}, "current", "密碼不對"),
        (make_account, {"current": ""}, "current", "請輸入目前的密碼"),
        (make_account, {"password": "short", "password_again": "short"}, "password", "10 個字元"),
        (make_account, {"password_again": "other"}, "password_again", "不一樣"),
        (make_staff, {"password": "camellia-11", "password_again": "camellia-11"}, "password", "12 個字元"),
    ],
)
def test_a_refused_change_is_said_beside_its_field(client, sign_in, make, changes, field, sentence):
    sign_in(make())

    page = client.send("/account/password", {**CHANGE, **changes}, status=422)

    assert sentence in page.select_one(f"#{field}-error").get_text()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140", "Edge（Windows）"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537.36", "Chrome（Android）"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18 Safari/605", "Safari（Mac）"),
        ("curl/8.0", "不明的瀏覽器"),
        ("", "不明的瀏覽器"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent, words):
    assert str(describe(agent)) == words
