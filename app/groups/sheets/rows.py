"""One row of a leader's sheet: its texts, what is said about them, and the member they make."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core.addresses import Address
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.roc_dates import parse_date
from app.core.spreadsheets import Cell
from app.groups.sheets import row_checks
from app.groups.sheets.checks import check_cell
from app.groups.sheets.columns import COLUMNS, Column, is_blank
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.marks import Mark, MarkKind, Marks, Reason, Texts
from app.groups.sheets.quick import MISS, QUICK
from app.groups.sheets.readings import WRONG, Context

# R251, Q17: the ticket is printed, and mail goes to the leader, unless the sheet says otherwise.
_DEFAULTS: dict[str, Any] = {
    "ticket_by_post": False,
    "materials_to_leader": True,
    "ticket_to_leader": True,
    "score_to_leader": True,
}
_SOME_DAY = date(2026, 1, 1)  # where texts are compared and not judged


class FromAbove(str):
    """What a ditto mark takes over from the cell above.

    :ivar mark: as it was written
    """

    __slots__ = ("mark",)
    mark: str

    def __new__(cls, text: str, mark: str) -> FromAbove:
        taken = super().__new__(cls, text)
        taken.mark = mark
        return taken


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A filled row with its cells by column key.

    :ivar number: as the spreadsheet shows it; see `matching.Matching.place_of` for files of several sheets
    :ivar hidden: hidden or filtered away in the spreadsheet: offered, but left out until the leader takes it
    """

    number: int
    cells: Mapping[str, Cell]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class RowReading:
    """What could be read of a row.

    :ivar texts: what stands in its cells now, of every column
    :ivar marks: what is said about them
    :ivar id_number: the identity number when that cell is right, whatever the others are
    :ivar values: of the cells that could be read, by column key
    """

    number: int
    texts: Texts
    marks: Marks
    id_number: str | None
    values: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def draft(self) -> MemberDraft | None:
        """Return the member; None exactly when a mark is WRONG."""
        if any(mark.kind is MarkKind.WRONG for mark in self.marks.values()):
            return None
        return _draft(self.values)


def read_row(
    row: SheetRow, *, locked: Mapping[str, str], for_all: Mapping[str, str], today: date
) -> RowReading:
    """Return the first reading of a row of typed cells.

    :param locked: what the blue columns must say, by column key (R229)
    :param for_all: answers for columns that the sheet does not have, by column key
    """
    reader, cells = _Reader(locked, today), row.cells
    absent = _KEYS_SET.difference(cells)
    answered = {key: for_all[key] for key in absent if for_all.get(key)}
    nobody = all(is_blank(cells.get(key)) for key in ("emergency_name", "emergency_phone"))
    if answered and (nobody or "emergency_name" in absent):
        # A relation for nobody would ask for a name in every row.
        answered.pop("emergency_relation", None)
    reader.read_all({**cells, **answered} if answered else cells)
    for key in answered:  # what was answered for all rows is not said again about each
        mark = reader.marks.get(key)
        if mark is not None and mark.kind is not MarkKind.WRONG:
            del reader.marks[key]
    return reader.finish(row.number, absent=absent)


def reread_row(
    number: int,
    texts: Texts,
    marks: Marks,
    changes: Mapping[str, str],
    *,
    locked: Mapping[str, str],
    today: date,
) -> RowReading:
    """Return the reading of a row after somebody typed into it.

    What was just typed is never marked as repaired; the other cells keep what was said about them.

    :param changes: the new texts by column key
    """
    reader = _Reader(locked, today)
    for column in COLUMNS:
        key = column.key
        typed = key in changes
        reader.read(column, changes[key] if typed else texts.get(key, ""), typed=True)
        kept = None if typed else marks.get(key)
        if kept and (kept.kind is not MarkKind.WRONG or kept.reason is Reason.TAKEN_BACK):
            reader.keep(key, kept)
    return reader.finish(number)


def accept(texts: Texts, marks: Marks, key: str) -> tuple[Texts, Marks]:
    """Return the row with a repair or a doubtful reading confirmed: the mark goes, the text stays."""
    return texts, {each: mark for each, mark in marks.items() if each != key or mark.kind is MarkKind.WRONG}


def refuse(texts: Texts, marks: Marks, key: str) -> tuple[Texts, Marks]:
    """Return the row with a repair taken back: what stood there stands again, and has to be edited."""
    mark = marks.get(key)
    if mark is None or mark.kind is not MarkKind.REPAIRED:
        return texts, marks
    taken_back = Mark(
        MarkKind.WRONG,
        Reason.TAKEN_BACK,
        Message("已還原成您原來填的內容，請改成正確的內容"),
        written=mark.written,
        suggestions=(texts[key],) if texts[key] else (),
    )
    return {**texts, key: mark.written}, {**marks, key: taken_back}


