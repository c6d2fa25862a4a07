"""What is done to rows on the workbench, and taken back."""

from __future__ import annotations

import pytest

from app.core.errors import InvalidValue, NotFound, Refused
from app.groups.sheets.marks import MarkKind, Reason
from app.groups.staging import queries
from app.groups.staging.services import Stale
from app.groups.staging.services.rows import CHANGES_KEPT
from app.groups.staging.states import RowState
from tests.factories.groups import make_group
from tests.groups.staging.desk import Desk, people, stage

OLD, NEW = "桃園縣中壢市中正路1號", "桃園市中壢區中正路1號"

pytestmark = pytest.mark.usefixtures("app")


def repaired(count: int = 3) -> Desk:
    """A sheet whose addresses are older than the county's new name."""
    return stage(members=people(count, zip_code="320", address=OLD))


def marks_of(desk: Desk, number: int) -> set[str]:
    return set(desk.row(number).marks)


def test_what_is_typed_is_checked_with_its_neighbours() -> None:
    desk = stage(members=people(1, phone_mobile=""))

    assert marks_of(desk, 2) == {"phone_mobile"}

    row = desk.type(2, phone_home="０２ 2503 1234")

    assert (row.state, set(row.marks)) == (RowState.READY, set())
    assert row.texts["phone_home"] == "02-2503-1234"


def test_a_wrong_text_is_kept_as_it_was_typed() -> None:
    desk = stage(members=people(1))

    row = desk.type(2, dialect="客語")

    assert (row.state, row.texts["dialect"]) == (RowState.TO_FIX, "客語")
    assert row.marks["dialect"].kind is MarkKind.WRONG


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"unknown": "x"}, InvalidValue), ({"chinese_name": "黃" * 5000}, InvalidValue)],
)
def test_what_is_no_cell_is_refused(changes: dict[str, str], error: type[Exception]) -> None:
    desk = stage(members=people(1))

    with pytest.raises(error):
        desk.type(2, **changes)


def test_there_is_no_such_row() -> None:
    with pytest.raises(NotFound):
        stage(members=people(1)).row(77)


def test_a_row_that_went_in_is_changed_in_the_list_of_members() -> None:
    members = people(2)
    members[1]["dialect"] = "?"
    desk = stage(members=members)
    desk.commit()

    with pytest.raises(Refused):
        desk.type(2, chinese_name="黃小明")
    with pytest.raises(Refused):
        desk.leave_out(number=2, out=True)


def test_repairs_are_counted_by_reason_without_opening_a_row() -> None:
    desk = repaired(3)
    found = queries.repairs_by_reason(desk.sheet)

    assert {kind for kind, _, _ in found} == {MarkKind.REPAIRED}
    assert set(found.values()) == {3}
    assert {key for _, _, key in found} >= {"address"}
    code = next(code for code in found if code[2] == "address")
    assert [row.number for row in queries.list_rows(desk.sheet, code=code)] == [2, 3, 4]


def test_a_repair_can_be_accepted_and_refused() -> None:
    desk = repaired(1)

    desk.answer_mark(number=2, version=1, key="address", accept=True)

    assert "address" not in marks_of(desk, 2)
    assert desk.row(2).texts["address"] == NEW

    desk = repaired(1)
    row = desk.answer_mark(number=2, version=1, key="address", accept=False)

    assert row.state is RowState.TO_FIX
    assert row.texts["address"] == OLD
    assert row.marks["address"].reason is Reason.TAKEN_BACK


def test_all_repairs_of_a_kind_are_accepted_at_once() -> None:
    desk = repaired(4)
    reasons = {reason for _, reason, _ in queries.repairs_by_reason(desk.sheet)}

    for reason in reasons:
        assert desk.answer_all(reason=reason, accept=True) == 4

    assert desk.counts() == {"ready": 4}
    assert queries.repairs_by_reason(desk.sheet) == {}


