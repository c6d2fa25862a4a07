"""The decorators, on views of their own; which page has which is tested in each room."""

import pytest
from flask import session
from flask_login import login_user
from werkzeug.exceptions import Forbidden

from app.accounts import sessions
from app.accounts.models import AccountKind, Realm, SignInLevel
from app.accounts.policy import (
    WrongKind,
    applicant_required,
    current_account,
    home_of,
    kind_required,
    signed_in_required,
    staff_required,
)
from app.core.actors import SYSTEM
from tests.factories.accounts import make_account, make_leader, make_staff

GUARDS = {
    "anyone": signed_in_required,
    "applicant": applicant_required,
    "individual": kind_required(AccountKind.INDIVIDUAL),
    "group": kind_required(AccountKind.GROUP),
    "staff": staff_required,
}
VISITORS = {
    "nobody": lambda: None,
    "undecided": lambda: make_account(kind=None),
    "individual": make_account,
    "leader": make_leader,
    "staff": make_staff,
}
SEEN = {
    "anyone": ["/login", "open", "open", "open", "open"],
    "applicant": ["/login", "open", "open", "open", "refused"],
    "individual": ["/login", "/account/kind", "open", "refused", "refused"],
    "group": ["/login", "/account/kind", "refused", "open", "refused"],
    "staff": ["/admin/login", "refused", "refused", "refused", "open"],
}


def sign_in_with(account, level):
    """Sign an account in in the open request."""
    session["_user_id"] = sessions.begin(account, level=level, browser="test", actor=SYSTEM)


def visit(app, guard, account, *, path="/here", method="GET"):
    """Return what an account gets to see: ``open``, ``refused``, or where it is sent."""
    with app.test_request_context(path, method=method):
        if account:
            sign_in_with(account, SignInLevel.SECOND_FACTOR if account.is_staff else SignInLevel.PASSWORD)
        try:
            seen = GUARDS[guard](lambda: "open")()
        except (Forbidden, WrongKind):
            return "refused"
        return seen if seen == "open" else seen.location


@pytest.mark.parametrize(
    ("guard", "visitor", "seen"),
    [
        (guard, visitor, seen)
        for guard, row in SEEN.items()
        for visitor, seen in zip(VISITORS, row, strict=True)
    ],
)
def test_a_page_opens_to_those_it_is_for(app, guard, visitor, seen):
    got = visit(app, guard, VISITORS[visitor]())

    assert got.partition("?")[0] == seen


def test_who_has_to_sign_in_comes_back_to_the_page(app):
    asked = visit(app, "applicant", None, path="/registrations/new?round=multi-112-08")

    assert asked == "/login?next=/registrations/new?round%3Dmulti-112-08"


def test_what_was_posted_is_not_a_page_to_come_back_to(app):
    assert visit(app, "applicant", None, path="/registrations/a/submit", method="POST") == "/login"


def test_the_wrong_kind_is_told_what_to_do(app):
    with app.test_request_context(), pytest.raises(WrongKind) as refusal:
        login_user(make_leader())
        GUARDS["individual"](lambda: "open")()

    assert "用另一個電子信箱建立帳號" in str(refusal.value)


@pytest.mark.parametrize(
    ("account", "home"),
    [
        (lambda: make_account(kind=None), "/account/kind"),
        (make_account, "/registrations"),
        (make_leader, "/groups"),
        (lambda: make_account(realm=Realm.MULTI), "/registrations"),
        (make_staff, "/admin/"),
    ],
)
def test_everyone_starts_from_a_page_of_their_own(app, account, home):
    with app.test_request_context():
        assert home_of(account()) == home


def test_the_current_account_is_the_one_signed_in(app):
    mine = make_account()

    with app.test_request_context():
        login_user(mine)

        assert current_account() is mine
