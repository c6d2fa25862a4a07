from datetime import date, datetime, timedelta

import pytest

from app.exams.choices import Dialect
from app.groups.confirmation.rules import (
    MOST_MAILS,
    Access,
    MemberState,
    Shown,
    can_be_mailed,
    check_can_report,
    find_access,
    is_leader_to_be_told,
    kept_before,
    member_state,
    members_with_own_mail,
    tally,
)
from app.groups.states import GroupState
from tests.conftest import taipei

CLOSES = date(2023, 6, 9)
NOW = taipei("2023-05-02 08:00")
OPEN = {
    "is_on": True,
    "is_member": True,
    "group_state": GroupState.OPEN,
    "is_lapsed": False,
    "is_valid": True,
    "closes_on": CLOSES,
    "today": CLOSES,
}


@pytest.mark.parametrize(
    ("changes", "access"),
    [
        ({}, Access.OPEN),
        ({"group_state": GroupState.SUBMITTED}, Access.READ_ONLY),
        ({"today": date(2023, 6, 10)}, Access.ENDED),
        ({"today": date(2023, 6, 10), "group_state": GroupState.SUBMITTED}, Access.ENDED),
        ({"is_valid": False}, Access.CHANGED),
        ({"is_valid": False, "group_state": GroupState.SUBMITTED}, Access.CHANGED),
        ({"is_on": False}, Access.GONE),
        ({"is_member": False}, Access.GONE),
        ({"is_lapsed": True}, Access.GONE),
        ({"group_state": GroupState.CANCELLED}, Access.GONE),
        # Of what is gone nothing is told, not even that the period is over.
        ({"is_member": False, "today": date(2023, 6, 10)}, Access.GONE),
    ],
)
def test_a_link_opens_until_registration_closes_and_only_shows_after_submission(
    changes: dict[str, object], access: Access
) -> None:
    assert find_access(**{**OPEN, **changes}) is access


@pytest.mark.parametrize(
    ("has_link", "is_valid", "is_confirmed", "open_reports", "state"),
    [
        (False, False, False, 0, MemberState.NOT_ASKED),
        (True, True, False, 0, MemberState.WAITING),
        (True, True, True, 0, MemberState.CONFIRMED),
        (True, False, True, 0, MemberState.CHANGED),
        (True, False, False, 0, MemberState.CHANGED),
        (True, True, False, 1, MemberState.REPORTED),
        (True, True, True, 1, MemberState.REPORTED),
        (True, False, True, 2, MemberState.REPORTED),
    ],
)
def test_a_member_stands_where_the_leader_has_to_look(
    has_link: bool, is_valid: bool, is_confirmed: bool, open_reports: int, state: MemberState
) -> None:
    found = member_state(
        has_link=has_link, is_valid=is_valid, is_confirmed=is_confirmed, open_reports=open_reports
    )

    assert found is state


def test_the_count_is_of_all_members() -> None:
    counted = tally([MemberState.CONFIRMED] * 27 + [MemberState.REPORTED] + [MemberState.WAITING] * 2)

    assert (counted.confirmed, counted.members) == (27, 30)
    assert (counted.reported, counted.waiting, counted.changed, counted.not_asked) == (1, 2, 0, 0)
    assert not counted.is_complete
    assert tally([MemberState.CONFIRMED]).is_complete
    assert not tally([]).is_complete


def test_a_mailbox_is_ones_own_unless_it_is_the_leaders_or_shared_by_many() -> None:
    addresses = {
        "one": "child@example.tw",
        "taken over": "teacher@school.tw",
        **{f"sibling {number}": "mother@example.tw" for number in range(3)},
        **{f"pupil {number}": "class@school.tw" for number in range(4)},
    }

    own = members_with_own_mail(addresses, {"teacher@school.tw"})

    assert own == {"one", "sibling 0", "sibling 1", "sibling 2"}


@pytest.mark.parametrize(
    ("state", "mails", "mailed_at", "is_mailed"),
    [
        (MemberState.NOT_ASKED, 0, None, True),
        (MemberState.WAITING, 0, None, True),  # has a slip only
        (MemberState.WAITING, 1, taipei("2023-05-02 07:59"), False),
        (MemberState.WAITING, 1, taipei("2023-05-01 23:59"), True),
        (MemberState.CHANGED, 1, taipei("2023-05-02 07:59"), True),
        (MemberState.CONFIRMED, 0, None, False),
        (MemberState.REPORTED, 1, taipei("2023-05-01 23:59"), False),
        (MemberState.WAITING, MOST_MAILS, taipei("2023-04-20 09:00"), False),
        (MemberState.CHANGED, MOST_MAILS, None, False),
    ],
)
def test_nobody_is_mailed_twice_a_day_or_more_than_five_times(
    state: MemberState, mails: int, mailed_at: datetime | None, is_mailed: bool
) -> None:
    assert can_be_mailed(state, mails=mails, mailed_at=mailed_at, now=NOW) is is_mailed


def test_the_leader_gets_one_mail_an_hour() -> None:
    assert is_leader_to_be_told(None, NOW)
    assert not is_leader_to_be_told(NOW - timedelta(minutes=59, seconds=59), NOW)
    assert is_leader_to_be_told(NOW - timedelta(hours=1), NOW)


def test_five_reports_wait_at_most() -> None:
    assert check_can_report(open_reports=4)
    assert not check_can_report(open_reports=5)


def test_everything_shown_is_part_of_what_is_confirmed() -> None:
    shown = Shown("黃𠊎堃", date(2011, 9, 2), Dialect.SIXIAN, "臺北", date(2023, 9, 2))
    others = [
        Shown("黃涯堃", shown.birth_on, shown.dialect, shown.area, shown.test_on),
        Shown(shown.name, date(2011, 9, 3), shown.dialect, shown.area, shown.test_on),
        Shown(shown.name, shown.birth_on, Dialect.HAILU, shown.area, shown.test_on),
        Shown(shown.name, shown.birth_on, shown.dialect, "苗栗", shown.test_on),
        Shown(shown.name, shown.birth_on, shown.dialect, shown.area, date(2023, 9, 9)),
    ]

    assert len({shown.words, *(other.words for other in others)}) == 6


def test_what_is_kept_goes_thirty_days_after_the_last_day_of_registration() -> None:
    assert kept_before(date(2023, 7, 9)) <= CLOSES
    assert kept_before(date(2023, 7, 10)) > CLOSES
