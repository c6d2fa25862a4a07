"""One candidate in one round: who, where, in which dialect, and how far along."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import Sealed, SealedBytes
from app.core.db import Base, WithPublicId, choice_column
from app.core.identity import IdKind
from app.exams.choices import Dialect, Track
from app.exams.models import Offering, PlaceHold, Round
from app.payments.models import Order
from app.registration.arrangement_rules import GIVEN, ArrangementState
from app.registration.choices import Background, Education, MailTo, Occupation
from app.registration.states import FormState, ReviewState

_DRAFT, _SUBMITTED = sa.text("form_state = 'draft'"), sa.text("form_state = 'submitted'")


def _unique(name: str, *columns: str, where: sa.TextClause) -> sa.Index:
    return sa.Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


class Registration(WithPublicId, Base):
    __tablename__ = "registrations"
    __table_args__ = (
        # One submitted registration per person and round, also across accounts (R036), and one national
        # one per year (R020; multi rounds have NULL there). Who submits first has it: anybody can type
        # anybody's number into a draft, so drafts keep out only their own account's.
        _unique("uq_registrations_person_round", "round_id", "id_blind", where=_SUBMITTED),
        _unique("uq_registrations_person_national", "national_year", "id_blind", where=_SUBMITTED),
        _unique("uq_registrations_draft_round", "account_id", "round_id", "id_blind", where=_DRAFT),
        _unique("uq_registrations_draft_national", "account_id", "national_year", "id_blind", where=_DRAFT),
        sa.Index(None, "round_id", "form_state", "review_state"),
        sa.Index(None, "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offerings.id"), index=True)
    national_year: Mapped[int | None]  # ROC year; NULL: a multi round, where a person may take several
    # True: a group member, submitted, paid and released with the group.
    in_group: Mapped[bool] = mapped_column(default=False)

    # The candidate (R235-R243). What identifies a person is sealed.
    chinese_name: Mapped[str] = mapped_column(sa.String(60))  # foreigners: the name of the document
    english_name: Mapped[str | None] = mapped_column(sa.String(100))  # NULL: not given
    is_foreign: Mapped[bool]
    id_kind: Mapped[IdKind] = choice_column(IdKind)
    id_sealed: Mapped[bytes]
    id_blind: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    birth_sealed: Mapped[bytes]
    mobile_sealed: Mapped[bytes | None]  # NULL: not given; at least one phone is
    phone_sealed: Mapped[bytes | None]  # NULL: not given
    email: Mapped[str] = mapped_column(sa.String(254))
    zip_code: Mapped[str] = mapped_column(sa.String(6))
    county: Mapped[str] = mapped_column(sa.String(10))
    district: Mapped[str] = mapped_column(sa.String(10))
    street_sealed: Mapped[bytes]
    emergency_name: Mapped[str] = mapped_column(sa.String(60))
    emergency_relation: Mapped[str] = mapped_column(sa.String(20))
    emergency_phone_sealed: Mapped[bytes]

    # The exam (R245) and the statistics asked for (R246-R248).
    dialect: Mapped[Dialect] = choice_column(Dialect)
    background: Mapped[Background] = choice_column(Background)
    occupation: Mapped[Occupation] = choice_column(Occupation)
    education: Mapped[Education] = choice_column(Education)

    # Mailing (R244, R249, R251, R252).
    ticket_by_post: Mapped[bool] = mapped_column(default=False)
    materials_to: Mapped[MailTo] = choice_column(MailTo, check="materials_to")
    ticket_to: Mapped[MailTo] = choice_column(MailTo, check="ticket_to")
    score_to: Mapped[MailTo] = choice_column(MailTo, check="score_to")
    accommodation_sealed: Mapped[bytes | None]  # NULL: no special arrangement asked for (R253)

    # How far along. Payment is derived from the order; nothing of it is copied here.
    form_state: Mapped[FormState] = choice_column(FormState, default=FormState.DRAFT)
    review_state: Mapped[ReviewState] = choice_column(ReviewState, default=ReviewState.PENDING)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]  # NULL: still a draft
    cancelled_at: Mapped[datetime | None]  # NULL: live
    cancel_reason: Mapped[str | None] = mapped_column(sa.String(40))  # NULL: live
    fee_twd: Mapped[int | None]  # NULL: decided at submission
    order_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("orders.id"), index=True
    )  # NULL: nothing to pay
    hold_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place_holds.id"))  # NULL: no own place is held

    exam_round: Mapped[Round] = relationship()
    offering: Mapped[Offering] = relationship()
    order: Mapped[Order | None] = relationship()
    hold: Mapped[PlaceHold | None] = relationship()
    # None: no special arrangement is described or answered yet, or none was asked for.
    arrangement: Mapped[Arrangement | None] = relationship(back_populates="registration")

    id_number = Sealed("id_sealed")
    _birth = Sealed("birth_sealed")
    mobile = Sealed("mobile_sealed")
    phone = Sealed("phone_sealed")
    street = Sealed("street_sealed")
    emergency_phone = Sealed("emergency_phone_sealed")
    accommodation = Sealed("accommodation_sealed")

    @property
    def birth_on(self) -> date:
        return date.fromisoformat(self._birth)

    @birth_on.setter
    def birth_on(self, day: date) -> None:
        self._birth = day.isoformat()

    @property
    def is_exempt(self) -> bool:
        """Whether it was submitted and nothing was due (R079)."""
        return self.submitted_at is not None and self.fee_twd == 0

    @property
    def is_complete(self) -> bool:
        """Whether form and payment are both done (R212)."""
        if self.form_state != FormState.SUBMITTED:
            return False
        # A free member of a group that owes money waits with the group: it is one registration (R227).
        return self.order.is_paid if self.order is not None else self.is_exempt

    @property
    def own_order(self) -> Order | None:
        """The order as far as it is the account's own to pay and to ask back.

        None also for who has left a group whose bill, with the fee on it, is another account's.
        """
        order = self.order
        return order if order is not None and order.account_id == self.account_id else None

    @property
    def unpaid_last_day(self) -> date | None:
        """The last day of an order that is still unpaid; None: nothing is owed."""
        return None if self.order is None or self.order.is_paid else self.order.last_day


class Arrangement(WithPublicId, Base):
    """Aids, proof and answer of a request: apart from the registration, all sealed (security 0, P4).

    They go with ``Registration.accommodation``, the request in the candidate's own words. No row:
    the candidate has named nothing further, and the office has not answered.
    """

    __tablename__ = "arrangements"
    __table_args__ = (sa.Index(None, "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    state: Mapped[ArrangementState] = choice_column(ArrangementState, default=ArrangementState.WAITING)
    aids_sealed: Mapped[bytes | None]  # NULL: no aid is brought along
    provided_sealed: Mapped[bytes | None]  # NULL: not answered, or refused
    reply_sealed: Mapped[bytes | None]  # NULL: not answered, or granted without a word
    decided_at: Mapped[datetime | None]  # NULL: not answered

    registration: Mapped[Registration] = relationship(back_populates="arrangement")
    files: Mapped[list[ArrangementFile]] = relationship(
        back_populates="arrangement", order_by="ArrangementFile.id", cascade="all, delete-orphan"
    )

    aids = Sealed("aids_sealed")
    provided = Sealed("provided_sealed")
    reply = Sealed("reply_sealed")

    @property
    def on_the_day(self) -> str | None:
        """What is provided on the exam day, for ticket and room list: never why."""
        return self.provided if self.state in GIVEN else None


class ArrangementFile(WithPublicId, Base):
    """A proof sent with a request; kept sealed, and never under the name that it came with."""

    __tablename__ = "arrangement_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    arrangement_id: Mapped[int] = mapped_column(sa.ForeignKey("arrangements.id"), index=True)
    suffix: Mapped[str] = mapped_column(sa.String(4))  # pdf, jpg: what the content is
    size_bytes: Mapped[int]
    content_sealed: Mapped[bytes] = mapped_column(deferred=True)

    arrangement: Mapped[Arrangement] = relationship(back_populates="files")

    content = SealedBytes("content_sealed")


class Absence(Base):
    """Somebody did not come to a test (缺考); results fill it in, registration asks it (R043).

    By person and not by registration, because the year before may have been held without the portal.
    """

    __tablename__ = "absences"
    __table_args__ = (sa.UniqueConstraint("id_blind", "track", "test_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    id_blind: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    track: Mapped[Track] = choice_column(Track)
    test_on: Mapped[date]
    # NULL: brought in from a list of earlier years
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    recorded_at: Mapped[datetime]

    registration: Mapped[Registration | None] = relationship()


class CarryOver(Base):
    """保留應試資格: whose machine failed and who could not sit again sits next year without a fee (R175).

    By person, as an absence: next year it may be another account that registers them.
    """

    __tablename__ = "carry_overs"
    __table_args__ = (sa.Index(None, "id_blind", "roc_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    id_blind: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    track: Mapped[Track] = choice_column(Track)
    roc_year: Mapped[int]  # the year in which it holds
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    # The registration it was used for; one that was cancelled gives it back. NULL: not used
    used_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    granted_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship(foreign_keys=registration_id)
    used_by: Mapped[Registration | None] = relationship(foreign_keys=used_by_id)
