"""The Excel template a leader downloads, fills in and imports (匯入範例, R228, R229)."""

from __future__ import annotations

import io
import math
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

from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.template_facts import TemplateFacts
from app.groups.sheets.template_layout import (
    INSTRUCTIONS_SHEET,
    LISTS_SHEET,
    MARK_SHEET,
    MEMBERS_SHEET,
    PREPARED_ROWS,
)

__all__ = ["TemplateFacts", "build_template"]

_FACE = "微軟正黑體"
_PLAIN = Font(name=_FACE, size=11)
_TITLE = Font(name=_FACE, size=16, bold=True, color="2B3A67")
_HEADING = Font(name=_FACE, size=11, bold=True, color="2B3A67")
_HEADING_REQUIRED = Font(name=_FACE, size=11, bold=True, color="FFFFFF")
_LOCKED = Font(name=_FACE, size=11, color="1F4E9E")

_INDIGO = PatternFill("solid", fgColor="2B3A67")
_PALE = PatternFill("solid", fgColor="E9ECF5")
_BLUE = PatternFill("solid", fgColor="DCE9F8")
_ROSE = PatternFill("solid", bgColor="F8D7DA")  # a conditional fill is drawn in its background colour

_HAIRLINE = Side(style="thin", color="D5D9E2")
_BOX = Border(left=_HAIRLINE, right=_HAIRLINE, top=_HAIRLINE, bottom=_HAIRLINE)
_TEXT_FORMAT = "@"
_LAST_ROW = PREPARED_ROWS + 1
_INSTRUCTION_WIDTHS = (22, 8, 64, 40, 36)

_STEPS = (
    "1. 在「團員名單」從第 2 列起，一位考生填一列；標題有 * 的欄位必填。",
    "2. 藍色欄位由系統填好，請勿更改；標題列與工作表也請勿更改。",
    "3. 從別的檔案貼上時，請用「選擇性貼上 → 值」，選單與文字格式才會保留。",
    "4. 存檔後回到團體頁面匯入。有錯的列會逐格告訴您，改好後整份再匯入一次即可，已匯入的考生會自動略過。",
    # For a leader who reads English; headings and choices are matched when the sheet comes back.
    "In English: fill in one candidate per row from row 2 of the first sheet; headings with * are required. "
    "Do not change headings, sheets or blue columns, and keep the Chinese words of the lists.",
)


def build_template(facts: TemplateFacts) -> bytes:
    """Return the template of a group as an .xlsx file.

    Its first sheet is the list to fill in, prepared for 500 members: drop-downs, dates and numbers as text so
    that nothing typed is converted, the blue columns filled in. The second explains every column by
    an example; two hidden ones hold the drop-downs' entries and the mark by which an import knows the file.
    """
    workbook = Workbook()
    members, instructions, lists, mark = map(
        workbook.create_sheet, (MEMBERS_SHEET, INSTRUCTIONS_SHEET, LISTS_SHEET, MARK_SHEET)
    )
    del workbook["Sheet"]
    lists.sheet_state = mark.sheet_state = "hidden"
    _write(mark, 1, 1, facts.mark, _PLAIN)
    _fill_instructions(instructions, facts)
    for position, column in enumerate(COLUMNS, start=1):
        _prepare_column(members, position, column, facts)
        if column.choice:
            _add_drop_down(members, position, column, _fill_list(lists, position, column))
    _mark_repeated_ids(members)
    _arrange_members(members, facts)
    workbook.properties.title = f"{facts.year} 年度客語能力認證 團員名單"
    workbook.properties.creator = "客語能力認證報名網站"
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _prepare_column(sheet: Worksheet, position: int, column: Column, facts: TemplateFacts) -> None:
    letter = get_column_letter(position)
    sheet.column_dimensions[letter].width = column.width
    heading = _write(sheet, 1, position, column.label, _HEADING_REQUIRED if column.required else _HEADING)
    heading.fill = _INDIGO if column.required else _BLUE if column.locked else _PALE
    heading.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    heading.border = _BOX
    for row in range(2, _LAST_ROW + 1):
        cell = sheet.cell(row, position)
        cell.font, cell.border = _PLAIN, _BOX
        if column.plain_text:
            cell.number_format = _TEXT_FORMAT
        if column.locked:
            _write(sheet, row, position, getattr(facts, column.key), _LOCKED)
            cell.fill = _BLUE
    if not column.choice:
        _add_prompt(sheet, letter, column)


def _add_prompt(sheet: Worksheet, letter: str, column: Column) -> None:
    prompt = DataValidation(allow_blank=True, showInputMessage=True)
    prompt.promptTitle, prompt.prompt = column.heading, column.help
    if column.locked:
        # Only what stands there already may be typed; protecting the sheet would forbid sorting too.
        prompt.type, prompt.formula1 = "custom", f"{letter}2={letter}$2"
        _refuse(prompt, "藍色欄位請勿更改。")
    sheet.add_data_validation(prompt)
    prompt.add(f"{letter}2:{letter}{_LAST_ROW}")


