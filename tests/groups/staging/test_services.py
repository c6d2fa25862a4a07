"""The workbench: staged, mended, taken in."""

from __future__ import annotations

import pytest

from app.core.actors import SYSTEM
from app.core.errors import Refused
from app.groups import queries as groups
from app.groups.services import submit_group, template_facts
from app.groups.staging import queries, services
from app.groups.staging.services import CommitResult, Stale
from app.groups.staging.states import RowState, SheetState
from scripts.make_samples import filled_template
from tests.factories.groups import make_group
from tests.groups.staging.desk import people, stage

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.requirement("R228", "R231")
def test_an_upload_is_a_dry_run() -> None:
    desk = stage(members=people(5))

    assert desk.sheet.state is SheetState.OPEN
    assert desk.counts() == {"ready": 5}
    assert groups.count_members(desk.group) == 0


@pytest.mark.requirement("R230")
def test_good_rows_go_in_and_the_sheet_is_done() -> None:
    desk = stage(members=people(5))

    result = desk.commit()

    assert result == CommitResult(added=5, updated=0, left=0, taken=0)
    assert groups.count_members(desk.group) == 5
    assert (desk.sheet.state, desk.counts()) == (SheetState.DONE, {"in": 5})


def test_wrong_rows_stay_and_go_in_once_they_are_mended() -> None:
    members = people(5)
    members[2]["birth_on"] = "100/13/5"
    desk = stage(members=members)

    first = desk.commit()
    row = desk.type(4, birth_on="100/12/5")
    assert (row.state, row.version) == (RowState.READY, 2)
    second = desk.commit()

    assert (first.added, first.left) == (4, 1)
    assert (second.added, second.left) == (1, 0)
    assert desk.sheet.state is SheetState.DONE


def test_committing_twice_changes_nothing() -> None:
    desk = stage(members=people(3))
    desk.commit()

    assert desk.commit() == CommitResult(0, 0, 0, 0)
    assert groups.count_members(desk.group) == 3


def test_the_same_file_is_the_sheet_that_there_is() -> None:
    members = people(3)
    members[0]["birth_on"] = "?"
    group = make_group()
    content = filled_template(template_facts(group), members)
    first = stage(group, content)

    assert stage(group, content).sheet.public_id == first.sheet.public_id
    assert len(queries.list_open_sheets(group)) == 1


@pytest.mark.requirement("R232")
def test_the_same_people_again_are_known() -> None:
    group = make_group()
    stage(group, people(3)).commit()

    again = stage(group, people(3))

    assert (again.sheet.state, again.counts()) == (SheetState.DONE, {"known": 3})


def test_another_tab_does_not_overwrite_what_was_typed() -> None:
    desk = stage(members=people(2))
    desk.type(2, chinese_name="黃小明")

    with pytest.raises(Stale) as refusal:
        desk.change_row(number=2, version=1, changes={"chinese_name": "黃大明"})

    assert refusal.value.row.texts["chinese_name"] == "黃小明"


def test_nothing_can_be_done_once_the_group_is_submitted() -> None:
    group = make_group()
    stage(group, people(4)).commit()
    members = people(2, first=10)
    members[0]["birth_on"] = "?"
    desk = stage(group, members)
    submit_group(group.public_id, group.account_id, actor=SYSTEM)

    with pytest.raises(Refused):
        desk.commit()
    services.discard_overdue_sheets()

    assert desk.sheet.state is SheetState.DISCARDED
    assert queries.list_rows(desk.sheet) == []
