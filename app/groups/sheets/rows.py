"""One row of a leader's sheet: its texts, what is said about them, and the member they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core.addresses import Address
from app.core.cells import cell_text
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.spreadsheets import Cell, Unknown
from app.core.text import compact
from app.groups.sheets.cell_readers import RowContext
from app.groups.sheets.columns import COLUMN_OF, COLUMNS
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.marks import Mark, MarkKind, Marks, Reason, Texts
from app.groups.sheets.texts import text_of

_EMERGENCY = ("emergency_name", "emergency_relation", "emergency_phone")
# Two texts are compared, not judged: any day after every birth date, and not too long after it, will do.
_SOME_DAY = date(2049, 12, 31)
_MAIL_TARGETS = ("materials_to_leader", "ticket_to_leader", "score_to_leader")


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
    :ivar draft: the member; None exactly when a mark is WRONG
    :ivar id_number: the identity number when that cell is right, whatever the others are
    """

    number: int
    texts: Texts
    marks: Marks
    draft: MemberDraft | None
    id_number: str | None


def read_row(
    row: SheetRow, *, locked: Mapping[str, str], for_all: Mapping[str, str], today: date
) -> RowReading:
    """Return the first reading of a row of typed cells.

    :param locked: what the blue columns must say, by column key (R229)
    :param for_all: answers for columns that the sheet does not have, by column key
    """
    reader = _Reader(locked, today)
    for column in COLUMNS:
        key = column.key
        reader.read(key, row.cells[key] if key in row.cells else for_all.get(key))
    return reader.finish(row.number)


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
        reader.read(key, changes[key] if typed else texts.get(key, ""), typed=True)
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


@dataclass(slots=True)
class _Reader:
    locked: Mapping[str, str]
    today: date
    texts: dict[str, str] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def read(self, key: str, cell: Cell, *, typed: bool = False) -> None:
        column = COLUMN_OF[key]
        written = str(cell) if isinstance(cell, Unknown) else cell_text(cell)
        try:
            found = column.clean(cell, context=RowContext(self.today, self.values))
        except InvalidValue as error:
            self.texts[key] = written
            self.marks[key] = Mark(MarkKind.WRONG, Reason.UNREADABLE, error.message, written)
            return
        self.values[key] = found.value
        self.texts[key] = text_of(column, found.value)
        if not typed and found.notes:
            self.marks[key] = Mark(MarkKind.REPAIRED, Reason.SPELLING, found.notes[0], written)

    def keep(self, key: str, mark: Mark) -> None:
        self.marks[key] = mark
        if mark.kind is MarkKind.WRONG:
            self.values.pop(key, None)

    def finish(self, number: int) -> RowReading:
        errors = _check_locked(self.values, self.locked) | _check_together(self.values)
        for key, message in errors.items():
            self.marks[key] = Mark(MarkKind.WRONG, Reason.UNREADABLE, message, self.texts[key])
        wrong = any(mark.kind is MarkKind.WRONG for mark in self.marks.values())
        return RowReading(
            number,
            self.texts,
            self.marks,
            None if wrong else _draft(self.values),
            self.values.get("id_number"),
        )


def _check_locked(values: Mapping[str, Any], locked: Mapping[str, str]) -> dict[str, Message]:
    return {
        key: Message("藍色欄位不能更改，請改回「%(expected)s」", {"expected": expected})
        for key, expected in locked.items()
        if values.get(key) is not None and compact(values[key]) != compact(expected)
    }


def _check_together(values: Mapping[str, Any]) -> dict[str, Message]:
    """Return the errors of cells that are right by themselves; a wrong cell counts as filled."""

    def is_empty(key: str) -> bool:
        return key in values and values[key] is None

    errors = {}
    if is_empty("phone_home") and is_empty("phone_mobile"):
        errors["phone_mobile"] = Message("市話與手機請至少填一個")
    if not all(map(is_empty, _EMERGENCY)):
        for key in filter(is_empty, _EMERGENCY):
            errors[key] = Message("請一併填寫；或三欄都留白，帶入團報負責人的資料")
    if is_empty("address"):
        if not is_empty("zip_code"):
            errors["address"] = Message("請填寫地址；或郵遞區號也留白，帶入團報負責人的地址")
        for key in _MAIL_TARGETS:
            if values.get(key) is False:
                errors[key] = Message("要寄到個人通訊地址，請先填寫地址")
    return errors


def _draft(values: Mapping[str, Any]) -> MemberDraft:
    address: Address | None = values["address"]
    plain = {column.key: values[column.key] for column in COLUMNS if not column.locked}
    for key in ("address", "zip_code", "ticket_by_post", *_MAIL_TARGETS):
        del plain[key]
    return MemberDraft(
        **plain,
        zip_code=address.zip if address else None,
        county=address.county if address else None,
        district=address.district if address else None,
        address_rest=address.rest if address else None,
        # R251, Q17: the ticket is printed, and mail goes to the leader, unless the sheet says otherwise.
        ticket_by_post=values["ticket_by_post"] is True,
        materials_to_leader=values["materials_to_leader"] is not False,
        ticket_to_leader=values["ticket_to_leader"] is not False,
        score_to_leader=values["score_to_leader"] is not False,
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
        reader.read(column.key, texts.get(column.key, ""), typed=True)
    plain = {column.key: reader.values.get(column.key, texts.get(column.key, "")) for column in COLUMNS}
    defaults = {"ticket_by_post": False, **dict.fromkeys(_MAIL_TARGETS, True)}
    for key, default in defaults.items():
        plain[key] = default if plain[key] is None else plain[key]
    # The address knows its postcode: one written beside it says nothing more.
    address = plain["address"]
    if isinstance(address, Address):
        plain["zip_code"] = address.zip
    return plain
