"""Reads of cases for pages and services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.grants import list_holders
from app.accounts.permissions import Permission
from app.cases.kind_types import CaseKind, Clock
from app.cases.models import Case, CaseNote, UnitMailbox
from app.cases.rules import Window
from app.core.crypto import blind_id
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import Round
from app.exams.queries import list_rounds
from app.registration.models import Registration
from app.tickets.models import Seat, Ticket

SHOWN: tuple[ORMOption, ...] = (
    joinedload(Case.exam_round),
    joinedload(Case.registration),
    joinedload(Case.officer),
    selectinload(Case.extensions),
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Which cases somebody at the desk may see; the others are not there for them (P006, P011).

    :ivar units: of these units
    :ivar unassigned: and those that no unit has yet
    """

    units: frozenset[str]
    unassigned: bool

    def covers(self, unit: str | None) -> bool:
        """Return whether cases of a unit are seen; None: not assigned yet."""
        return self.unassigned if unit is None else unit in self.units

    def condition(self) -> sa.ColumnElement[bool]:
        """Return the same as a condition on Case."""
        of_units = Case.unit.in_(sorted(self.units))
        return sa.or_(of_units, Case.unit.is_(None)) if self.unassigned else of_units


def check_seen(public_id: str, sight: Sight) -> None:
    """Raise NotFound for a case that is not seen, as for one that does not exist."""
    unit = db.session.execute(sa.select(Case.unit).where(Case.public_id == public_id)).one_or_none()
    if unit is None or not sight.covers(unit[0]):
        raise _not_found()


def get_case(public_id: str) -> Case:
    """Return any case by its public id, with its notes and their authors; raises NotFound."""
    notes = selectinload(Case.notes).joinedload(CaseNote.author)
    query = sa.select(Case).where(Case.public_id == public_id).options(*SHOWN, notes)
    return _found(db.session.scalars(query).one_or_none())


def get_case_for_update(session: Session, public_id: str) -> Case:
    """Return a case, locked and read anew; raises NotFound."""
    # As in exams.places: foreign keys to the row may be checked while it is locked.
    query = sa.select(Case).where(Case.public_id == public_id).with_for_update(key_share=True)
    return _found(session.scalars(query.execution_options(populate_existing=True)).one_or_none())


def get_own_case(public_id: str, account_id: int) -> Case:
    """Return an account's case; raises NotFound, also when it is another's."""
    case = get_case(public_id)
    return _found(case if case.account_id == account_id else None)


def find_case_by_number(number: str) -> Case | None:
    return db.session.scalar(sa.select(Case).where(Case.number == number))


def find_case_by_form(form_token: str) -> Case | None:
    """Return the case that a form was sent for already, or None."""
    return db.session.scalar(sa.select(Case).where(Case.form_token == form_token))


def get_case_by_form(form_token: str) -> Case:
    """Return the case that a form was sent for; raises NotFound."""
    return _found(find_case_by_form(form_token))


def list_own_cases(account_id: int) -> Sequence[Case]:
    """Return an account's cases, the newest first."""
    query = sa.select(Case).where(Case.account_id == account_id)
    return db.session.scalars(query.options(*SHOWN).order_by(Case.id.desc())).all()


def list_cases_about(registration_id: int, kind_key: str) -> Sequence[Case]:
    """Return the cases of a kind about a registration, the newest first."""
    query = sa.select(Case).where(Case.registration_id == registration_id, Case.kind_key == kind_key)
    return db.session.scalars(query.order_by(Case.id.desc())).all()


def find_registration(ticket_number: str, identity_number: str) -> Registration | None:
    """Return the registration that has both this ticket and this identity number, or None."""
    query = (
        sa.select(Registration)
        .join(Seat, Seat.registration_id == Registration.id)
        .join(Ticket, Ticket.seat_id == Seat.id)
        .where(Ticket.number == ticket_number, Registration.id_blind == blind_id(identity_number))
    )
    return db.session.scalar(query)


def find_ticket_number(registration_id: int) -> str | None:
    query = sa.select(Ticket.number).join(Ticket.seat).where(Seat.registration_id == registration_id)
    return db.session.scalar(query)


def window_of(kind: CaseKind, exam_round: Round) -> Window:
    """Return when a case of a kind about a round can be filed; for kinds whose clock is the round's."""
    if kind.clock == Clock.RECHECK:
        return Window(exam_round.recheck_from, exam_round.recheck_until, kind.clause)
    return Window(exam_round.test_on, exam_round.question_dispute_by, kind.clause)


def list_rounds_to_file(kind: CaseKind, today: date, *, paper: bool = False) -> list[Round]:
    """Return the rounds about which a case can be filed today.

    :param paper: also those whose window is over, because a postmark may lie within it
    """
    windows = [(each, window_of(kind, each)) for each in list_rounds()]
    return [
        each for each, window in windows if window.first_day <= today and (paper or today <= window.last_day)
    ]


def list_mailboxes() -> dict[str, str]:
    """Return the units' mailboxes by unit; a unit without one is not in it."""
    return {each.unit: each.email for each in db.session.scalars(sa.select(UnitMailbox))}


def list_unit_addresses(unit: str) -> list[str]:
    """Return where notices of a unit's cases go: its mailbox, and its officers' own addresses (W019)."""
    officers = [each.email for each in list_holders(Permission.CASES, unit=unit)]
    mailbox = list_mailboxes().get(unit)
    return list(dict.fromkeys(([mailbox] if mailbox else []) + officers))


def _found(case: Case | None) -> Case:
    if case is None:
        raise _not_found()
    return case


def _not_found() -> NotFound:
    return NotFound(Message("沒有這個案件，請從列表重新選擇"))
