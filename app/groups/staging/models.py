"""An uploaded sheet on its way into a group: what stands in its rows, what was said about them, what was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import SealedBytes
from app.core.db import Base, WithPublicId, choice_column
from app.groups.models import Group
from app.groups.staging.states import RowState, SheetState
from app.registration.models import Registration


class StagedSheet(WithPublicId, Base):
    """One uploaded file. Its bytes are kept only until they are read."""

    __tablename__ = "staged_sheets"
    __table_args__ = (sa.Index(None, "group_id", "state"), sa.Index(None, "state", "touched_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id"))
    file_name: Mapped[str] = mapped_column(sa.String(120))  # as the leader's computer calls it; only shown
    digest: Mapped[bytes]  # SHA-256 of the file, keyed: the same file is recognised
    content_sealed: Mapped[bytes | None]  # NULL: has been read
    state: Mapped[SheetState] = choice_column(SheetState, default=SheetState.READING)
    uploaded_at: Mapped[datetime]
    touched_at: Mapped[datetime]  # a READING sheet that nobody touches is taken up again
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    # {"sheet": name, "heading_row": number, "headings": [text], "columns": {key: position}, "for_all": {key: text}}
    matching: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[dict[str, Any] | None]  # NULL: none; else a packed message
    notes: Mapped[list[Any]] = mapped_column(
        sa.JSON, default=list
    )  # packed messages about the sheet as a whole

    content = SealedBytes("content_sealed")
    group: Mapped[Group] = relationship()


class StagedRow(WithPublicId, Base):
    """One row. What stands in it names a person, so it is sealed as a whole."""

    __tablename__ = "staged_rows"
    __table_args__ = (
        sa.UniqueConstraint("sheet_id", "number"),
        sa.Index(None, "sheet_id", "state", "number"),
        sa.Index(None, "id_blind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("staged_sheets.id"))
    number: Mapped[int]  # as the spreadsheet shows it
    state: Mapped[RowState] = choice_column(RowState)
    id_blind: Mapped[bytes | None]  # NULL: the number cannot be read
    version: Mapped[int] = mapped_column(default=1)  # two tabs never overwrite each other
    body_sealed: Mapped[bytes]  # JSON: {"texts": {key: text}, "marks": {key: mark}}
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registrations.id"), index=True
    )  # the member it became, or is known as
    reason: Mapped[dict[str, Any] | None]  # why it is TAKEN or DUPLICATE, packed; names nobody

    body = SealedBytes("body_sealed")
    sheet: Mapped[StagedSheet] = relationship()
    registration: Mapped[Registration | None] = relationship()


class StagedChange(WithPublicId, Base):
    """One act on the workbench, kept so that it can be undone: the rows as they were before."""

    __tablename__ = "staged_changes"
    __table_args__ = (sa.Index(None, "sheet_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("staged_sheets.id"))
    changed_at: Mapped[datetime]
    summary: Mapped[dict[str, Any]]  # packed message; names nobody
    before_sealed: Mapped[bytes]  # JSON: {row number: [version after, {"texts": …, "marks": …}, state]}

    before = SealedBytes("before_sealed")


class HeadingMemory(Base):
    """Which column a heading of a school's own sheets stands for, as its leader once confirmed."""

    __tablename__ = "heading_memories"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    heading: Mapped[str] = mapped_column(sa.String(60), primary_key=True)  # compacted
    column_key: Mapped[str] = mapped_column(sa.String(30))  # "" for: not one of ours
