"""The Excel template a leader downloads, fills in and imports (匯入範例, R228, R229)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from app.groups.sheets import template_words as words
from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.template_facts import TemplateFacts
from app.groups.sheets.template_layout import (
    EXAMPLE_SHEET,
    INSTRUCTIONS_SHEET,
    LAST_ROW,
    LISTS_SHEET,
    LOCKED_CELLS,
    MARK_SHEET,
    MEMBERS_SHEET,
    PREPARED_ROWS,
)

__all__ = ["TemplateFacts", "build_template"]

_PLAIN = Font(name=words.FACE, size=11)
_TITLE = Font(name=words.FACE, size=16, bold=True, color="2B3A67")
_HEADING = Font(name=words.FACE, size=11, bold=True, color="2B3A67")
_HEADING_REQUIRED = Font(name=words.FACE, size=11, bold=True, color="FFFFFF")
_LOCKED = Font(name=words.FACE, size=11, color="1F4E9E")

_INDIGO = PatternFill("solid", fgColor="2B3A67")
_PALE = PatternFill("solid", fgColor="E9ECF5")
_BLUE = PatternFill("solid", fgColor="DCE9F8")
_ROSE = PatternFill("solid", bgColor="F8D7DA")  # a conditional fill is drawn in its background colour

_HAIRLINE = Side(style="thin", color="D5D9E2")
_BOX = Border(left=_HAIRLINE, right=_HAIRLINE, top=_HAIRLINE, bottom=_HAIRLINE)
_TEXT_FORMAT = "@"


def build_template(facts: TemplateFacts, members: Sequence[words.Cells] = ()) -> bytes:
    """Return the template of a group as an .xlsx file, with the present members filled in when there are any.

    Its first sheet is the list: drop-downs, dates and numbers as text so that nothing typed is converted,
    the blue columns filled in. The second explains every column, the third shows two rows filled in; two
    hidden ones hold the drop-downs' entries and the mark by which an import knows the file.

    :param members: the rows to begin with, by column key; the blue columns are filled in anyway
    """
    workbook = Workbook()
    sheet, instructions, example, lists, mark = map(
        workbook.create_sheet, (MEMBERS_SHEET, INSTRUCTIONS_SHEET, EXAMPLE_SHEET, LISTS_SHEET, MARK_SHEET)
    )
    del workbook["Sheet"]
    lists.sheet_state = mark.sheet_state = "hidden"
    _fill_mark(mark, facts)
    _fill_instructions(instructions, facts)
    _fill_example(example, facts)
    for position, column in enumerate(COLUMNS, start=1):
        _prepare_column(sheet, position, column, facts, members)
        _guide_column(sheet, position, column, lists)
    _mark_repeated_ids(sheet)
    _arrange_members(sheet, facts)
    workbook.properties.title = words.property_title(facts)
    workbook.properties.creator = words.CREATOR
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _fill_mark(sheet: Worksheet, facts: TemplateFacts) -> None:
    _write(sheet, 1, 1, facts.mark, _PLAIN)
    for column in COLUMNS:
        if column.locked:
            _put(sheet[LOCKED_CELLS[column.key]], words.locked_value(column, facts))


def _prepare_column(
    sheet: Worksheet,
    position: int,
    column: Column,
    facts: TemplateFacts,
    members: Sequence[words.Cells],
) -> None:
    _write_heading(sheet, 1, position, column)
    if column.plain_text:
        # Of the whole column, for groups with more members than rows are drawn.
        sheet.column_dimensions[get_column_letter(position)].number_format = _TEXT_FORMAT
    values = [member.get(column.key, "") for member in members]
    values += [""] * (PREPARED_ROWS - len(members))
    first = _write_cell(sheet, 2, position, column, values[0], facts)
    for row, value in enumerate(values[1:], start=3):
        cell = cast(Cell, sheet.cell(row, position))
        _put(cell, words.locked_value(column, facts) if column.locked else value)
        # As worked out for the first cell: a style is looked up for each of its parts otherwise.
        cell._style = copy(first._style)  # type: ignore[attr-defined]  # the library's types leave it out


def _write_heading(sheet: Worksheet, row: int, position: int, column: Column) -> None:
    sheet.column_dimensions[get_column_letter(position)].width = column.width
    heading = _write(sheet, row, position, column.label, _HEADING_REQUIRED if column.required else _HEADING)
    heading.fill = _INDIGO if column.required else _BLUE if column.locked else _PALE
    heading.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    heading.border = _BOX


def _write_cell(
    sheet: Worksheet, row: int, position: int, column: Column, value: str, facts: TemplateFacts
) -> Cell:
    cell = cast(Cell, sheet.cell(row, position))
    _put(cell, words.locked_value(column, facts) if column.locked else value)
    cell.font, cell.border = _LOCKED if column.locked else _PLAIN, _BOX
    if column.locked:
        cell.fill = _BLUE
    if column.plain_text:
        cell.number_format = _TEXT_FORMAT
    return cell


def _guide_column(sheet: Worksheet, position: int, column: Column, lists: Worksheet) -> None:
    """Say beside each cell how it is filled in, offer what there is to choose, refuse what is not offered."""
    letter = get_column_letter(position)
    if column.choice:
        # openpyxl writes the reference as it stands: an equals sign in front would end up in the file.
        guide = DataValidation(type="list", formula1=_fill_list(lists, position, column), allow_blank=True)
        _refuse(guide, words.CHOOSE)
    elif column.locked:
        # Only what stands there already may be typed; protecting the sheet would forbid sorting too.
        expected = _expected(column)
        guide = DataValidation(type="custom", formula1=f"{letter}2={expected}", allow_blank=True)
        _refuse(guide, words.DO_NOT_CHANGE)
        # A validation does not see what is pasted.
        _mark_wrong(sheet, letter, f'AND({letter}2<>"",{letter}2<>{expected})')
    else:
        guide = DataValidation(allow_blank=True)
    guide.showInputMessage = True
    guide.promptTitle, guide.prompt = column.heading, words.prompt_of(column)
    sheet.add_data_validation(guide)
    guide.add(f"{letter}2:{letter}{LAST_ROW}")


def _expected(column: Column) -> str:
    cell = LOCKED_CELLS[column.key]
    return f"'{MARK_SHEET}'!${cell[0]}${cell[1:]}"


def _fill_list(lists: Worksheet, position: int, column: Column) -> str:
    """Write a drop-down's entries into a column of the hidden sheet and return where they stand."""
    for row, label in enumerate(column.options, start=1):
        _write(lists, row, position, label, _PLAIN)
    letter = get_column_letter(position)
    return f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(column.options)}"


