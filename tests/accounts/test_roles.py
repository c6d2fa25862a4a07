"""Roles as sums of permissions, the states of the staff's accounts, and what 90 days are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.permissions import Permission
from app.accounts.roles import NOTHING, ROLES, Role, StaffState, is_idle, roles_with, state_of, sum_of

NOW = datetime(2023, 5, 1, 1, 0, tzinfo=UTC)


@pytest.mark.requirement("W017")
@pytest.mark.parametrize(
    ("grants", "permissions", "units"),
    [
        ([], set(), set()),
        ([("support", "")], {"look_up"}, set()),
        ([("finance", ""), ("auditor", "")], {"payments", "reconcile", "refunds_prepare", "audit"}, set()),
        (
            [("case_officer", "service"), ("case_officer", "committee")],
            {"cases", "unmask"},
            {"service", "committee"},
        ),
        ([("a_role_of_last_year", "")], set(), set()),
    ],
)
def test_a_person_may_do_the_sum_of_their_roles(grants, permissions, units):
    holding = sum_of(grants)

    assert (holding.permissions, holding.units) == (permissions, units)


def test_one_of_several_permissions_is_enough():
    holding = sum_of([("finance_approver", "")])

    assert holding.allows(Permission.REFUNDS_PREPARE, Permission.REFUNDS_DECIDE)
    assert not holding.allows(Permission.REFUNDS_PREPARE)
    assert not NOTHING.allows(*Permission)


def test_no_role_both_prepares_and_decides_refunds():
    both = {Permission.REFUNDS_PREPARE, Permission.REFUNDS_DECIDE}

    assert [role for role, facts in ROLES.items() if both <= facts.permissions] == []


def test_the_administrator_sees_no_candidate():
    assert ROLES[Role.ADMINISTRATOR].permissions == {Permission.STAFF}
    assert roles_with(Permission.STAFF) == [Role.ADMINISTRATOR]


@pytest.mark.requirement("W017")
@pytest.mark.parametrize(
    ("verified", "disabled", "state"),
    [
        (None, None, StaffState.INVITED),
        (NOW, None, StaffState.ACTIVE),
        (NOW, NOW, StaffState.DISABLED),
        (None, NOW, StaffState.DISABLED),
    ],
)
def test_an_account_is_invited_active_or_disabled(verified, disabled, state):
    assert state_of(verified_at=verified, disabled_at=disabled) == state


@pytest.mark.parametrize(
    ("last", "created", "idle"),
    [
        (timedelta(days=90), timedelta(days=400), True),
        (timedelta(days=90) - timedelta(seconds=1), timedelta(days=400), False),
        (None, timedelta(days=90), True),
        (None, timedelta(days=89), False),
    ],
)
def test_who_has_not_signed_in_for_90_days_is_idle(last, created, idle):
    last_at = NOW - last if last is not None else None

    assert is_idle(last_sign_in_at=last_at, created_at=NOW - created, now=NOW) == idle
