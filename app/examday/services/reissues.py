"""Issuing a ticket again at the site, after an identity document was seen (R139, R182)."""

from __future__ import annotations

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.decisions import Decision
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.examday import queries, rules
from app.examday.documents import IdDocument
from app.examday.models import Attendance
from app.examday.services.attendance import documents_of
from app.examday.states import TaskKind
from app.tickets.models import Seat

# 試場規則八: who wrote on the ticket hands it back and gets another one.
_NOTES = ("N1", "N2")


def reissue_ticket(number: str, document: IdDocument | None, *, actor: Actor) -> Seat:
    """Put on record that a ticket is issued again and return its seat, to be printed; the version stays.

    Who sat without an identity document shows none afterwards either: the affidavit stands for it.

    :param document: which original was seen; None: none
    :raises NotFound: when there is no such ticket
    :raises Refused: before the day, or after the entry time
    :raises InvalidValue: without an identity document
    """
    with transaction() as session:
        seat = queries.get_seat_for_update(session, number)
        attendance = queries.find_attendance(seat)
        check_can_reissue(seat, attendance).raise_if_refused()
        if document is None and not _affidavit_signed(attendance):
            raise InvalidValue(Message("補發前請核對身分證件，並選擇看過的證件"), field="shown")
        if document is not None and document not in documents_of(seat):
            raise InvalidValue(Message("學生證只有國民中小學考生可以使用，請改用其他證件"), field="shown")
        for task in attendance.tasks if attendance else []:
            if task.kind == TaskKind.TICKET and task.done_at is None:
                task.done_at = clock.now()
        audit.record(
            "ticket.reissue",
            seat.registration,
            actor,
            version=seat.ticket.version,
            document=document.value if document else "affidavit",
        )
    return seat


def check_can_reissue(seat: Seat, attendance: Attendance | None) -> Decision:
    """Return whether a ticket can be issued again at the site now, and why not."""
    incidents = queries.list_incidents_of(seat.registration_id)
    noted = any(
        each.slot_id == seat.slot_id and each.withdrawn_at is None and (each.code or "").startswith(_NOTES)
        for each in incidents
    )
    owed = any(task.kind == TaskKind.TICKET for task in (attendance.tasks if attendance else []))
    return rules.check_can_reissue(seat.slot.entry_at, clock.now(), owed=owed or noted)


def _affidavit_signed(attendance: Attendance | None) -> bool:
    tasks = attendance.tasks if attendance else []
    return any(task.kind == TaskKind.AFFIDAVIT and task.done_at is not None for task in tasks)
