"""Who goes first, who is in the group already, who is registered elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.groups import queries as groups
from app.groups.services import add_member, remove_member
from app.groups.sheets.packing import unpack
from app.groups.staging import queries, services
from app.groups.staging.models import StagedRow
from app.groups.staging.states import RowState, SheetState
from tests.factories.groups import make_group
from tests.factories.registrations import make_candidate, make_submitted
from tests.groups.staging.desk import Desk, people, stage

pytestmark = pytest.mark.usefixtures("app")

WRONG = {"birth_on": "100/13/5"}


def reason(row: StagedRow) -> str:
    return str(unpack(row.reason)) if row.reason else ""


def foreign_numbers_counted() -> int:
    query = sa.select(sa.func.count()).where(AuditEntry.action == "registration.refused_number")
    return db.session.scalar(query) or 0


def other_group(desk: Desk, name: str = "三年二班") -> object:
    from app.accounts.models import Account

    account = db.session.get_one(Account, desk.group.account_id)
    return make_group(account, name=name)


@pytest.mark.requirement("R232")
def test_a_row_that_repeats_an_earlier_one_waits_for_the_leader() -> None:
    members = people(3)
    members[2]["id_number"] = members[0]["id_number"]
    desk = stage(members=members)

    assert desk.counts() == {"ready": 2, "duplicate": 1}
    assert "第 2 列" in reason(desk.row(4))

    desk.commit()

    assert desk.counts() == {"in": 2, "duplicate": 1}
    assert desk.sheet.state is SheetState.OPEN


def test_a_repeated_row_with_its_own_number_goes_in() -> None:
    members = people(3)
    own = members[2]["id_number"]
    members[2]["id_number"] = members[0]["id_number"]
    desk = stage(members=members)

    desk.type(4, id_number=own)

    assert desk.counts() == {"ready": 3}


def test_the_row_that_repeats_goes_in_when_the_first_is_left_out() -> None:
    members = people(2)
    members[1]["id_number"] = members[0]["id_number"]
    desk = stage(members=members)

    desk.leave_out(number=2, out=True)

    assert (desk.state(2), desk.state(3)) == (RowState.LEFT_OUT, RowState.READY)

    desk.leave_out(number=2, out=False)

    assert (desk.state(2), desk.state(3)) == (RowState.READY, RowState.DUPLICATE)


def test_of_two_open_sheets_the_newer_goes_first() -> None:
    group = make_group()
    old = stage(group, people(2), "old.xlsx")
    new = stage(group, people(2, chinese_name="黃小美"), "new.xlsx")

    assert new.counts() == {"ready": 2}
    assert old.counts() == {"duplicate": 2}
    assert "new.xlsx" in reason(old.row(2))

    new.discard()

    assert old.counts() == {"ready": 2}


def test_a_row_that_can_go_in_goes_before_one_that_has_to_be_mended() -> None:
    group = make_group()
    old = stage(group, people(2))
    new = stage(group, people(2, **WRONG))

    assert (old.counts(), new.counts()) == ({"ready": 2}, {"duplicate": 2})


def test_several_files_add_up() -> None:
    group = make_group()
    first, second = stage(group, people(2)), stage(group, people(3, first=1))

    first.commit()
    second.commit()

    assert groups.count_members(group) == 4
    assert (first.sheet.state, second.sheet.state) == (SheetState.DONE, SheetState.DONE)


@pytest.mark.requirement("R233")
def test_other_data_of_a_member_are_shown_and_taken_over_on_demand() -> None:
    group = make_group()
    stage(group, people(2)).commit()
    desk = stage(group, people(2, chinese_name="黃小美"))

    assert desk.counts() == {"differs": 2}
    assert services.differences_of([desk.row(2)], group) == {2: [("chinese_name", "黃小美", "黃家豪")]}
    assert desk.commit().added == 0

    assert desk.update_known(numbers=[2]) == 1

    assert desk.counts() == {"differs": 1, "known": 1}
    names = [member.chinese_name for member in groups.list_members(group)]
    assert names == ["黃小美", "徐子涵"]


def test_a_commit_can_update_as_well() -> None:
    group = make_group()
    stage(group, people(2)).commit()
    desk = stage(group, people(3, chinese_name="黃小美"))

    result = desk.commit(update=[2, 3])

    assert (result.added, result.updated, result.left) == (1, 2, 0)
    assert desk.sheet.state is SheetState.DONE


@pytest.mark.requirement("R020", "R036")
def test_somebody_elses_registration_says_nothing_and_is_counted() -> None:
    members = people(3)
    make_submitted(candidate=make_candidate(id_number=members[1]["id_number"]))
    desk = stage(members=members)

    assert desk.counts() == {"ready": 2, "taken": 1}
    assert reason(desk.row(3)) == "系統無法自動受理這個證號，請先確認號碼；沒有填錯的話，請洽總試務中心"
    assert foreign_numbers_counted() == 1

    desk.type(3, english_name="Hsu, Tzu-Han")
    desk.refresh()

    assert foreign_numbers_counted() == 1  # the same number once more is no new search
    assert desk.commit().taken == 1


def test_ones_own_other_group_is_named() -> None:
    first = stage(members=people(2))
    first.commit()
    desk = stage(other_group(first), people(3, first=1))

    assert desk.counts() == {"ready": 2, "taken": 1}
    assert first.group.name in reason(desk.row(2))
    assert foreign_numbers_counted() == 0


def test_a_member_who_is_removed_elsewhere_can_go_in_here() -> None:
    first = stage(members=people(1))
    first.commit()
    desk = stage(other_group(first), people(1))
    [member] = groups.list_members(first.group)

    remove_member(first.group.public_id, first.group.account_id, member.public_id, actor=SYSTEM)

    assert desk.counts() == {"ready": 1}


def test_a_member_who_is_removed_can_go_in_again_from_an_open_sheet() -> None:
    members = people(3)
    members[0] |= WRONG
    desk = stage(members=members)
    desk.commit()
    [member, _] = groups.list_members(desk.group)

    remove_member(desk.group.public_id, desk.group.account_id, member.public_id, actor=SYSTEM)

    assert desk.counts() == {"in": 1, "to_fix": 1, "ready": 1}


def test_a_member_added_by_form_is_known() -> None:
    desk = stage(members=people(2))
    candidate = make_candidate(id_number=people(1)[0]["id_number"])

    add_member(desk.group.public_id, desk.group.account_id, candidate, actor=SYSTEM)

    assert desk.counts() == {"differs": 1, "ready": 1}


def test_who_registers_elsewhere_before_the_commit_stays_on_the_workbench() -> None:
    members = people(3)
    desk = stage(members=members)
    make_submitted(candidate=make_candidate(id_number=members[0]["id_number"]))

    result = desk.commit()

    assert (result.added, result.left, result.taken) == (2, 1, 1)
    assert desk.counts() == {"in": 2, "taken": 1}


@pytest.mark.requirement("R233")
def test_the_questions_do_not_grow_with_the_rows(count_queries: Callable) -> None:
    counts = []
    for number, size in enumerate((5, 60)):
        group = make_group()
        stage(group, people(size, first=number * 100)).commit()
        members = people(size, first=number * 100, chinese_name="黃小美") + people(
            size, first=500 + number * 100
        )
        with count_queries() as asked:
            desk = stage(group, members)
            desk.commit(update=range(2, size + 2))
        counts.append(len([each for each in asked if each.startswith("SELECT")]))

    assert counts[0] == counts[1]


def test_a_list_of_a_sheet_takes_one_question(count_queries: Callable) -> None:
    desk = stage(members=people(30, **WRONG))

    with count_queries() as asked:
        rows = queries.list_rows(desk.sheet, [RowState.TO_FIX], limit=20)
        texts = [row.texts["chinese_name"] for row in rows]

    assert (len(asked), len(texts)) == (1, 20)
