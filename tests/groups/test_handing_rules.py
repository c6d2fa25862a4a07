"""What the office can hand on: a table that a clerk could check, decision 21 beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.groups.handing_rules import (
    MoveFacts,
    MoveKind,
    check_can_move,
    check_can_reassign,
    check_new_leader,
    check_receiver,
    move_kind,
    note_on_size,
)
from app.groups.states import GroupKind, GroupState
from app.registration.states import CancelReason

OPEN, SUBMITTED, CANCELLED = GroupState.OPEN, GroupState.SUBMITTED, GroupState.CANCELLED
MINIMUMS = {"family": 2, "group": 4, "extra_session": 40, "on_campus_school": 40}
# A paid member of a paid group of eight, on 1 May; the test is on Saturday 2 September.
USUAL = MoveFacts(
    state=SUBMITTED,
    lapse=None,
    settled=True,
    pays=True,
    origin="regular",
    others=7,
    refund_waits=False,
    today=date(2023, 5, 1),
    test_on=date(2023, 9, 2),
)


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({}, MoveKind.PAID, "錢留在團體的帳單上"),
        ({"pays": False}, MoveKind.FREE, "不用繳費"),
        ({"state": OPEN, "settled": True, "pays": False}, MoveKind.DRAFT, "還沒送出"),
        ({"state": OPEN, "others": 0, "pays": False}, MoveKind.DRAFT, "還沒送出"),
        ({"others": 1}, MoveKind.PAID, "名額、審查結果和座位都不變"),
        ({"today": date(2023, 9, 1)}, MoveKind.PAID, "已繳費"),
    ],
)
def test_who_can_leave_and_as_what(changes: dict[str, Any], kind: MoveKind, words: str) -> None:
    facts = replace(USUAL, **changes)

    decision = check_can_move(facts)

    assert decision
    assert words in str(decision.reason)
    assert move_kind(facts) == kind


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": CANCELLED}, "請考生重新報名"),
        ({"lapse": CancelReason.UNPAID}, "請考生重新報名"),
        ({"state": OPEN, "lapse": CancelReason.CLOSED}, "請考生重新報名"),
        ({"lapse": CancelReason.NOT_CORRECTED}, "請考生重新報名"),
        ({"today": date(2023, 9, 2)}, "請用「電話查詢成績」"),
        ({"today": date(2023, 9, 3)}, "請用「電話查詢成績」"),
        ({"origin": "additional"}, "送出後不能改為個人報名"),
        ({"origin": "on_campus", "state": OPEN}, "再報一般考區"),
        ({"refund_waits": True}, "請先辦完退費"),
        ({"settled": False}, "請等繳費入帳後再移出"),
        ({"settled": False, "pays": False}, "請等繳費入帳後再移出"),
        ({"others": 0}, "請改用「更換負責人」"),
    ],
)
def test_who_cannot_leave_is_told_what_to_do(changes: dict[str, Any], words: str) -> None:
    decision = check_can_move(replace(USUAL, **changes))

    assert not decision
    assert words in str(decision.reason)


@pytest.mark.requirement("R072", "R073")
@pytest.mark.parametrize(
    ("kind", "state", "others", "words"),
    [
        (GroupKind.SCHOOL, SUBMITTED, 4, None),
        (GroupKind.SCHOOL, SUBMITTED, 3, "最低人數在送出時審核，其他團員不受影響"),
        (GroupKind.FAMILY, SUBMITTED, 2, None),
        (GroupKind.FAMILY, SUBMITTED, 1, "其他團員不受影響"),
        (GroupKind.SCHOOL, OPEN, 3, "還差 1 人才能送出"),
        (GroupKind.SCHOOL, OPEN, 4, None),
    ],
)
def test_what_leaving_means_for_the_smallest_number(
    kind: GroupKind, state: GroupState, others: int, words: str | None
) -> None:
    note = note_on_size(kind, replace(USUAL, state=state, others=others), MINIMUMS)

    assert (note is None) if words is None else words in str(note)


@pytest.mark.requirement("R192", "R195")
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"found": True, "individual": True, "has_own": False}, None),
        ({"found": False, "individual": False, "has_own": False}, "請考生先註冊"),
        ({"found": True, "individual": False, "has_own": False}, "個人報名"),
        ({"found": True, "individual": True, "has_own": True}, "請考生先取消那一份"),
    ],
)
def test_which_account_can_have_the_registration(facts: dict[str, bool], words: str | None) -> None:
    decision = check_receiver(**facts)

    assert bool(decision) == (words is None)
    assert words is None or (words in str(decision.reason) and decision.field == "email")


@pytest.mark.requirement("R192", "R195", "R214")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"found": False}, "請新負責人先註冊"),
        ({"leader": False}, "團體報名"),
        ({"same": True}, "已經是"),
        ({"known_members": 2}, "已有其中 2 位"),
    ],
)
def test_which_account_can_have_the_group(changes: dict[str, Any], words: str | None) -> None:
    usual = {"found": True, "leader": True, "same": False, "known_members": 0}

    decision = check_new_leader(**usual | changes)

    assert bool(decision) == (words is None)
    assert words is None or words in str(decision.reason)


@pytest.mark.parametrize(
    ("state", "lapse", "possible"),
    [
        (OPEN, None, True),
        (SUBMITTED, None, True),
        (CANCELLED, None, False),
        (OPEN, CancelReason.NOT_SUBMITTED, False),
        (SUBMITTED, CancelReason.UNPAID, False),
    ],
)
def test_a_group_gets_another_leader_as_long_as_it_counts(
    state: GroupState, lapse: CancelReason | None, possible: bool
) -> None:
    assert bool(check_can_reassign(state, lapse)) == possible
