"""The rows that stayed on the workbench as a ready sheet, to be mended and imported again; pure.

It is the group's own template, so that drop-downs, text formats and mark are those of a fresh one; what is
wrong stands beside the cells as comments.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.template_facts import TemplateFacts
from app.groups.sheets.template_layout import MEMBERS_SHEET
from app.groups.sheets.template_sheet import build_template

_AUTHOR = "客語能力認證報名網站"
_ROSE = PatternFill("solid", fgColor="F8D7DA")  # as the template marks what is wrong
_AMBER = PatternFill("solid", fgColor="FFF3CD")
_WIDTH, _LINE, _CHARACTERS_IN_LINE = 320, 22, 20


@dataclass(frozen=True, slots=True)
class RestRow:
    """A row that stayed.

    :ivar texts: by column key
    :ivar wrong: what to do about a cell that is wrong, as finished sentences, by column key
    :ivar doubtful: the same for a cell that is to be confirmed
    """

    texts: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    doubtful: Mapping[str, str] = field(default_factory=dict)


def build_rest(facts: TemplateFacts, rows: Sequence[RestRow]) -> bytes:
    """Return the rows as an .xlsx file that can be imported again."""
    workbook = load_workbook(io.BytesIO(build_template(facts)))
    sheet = workbook[MEMBERS_SHEET]
    for number, row in enumerate(rows, start=2):
        _write_row(sheet, number, row, facts)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _write_row(sheet: Worksheet, number: int, row: RestRow, facts: TemplateFacts) -> None:
    for position, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(number, position)
        text = str(getattr(facts, column.key)) if column.locked else row.texts.get(column.key, "")
        if text:
            cell.value = text
            # Text stays text, also when it is edited: what begins with an equals sign is no formula
            # (security.md 11.3), and no zero or 民國 date is converted.
            cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
        for said, fill in ((row.doubtful, _AMBER), (row.wrong, _ROSE)):
            if column.key in said:
                cell.fill, cell.comment = fill, _comment(said[column.key])


def _comment(text: str) -> Comment:
    comment = Comment(text, _AUTHOR)
    lines = sum(1 + len(line) // _CHARACTERS_IN_LINE for line in text.splitlines())
    comment.width, comment.height = _WIDTH, _LINE * (lines + 1)
    return comment
