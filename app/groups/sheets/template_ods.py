"""The same template as an OpenDocument sheet, for LibreOffice (R228, R229, S012)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from odf.config import ConfigItem, ConfigItemMapEntry, ConfigItemMapIndexed, ConfigItemMapNamed, ConfigItemSet
from odf.dc import Title
from odf.element import Text
from odf.meta import InitialCreator
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import (
    ContentValidation,
    ContentValidations,
    CoveredTableCell,
    ErrorMessage,
    HelpMessage,
    Table,
    TableCell,
    TableColumn,
    TableHeaderRows,
    TableRow,
)
from odf.text import P
from openpyxl.utils import get_column_letter

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
from app.groups.sheets.template_ods_styles import Styles

_FROZEN_COLUMNS: Final = 1 + next(
    number for number, column in enumerate(COLUMNS) if column.key == "chinese_name"
)


def build_template_ods(facts: TemplateFacts, members: Sequence[words.Cells] = ()) -> bytes:
    """Return what `build_template` returns, as an .ods file."""
    document = OpenDocumentSpreadsheet()
    styles = Styles(document, facts)
    document.spreadsheet.addElement(_guides())
    for table in (
        _members(facts, members, styles),
        _instructions(facts, styles),
        _example(facts, styles),
        _lists(styles),
        _mark(facts, styles),
    ):
        document.spreadsheet.addElement(table)
    _freeze(document)
    document.meta.addElement(Title(text=words.property_title(facts)))
    document.meta.addElement(InitialCreator(text=words.CREATOR))
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def _members(facts: TemplateFacts, members: Sequence[words.Cells], styles: Styles) -> Table:
    table = _table(MEMBERS_SHEET, styles)
    for column in COLUMNS:
        table.addElement(
            TableColumn(
                stylename=styles.column(column.width), defaultcellstylename=styles.cell(_look(column), column)
            )
        )
    head = TableHeaderRows()
    head.addElement(_headings(styles))
    table.addElement(head)
    prepared = max(PREPARED_ROWS - len(members), 0)
    beyond = max(LAST_ROW - 1 - len(members) - prepared, 0)
    cells = [_cell_attributes(column, styles) for column in COLUMNS]
    row = f'table:style-name="{styles.row().getAttribute("name")}"'
    rows = [_row_xml(row, cells, _values(facts, member)) for member in members]
    for times, blank in ((prepared, _values(facts, {})), (beyond, [""] * len(COLUMNS))):
        if times:
            rows.append(_row_xml(f'{row} table:number-rows-repeated="{times}"', cells, blank))
    table.appendChild(_Written("".join(rows)))
    return table


class _Written(Text):  # type: ignore[misc]  # odfpy has no types of its own
    """XML that is written as it stands: made element by element, a thousand rows take half a minute."""

    def toXml(self, _level: int, file: Any) -> None:
        """Write it to the file."""
        file.write(self.data)


def _cell_attributes(column: Column, styles: Styles) -> str:
    style = styles.cell(_look(column), column).getAttribute("name")
    return f'table:style-name="{style}" table:content-validation-name="{_guide_name(column)}"'


def _values(facts: TemplateFacts, member: words.Cells) -> list[str]:
    return [
        words.locked_value(column, facts) if column.locked else member.get(column.key, "")
        for column in COLUMNS
    ]


def _row_xml(attributes: str, cells: Sequence[str], values: Sequence[str]) -> str:
    """Return a row of the list; what stands in it is text and never a formula (security.md 11.3)."""
    written = []
    for known, value in zip(cells, values, strict=True):
        if value:
            lines = "".join(f"<text:p>{_escape(line)}</text:p>" for line in value.split("\n"))
            written.append(f'<table:table-cell office:value-type="string" {known}>{lines}</table:table-cell>')
        else:
            written.append(f"<table:table-cell {known}/>")
    return f"<table:table-row {attributes}>{''.join(written)}</table:table-row>"


def _escape(text: str) -> str:
    return escape("".join(character for character in text if character >= " "), quote=False)


def _headings(styles: Styles) -> TableRow:
    row = TableRow(stylename=styles.row(height=36))
    for column in COLUMNS:
        look = "required" if column.required else "blue" if column.locked else "heading"
        row.addElement(_cell(column.label, styles.cell(look)))
    return row


def _instructions(facts: TemplateFacts, styles: Styles) -> Table:
    table = _table(INSTRUCTIONS_SHEET, styles)
    for width in words.INSTRUCTION_WIDTHS:
        table.addElement(TableColumn(stylename=styles.column(width)))
    across = len(words.INSTRUCTION_WIDTHS)
    table.addElement(_line(words.title_of(facts), "title", across, styles, height=30))
    table.addElement(_line(words.group_line(facts), "subtitle", across, styles))
    for step in words.steps():
        table.addElement(_line(step, "text", across, styles))
    table.addElement(_line("", "text", across, styles))
    head = TableRow(stylename=styles.row(height=24))
    for word in words.INSTRUCTION_HEADINGS:
        head.addElement(_cell(word, styles.cell("required")))
    table.addElement(head)
    for about in words.instruction_lines(facts):
        lines = words.lines_needed(about.words, words.INSTRUCTION_WIDTHS)
        row = TableRow(stylename=styles.row(height=6 + 16 * lines))
        for word in about.words:
            row.addElement(_cell(word, styles.cell("locked_words" if about.locked else "words")))
        table.addElement(row)
    return table


def _example(facts: TemplateFacts, styles: Styles) -> Table:
    # Whoever fills in this sheet by mistake is told at the first key.
    table = _table(EXAMPLE_SHEET, styles, protected="true")
    for column in COLUMNS:
        table.addElement(TableColumn(stylename=styles.column(column.width)))
    table.addElement(_line(words.EXAMPLE_TITLE, "title", len(COLUMNS), styles, height=30))
    for text in words.EXAMPLE_LINES:
        table.addElement(_line(text, "text", len(COLUMNS), styles))
    table.addElement(_line("", "text", len(COLUMNS), styles))
    table.addElement(_headings(styles))
    for example in words.examples(facts):
        row = TableRow(stylename=styles.row())
        for column in COLUMNS:
            row.addElement(_cell(example.get(column.key, ""), styles.cell(_look(column))))
        table.addElement(row)
    return table


def _lists(styles: Styles) -> Table:
    """Return the sheet of the drop-downs' entries, each under the column it is for."""
    table = _table(LISTS_SHEET, styles, hidden=True)
    table.addElement(TableColumn(numbercolumnsrepeated=len(COLUMNS)))
    for number in range(max(len(column.options) for column in COLUMNS)):
        row = TableRow()
        for column in COLUMNS:
            row.addElement(_cell(column.options[number] if number < len(column.options) else ""))
        table.addElement(row)
    return table


