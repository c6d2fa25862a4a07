"""What the verbs of the workbench begin with: lock the group, find the sheet, see whether it is open."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.errors import DomainError, Refused
from app.core.messages import Message
from app.groups.models import Group
from app.groups.services.guards import get_open_group
from app.groups.staging import queries
from app.groups.staging.models import StagedRow, StagedSheet
from app.groups.staging.states import RowState, SheetState


class Stale(DomainError):
    """Somebody else, or the same person in another tab, has changed the row meanwhile.

    :ivar row: the row as it is now
    """

    def __init__(self, row: StagedRow) -> None:
        super().__init__(Message("這一列剛才在別的視窗改過了，請看看現在的內容再改"))
        self.row = row


def open_desk(
    session: Session, group_id: str, sheet_id: str, account_id: int | None
) -> tuple[Group, StagedSheet]:
    """Return a group, locked, and its sheet on the workbench.

    :raises NotFound: when the account has no such group, or the group no such sheet
    :raises Refused: when the group cannot be changed any more, or the sheet is not on the workbench
    """
    group = get_open_group(session, group_id, account_id)
    sheet = queries.get_sheet(group, sheet_id)
    check_on_desk(sheet)
    return group, sheet


def check_on_desk(sheet: StagedSheet) -> None:
    """Raise Refused unless rows of the sheet can be worked on."""
    if sheet.state in (SheetState.READING, SheetState.MATCHING):
        raise Refused(Message("檔案還沒讀完，請稍候"))
    if sheet.state is not SheetState.OPEN:
        raise Refused(Message("這份檔案已經處理完了；要再匯入，請重新上傳"))


def get_row_at(sheet: StagedSheet, number: int, version: int) -> StagedRow:
    """Return a row that can still be changed, as the asker has seen it.

    :raises NotFound: when there is none
    :raises Stale: when it has been changed since
    :raises Refused: when it has become a member
    """
    row = queries.get_row(sheet, number)
    check_changeable(row)
    if row.version != version:
        raise Stale(row)
    return row


def check_changeable(row: StagedRow) -> None:
    """Raise Refused when a row has become a member, whose data are changed in the list of members."""
    if row.state is RowState.IN:
        raise Refused(Message("這位考生已經加入名單，請到名單修改資料"))
