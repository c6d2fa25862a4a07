"""What reading one cell gives, and the few ways to say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from app.core.cells import cell_text
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.spreadsheets import Cell, Unknown
from app.groups.sheets.marks import Mark, MarkKind, Reason

_LONGEST_WRITTEN = 500


@dataclass(slots=True)
class Context:
    """What a cell may need to know beyond itself.

    :ivar values: the values already read in this row, by column key; a wrong cell has none
    """

    today: date
    values: dict[str, Any]


class Reading(NamedTuple):
    """A cell as it was read.

    :ivar value: None for a blank cell; WRONG where there is none
    :ivar text: what stands in the cell from now on
    """

    value: Any
    text: str
    mark: Mark | None = None


class _Wrong:
    def __repr__(self) -> str:
        return "WRONG"


WRONG: Final = _Wrong()
BLANK: Final = Reading(None, "")


def written_of(cell: Cell) -> str:
    """Return what stood in a cell as text, spaces and all."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return f"{cell.year}/{cell.month}/{cell.day}"
    if isinstance(cell, str):
        return cell[:_LONGEST_WRITTEN]
    return str(cell) if isinstance(cell, Unknown) else cell_text(cell)


def text_of_cell(cell: Cell) -> str:
    """Return a cell's trimmed text.

    :raises InvalidValue: if it holds a day or a truth value, which say nothing in a column of texts
    """
    if isinstance(cell, str):
        return cell.strip()
    # A datetime is a date too, and a bool would pass for a number.
    if isinstance(cell, date):
        raise InvalidValue(Message("試算表把這一格當成了日期，請把格式改為文字再填一次"))
    if isinstance(cell, bool):
        raise InvalidValue(Message("這一格是 TRUE 或 FALSE，請重新填寫"))
    return cell_text(cell)


def wrong(
    cell: Cell, message: Message, suggestions: tuple[str, ...] = (), reason: Reason = Reason.UNREADABLE
) -> Reading:
    """Return that a cell cannot be read; what stands there stays."""
    written = written_of(cell).strip()
    return Reading(WRONG, written, Mark(MarkKind.WRONG, reason, message, written, suggestions))


def repaired(value: Any, text: str, cell: Cell, reason: Reason, message: Message) -> Reading:
    """Return a value that was surely meant, though it was not written so."""
    return Reading(value, text, Mark(MarkKind.REPAIRED, reason, message, written_of(cell)))


def doubtful(
    value: Any, text: str, cell: Cell, reason: Reason, message: Message, suggestions: tuple[str, ...]
) -> Reading:
    """Return a value that may have been meant."""
    return Reading(value, text, Mark(MarkKind.DOUBTFUL, reason, message, written_of(cell), suggestions))


def spelling(value: Any, text: str, cell: Cell) -> Reading:
    """Return a value, marked as repaired where it is not what was written but for spaces around it."""
    if isinstance(cell, str) and cell.strip() == text:
        return Reading(value, text)
    return repaired(
        value, text, cell, Reason.SPELLING, Message("已整理寫法：去掉多餘的空白、換行或符號，全形改半形")
    )
