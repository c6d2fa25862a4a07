"""How the OpenDocument template looks: the same colours and widths as the .xlsx one."""

from __future__ import annotations

from typing import Any, Final

from odf.namespaces import STYLENS
from odf.number import TextContent, TextStyle
from odf.style import (
    FontFace,
    Header,
    HeaderFooterProperties,
    HeaderStyle,
    Map,
    MasterPage,
    PageLayout,
    PageLayoutProperties,
    ParagraphProperties,
    Style,
    TableCellProperties,
    TableColumnProperties,
    TableProperties,
    TableRowProperties,
    TextProperties,
)
from odf.text import P
from openpyxl.utils import get_column_letter

from app.groups.sheets import template_words as words
from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.template_facts import TemplateFacts
from app.groups.sheets.template_layout import LAST_ROW, LOCKED_CELLS, MARK_SHEET, MEMBERS_SHEET

_TEXT_FORMAT: Final = "AsTyped"
_WRONG: Final = "Wrong"
_CENTIMETRES_PER_CHARACTER: Final = 0.21
_BOX: Final = {"border": "0.5pt solid #d5d9e2", "verticalalign": "middle"}
_WRAP: Final = _BOX | {"wrapoption": "wrap"}
_INK, _INDIGO = {"color": "#000000"}, {"color": "#2b3a67", "fontweight": "bold", "fontweightasian": "bold"}
_WHITE: Final = {"color": "#ffffff", "fontweight": "bold", "fontweightasian": "bold"}

# Name: the cell, the text, whether it stands in the middle.
_LOOKS: Final[dict[str, tuple[dict[str, str], dict[str, str], bool]]] = {
    "plain": (_BOX, _INK, False),
    "number": (_BOX, _INK, False),
    "locked": (_BOX | {"backgroundcolor": "#dce9f8"}, {"color": "#1f4e9e"}, False),
    "words": (_WRAP, _INK, False),
    "locked_words": (_WRAP | {"backgroundcolor": "#dce9f8"}, {"color": "#1f4e9e"}, False),
    "heading": (_WRAP | {"backgroundcolor": "#e9ecf5"}, _INDIGO, True),
    "required": (_WRAP | {"backgroundcolor": "#2b3a67"}, _WHITE, True),
    "blue": (_WRAP | {"backgroundcolor": "#dce9f8"}, _INDIGO, True),
    "title": ({"verticalalign": "middle"}, _INDIGO | {"fontsize": "16pt", "fontsizeasian": "16pt"}, False),
    "subtitle": ({"verticalalign": "middle"}, _INDIGO, False),
    "text": ({"verticalalign": "middle"}, _INK, False),
}


class Styles:
    """The styles of one document, each made when it is first asked for."""

    def __init__(self, document: Any, facts: TemplateFacts) -> None:
        self._automatic = document.automaticstyles
        self._made: dict[str, Any] = {}
        document.fontfacedecls.addElement(FontFace(name=words.FACE, fontfamily=f"'{words.FACE}'"))
        as_typed = TextStyle(name=_TEXT_FORMAT)
        as_typed.addElement(TextContent())
        document.styles.addElement(as_typed)
        wrong = Style(name=_WRONG, family="table-cell")
        wrong.addElement(TableCellProperties(backgroundcolor="#f8d7da"))
        document.styles.addElement(wrong)
        self._add_page(document, facts)

    def table(self, *, hidden: bool = False) -> Any:
        return self._get(
            f"table_{hidden}",
            "table",
            TableProperties(display="false" if hidden else "true"),
            masterpagename="Default",
        )

    def column(self, characters: int) -> Any:
        """Return the style of a column as wide as so many digits."""
        width = f"{characters * _CENTIMETRES_PER_CHARACTER:.2f}cm"
        return self._get(f"column_{characters}", "table-column", TableColumnProperties(columnwidth=width))

    def row(self, *, height: int = 18) -> Any:
        """Return the style of a row so many points high."""
        return self._get(
            f"row_{height}",
            "table-row",
            TableRowProperties(rowheight=f"{height}pt", useoptimalrowheight="false"),
        )

    def cell(self, look: str, column: Column | None = None) -> Any:
        """Return the style of a cell.

        :param column: the column of the list in which it stands, which marks what is wrong in it
        """
        name = f"cell_{look}" if column is None else f"cell_{column.key}"
        cell, text, middle = _LOOKS[look]
        sizes = {"fontsize": "11pt", "fontsizeasian": "11pt"} | text
        return self._get(
            name,
            "table-cell",
            TableCellProperties(**cell),
            TextProperties(fontname=words.FACE, fontnameasian=words.FACE, **sizes),
            *((ParagraphProperties(textalign="center"),) if middle else ()),
            *_marks(column),
            **({"datastylename": _TEXT_FORMAT} if look == "number" else {}),
        )

    def _get(self, name: str, family: str, *properties: Any, **attributes: Any) -> Any:
        if name not in self._made:
            style = Style(name=name, family=family, **attributes)
            for each in properties:
                style.addElement(each)
            self._automatic.addElement(style)
            self._made[name] = style
        return self._made[name]

    def _add_page(self, document: Any, facts: TemplateFacts) -> None:
        page = PageLayout(name="A3")
        sheet = PageLayoutProperties(
            pagewidth="42cm", pageheight="29.7cm", printorientation="landscape", margin="1.5cm"
        )
        # As wide as the page, as many pages as it takes; newer than the library's list of attributes.
        sheet.setAttrNS(STYLENS, "scale-to-X", "1")
        sheet.setAttrNS(STYLENS, "scale-to-Y", "0")
        page.addElement(sheet)
        head = HeaderStyle()
        head.addElement(HeaderFooterProperties(minheight="0.8cm", marginbottom="0.3cm"))
        page.addElement(head)
        self._automatic.addElement(page)
        master = MasterPage(name="Default", pagelayoutname=page)
        header = Header()
        header.addElement(P(text=words.page_header(facts)))
        master.addElement(header)
        document.masterstyles.addElement(master)


def _marks(column: Column | None) -> list[Map]:
    """Return what turns a cell of the list red: a changed blue cell, an identity number that stands twice."""
    if column is None:
        return []
    letter = get_column_letter(1 + COLUMNS.index(column))
    if column.locked:
        expected = LOCKED_CELLS[column.key]
        wrong = f"[.{letter}2]<>[${MARK_SHEET}.${expected[0]}${expected[1:]}]"
    elif column.key == "id_number":
        wrong = f"COUNTIF([.${letter}$2:.${letter}${LAST_ROW}];[.{letter}2])>1"
    else:
        return []
    condition = f'is-true-formula(AND([.{letter}2]<>"";{wrong}))'
    base = f"{MEMBERS_SHEET}.{letter}2"
    return [Map(condition=condition, applystylename=_WRONG, basecelladdress=base)]
