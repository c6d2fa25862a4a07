"""What stayed on the workbench, to take along as a sheet."""

from __future__ import annotations

from app.core.messages import Listing, Message
from app.core.translation import translate
from app.groups.models import Group
from app.groups.services.facts import template_facts
from app.groups.sheets.marks import Mark, MarkKind
from app.groups.sheets.packing import unpack
from app.groups.staging import queries
from app.groups.staging.models import StagedRow, StagedSheet
from app.groups.staging.rest_sheet import RestRow, build_rest
from app.groups.staging.states import SETTLED, RowState

_REST = [state for state in RowState if state not in SETTLED]
_MOST = 10_000


def rest_of(group: Group, sheet: StagedSheet) -> bytes:
    """Return the rows that have neither gone in nor been left out, as the group's template with comments."""
    rows = queries.list_rows(sheet, _REST, limit=_MOST)
    return build_rest(template_facts(group), [_rest_row(row) for row in rows])


def _rest_row(row: StagedRow) -> RestRow:
    body = row.body
    said: dict[MarkKind, dict[str, str]] = {kind: {} for kind in MarkKind}
    for key, mark in body.marks.items():
        said[mark.kind][key] = _sentence(mark)
    wrong = said[MarkKind.WRONG]
    if row.reason:
        told = str(translate(unpack(row.reason)))
        wrong["id_number"] = "\n".join(filter(None, (wrong.get("id_number"), told)))
    elif row.state is RowState.DIFFERS:
        told = Message("這位考生已在名單中，資料不同；要以這一列更新，請在匯入的頁面選擇")
        said[MarkKind.DOUBTFUL]["id_number"] = str(translate(told))
    return RestRow(body.texts, wrong, said[MarkKind.DOUBTFUL])


def _sentence(mark: Mark) -> str:
    """Return what to do about a cell, with what might be meant."""
    lines = [mark.message]
    if mark.suggestions:
        lines.append(Message("是不是：%(suggestions)s", {"suggestions": Listing(mark.suggestions)}))
    return "\n".join(str(translate(line)) for line in lines)
