"""Looking at people: what the staff see of a person is on record before it is shown (P001, security 8)."""

from __future__ import annotations

from collections.abc import Sequence

from app.accounts.throttle import Throttle
from app.admin.queries import amendments, arrangements, groups, refunds, reviews
from app.admin.queries.books import Period, books_of
from app.admin.queries.payments import get_order
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import NotFound, Refused
from app.core.messages import Message
from app.examday import queries as examday_queries
from app.examday.models import FollowUp, IncidentReport
from app.examday.queries import SeatLine
from app.exams.models import Round
from app.groups.extra_session_models import ExtraSession
from app.groups.extra_session_queries import get_request
from app.groups.models import Group
from app.groups.queries import count_members
from app.payments.books.sheet_files import Sheet
from app.payments.models import Finding, Order, RefundCase
from app.payments.reconciliation.queries import get_finding
from app.payments.refunds import queries as refund_queries
from app.registration.correction_models import CorrectionFile
from app.registration.models import ArrangementFile, Registration
from app.results.queries import Standing, list_round_standings, list_score_lines
from app.results.score_columns import ScoreLine
from app.tickets.models import ExamRoom, Seat, Slot
from app.tickets.queries import RoomList, list_room_lists

UNMASKINGS = Throttle("unmask", "60 per hour")


def look_at_registration(public_id: str, *, actor: Actor) -> Registration:
    """Return a registration to be shown masked, and put the look on record; raises NotFound."""
    with transaction():
        registration = reviews.get_case(public_id)
        audit.record("registration.view", registration, actor)
    return registration


def unmask_registration(public_id: str, *, reason: str, actor: Actor) -> Registration:
    """Return a registration to be shown in full, and put the look and its reason on record.

    :param reason: why it has to be seen, in words of the trade and never the person's own data
    :raises NotFound: when there is no such registration
    :raises TooManyAttempts: after 60 in an hour by the same member of staff
    """
    UNMASKINGS.count(str(actor.account_id))
    with transaction():
        registration = reviews.get_case(public_id)
        audit.record("registration.unmask", registration, actor, reason=reason)
    return registration


def take_correction_file(public_id: str, file_id: str, *, actor: Actor) -> CorrectionFile:
    """Return a document that a candidate sent in, and put on record that it was taken; raises NotFound."""
    with transaction():
        registration = reviews.get_case(public_id)
        found = amendments.get_correction_file(registration, file_id)
        audit.record("registration.view_file", registration, actor, file=found.public_id)
    return found


def look_at_arrangement(public_id: str, *, actor: Actor) -> Registration:
    """Return a registration whose request for special arrangements is read, and put the look on record.

    :raises NotFound: when there is no such registration, or it asks for nothing
    """
    with transaction():
        registration = reviews.get_case(public_id)
        if registration.accommodation_sealed is None:
            raise NotFound(Message("這份報名沒有申請特殊需求服務"))
        audit.record("registration.view_arrangement", registration, actor)
    return registration


def take_arrangement_file(public_id: str, file_id: str, *, actor: Actor) -> ArrangementFile:
    """Return a proof of a request, and put on record that it was taken; raises NotFound."""
    with transaction():
        registration = reviews.get_case(public_id)
        found = arrangements.get_file(registration, file_id)
        audit.record("registration.view_arrangement_file", registration, actor, file=found.public_id)
    return found


def look_at_group(public_id: str, *, searched: bool = False, actor: Actor) -> Group:
    """Return a group to be shown with its members masked, and put the look on record; raises NotFound.

    :param searched: whether somebody was looked for by name or number; who it was is not on record
    """
    with transaction():
        group = groups.get_group(public_id)
        audit.record("group.view", group, actor, **({"searched": True} if searched else {}))
    return group


def unmask_group(public_id: str, *, reason: str, actor: Actor) -> Group:
    """Return a group to be shown with its leader and its members' names in full, and put that on record.

    :param reason: as in `unmask_registration`
    :raises NotFound: when there is no such group
    :raises TooManyAttempts: as in `unmask_registration`
    """
    UNMASKINGS.count(str(actor.account_id))
    with transaction():
        group = groups.get_group(public_id)
        audit.record("group.unmask", group, actor, reason=reason, members=count_members(group))
    return group


def open_for_leader(public_id: str, *, channel: str, reason: str, actor: Actor) -> Group:
    """Put on record that a member of staff begins to do a leader's work, and on whose word; raises NotFound.

    :param channel: how the leader has asked for it, as the log keeps it
    :param reason: in words of the trade, never personal data
    """
    with transaction():
        group = groups.get_group(public_id)
        audit.record("group.open_for_leader", group, actor, channel=channel, reason=reason)
    return group


