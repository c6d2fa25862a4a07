"""An uploaded sheet on its way into a group: what stands in its rows, what was said and done about them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import SealedBytes, keyring
from app.core.db import Base, WithPublicId, choice_column
from app.groups.models import Group
from app.groups.sheets.marks import Mark
from app.groups.staging.bodies import Body, read_body
from app.groups.staging.states import RowState, SheetState
from app.registration.models import Registration

_JSON = sa.JSON(none_as_null=True)


class StagedSheet(WithPublicId, Base):
    """One uploaded file. Its bytes are kept only until they are read."""

    __tablename__ = "staged_sheets"
    __table_args__ = (sa.Index(None, "group_id", "state"), sa.Index(None, "state", "touched_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id"))
    file_name: Mapped[str] = mapped_column(sa.String(120))  # as the leader's computer calls it; only shown
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))  # of the file, keyed: it is recognised
    content_sealed: Mapped[bytes | None] = mapped_column(deferred=True)  # NULL: has been read
    state: Mapped[SheetState] = choice_column(SheetState, default=SheetState.READING)
    uploaded_at: Mapped[datetime]
    # By the machine's own clock: a READING sheet that nobody touches is taken up again.
    touched_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(default=0)  # which reading this is: an earlier one must stop
    finished_at: Mapped[datetime | None]  # NULL: something can still be done about it
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    # JSON: {"matching": as Matching.as_json, "samples": [[heading, [text]]]}; NULL: the file is not read yet
    reading_sealed: Mapped[bytes | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(_JSON)  # NULL: none; else a packed message
    notes: Mapped[list[Any]] = mapped_column(
        _JSON, default=list
    )  # packed messages about the sheet as a whole
    # {row state: number} when it was finished; NULL: not yet
    counts: Mapped[dict[str, Any] | None] = mapped_column(_JSON)

    content = SealedBytes("content_sealed")
    reading = SealedBytes("reading_sealed")
    group: Mapped[Group] = relationship()


class StagedRow(Base):
    """One row. What stands in it names a person, so it is sealed as a whole, bound to sheet and number."""

    __tablename__ = "staged_rows"
    __table_args__ = (sa.Index(None, "sheet_id", "state", "number"), sa.Index(None, "id_blind"))

    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("staged_sheets.id"), primary_key=True)
    # As the spreadsheet shows it; of further sheets of a file see Matching.place_of.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[RowState] = choice_column(RowState)
    id_blind: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))  # NULL: the number cannot be read
    version: Mapped[int] = mapped_column(default=1)  # two tabs never overwrite each other
    body_sealed: Mapped[bytes]  # see app.groups.staging.bodies
    # What the marks are, without what they are about, so that they can be counted: states.codes_of.
    mark_codes: Mapped[str] = mapped_column(sa.Text, default="")
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registrations.id")
    )  # the member it became, or is known as
    reason: Mapped[dict[str, Any] | None] = mapped_column(
        _JSON
    )  # why it is TAKEN or DUPLICATE, packed; names nobody

    sheet: Mapped[StagedSheet] = relationship()
    registration: Mapped[Registration | None] = relationship()

    @property
    def body(self) -> Body:
        """What stands in the row and what is said about it."""
        kept: tuple[bytes, Body] | None = self.__dict__.get("_body")
        if kept is None or kept[0] is not self.body_sealed:
            place = row_place(self.sheet.public_id, self.number)
            kept = self.body_sealed, read_body(keyring().unseal_bytes(self.body_sealed, place))
            self.__dict__["_body"] = kept
        return kept[1]

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the cells now, of every column."""
        return self.body.texts

    @property
    def marks(self) -> dict[str, Mark]:
        return self.body.marks


class StagedChange(WithPublicId, Base):
    """One act on the workbench, kept so that it can be undone: the cells as they were before."""

    __tablename__ = "staged_changes"
    __table_args__ = (sa.Index(None, "sheet_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("staged_sheets.id"))
    changed_at: Mapped[datetime]
    summary: Mapped[dict[str, Any]]  # packed message; names nobody
    # JSON: {row number: {"cells": {key: [text, packed mark or null]}, "out": bool or null}}
    before_sealed: Mapped[bytes] = mapped_column(deferred=True)

    before_bytes = SealedBytes("before_sealed")

    @property
    def before(self) -> dict[int, dict[str, Any]]:
        return {int(number): cells for number, cells in json.loads(self.before_bytes).items()}


class HeadingMemory(Base):
    """Which column a heading of a school's own sheets stands for, as its leader once confirmed."""

    __tablename__ = "heading_memories"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    heading: Mapped[str] = mapped_column(sa.String(60), primary_key=True)  # compacted
    column_key: Mapped[str] = mapped_column(sa.String(30))  # "" for: not one of ours


ROWS = cast(sa.Table, StagedRow.__table__)  # for writing many rows at once


def row_place(sheet_id: str, number: int) -> str:
    """Return what a row's body is sealed to: it opens in no other row.

    :param sheet_id: the sheet's public id
    """
    return f"staged_rows|body_sealed|{sheet_id}|{number}"