def _refuse(validation: DataValidation, sentence: str) -> None:
    validation.showErrorMessage = True
    validation.errorTitle, validation.error = words.PLEASE_CHANGE, sentence


def _mark_repeated_ids(sheet: Worksheet) -> None:
    position = next(number for number, column in enumerate(COLUMNS, start=1) if column.key == "id_number")
    letter = get_column_letter(position)
    cells = f"${letter}$2:${letter}${LAST_ROW}"
    _mark_wrong(sheet, letter, f'AND({letter}2<>"",COUNTIF({cells},{letter}2)>1)')


def _mark_wrong(sheet: Worksheet, letter: str, formula: str) -> None:
    rule = Rule("expression", formula=[formula], dxf=DifferentialStyle(fill=_ROSE))
    sheet.conditional_formatting.add(f"{letter}2:{letter}{LAST_ROW}", rule)


def _arrange_members(sheet: Worksheet, facts: TemplateFacts) -> None:
    names = next(number for number, column in enumerate(COLUMNS, start=1) if column.key == "chinese_name")
    sheet.row_dimensions[1].height = 36
    sheet.freeze_panes = f"{get_column_letter(names + 1)}2"
    sheet.sheet_view.selection[-1].activeCell = sheet.sheet_view.selection[-1].sqref = "C2"
    _print_in_width(sheet)
    sheet.print_title_rows = "1:1"
    # An ampersand starts a code in a header; doubled it is itself.
    header = cast(HeaderFooterItem, sheet.oddHeader)
    header.center.text = words.page_header(facts).replace("&", "&&")


def _print_in_width(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _fill_example(sheet: Worksheet, facts: TemplateFacts) -> None:
    _write(sheet, 1, 1, words.EXAMPLE_TITLE, _TITLE)
    sheet.row_dimensions[1].height = 30
    for row, line in enumerate(words.EXAMPLE_LINES, start=2):
        _write(sheet, row, 1, line, _PLAIN)
        sheet.row_dimensions[row].height = 20
    top = len(words.EXAMPLE_LINES) + 3
    sheet.row_dimensions[top].height = 36
    for row in range(top + 1, top + 1 + len(words.examples(facts))):
        sheet.row_dimensions[row].height = 20
    for position, column in enumerate(COLUMNS, start=1):
        _write_heading(sheet, top, position, column)
        for row, example in enumerate(words.examples(facts), start=top + 1):
            _write_cell(sheet, row, position, column, example.get(column.key, ""), facts)
    _print_in_width(sheet)
    # Whoever fills in this sheet by mistake is told at the first key.
    sheet.protection.enable()


def _fill_instructions(sheet: Worksheet, facts: TemplateFacts) -> None:
    sheet.sheet_view.showGridLines = False
    for letter, width in zip("ABCDE", words.INSTRUCTION_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    lines = (
        (words.title_of(facts), _TITLE),
        (words.group_line(facts), _HEADING),
        *((step, _PLAIN) for step in words.steps()),
    )
    for row, (line, font) in enumerate(lines, start=1):
        _write(sheet, row, 1, line, font)
        sheet.row_dimensions[row].height = 30 if row == 1 else 20
    top = len(lines) + 2
    _write_line(sheet, top, words.INSTRUCTION_HEADINGS, _HEADING_REQUIRED, fill=_INDIGO)
    for row, about in enumerate(words.instruction_lines(facts), start=top + 1):
        font, fill = (_LOCKED, _BLUE) if about.locked else (_PLAIN, None)
        _write_line(sheet, row, about.words, font, fill=fill)
    _print_in_width(sheet)


def _write_line(
    sheet: Worksheet, row: int, line: Sequence[str], font: Font, *, fill: PatternFill | None
) -> None:
    sheet.row_dimensions[row].height = 6 + 16 * words.lines_needed(line, words.INSTRUCTION_WIDTHS)
    for position, word in enumerate(line, start=1):
        cell = _write(sheet, row, position, word, font)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.border = _BOX
        if fill:
            cell.fill = fill


def _write(sheet: Worksheet, row: int, column: int, text: str, font: Font) -> Cell:
    cell = cast(Cell, sheet.cell(row, column))
    _put(cell, text)
    cell.font = font
    return cell


def _put(cell: Cell, text: str) -> None:
    if text:
        cell.value = text
        # openpyxl takes any text that begins with an equals sign for a formula (security.md 11.3).
        cell.data_type = "s"