def test_undo_takes_back_one_act_after_the_other() -> None:
    desk = repaired(3)
    before = [desk.row(number).body for number in (2, 3, 4)]
    [reason] = {reason for _, reason, key in queries.repairs_by_reason(desk.sheet) if key == "address"}
    desk.type(2, chinese_name="黃小明")
    desk.answer_all(reason=reason, key="address", accept=False)
    desk.leave_out(number=4, out=True)

    undone = [desk.undo() for _ in range(3)]

    assert all(undone)
    assert desk.undo() is None
    assert [desk.row(number).body for number in (2, 3, 4)] == before
    assert desk.counts() == {"repaired": 3}


def test_undo_leaves_alone_what_has_gone_in() -> None:
    members = people(2)
    members[0]["dialect"] = "客"
    members[1]["dialect"] = "?"
    desk = stage(members=members)
    desk.type(2, dialect="四縣")
    desk.commit()

    assert queries.find_change(desk.sheet) is None, "nothing is offered that would undo nothing"
    desk.undo()

    assert desk.row(2).texts["dialect"] == "四縣"
    assert desk.state(2) is RowState.IN


def test_the_act_of_another_tab_is_not_undone_by_mistake() -> None:
    desk = stage(members=people(2))
    desk.type(2, chinese_name="黃小明")
    change = queries.find_change(desk.sheet)
    assert change is not None
    desk.type(3, chinese_name="黃大明")

    with pytest.raises(Refused):
        desk.undo(change_id=change.public_id)


def test_only_the_last_acts_are_kept() -> None:
    desk = stage(members=people(1))
    for number in range(CHANGES_KEPT + 5):
        desk.type(2, english_name=f"Huang, {'A' * (number + 1)}")

    taken_back = 0
    while desk.undo():
        taken_back += 1

    assert taken_back == CHANGES_KEPT


def test_all_rows_of_a_state_are_left_out_at_once() -> None:
    members = people(4)
    members[2]["id_number"] = members[3]["id_number"] = members[0]["id_number"]
    desk = stage(members=members)

    assert desk.leave_out_all(states=[RowState.DUPLICATE, RowState.IN]) == 2
    assert desk.commit().left == 0


def test_an_answer_meant_for_an_older_row_is_refused() -> None:
    desk = repaired(1)
    desk.type(2, chinese_name="黃小明")

    with pytest.raises(Stale):
        desk.answer_mark(number=2, version=1, key="address", accept=True)


def test_another_groups_sheet_is_not_found() -> None:
    desk, other = stage(members=people(2)), make_group()

    with pytest.raises(NotFound):
        Desk(other, desk.sheet).type(2, chinese_name="黃小明")


@pytest.mark.requirement("R231")
def test_one_suggestion_is_taken_everywhere_but_of_several_none() -> None:
    members = people(3)
    members[0] |= {"dialect": "四县", "email": "a@gmial.com"}
    members[1]["dialect"] = "四縣或海陸"
    desk = stage(members=members)

    assert desk.answer_all(reason=Reason.NEAR_MISS, kind=MarkKind.WRONG, suggestion=0) == 1

    assert [desk.row(number).texts["dialect"] for number in (2, 3)] == ["四縣", "四縣或海陸"]
    assert desk.row(3).marks["dialect"].suggestions == ("四縣", "海陸")
    assert desk.row(2).texts["email"] == "a@gmial.com", "a question is no mistake: it has its own button"


@pytest.mark.requirement("R231")
def test_a_choice_that_nobody_filled_in_is_filled_in_for_all_at_once() -> None:
    members = people(3, background="")
    members[2]["background"] = "其他"
    desk = stage(members=members)

    assert desk.answer_all(reason=Reason.MISSING, key="background", text="閩南人") == 2

    assert desk.counts() == {"ready": 3}
    assert [desk.row(number).texts["background"] for number in (2, 3, 4)] == ["閩南人", "閩南人", "其他"]
    desk.undo()
    assert desk.counts() == {"to_fix": 2, "ready": 1}
