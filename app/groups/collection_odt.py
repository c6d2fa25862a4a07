"""The collection form as an ODF text, to be filled in or changed on a computer (R217, S012)."""

from __future__ import annotations

import io
from typing import Any

from odf.opendocument import OpenDocumentText
from odf.style import (
    MasterPage,
    PageLayout,
    PageLayoutProperties,
    ParagraphProperties,
    Style,
    TableCellProperties,
    TableColumnProperties,
    TextProperties,
)
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import H, P

from app.groups.collection_form import CollectionContent, FormLine

_FACE = "'Noto Sans CJK TC'"
_WIDEST = 71  # halves of a character in the column of values


def build_collection_odt(content: CollectionContent) -> bytes:
    """Return the form as an .odt file: the same lines as the PDF, one a row."""
    document = OpenDocumentText()
    styles = _styles(document)
    document.text.addElement(H(outlinelevel=1, stylename=styles["heading"], text=content.frame.title))
    document.text.addElement(P(stylename=styles["plain"], text=content.frame.exam_title))
    document.text.addElement(P(stylename=styles["plain"], text=content.introduction))
    table = Table(name=content.frame.title)
    for column in ("LabelColumn", "ValueColumn"):
        table.addElement(TableColumn(stylename=styles[column]))
    for line in content.lines:
        table.addElement(_row(line, styles))
    table.addElement(_row(FormLine(content.signature, (), "", False), styles))
    table.addElement(_row(FormLine(content.signed_on, (), "", False), styles))
    document.text.addElement(table)
    document.text.addElement(P(stylename=styles["small"], text=content.privacy))
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def _row(line: FormLine, styles: dict[str, Any]) -> TableRow:
    row = TableRow()
    for lines in ([line.label], _written(line)):
        cell = TableCell(stylename=styles["cell"], valuetype="string")
        for text in lines:
            cell.addElement(P(stylename=styles["plain"], text=text))
        row.addElement(cell)
    return row


def _written(line: FormLine) -> list[str]:
    """Return what stands beside a label, in lines: a box is never parted from its choice."""
    if not line.choices:
        return [line.value]
    lines: list[str] = []
    for choice in line.choices:
        box = f"{'■' if choice == line.value else '□'} {choice}"
        longer = f"{lines[-1]}　{box}" if lines else box
        if lines and _width(longer) <= _WIDEST:
            lines[-1] = longer
        else:
            lines.append(box)
    return lines


def _width(text: str) -> int:
    """Return how wide a text is, in halves of a Chinese character."""
    return sum(1 if character < "\u2000" else 2 for character in text)


def _styles(document: Any) -> dict[str, Any]:
    page = PageLayout(name="A4")
    page.addElement(PageLayoutProperties(pagewidth="21cm", pageheight="29.7cm", margin="1.4cm"))
    document.automaticstyles.addElement(page)
    document.masterstyles.addElement(MasterPage(name="Standard", pagelayoutname=page))
    styles = {
        "heading": _text_style("FormHeading", "18pt", weight="bold"),
        "plain": _text_style("FormText", "10.5pt"),
        "small": _text_style("FormNote", "8.5pt"),
    }
    for style in styles.values():
        document.styles.addElement(style)
    cell = Style(name="FormCell", family="table-cell")
    cell.addElement(TableCellProperties(border="0.5pt solid #9aa5b1", padding="0.09cm"))
    styles["cell"] = cell
    for name, share in (("LabelColumn", "4.8cm"), ("ValueColumn", "13.4cm")):
        styles[name] = Style(name=name, family="table-column")
        styles[name].addElement(TableColumnProperties(columnwidth=share))
    for name in ("cell", "LabelColumn", "ValueColumn"):
        document.automaticstyles.addElement(styles[name])
    return styles


def _text_style(name: str, size: str, *, weight: str = "normal") -> Any:
    style = Style(name=name, family="paragraph")
    style.addElement(ParagraphProperties(marginbottom="0.06cm"))
    style.addElement(
        TextProperties(
            fontsize=size, fontsizeasian=size, fontfamily=_FACE, fontfamilyasian=_FACE,
            fontweight=weight, fontweightasian=weight,
            # Without it the punctuation is drawn as in Japan or on the mainland.
            language="zh", country="TW", languageasian="zh", countryasian="TW",
        )
    )  # fmt: skip
    return style
