"""Cases, their extensions and notes, the units' mailboxes, and the day's last serial.

What an applicant wrote is sealed, and no mail repeats it (P006).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.cases.kind_types import CaseKind
from app.cases.kinds import KINDS
from app.cases.states import CaseState
from app.core.crypto import Sealed
from app.core.db import Base, WithPublicId, choice_column
from app.exams.models import Round
from app.registration.models import Registration


class Channel(StrEnum):
    ONLINE = "online"
    PAPER = "paper"


class Case(WithPublicId, Base):
    """One application to the office; ``_on`` is an inclusive Taipei day, ``_at`` an instant."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.Index(None, "state", "unit"),
        sa.Index(None, "account_id", "id"),
        sa.CheckConstraint("(state = 'received') = (assigned_at IS NULL)", name="assigned"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(12), unique=True)
    kind_key: Mapped[str] = mapped_column(sa.String(30))  # no CHECK: kinds are data
    channel: Mapped[Channel] = choice_column(Channel)
    # What the form carried, so that pressing the button twice makes one case.
    form_token: Mapped[str] = mapped_column(sa.String(22), unique=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))  # NULL: a guest, or paper
    # NULL: no registration has this ticket number and this identity number
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    # Of the page it was sent from: a guest's letters come in it. NULL: on paper, so Chinese.
    language: Mapped[str | None] = mapped_column(sa.String(8))
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"))  # NULL: not about a round
    content_sealed: Mapped[bytes]  # what was written, as JSON by the keys of the kind's fields
    reported_at: Mapped[datetime]
    filed_on: Mapped[date]  # decides whether it is in time: the day sent, or the postmark (R005)

    state: Mapped[CaseState] = choice_column(CaseState, default=CaseState.RECEIVED)
    unit: Mapped[str | None] = mapped_column(sa.String(30))  # NULL: not assigned yet
    assigned_at: Mapped[datetime | None]  # NULL: not assigned yet
    preliminary_due_on: Mapped[date | None]  # NULL: not assigned yet
    result_due_on: Mapped[date | None]  # NULL: not assigned yet; an extension leaves it as it was (W036)
    accepted_at: Mapped[datetime | None]  # NULL: not accepted yet
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))  # NULL: not accepted yet
    preliminary: Mapped[str | None] = mapped_column(sa.String(30))  # NULL: not reported yet
    preliminary_at: Mapped[datetime | None]  # NULL: not reported yet
    result: Mapped[str | None] = mapped_column(sa.String(30))  # NULL: no result yet
    finding: Mapped[str | None] = mapped_column(sa.String(30))  # NULL: the result needs none
    measures_sealed: Mapped[bytes | None]  # NULL: none; JSON, words by the codes of the kind's measures
    reply_sealed: Mapped[bytes | None]  # NULL: no answer in words
    decided_at: Mapped[datetime | None]  # NULL: no result yet
    closed_at: Mapped[datetime | None]  # NULL: not closed

    exam_round: Mapped[Round | None] = relationship()
    registration: Mapped[Registration | None] = relationship()
    officer: Mapped[Account | None] = relationship(foreign_keys=officer_id)
    extensions: Mapped[list[CaseExtension]] = relationship(order_by="CaseExtension.id")
    notes: Mapped[list[CaseNote]] = relationship(order_by="CaseNote.id")

    _content = Sealed("content_sealed")
    _measures = Sealed("measures_sealed")
    reply = Sealed("reply_sealed")

    @property
    def kind(self) -> CaseKind:
        return KINDS[self.kind_key]

    @property
    def content(self) -> dict[str, str]:
        """What was written, by the keys of the kind's fields; empty answers are not in it."""
        written: dict[str, str] = json.loads(self._content)
        return written

    @content.setter
    def content(self, written: Mapping[str, str]) -> None:
        self._content = json.dumps(dict(written), ensure_ascii=False)

    @property
    def measures(self) -> dict[str, str]:
        taken: dict[str, str] = json.loads(self._measures or "{}")
        return taken

    @measures.setter
    def measures(self, taken: Mapping[str, str]) -> None:
        self._measures = json.dumps(dict(taken), ensure_ascii=False) if taken else None

    @property
    def extended_until(self) -> date | None:
        """The last day for the result after extensions; None: never extended."""
        return self.extensions[-1].until_on if self.extensions else None

    @property
    def answer_due_on(self) -> date | None:
        """The last day for the result as it stands now; None: not assigned yet."""
        return self.extended_until or self.result_due_on

    @property
    def due_on(self) -> date | None:
        """The next day by which the unit has to report something; None: nothing is due."""
        if self.state in (CaseState.ASSIGNED, CaseState.ACCEPTED):
            return self.preliminary_due_on
        return self.answer_due_on if self.state == CaseState.UNDERWAY else None


class CaseExtension(Base):
    """A deadline moved, and why; the first one stays on the case."""

    __tablename__ = "case_extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    made_at: Mapped[datetime]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(200))


class CaseNote(WithPublicId, Base):
    """What officers note for each other; never shown to the applicant."""

    __tablename__ = "case_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
    text_sealed: Mapped[bytes]

    author: Mapped[Account] = relationship()
    text = Sealed("text_sealed")


class UnitMailbox(Base):
    """The grievance mailbox of a unit, besides the officers' own (W019)."""

    __tablename__ = "case_unit_mailboxes"

    unit: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254))


class CaseSerial(Base):
    """The last serial given out on a Taipei day."""

    __tablename__ = "case_serials"
    __table_args__: Any = (sa.CheckConstraint("last > 0", name="last"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
