"""The second factor: set up at the first sign-in, asked at each, reset by two people (security 16)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, text

from app.accounts import grants, second_factor, sessions, staff, totp
from app.accounts.models import Realm, SignInLevel
from app.accounts.roles import Role
from app.accounts.second_factor import CodeRefused
from app.accounts.staff_models import RecoveryCode, SecondFactor
from app.core import clock
from app.core.actors import SYSTEM, Actor, ActorKind
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import Refused
from tests.factories.accounts import PASSWORD, make_account, make_staff

EMAIL = "desk@example.tw"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(steps=0):
    return totp.code_of(SECRET, totp.step_at(clock.system_now()) + steps)


@pytest.fixture
def enrolled(app):
    account = make_staff(email=EMAIL)
    with transaction():
        second_factor.keep_second_factor(account, SECRET)
    return account


def give_password(client, path="/admin/login"):
    return client.post(path, data={"email": EMAIL, "password": PASSWORD}, follow_redirects=True)


def staff_actor(account):
    return Actor(ActorKind.STAFF, account.id, "192.0.2.7", "test")


def test_the_first_sign_in_sets_the_second_factor_up(client):
    account = make_staff(email=EMAIL)
    page = client.send("/admin/login?next=/admin/seating/", {"email": EMAIL, "password": PASSWORD})
    assert page.h1.get_text() == "設定兩步驟驗證"
    assert page.select_one(".set-up-code svg")
    secret = page.select_one("[data-copy]")["data-copy"]
    shown = totp.code_of(secret, totp.step_at(clock.system_now()))

    page = client.send("/admin/second-factor/set-up?next=/admin/seating/", {"code": shown})

    assert page.h1.get_text() == "請保存備用碼"
    codes = [each.get_text() for each in page.select(".recovery-codes code")]
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9a-f]{4}-){3}[0-9a-f]{4}", each) for each in codes)
    assert page.find("a", string="我已經保存，繼續")["href"] == "/admin/seating/"
    assert client.page("/admin/seating/").h1.get_text() == "試場排座"
    assert db.session.get(SecondFactor, account.id).secret == secret


def test_opening_the_set_up_page_again_offers_the_same_secret_and_writes_nothing(client):
    make_staff(email=EMAIL)
    give_password(client)

    first, second = (client.page("/admin/second-factor/set-up") for _ in range(2))

    assert first.select_one("[data-copy]")["data-copy"] == second.select_one("[data-copy]")["data-copy"]
    assert db.session.scalars(select(SecondFactor)).all() == []


def test_a_wrong_code_sets_nothing_up(client):
    make_staff(email=EMAIL)
    give_password(client)

    page = client.send("/admin/second-factor/set-up", {"code": "12345"}, status=422)

    assert "驗證碼不對" in page.select_one(".field-error").get_text()
    assert db.session.scalars(select(SecondFactor)).all() == []


def test_the_secret_is_sealed_and_the_recovery_codes_are_digests(app, actor):
    account = make_staff()
    codes = second_factor.set_up(account, SECRET, code(), actor=actor)

    stored = db.session.execute(text("SELECT secret_sealed FROM second_factors")).scalar_one()
    digests = db.session.scalars(select(RecoveryCode.digest)).all()

    assert SECRET.encode() not in bytes(stored)
    assert not any(each.encode() in digest for each in codes for digest in digests)


def test_each_later_sign_in_asks_for_a_code_and_goes_on_to_the_page_wanted(client, enrolled):
    page = client.send("/admin/login?next=/admin/seating/", {"email": EMAIL, "password": PASSWORD})
    assert page.h1.get_text() == "輸入驗證碼"
    assert client.get("/admin/seating/").location.startswith("/admin/second-factor?next=/admin/seating/")

    page = client.send("/admin/second-factor?next=/admin/seating/", {"code": code()})

    assert page.h1.get_text() == "試場排座"
    assert sessions.list_live(enrolled)[0].level == SignInLevel.SECOND_FACTOR


def test_the_session_has_another_token_after_the_code(client, enrolled):
    give_password(client)
    with client.session_transaction() as session:
        before = session["_user_id"]

    client.post("/admin/second-factor", data={"code": code()})

    with client.session_transaction() as session:
        assert session["_user_id"] != before
    assert sessions.find(before) is None


def test_a_code_is_accepted_once_and_an_older_one_not_after_it(app, enrolled, actor):
    second_factor.check_code(enrolled, code(), actor=actor)

    for spent in (code(), code(-1)):
        with pytest.raises(CodeRefused):
            second_factor.check_code(enrolled, spent, actor=actor)
    second_factor.check_code(enrolled, code(1), actor=actor)


def test_codes_go_by_the_machines_time_and_not_by_the_demo_clock(app, enrolled, actor, at):
    at("2031-01-01 00:00")

    second_factor.check_code(enrolled, code(), actor=actor)


def test_a_recovery_code_opens_once(client, actor):
    account = make_staff(email=EMAIL)
    [one, *_] = second_factor.set_up(account, SECRET, code(), actor=actor)
    give_password(client)

    assert client.send("/admin/second-factor", {"code": one.upper()}).h1.get_text() == "今天"
    assert second_factor.count_recovery_codes(account) == 9
    with pytest.raises(CodeRefused):
        second_factor.check_code(account, one, actor=actor)


def test_new_recovery_codes_void_the_old_ones(client, sign_in, actor):
    account = make_staff()
    [old, *_] = second_factor.set_up(account, SECRET, code(), actor=actor)
    sign_in(account)

    page = client.send("/account/recovery-codes", {})

    new = page.select_one(".recovery-codes code").get_text()
    with pytest.raises(CodeRefused):
        second_factor.check_code(account, old, actor=actor)
    second_factor.check_code(account, new, actor=actor)


def test_wrong_codes_are_on_record(client, enrolled):
    give_password(client)
    client.send("/admin/second-factor", {"code": "000000"}, status=422)

    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()

    assert actions[-1] == "accounts.code_refused"


def test_a_new_password_by_mail_does_not_skip_the_second_factor(client, enrolled, mailbox):
    client.post("/password/forgot", data={"email": EMAIL})
    link = re.search(r"/password/reset/\S+", mailbox.last().text)[0]
    client.get(link)
    new = "four unrelated words here"
    client.post("/password/reset", data={"password": new, "password_again": new})

    page = client.send("/admin/login", {"email": EMAIL, "password": new})

    assert page.h1.get_text() == "輸入驗證碼"


def test_an_applicant_has_no_business_there(client, sign_in):
    sign_in(make_account())

    assert client.get("/admin/second-factor").status_code == 403


@pytest.mark.parametrize(
    ("asks", "confirms", "done"),
    [("one", "two", True), ("one", "one", False), ("one", "self", False), ("self", "one", False)],
)
def test_a_reset_takes_two_others(app, enrolled, asks, confirms, done):
    people = {
        "one": make_staff([(Role.ADMINISTRATOR, "")]),
        "two": make_staff([(Role.ADMINISTRATOR, "")]),
        "self": enrolled,
    }

    def reset():
        second_factor.ask_for_reset(enrolled.public_id, actor=staff_actor(people[asks]))
        second_factor.confirm_reset(enrolled.public_id, actor=staff_actor(people[confirms]))

    if done:
        reset()
    else:
        with pytest.raises(Refused):
            reset()
    assert (second_factor.find_second_factor(enrolled) is None) == done


def test_a_reset_ends_sessions_and_tells_the_owner(app, enrolled, mailbox):
    one, two = make_staff(), make_staff()
    token = sessions.begin(enrolled, level=SignInLevel.SECOND_FACTOR, browser="test", actor=SYSTEM)
    second_factor.ask_for_reset(enrolled.public_id, actor=staff_actor(one))

    second_factor.confirm_reset(enrolled.public_id, actor=staff_actor(two))

    assert sessions.find(token) is None
    assert mailbox.last().to == EMAIL
    assert "重設" in mailbox.last().subject


def test_a_reset_that_was_asked_for_a_day_ago_has_run_out(app, enrolled, at):
    at("2023-05-01 09:00")
    second_factor.ask_for_reset(enrolled.public_id, actor=staff_actor(make_staff()))
    at("2023-05-02 09:00")

    with pytest.raises(Refused, match="過期"):
        second_factor.confirm_reset(enrolled.public_id, actor=staff_actor(make_staff()))


def test_the_terminal_makes_the_first_administrator(app):
    run = app.test_cli_runner().invoke
    typed = f"{PASSWORD}\n{PASSWORD}\n"

    made = run(args=["accounts", "create-staff", EMAIL, "--role", "administrator"], input=typed)
    unknown = run(args=["accounts", "create-staff", "b@example.tw", "--role", "king"], input=typed)
    no_unit = run(args=["accounts", "create-staff", "c@example.tw", "--role", "case_officer"], input=typed)

    assert made.exit_code == 0, made.output
    account = staff.queries.find_account(Realm.STAFF, EMAIL)
    assert grants.holding_of(account).permissions == {"staff"}
    assert unknown.exit_code == 2
    assert no_unit.exit_code == 1
    assert staff.queries.find_account(Realm.STAFF, "c@example.tw") is None


def test_the_terminal_takes_away_the_last_administrators_second_factor(app, enrolled):
    done = app.test_cli_runner().invoke(args=["accounts", "reset-second-factor", EMAIL])

    assert done.exit_code == 0, done.output
    assert second_factor.find_second_factor(enrolled) is None