def look_at_extra_session(public_id: str, *, actor: Actor) -> ExtraSession:
    """Return a request for an additional session, which names a contact, and put the look on record."""
    with transaction():
        asked = get_request(public_id)
        audit.record("extra_session.view", asked, actor)
    return asked


def look_at_room_lists(exam_round: Round, area: str, *, actor: Actor) -> list[RoomList]:
    """Return the room lists of an area, which show names, and put the look on record."""
    with transaction():
        audit.record("seating.view_rooms", exam_round, actor, area=area)
        return list_room_lists(exam_round.id, area)


def take_out_results(
    exam_round: Round, document: str, *, area: str | None = None, passed: bool = False, actor: Actor
) -> list[Standing]:
    """Return the results of a round or area for a list or a batch of documents, and put that on record.

    :param document: what is made of them, e.g. ``reports``
    :param passed: only of those who have passed
    """
    with transaction():
        standings = list_round_standings(exam_round.id, area, passed=passed)
        audit.record(
            "results.take_out", exam_round, actor, document=document, area=area, people=len(standings)
        )
    return standings


def take_out_score_lines(exam_round: Round, area: str | None, *, actor: Actor) -> list[ScoreLine]:
    """Return the prepared rows of a score sheet, and put on record that it is taken out."""
    with transaction():
        lines = list_score_lines(exam_round, clock.now(), area)
        audit.record("results.take_out", exam_round, actor, document="sheet", area=area, people=len(lines))
    return lines


def look_at_finding(public_id: str, *, actor: Actor) -> Finding:
    """Return a finding whose line may name who paid, and put the look on record; raises NotFound."""
    with transaction():
        finding = get_finding(public_id)
        audit.record("reconciliation.view", finding, actor)
    return finding


def look_at_refund(public_id: str, *, actor: Actor) -> RefundCase:
    """Return a refund case, which shows who gets the money, and put the look on record; raises NotFound."""
    with transaction():
        case = refund_queries.get_case(public_id)
        audit.record("refund.view", case, actor)
    return case


def look_at_payouts(*, actor: Actor) -> Sequence[RefundCase]:
    """Return the granted cases with their payees, and put the look on record."""
    with transaction():
        cases = refunds.list_to_pay()
        audit.record("refund.list_payouts", ("refund_cases", "to_pay"), actor, cases=len(cases))
    return cases


def look_at_receipt(public_id: str, *, actor: Actor) -> Order:
    """Return an order whose receipt, which names the payer, is handed out, and put that on record.

    :raises NotFound: when there is no such order
    :raises Refused: while it is not paid
    """
    with transaction():
        order = get_order(public_id)
        if not order.is_paid:
            raise Refused(Message("這筆費用還沒有繳清，繳清後才有收據。"))
        audit.record("payment.print_receipt", order, actor)
    return order


def take_out_books(period: Period, file_format: str, *, actor: Actor) -> list[Sheet]:
    """Return the books of a period, names masked, and put on record that they were taken out."""
    with transaction():
        audit.record(
            "payment.take_out_books",
            ("orders", "books"),
            actor,
            since=period.since.isoformat(),
            until=period.until.isoformat(),
            file_format=file_format,
        )
    return books_of(period, now=clock.now())


def look_at_room(slot_id: int, room_id: int, *, actor: Actor) -> tuple[Slot, ExamRoom, list[SeatLine]]:
    """Return a room's check-in list, which shows names, and put the look on record; raises NotFound."""
    with transaction():
        slot, room = examday_queries.get_place(slot_id, room_id)
        audit.record("examday.view_room", slot, actor, room=room.id)
        return slot, room, examday_queries.list_seat_lines(slot_id, room_id)


def look_at_seat(number: str, *, actor: Actor) -> Seat:
    """Return a seat, which shows who sits there, and put the look on record; raises NotFound."""
    with transaction():
        seat = examday_queries.get_seat(number)
        audit.record("examday.view_seat", seat.registration, actor)
    return seat


def look_at_tasks(exam_round: Round, *, actor: Actor) -> Sequence[FollowUp]:
    """Return what is still to be done in a round, by name, and put the look on record."""
    with transaction():
        audit.record("examday.view_tasks", exam_round, actor)
        return examday_queries.list_open_tasks(exam_round.id)


def look_at_incidents(exam_round: Round, *, actor: Actor) -> Sequence[IncidentReport]:
    """Return the incidents of a round and put the look on record."""
    with transaction():
        audit.record("examday.view_incidents", exam_round, actor)
        return examday_queries.list_incident_reports(exam_round.id)