class _Reader:
    """A row while it is read: cell by cell in the order of the columns, then as a whole."""

    def __init__(self, locked: Mapping[str, str], today: date) -> None:
        self.locked = locked
        self.texts: dict[str, str] = dict.fromkeys(_KEYS, "")
        self.marks: dict[str, Mark] = {}
        self.values: dict[str, Any] = {}  # a wrong cell has none
        self.context = Context(today, self.values)

    def read(self, column: Column, cell: Cell, *, typed: bool = False) -> None:
        """Read one cell; of what somebody typed only mistakes are marked."""
        value, self.texts[column.key], mark = check_cell(column, cell, self.context)
        if value is not WRONG:
            self.values[column.key] = value
            if isinstance(cell, FromAbove):
                message = Message("「%(written)s」已換成上一列的內容", {"written": cell.mark})
                mark = Mark(MarkKind.REPAIRED, Reason.OTHER_WORD, message, cell.mark)
        if mark is not None and not (typed and mark.kind is not MarkKind.WRONG):
            self.marks[column.key] = mark

    def read_all(self, cells: Mapping[str, Cell]) -> None:
        """Read the typed cells of a whole row; short ways first, because there are so many of them."""
        values, texts, context = self.values, self.texts, self.context
        for key, column, quick in _PLAN:
            cell = cells.get(key)
            if type(cell) is str:
                value = quick(cell, context)
                if value is not MISS:
                    values[key], texts[key] = value, cell
                    continue
            elif cell is None and not column.required:
                values[key] = None
                continue
            self.read(column, cell)

    def keep(self, key: str, mark: Mark) -> None:
        """Let stand what was said about a cell before."""
        self.marks[key] = mark
        if mark.kind is MarkKind.WRONG:
            self.values.pop(key, None)

    def finish(self, number: int, *, absent: Collection[str] = ()) -> RowReading:
        """Check the cells together and return the row.

        :param absent: the columns that the sheet does not have
        """
        contact_phone = self.texts["emergency_phone"]
        self.marks |= row_checks.check_together(self.values, self.texts, self.locked, absent)
        if contact_phone and not self.texts["emergency_phone"]:  # it has moved, and speaks for itself there
            self.marks.pop("emergency_phone", None)
        if self.marks:
            row_checks.add_suggestions(self.marks, self.values, self.texts, self.locked)
            row_checks.set_apart_ambiguous(self.marks)
        return RowReading(number, self.texts, self.marks, self.values.get("id_number"), self.values)


_KEYS = tuple(column.key for column in COLUMNS)
_KEYS_SET = frozenset(_KEYS)
_PLAN = tuple((column.key, column, QUICK[column.key]) for column in COLUMNS)


def _draft(values: Mapping[str, Any]) -> MemberDraft:
    address: Address | None = values["address"]
    plain = {key: values[key] for key in _PLAIN_KEYS}
    for key, default in _DEFAULTS.items():
        plain[key] = default if values[key] is None else values[key]
    return MemberDraft(
        **plain,
        zip_code=address.zip if address else None,
        county=address.county if address else None,
        district=address.district if address else None,
        address_rest=address.rest if address else None,
    )


_PLAIN_KEYS = tuple(
    column.key
    for column in COLUMNS
    if not column.locked and column.key not in ("address", "zip_code", *_DEFAULTS)
)


def differences(texts: Texts, others: Texts) -> tuple[str, ...]:
    """Return the keys of the columns that say different things, whatever the spelling, in order.

    Blue columns are not compared; a cell that cannot be read differs from every other text.
    """
    one, other = _values(texts), _values(others)
    return tuple(
        column.key
        for column in COLUMNS
        if not column.locked and texts.get(column.key, "") != others.get(column.key, "")
        if one[column.key] != other[column.key]
    )


def _values(texts: Texts) -> dict[str, Any]:
    reader = _Reader({}, _SOME_DAY)
    for column in COLUMNS:
        reader.read(column, texts.get(column.key, ""), typed=True)
    found = {column.key: reader.values.get(column.key, texts.get(column.key, "")) for column in COLUMNS}
    for key, default in _DEFAULTS.items():
        found[key] = default if found[key] is None else found[key]
    with suppress(InvalidValue):
        found["birth_on"] = parse_date(texts.get("birth_on", ""))
    # The address knows its postcode: one written beside it says nothing more.
    if isinstance(found["address"], Address):
        found["zip_code"] = found["address"].zip
    return found
