"""How single cells of a leader's sheet become values: one reader for each kind of column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.accounts.emails import parse_email
from app.core.addresses import parse_address, parse_zip
from app.core.cells import CellValue, birth_date_cell, cell_text, id_cell, name_cell, phone_cell
from app.core.errors import InvalidValue
from app.core.identity import is_dummy_id, is_valid_id, normalise_id
from app.core.messages import Message
from app.core.spreadsheets import Cell
from app.core.text import compact, fold_width, strip_invisible
from app.groups.sheets.options import Choice
from app.registration import readers as candidates


@dataclass(frozen=True, slots=True)
class RowContext:
    """What a cell may need to know beyond itself.

    :ivar values: the values already read in this row, by column key
    """

    today: date
    values: Mapping[str, object] = field(default_factory=dict)


Reader = Callable[[Cell, RowContext], CellValue[object]]


def read_text(longest: int) -> Reader:
    """Return a reader of free text up to a length."""

    def read(cell: Cell, _: RowContext) -> CellValue[object]:
        return CellValue(_no_longer_than(longest, _text(cell)))

    return read


def read_choice(choice: Choice) -> Reader:
    """Return a reader of a drop-down's entries; it gives the value behind the entry."""

    def read(cell: Cell, _: RowContext) -> CellValue[object]:
        return CellValue(choice.read(_text(cell)))

    return read


def read_name(cell: Cell, _: RowContext) -> CellValue[object]:
    _refuse_other_types(cell)
    found = name_cell(cell)
    return CellValue(found.value, found.notes)


def read_english_name(cell: Cell, _: RowContext) -> CellValue[object]:
    return CellValue(candidates.read_english_name(_text(cell)))


def read_birth_date(cell: Cell, context: RowContext) -> CellValue[object]:
    found = birth_date_cell(cell, today=context.today)
    return CellValue(found.value, found.notes)


def read_id_number(cell: Cell, context: RowContext) -> CellValue[object]:
    """Read the number by the row's nationality; where that cell is wrong itself, by either."""
    _refuse_other_types(cell)
    foreign = context.values.get("foreign")
    if foreign is None:
        foreign = not is_valid_id(normalise_id(cell_text(cell)))
    found = id_cell(cell, foreign=foreign is True)
    if is_dummy_id(found.value.value):
        raise InvalidValue(Message("這是範例的號碼，請填考生本人的號碼"))
    return CellValue(found.value.value, found.notes)


def read_phone(cell: Cell, _: RowContext) -> CellValue[object]:
    _refuse_other_types(cell)
    found = phone_cell(cell)
    return CellValue(str(found.value), found.notes)


def read_email(cell: Cell, _: RowContext) -> CellValue[object]:
    return CellValue(parse_email(compact(_text(cell))).address)


def read_zip_code(cell: Cell, _: RowContext) -> CellValue[object]:
    return CellValue(parse_zip(_text(cell)))


def read_address(cell: Cell, context: RowContext) -> CellValue[object]:
    """Read the address together with the postcode of the column beside it."""
    text = _text(cell)
    zip_code = context.values.get("zip_code")
    if zip_code is not None and not text[:1].isdigit():
        text = f"{zip_code} {text}"
    found = parse_address(text)
    return CellValue(found, found.notes)


def _text(cell: Cell) -> str:
    _refuse_other_types(cell)
    return strip_invisible(fold_width(cell_text(cell))).strip()


def _refuse_other_types(cell: Cell) -> None:
    # A datetime is a date too, and a bool would pass for a number.
    if isinstance(cell, date):
        raise InvalidValue(Message("試算表把這一格當成了日期，請把格式改為文字再填一次"))
    if isinstance(cell, bool):
        raise InvalidValue(Message("這一格是 TRUE 或 FALSE，請重新填寫"))


def _no_longer_than(longest: int, text: str) -> str:
    if len(text) > longest:
        raise InvalidValue(Message("最多 %(longest)s 個字，請縮短", {"longest": longest}))
    return text