def _mark(facts: TemplateFacts, styles: Styles) -> Table:
    table = _table(MARK_SHEET, styles, hidden=True)
    table.addElement(TableColumn())
    locked = {LOCKED_CELLS[each.key]: words.locked_value(each, facts) for each in COLUMNS if each.locked}
    for text in (facts.mark, *(value for _cell_name, value in sorted(locked.items()))):
        row = TableRow()
        row.addElement(_cell(text))
        table.addElement(row)
    return table


def _guides() -> ContentValidations:
    """Return, for each column, what is said beside its cells and what they take."""
    guides = ContentValidations()
    for position, column in enumerate(COLUMNS, start=1):
        guide = ContentValidation(
            name=_guide_name(column), **_condition(position, column), allowemptycell="true"
        )
        prompt = HelpMessage(title=column.heading, display="true")
        for line in words.prompt_of(column).split("\n"):
            prompt.addElement(P(text=line))
        guide.addElement(prompt)
        if column.choice or column.locked:
            refusal = ErrorMessage(messagetype="stop", title=words.PLEASE_CHANGE, display="true")
            refusal.addElement(P(text=words.CHOOSE if column.choice else words.DO_NOT_CHANGE))
            guide.addElement(refusal)
        guides.addElement(guide)
    return guides


def _condition(position: int, column: Column) -> dict[str, str]:
    letter = get_column_letter(position)
    base = {"basecelladdress": f"{MEMBERS_SHEET}.{letter}2"}
    if column.choice:
        entries = f"[${LISTS_SHEET}.${letter}$1:.${letter}${len(column.options)}]"
        return base | {"condition": f"of:cell-content-is-in-list({entries})", "displaylist": "unsorted"}
    if column.locked:
        expected = LOCKED_CELLS[column.key]
        condition = f"of:is-true-formula([.{letter}2]=[${MARK_SHEET}.${expected[0]}${expected[1:]}])"
        return base | {"condition": condition}
    return base


def _guide_name(column: Column) -> str:
    return f"guide_{column.key}"


def _look(column: Column) -> str:
    return "locked" if column.locked else "number" if column.plain_text else "plain"


def _table(name: str, styles: Styles, *, hidden: bool = False, **attributes: Any) -> Table:
    return Table(name=name, stylename=styles.table(hidden=hidden), **attributes)


def _line(text: str, look: str, across: int, styles: Styles, *, height: int = 20) -> TableRow:
    """Return a row that holds one line of text across the sheet."""
    row = TableRow(stylename=styles.row(height=height))
    cell = TableCell(
        stylename=styles.cell(look), valuetype="string", numbercolumnsspanned=across, numberrowsspanned=1
    )
    cell.addElement(P(text=text))
    row.addElement(cell)
    row.addElement(CoveredTableCell(numbercolumnsrepeated=across - 1))
    return row


def _cell(text: str, style: Any = None) -> TableCell:
    """Return a cell of one line of text: nothing in it is ever a formula (security.md 11.3)."""
    attributes = {} if style is None else {"stylename": style}
    if not text:
        return TableCell(**attributes)
    cell = TableCell(valuetype="string", **attributes)
    cell.addElement(P(text=text))
    return cell


def _freeze(document: Any) -> None:
    """Keep the headings and the names in view."""
    frozen = {
        "CursorPositionX": ("int", 2),
        "CursorPositionY": ("int", 1),
        "HorizontalSplitMode": ("short", 2),
        "VerticalSplitMode": ("short", 2),
        "HorizontalSplitPosition": ("int", _FROZEN_COLUMNS),
        "VerticalSplitPosition": ("int", 1),
        "ActiveSplitRange": ("short", 3),
        "PositionLeft": ("int", 0),
        "PositionRight": ("int", _FROZEN_COLUMNS),
        "PositionTop": ("int", 0),
        "PositionBottom": ("int", 1),
    }
    sheet = ConfigItemMapEntry(name=MEMBERS_SHEET)
    for name, (kind, value) in frozen.items():
        sheet.addElement(ConfigItem(name=name, type=kind, text=str(value)))
    sheets = ConfigItemMapNamed(name="Tables")
    sheets.addElement(sheet)
    view = ConfigItemMapEntry()
    view.addElement(ConfigItem(name="ViewId", type="string", text="view1"))
    view.addElement(sheets)
    view.addElement(ConfigItem(name="ActiveTable", type="string", text=MEMBERS_SHEET))
    views = ConfigItemMapIndexed(name="Views")
    views.addElement(view)
    settings = ConfigItemSet(name="ooo:view-settings")
    settings.addElement(views)
    document.settings.addElement(settings)
