"""A forgotten password: the mail, the link, the new password (security 6, 7)."""

import pytest

from app.accounts import password_changes, services
from app.accounts.models import Realm
from tests.accounts.test_pages import LOGIN, path_in, text_of
from tests.factories.accounts import PASSWORD, make_account, make_staff

EMAIL = "lin.meihua@example.tw"
NEW = {"password": "camellia-in-winter", "password_again": "camellia-in-winter"}


def test_from_the_form_through_the_mail_to_the_new_password(client, mailbox):
    make_account(email=EMAIL)

    sent = client.send("/password/forgot", {"email": EMAIL})
    form = client.page(path_in(mailbox.last()))
    done = client.send("/password/reset", NEW)

    assert text_of(sent, "h1") == ["請到信箱開啟連結"]
    assert EMAIL in form.select_one("main").get_text()
    assert text_of(done, "h1") == ["登入全國認證"]
    assert "您的密碼已經變更" in mailbox.last().subject
    assert client.post("/national/login", data=LOGIN).status_code == 422
    assert (
        client.post("/national/login", data={"email": EMAIL, "password": NEW["password"]}).status_code == 303
    )


def test_setting_a_new_password_signs_nobody_in_and_ends_every_session(app, client, mailbox):
    make_account(email=EMAIL)
    phone = app.test_client()
    phone.post("/national/login", data=LOGIN)
    client.send("/password/forgot", {"email": EMAIL})
    client.page(path_in(mailbox.last()))

    client.send("/password/reset", NEW)

    assert client.get("/account").status_code == 303
    assert phone.get("/account").status_code == 303


def test_the_answer_is_the_same_with_and_without_an_account(client, mailbox):
    make_account(email="owner@example.tw")

    known = client.send("/password/forgot", {"email": "owner@example.tw"})
    unknown = client.send("/password/forgot", {"email": "other@example.tw"})

    assert len(mailbox.all()) == 1
    shown = known.select_one("main").get_text().replace("owner@", "other@")
    assert shown == unknown.select_one("main").get_text()


def test_every_account_of_an_address_gets_its_own_link(app, actor, mailbox):
    make_account(email=EMAIL)
    make_account(email=EMAIL, realm=Realm.MULTI)
    make_staff(email=EMAIL)

    password_changes.ask_for_reset(EMAIL, actor=actor)

    subjects = sorted(mail.subject for mail in mailbox.all())
    assert subjects == [
        "重設密碼（全國認證報名系統）",
        "重設密碼（多梯次認證報名系統）",
        "重設密碼（試務工作台）",
    ]


def test_an_account_that_was_never_verified_gets_none(app, actor, mailbox):
    services.sign_up(Realm.NATIONAL, EMAIL, PASSWORD, actor=actor)

    password_changes.ask_for_reset(EMAIL, actor=actor)

    assert len(mailbox.all()) == 1


def token_in(mail):
    return path_in(mail).rpartition("/")[2]


@pytest.mark.parametrize(
    ("opened", "still_opens"), [("2023-05-01 09:29:59", True), ("2023-05-01 09:30", False)]
)
def test_a_link_opens_for_thirty_minutes(app, actor, at, mailbox, opened, still_opens):
    make_account(email=EMAIL)
    at("2023-05-01 09:00")
    password_changes.ask_for_reset(EMAIL, actor=actor)

    at(opened)

    token = token_in(mailbox.last())
    if still_opens:
        assert password_changes.reset_password(token, NEW["password"], actor=actor)
    else:
        with pytest.raises(services.LinkSpent):
            password_changes.reset_password(token, NEW["password"], actor=actor)


def test_a_link_opens_once_and_a_newer_one_voids_it(app, actor, mailbox):
    make_account(email=EMAIL)
    password_changes.ask_for_reset(EMAIL, actor=actor)
    older = token_in(mailbox.last())
    password_changes.ask_for_reset(EMAIL, actor=actor)
    newer = token_in(mailbox.last())

    with pytest.raises(services.LinkSpent):
        password_changes.reset_password(older, NEW["password"], actor=actor)
    password_changes.reset_password(newer, NEW["password"], actor=actor)
    with pytest.raises(services.LinkSpent):
        password_changes.reset_password(newer, NEW["password"], actor=actor)


def test_the_link_that_verifies_an_address_sets_no_password(app, client, actor, mailbox):
    services.sign_up(Realm.NATIONAL, EMAIL, PASSWORD, actor=actor)
    token = token_in(mailbox.last())

    with pytest.raises(services.LinkSpent):
        password_changes.reset_password(token, NEW["password"], actor=actor)
    page = client.page(f"/password/reset/{token}", status=410)

    assert text_of(page, "h1") == ["這個連結已經用過或過期了"]


def test_a_weak_password_is_refused_and_leaves_the_link_usable(client, mailbox):
    make_account(email=EMAIL)
    client.send("/password/forgot", {"email": EMAIL})
    client.page(path_in(mailbox.last()))

    weak = client.send("/password/reset", {"password": "short", "password_again": "short"}, status=422)

    assert "10 個字元" in weak.select_one("#password-error").get_text()
    assert client.post("/password/reset", data=NEW).status_code == 303


def test_opening_the_link_leaves_the_token_in_no_address(client, mailbox):
    make_account(email=EMAIL)
    client.send("/password/forgot", {"email": EMAIL})

    assert client.get(path_in(mailbox.last())).location == "/password/reset"
