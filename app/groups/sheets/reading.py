"""A workbook that a leader filled in becomes members, or says which cells are wrong (R228–R233)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.core.cells import cell_text
from app.core.errors import InvalidValue
from app.core.identity import mask_id
from app.core.messages import Listing, Message
from app.core.spreadsheets import Workbook
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.headings import MembersSheet, find_members_sheet
from app.groups.sheets.member_rows import SheetRow, read_row
from app.groups.sheets.result import CellError, DuplicateRow, MemberRow, SheetResult, WrittenRow
from app.groups.sheets.template_facts import TemplateFacts, check_mark, missing_mark, parse_mark
from app.groups.sheets.template_layout import MARK_SHEET


def read_members(workbook: Workbook, *, expected: TemplateFacts, today: date) -> SheetResult:
    """Return the members, the wrong cells and the repeated rows of a leader's workbook.

    All errors of all rows are found in one pass. Of rows with the same identity number the first
    counts, right or wrong; the later ones are reported and not read any further (R232).

    :param expected: the group the sheet is imported into
    :raises InvalidValue: if the file as a whole is not this group's template, its headings were
        changed or nobody is in it
    """
    mark = parse_mark(_written_mark(workbook))
    members = find_members_sheet(workbook)
    check_mark(mark, expected, round_written=_round_written(members))
    members.check_headings()
    rows = members.filled_rows()
    if not rows:
        raise InvalidValue(
            Message(
                "「%(sheet)s」裡沒有考生。請從第 %(row)s 列開始填寫，存檔後再上傳",
                {"sheet": members.sheet.name, "row": members.headings.number + 1},
            )
        )
    return _read_rows(rows, {"round_name": expected.round_name, "area": expected.area}, today)


def _read_rows(rows: list[SheetRow], locked: Mapping[str, str], today: date) -> SheetResult:
    members: list[MemberRow] = []
    errors: list[CellError] = []
    duplicates: list[DuplicateRow] = []
    doubtful_dates: list[int] = []
    first_rows: dict[str, int] = {}
    for row in rows:
        reading = read_row(row, locked=locked, today=today)
        first = first_rows.setdefault(reading.id_number, row.number) if reading.id_number else row.number
        if first != row.number:
            duplicates.append(DuplicateRow(row.number, first, row.name, mask_id(reading.id_number or "")))
            continue
        errors.extend(reading.errors)
        if reading.draft is not None:
            members.append(MemberRow(row.number, reading.draft, reading.notes))
        if isinstance(row.cells["birth_on"], date) and any(note.key == "birth_on" for note in reading.notes):
            doubtful_dates.append(row.number)
    return SheetResult(
        rows=tuple(members),
        errors=tuple(errors),
        duplicates_in_file=tuple(duplicates),
        notes=_date_warning(doubtful_dates),
        sheet_rows=tuple(_as_written(row) for row in rows),
    )


def _written_mark(workbook: Workbook) -> str:
    sheet = workbook.find_sheet(MARK_SHEET)
    if sheet is None or not sheet.rows:
        raise missing_mark()
    return cell_text(sheet.rows[0].cells[0])


def _round_written(members: MembersSheet) -> str:
    position = members.positions.get("round_name")
    if position is None:
        return ""
    below = (row for row in members.sheet.rows if row.number > members.headings.number)
    return next((cell_text(row.cells[position]) for row in below if len(row.cells) > position), "")


def _date_warning(rows: list[int]) -> tuple[Message, ...]:
    # Excel turns a typed 93/9/2 into 1993-09-02: one warning for the file, both readings on each row.
    if not rows:
        return ()
    numbers = Listing(rows)
    return (
        Message(
            "第 %(rows)s 列的出生日期是試算表的日期格式，可能把民國年當成了西元年。"
            "請逐列確認，不對就改成文字再匯入",
            {"rows": numbers},
        ),
    )


def _as_written(row: SheetRow) -> WrittenRow:
    return WrittenRow(row.number, {column.key: row.written(column.key) for column in COLUMNS})
