"""The score sheet: one prepared row per seated candidate, to be filled in and imported."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from app.examday.incidents import Incident
from app.results.score_columns import (
    ABSENT,
    ATTENDED,
    CODES_SHEET,
    MARK_SHEET,
    SCORE_COLUMNS,
    SCORES_SHEET,
    ScoreColumn,
    ScoreLine,
    mark_of,
)

_FACE = "微軟正黑體"
_PLAIN = Font(name=_FACE, size=11)
_GIVEN = Font(name=_FACE, size=11, color="1F4E9E")
_HEADING = Font(name=_FACE, size=11, bold=True, color="FFFFFF")
_INDIGO = PatternFill("solid", fgColor="2B3A67")
_BLUE = PatternFill("solid", fgColor="DCE9F8")
_COMMITTEE = ("C1–C100", "認證委員會決議扣分，字母後面填分數", "拾伍、十一", "扣所填的分數")


def build_score_sheet(round_code: str, lines: Iterable[ScoreLine], incidents: Sequence[Incident]) -> bytes:
    """Return the score sheet of a round, or of one of its areas, as an .xlsx file.

    :param lines: in the order of the room lists
    :param incidents: the codes that may be entered, explained on the second sheet
    """
    # Written row by row and never held as a whole: a round may have twenty thousand candidates.
    workbook = Workbook(write_only=True)
    scores = workbook.create_sheet(SCORES_SHEET)
    for position, column in enumerate(SCORE_COLUMNS, start=1):
        scores.column_dimensions[get_column_letter(position)].width = column.width
    scores.freeze_panes = "C2"
    _add_attendance(scores)
    scores.append([_text(scores, column.heading, _HEADING, _INDIGO) for column in SCORE_COLUMNS])
    for line in lines:
        scores.append([_prepared(scores, line, column) for column in SCORE_COLUMNS])
    _add_codes(workbook, incidents)
    mark = workbook.create_sheet(MARK_SHEET)
    mark.sheet_state = "hidden"
    mark.append([mark_of(round_code)])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _prepared(sheet: WriteOnlyWorksheet, line: ScoreLine, column: ScoreColumn) -> Cell | None:
    value = getattr(line, column.key, "")
    if column.given:
        return _text(sheet, value, _GIVEN, _BLUE)
    return _text(sheet, value, _GIVEN) if value else None


def _add_attendance(sheet: WriteOnlyWorksheet) -> None:
    position = next(n for n, column in enumerate(SCORE_COLUMNS, start=1) if column.key == "attendance")
    menu = DataValidation(type="list", formula1=f'"{ATTENDED},{ABSENT}"', allow_blank=True)
    menu.showErrorMessage, menu.errorTitle, menu.error = True, "請修改", "請從選單選一項。"
    letter = get_column_letter(position)
    menu.add(f"{letter}2:{letter}20001")
    # The attribute is there, though openpyxl's types do not say so of a sheet written row by row.
    sheet.data_validations.append(menu)  # type: ignore[attr-defined]


def _add_codes(workbook: Workbook, incidents: Sequence[Incident]) -> None:
    sheet = workbook.create_sheet(CODES_SHEET)
    for letter, width in zip("ABCD", (12, 48, 14, 20), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_text(sheet, word, _HEADING, _INDIGO) for word in ("代碼", "違規事項", "簡章", "處理")])
    rows = [(each.code, str(each.label), each.clause, str(each.effect)) for each in incidents]
    for row in (*rows, _COMMITTEE):
        sheet.append([_text(sheet, word, _PLAIN) for word in row])


def _text(sheet: WriteOnlyWorksheet, value: str, font: Font, fill: PatternFill | None = None) -> Cell:
    cell = WriteOnlyCell(sheet, value)
    # openpyxl takes any text that begins with an equals sign for a formula (security.md 11.3).
    cell.data_type = "s"
    cell.number_format = "@"
    cell.font = font
    cell.alignment = Alignment(vertical="center")
    if fill:
        cell.fill = fill
    return cell
