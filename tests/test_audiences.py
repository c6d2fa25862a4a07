"""Every page states whom it is for, and none of the staff's opens to a password alone (security 25)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from app.accounts import sessions
from app.accounts.models import AccountKind, SignInLevel
from app.accounts.permissions import PERMISSION_NAMES, Permission
from app.accounts.policy import APPLICANTS, EVERYBODY, SIGNED_IN, STAFF, STAFF_AT_THE_DOOR
from app.accounts.roles import roles_with
from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from tests.client import CheckingClient
from tests.conftest import make_app, make_settings
from tests.databases import TestDatabases
from tests.factories.accounts import make_account, make_leader, make_staff
from tests.factories.groups import make_group
from tests.factories.registrations import make_draft

AUDIENCES = {EVERYBODY, SIGNED_IN, APPLICANTS, STAFF, STAFF_AT_THE_DOOR, *AccountKind}
# The page that the day begins with shows everybody what they may see.
FOR_ALL_STAFF = {"admin.index", "accounts.renew_recovery_codes"}


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]


def audience_of(app: Flask, rule: Rule) -> object:
    return getattr(app.view_functions[rule.endpoint], "audience", None)


def is_stated(audience: object) -> bool:
    permissions = isinstance(audience, tuple) and audience and set(audience) <= set(Permission)
    return bool(permissions) or audience in AUDIENCES


def some_path(app: Flask, rule: Rule) -> str:
    values = {
        name: sorted(converter.items)[0] if isinstance(converter, AnyConverter) else 1
        for name, converter in rule._converters.items()
    }
    return app.url_map.bind("localhost").build(rule.endpoint, values)


@pytest.fixture
def demo(databases: TestDatabases, template: str, tmp_path: Path) -> Iterator[Flask]:
    """A portal in demo mode, which has more pages than any other."""
    app = make_app(make_settings(tmp_path, databases.create("demo", like=template), PORTAL_MODE="demo"))
    yield app
    with app.app_context():
        db.engine.dispose()
    clock.use_system_clock()
    databases.drop("demo")


@pytest.mark.requirement("W017")
def test_every_route_states_whom_it_is_for(demo: Flask) -> None:
    rules = rules_of(demo)

    silent = [f"{rule.rule} ({rule.endpoint})" for rule in rules if not is_stated(audience_of(demo, rule))]

    assert len(rules) > 100
    assert silent == [], "use one of the decorators of app/accounts/policy.py"


def test_every_page_of_the_staff_asks_for_a_permission(app: Flask) -> None:
    rules = [rule for rule in rules_of(app) if rule.endpoint.startswith("admin.")]

    asking_for_none = {rule.endpoint for rule in rules if not isinstance(audience_of(app, rule), tuple)}

    assert len(rules) > 40
    assert asking_for_none - FOR_ALL_STAFF == set()


def test_a_password_alone_opens_no_page_of_the_staff(app: Flask, client: CheckingClient) -> None:
    token = sessions.begin(make_staff(), level=SignInLevel.PASSWORD, browser="test", actor=SYSTEM)
    with client.session_transaction() as session:
        session["_user_id"] = token
    open_with_password = []

    for rule in rules_of(app):
        audience = audience_of(app, rule)
        if isinstance(audience, tuple) or audience in (STAFF, SIGNED_IN):
            method = "GET" if "GET" in rule.methods else "POST"
            answer = client.open(some_path(app, rule), method=method)
            if answer.status_code != 303 or not answer.location.startswith("/admin/second-factor"):
                open_with_password.append((rule.rule, answer.status_code))

    assert open_with_password == []


def test_no_page_of_the_staff_opens_to_who_holds_nothing(app: Flask, client: CheckingClient, sign_in) -> None:
    sign_in(make_staff(roles=[]))

    for rule in rules_of(app):
        if isinstance(audience_of(app, rule), tuple):
            method = "GET" if "GET" in rule.methods else "POST"
            assert client.open(some_path(app, rule), method=method).status_code == 403, rule.rule


def test_every_permission_has_a_name_and_a_role_that_holds_it() -> None:
    assert set(PERMISSION_NAMES) == set(Permission)
    assert [each for each in Permission if not roles_with(each)] == []


@pytest.mark.parametrize(
    ("prefix", "make", "make_other"),
    [
        ("/registrations/<public_id>", make_draft, make_account),
        ("/groups/<public_id>", make_group, make_leader),
    ],
)
def test_what_belongs_to_another_account_is_not_there(
    app: Flask, client: CheckingClient, sign_in, prefix: str, make, make_other
) -> None:
    theirs = make().public_id
    sign_in(make_other())
    rules = [rule for rule in rules_of(app) if rule.rule.startswith(prefix)]
    shown = []

    for rule in rules:
        values = dict.fromkeys(rule.arguments, "1") | {"public_id": theirs}
        for method in sorted(rule.methods & {"GET", "POST"}):
            path = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
            answer = client.open(path, method=method)
            if answer.status_code != 404:
                shown.append((method, rule.rule, answer.status_code))

    assert len(rules) > 10
    assert shown == []
