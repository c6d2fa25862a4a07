"""The files that were read into a group, a line each, with how they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.groups.models import Group
from app.groups.staging import page_queries, queries
from app.groups.staging.models import StagedSheet
from app.groups.staging.room import Access, WorkbenchRoom
from app.groups.staging.states import GOOD, RowState, SheetState
from app.registration.status import Tag

_WAITING = (*GOOD, RowState.TO_FIX, RowState.DIFFERS)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One file in the list of those that were read."""

    url: str
    file_name: str
    uploaded_at: datetime
    tag: Tag
    words: object


def sheet_lines(access: Access, group: Group, sheets: Sequence[StagedSheet]) -> list[SheetLine]:
    """Return the sheets read into a group, with how each stands; two queries, however many there are."""
    counts = page_queries.count_states_of(sheets)
    return [
        SheetLine(
            WorkbenchRoom(access, group, sheet.public_id).url("sheet"),
            sheet.file_name,
            sheet.uploaded_at,
            *_standing_of(sheet, counts[sheet.id]),
        )
        for sheet in sheets
        if sheet.state is not SheetState.DISCARDED
    ]


def waiting_lines(access: Access, group: Group) -> list[SheetLine]:
    """Return the open sheets with somebody who could still go in, or with data that could be updated.

    After the group's submission nobody can be added (R225): before it, the leader is told of them.
    """
    sheets = queries.list_open_sheets(group)
    counts = page_queries.count_states_of(sheets)
    waiting = [
        sheet
        for sheet in sheets
        if sheet.state is not SheetState.OPEN or any(counts[sheet.id].get(state) for state in _WAITING)
    ]
    return sheet_lines(access, group, waiting)


def _standing_of(sheet: StagedSheet, counts: Mapping[RowState, int]) -> tuple[Tag, object]:
    if sheet.state is SheetState.READING:
        return Tag.WAITING, _("讀取中")
    if sheet.state is SheetState.MATCHING:
        return Tag.ATTENTION, _("請對照欄位")
    if sheet.state is SheetState.FAILED:
        return Tag.OVERDUE, _("不能匯入")
    if sheet.state is SheetState.DONE:
        return Tag.DONE, _("已加入 %(count)s 人", count=counts.get(RowState.IN, 0))
    fix, good = counts.get(RowState.TO_FIX, 0), sum(counts.get(state, 0) for state in GOOD)
    if fix:
        return Tag.ATTENTION, _("%(count)s 列待修正", count=fix)
    if good:
        return Tag.ATTENTION, _("%(count)s 人還沒加入", count=good)
    if differing := counts.get(RowState.DIFFERS, 0):
        return Tag.ATTENTION, _("%(count)s 人資料不同", count=differing)
    return Tag.NEUTRAL, _("沒有可以加入的人")
