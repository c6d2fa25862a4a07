"""What a leader downloads to fill in, and the present list to be changed and imported again."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.spreadsheets import read_workbook
from app.groups.models import Group
from app.groups.services import take_out_members
from app.groups.sheets.template_layout import MARK_SHEET
from app.groups.staging.queries import count_states, list_sheets
from app.groups.staging.states import RowState
from tests.client import CheckingClient
from tests.factories.accounts import make_leader
from tests.factories.groups import SAMPLES, fill, import_pupils, make_group, make_submitted_group

ODS = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.fixture
def leader(sign_in: Callable[[Account], None]) -> Account:
    account = make_leader()
    sign_in(account)
    return account


def _filled(leader: Account) -> Group:
    group = make_group(leader)
    sheet = SAMPLES / "group_38_pupils.xlsx"
    import_pupils(group, sheet.read_bytes())
    return group


def _entries(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


@pytest.mark.requirement("R228", "S012")
def test_the_template_comes_for_libreoffice_too(client: CheckingClient, leader: Account) -> None:
    group = make_group(leader)

    link = client.page(f"/groups/{group.public_id}/import").find("a", string="LibreOffice 用的範例（.ods）")
    answer = client.get(link["href"])

    assert (answer.mimetype, answer.headers["Content-Disposition"][:10]) == (ODS, "attachment")
    mark = read_workbook(answer.data).find_sheet(MARK_SHEET)
    assert mark is not None
    assert mark.rows[0].cells[0] == "hakka-members/1|112|nat-112-01|臺北"


@pytest.mark.requirement("R223", "R232", "S012")
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_the_present_list_is_imported_again_without_a_change(
    client: CheckingClient, leader: Account, suffix: str
) -> None:
    group = _filled(leader)

    answer = client.get(f"/groups/{group.public_id}/members.{suffix}")
    client.send(f"/groups/{group.public_id}/import", {"sheet": (io.BytesIO(answer.data), f"a.{suffix}")})

    newest = list_sheets(group)[0]
    assert {state: count for state, count in count_states(newest).items() if count} == {RowState.KNOWN: 38}


def test_each_download_of_the_list_is_on_record(client: CheckingClient, leader: Account) -> None:
    group = fill(make_group(leader), free=3)

    answer = client.get(f"/groups/{group.public_id}/members.ods")

    assert answer.headers["Cache-Control"] == "no-store"
    [entry] = _entries("group.take_out")
    assert (entry.subject_id, entry.actor_account_id) == (group.public_id, leader.id)
    assert entry.details == {"members": 3, "form": "ods"}


def test_the_list_can_still_be_taken_out_after_submission(client: CheckingClient, leader: Account) -> None:
    group = make_submitted_group(leader)

    assert client.get(f"/groups/{group.public_id}/members.xlsx").status_code == 200


@pytest.mark.parametrize("path", ["template.ods", "members.xlsx", "members.ods"])
def test_the_files_of_somebody_elses_group_are_not_found(
    client: CheckingClient, leader: Account, path: str
) -> None:
    other = fill(make_group(), free=1)

    assert client.get(f"/groups/{other.public_id}/{path}").status_code == 404
    assert _entries("group.take_out") == []


def test_the_list_asks_as_much_for_many_as_for_few(
    leader: Account, count_queries: Callable[[], object]
) -> None:
    group = fill(make_group(leader), free=1)

    def asked() -> int:
        db.session.expire_all()
        with count_queries() as sent:
            take_out_members(group.public_id, leader.id, suffix="ods", actor=SYSTEM)
        return len(sent)

    few = asked()
    fill(group, free=9)

    assert asked() == few