def _fill_list(lists: Worksheet, position: int, column: Column) -> str:
    """Write a drop-down's entries into a column of the hidden sheet and return where they stand."""
    for row, label in enumerate(column.options, start=1):
        _write(lists, row, position, label, _PLAIN)
    letter = get_column_letter(position)
    return f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(column.options)}"


def _add_drop_down(sheet: Worksheet, position: int, column: Column, entries: str) -> None:
    # openpyxl writes the reference as it stands: an equals sign in front would end up in the file.
    menu = DataValidation(type="list", formula1=entries, allow_blank=True, showInputMessage=True)
    menu.promptTitle, menu.prompt = column.heading, column.help
    _refuse(menu, "請從選單選一項。")
    sheet.add_data_validation(menu)
    letter = get_column_letter(position)
    menu.add(f"{letter}2:{letter}{_LAST_ROW}")


def _refuse(validation: DataValidation, sentence: str) -> None:
    validation.showErrorMessage = True
    validation.errorTitle, validation.error = "請修改", sentence


def _mark_repeated_ids(sheet: Worksheet) -> None:
    position = next(number for number, column in enumerate(COLUMNS, start=1) if column.key == "id_number")
    letter = get_column_letter(position)
    cells = f"${letter}$2:${letter}${_LAST_ROW}"
    formula = f'AND({letter}2<>"",COUNTIF({cells},{letter}2)>1)'
    rule = Rule("expression", formula=[formula], dxf=DifferentialStyle(fill=_ROSE))
    sheet.conditional_formatting.add(cells.replace("$", ""), rule)


def _arrange_members(sheet: Worksheet, facts: TemplateFacts) -> None:
    names = next(number for number, column in enumerate(COLUMNS, start=1) if column.key == "chinese_name")
    sheet.row_dimensions[1].height = 36
    sheet.freeze_panes = f"{get_column_letter(names + 1)}2"
    sheet.sheet_view.selection[-1].activeCell = sheet.sheet_view.selection[-1].sqref = "C2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    # An ampersand starts a code in a header; doubled it is itself.
    header = f"{facts.group_name}　{facts.round_name}　{facts.area}考區"
    cast(HeaderFooterItem, sheet.oddHeader).center.text = header.replace("&", "&&")


def _fill_instructions(sheet: Worksheet, facts: TemplateFacts) -> None:
    sheet.sheet_view.showGridLines = False
    for letter, width in zip("ABCDE", _INSTRUCTION_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    lines = (
        (f"{facts.year} 年度客語能力認證　團體報名匯入範例", _TITLE),
        (f"團體：{facts.group_name}　　梯次：{facts.round_name}　　考區：{facts.area}", _HEADING),
        *((step, _PLAIN) for step in _STEPS),
    )
    for row, (line, font) in enumerate(lines, start=1):
        _write(sheet, row, 1, line, font)
        sheet.row_dimensions[row].height = 30 if row == 1 else 20
    top = len(lines) + 2
    _write_line(sheet, top, ("欄位", "必填", "怎麼填", "選項", "範例"), _HEADING_REQUIRED, fill=_INDIGO)
    for row, column in enumerate(COLUMNS, start=top + 1):
        example = str(getattr(facts, column.key)) if column.locked else column.example
        words = (
            column.heading,
            "必填" if column.required else "",
            column.help,
            "、".join(column.options),
            example,
        )
        _write_line(
            sheet, row, words, _LOCKED if column.locked else _PLAIN, fill=_BLUE if column.locked else None
        )
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_line(
    sheet: Worksheet, row: int, words: tuple[str, ...], font: Font, *, fill: PatternFill | None
) -> None:
    sheet.row_dimensions[row].height = 6 + 16 * _lines_needed(words)
    for position, word in enumerate(words, start=1):
        cell = _write(sheet, row, position, word, font)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.border = _BOX
        if fill:
            cell.fill = fill


def _lines_needed(words: tuple[str, ...]) -> int:
    """Return how many lines the longest word takes; a Chinese character is as wide as two digits."""
    return max(
        math.ceil(sum(2 if character > "\u2e7f" else 1 for character in word) / (width - 2))
        for word, width in zip(words, _INSTRUCTION_WIDTHS, strict=True)
    )


def _write(sheet: Worksheet, row: int, column: int, text: str, font: Font) -> Cell:
    cell = cast(Cell, sheet.cell(row, column))
    cell.value = text
    # openpyxl takes any text that begins with an equals sign for a formula (security.md 11.3).
    cell.data_type = "s"
    cell.font = font
    return cell
