"""One row of a leader's sheet: a member's draft, or an error for each wrong cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.addresses import Address
from app.core.cells import cell_text
from app.core.errors import InvalidValue
from app.core.identity import mask_id, normalise_id
from app.core.messages import Message
from app.core.spreadsheets import Cell
from app.core.text import compact
from app.groups.sheets.cell_readers import RowContext
from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.result import CellError, CellNote

_EMERGENCY = ("emergency_name", "emergency_relation", "emergency_phone")
_MAIL_TARGETS = ("materials_to_leader", "ticket_to_leader", "score_to_leader")
_LOOKS_LIKE_ID = re.compile(r"[A-Za-z][A-Da-d1289][0-9]{8}")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A filled row with its cells by column key.

    :ivar number: as the spreadsheet shows it
    """

    number: int
    cells: Mapping[str, Cell]

    @property
    def name(self) -> str:
        """Return the candidate's name as written; an identity number that slipped in is masked."""
        return self.written("chinese_name")

    def written(self, key: str) -> str:
        """Return what a cell says, with identity numbers masked."""
        text = cell_text(self.cells.get(key))
        return mask_id(normalise_id(text)) if key == "id_number" else _mask_ids(text)


@dataclass(frozen=True, slots=True)
class RowReading:
    """What could be read of a row.

    :ivar draft: the member, or None when there are errors
    :ivar id_number: the identity number when that cell is right, whatever the others are
    """

    draft: MemberDraft | None
    id_number: str | None
    errors: tuple[CellError, ...]
    notes: tuple[CellNote, ...]


def read_row(row: SheetRow, *, locked: Mapping[str, str], today: date) -> RowReading:
    """Return the member a row describes and every error in it.

    :param locked: what the blue columns must say, by column key (R229)
    """
    values: dict[str, Any] = {}
    errors: dict[str, Message] = {}
    notes: list[CellNote] = []
    context = RowContext(today, values)
    for column in COLUMNS:
        try:
            found = column.clean(row.cells.get(column.key), context=context)
        except InvalidValue as error:
            errors[column.key] = error.message
            continue
        values[column.key] = found.value
        notes.extend(CellNote(column.key, column.heading, note) for note in found.notes)
    errors |= _check_locked(values, locked) | _check_together(values)
    return RowReading(
        draft=None if errors else _draft(values),
        id_number=values.get("id_number"),
        errors=tuple(_cell_error(row, column, errors) for column in COLUMNS if column.key in errors),
        notes=tuple(notes),
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


def _cell_error(row: SheetRow, column: Column, errors: Mapping[str, Message]) -> CellError:
    return CellError(
        row.number, column.key, column.heading, row.name, row.written(column.key), _masked(errors[column.key])
    )


def _masked(message: Message) -> Message:
    """Return the sentence without whole identity numbers: reports are kept (security.md 11.2)."""
    values = {
        name: _mask_ids(value) if isinstance(value, str) else value for name, value in message.values.items()
    }
    return Message(message.template, values)


def _mask_ids(text: str) -> str:
    return _LOOKS_LIKE_ID.sub(lambda found: mask_id(found[0]), text)
