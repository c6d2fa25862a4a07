"""The verbs of mailing: a batch is made, posted or dissolved; a parcel comes back and goes again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import IllegalTransition, InvalidValue, Refused
from app.core.messages import Message
from app.exams.queries import get_round
from app.groups.models import Group
from app.mailings import mails, queries, rules, waiting
from app.mailings.kinds import KINDS, MailingKind, Way
from app.mailings.models import MailingBatch, MailingItem, MailingParcel, MailingResend
from app.mailings.registered_numbers import count_up
from app.mailings.states import ResendCause, ResendEvent, ReturnReason, next_resend_state
from app.mailings.waiting import Waiting
from app.registration.choices import MailTo


def make_batch(round_code: str, kind: MailingKind, area: str | None, *, actor: Actor) -> MailingBatch:
    """Make a batch of all who wait for a kind, their addresses as they are now, and return it.

    Members whose post goes to the leader share a parcel. Parcels are in the order of their postcodes.

    :param area: None: of all areas
    :raises NotFound: when there is no such round
    :raises Refused: when nobody waits
    """
    with transaction() as session:
        exam_round = get_round(round_code)
        waiting.lock_round(session, exam_round.id)
        people = waiting.list_waiting(session, exam_round.id, kind, area)
        if not people:
            raise Refused(Message("沒有等候寄發的考生，不用做這一批"))
        batch = MailingBatch(exam_round=exam_round, kind=kind, area=area, made_at=clock.now())
        session.add(batch)
        _fill(session, batch, people)
        audit.record(
            "mailing.make_batch",
            batch,
            actor,
            round=round_code,
            kind=kind.value,
            area=area,
            parcels=len(batch.parcels),
            people=len(people),
        )
    return batch


def dissolve_batch(public_id: str, *, actor: Actor) -> None:
    """Take a batch apart that is not posted: whoever is in it waits again.

    :raises NotFound: when there is no such batch
    :raises IllegalTransition: when it was posted
    """
    with transaction() as session:
        batch = queries.lock_batch(session, public_id)
        _check_not_posted(batch)
        audit.record("mailing.dissolve_batch", batch, actor, kind=batch.kind.value, code=batch.id)
        session.delete(batch)


def post_batch(
    public_id: str, *, posted_on: date, first_number: str | None = None, actor: Actor
) -> MailingBatch:
    """Mark a batch as handed to the post office on a day, and tell whom it is for.

    Whatever is no longer to be sent, because somebody has cancelled since, is taken out of it first.

    :param first_number: of registered post, the number of the first parcel; the others follow
    :raises NotFound: when there is no such batch
    :raises IllegalTransition: when it was posted already
    :raises Refused: before the first day of R014, R132, R153 or R171, or for a day to come
    :raises InvalidValue: when registered post has no number, or the numbers do not last
    """
    with transaction() as session:
        batch = queries.lock_batch(session, public_id)
        _check_not_posted(batch)
        rules.check_can_post(
            batch.kind,
            posted_on=posted_on,
            first_day=queries.first_day(batch.exam_round, batch.kind),
            today=clock.today(),
        ).raise_if_refused()
        dropped = _drop(session, batch)
        parcels = queries.list_parcels(batch)
        if not parcels:
            raise Refused(Message("這一批的考生都已取消，請把它拆掉"))
        if KINDS[batch.kind].way == Way.REGISTERED:
            if first_number is None:
                raise InvalidValue(Message("請填第一件的掛號號碼"), field="first_number")
            for parcel, number in zip(parcels, count_up(first_number, len(parcels)), strict=True):
                parcel.registered_number = number
        batch.posted_on = posted_on
        audit.record(
            "mailing.post_batch",
            batch,
            actor,
            kind=batch.kind.value,
            posted_on=posted_on.isoformat(),
            parcels=len(parcels),
            dropped=dropped,
        )
        for parcel in parcels:
            mails.tell_posted(parcel)
    return batch


def change_registered_number(public_id: str, number: str, *, actor: Actor) -> MailingParcel:
    """Correct the number of one registered parcel, where the post office has skipped one.

    :raises NotFound: when there is no such parcel
    :raises Refused: when it is not registered, or not posted yet
    :raises InvalidValue: when another parcel of the batch has the number
    """
    with transaction() as session:
        parcel = queries.lock_parcel(session, public_id)
        if parcel.registered_number is None:
            raise Refused(Message("這件不是掛號，或還沒有寄出"), field="number")
        others = queries.list_parcels(parcel.batch)
        if any(each.registered_number == number and each is not parcel for each in others):
            raise InvalidValue(Message("這一批的另一件已經用了這個號碼"), field="number")
        audit.record("mailing.change_number", parcel, actor, before=parcel.registered_number, after=number)
        parcel.registered_number = number
    return parcel


def return_parcel(public_id: str, *, returned_on: date, reason: ReturnReason, actor: Actor) -> MailingParcel:
    """Mark a parcel as come back, and tell whom it was for what to do.

    :raises NotFound: when there is no such parcel
    :raises Refused: when it was not posted, came back before, or the day cannot be
    """
    with transaction() as session:
        parcel = queries.lock_parcel(session, public_id)
        rules.check_can_return(
            parcel.sending, returned_on=returned_on, today=clock.today()
        ).raise_if_refused()
        parcel.returned_on, parcel.return_reason = returned_on, reason
        audit.record(
            "mailing.return_parcel", parcel, actor, reason=reason.value, returned_on=returned_on.isoformat()
        )
        mails.tell_returned(parcel)
    return parcel


def ask_resend(
    public_id: str, cause: ResendCause, *, account_id: int | None = None, actor: Actor
) -> MailingResend:
    """Ask that the contents of a parcel be sent again, and return the request (R174).

    :param account_id: the account whose parcel it has to be; None: asked for at the desk
    :raises NotFound: when there is no such parcel, or it is another's
    :raises Refused: when it was not posted, is asked for already, or is a ticket that came back (R140)
    """
    with transaction() as session:
        if account_id is not None:
            queries.get_own_parcel(public_id, account_id)
        parcel = queries.lock_parcel(session, public_id)
        check_resend(parcel).raise_if_refused()
        resend = MailingResend(parcel=parcel, cause=cause, asked_at=clock.now())
        session.add(resend)
        session.flush()
        audit.record("mailing.ask_resend", resend, actor, cause=cause.value, kind=parcel.batch.kind.value)
    return resend


def check_resend(parcel: MailingParcel) -> rules.Decision:
    """Return whether the contents of a parcel can be asked for again now."""
    return rules.check_can_ask_resend(
        parcel.sending,
        ticket_by_post=all(item.registration.ticket_by_post for item in parcel.items),
        test_on=parcel.batch.exam_round.test_on,
        today=clock.today(),
    )


def bill_resend(public_id: str, *, postage_twd: int, actor: Actor) -> MailingResend:
    """Tell whoever asked how much postage is due; it goes out once that has come (R174).

    :raises NotFound: when there is no such request
    :raises IllegalTransition: when it is not new
    """

    def bill(resend: MailingResend) -> None:
        resend.postage_twd = postage_twd

    return _decide(public_id, ResendEvent.BILL, bill, actor=actor)


def receive_postage(public_id: str, *, actor: Actor) -> MailingResend:
    """Note that the postage has come: the contents go with the next batch.

    :raises NotFound: when there is no such request
    :raises IllegalTransition: when none is due
    """
    return _decide(public_id, ResendEvent.RECEIVE, lambda _resend: None, actor=actor)


def waive_postage(public_id: str, *, note: str, actor: Actor) -> MailingResend:
    """Let something go again at the office's cost, because the mistake was the office's.

    :param note: how that came about; whoever asked reads it
    :raises NotFound: when there is no such request
    :raises IllegalTransition: when it is decided already
    """

    def waive(resend: MailingResend) -> None:
        resend.postage_twd, resend.note = None, note

    return _decide(public_id, ResendEvent.WAIVE, waive, actor=actor)


def refuse_resend(public_id: str, *, note: str, actor: Actor) -> MailingResend:
    """Refuse to send something again, with a word to whoever asked.

    :raises NotFound: when there is no such request
    :raises IllegalTransition: when it is decided already
    """

    def refuse(resend: MailingResend) -> None:
        resend.note = note

    return _decide(public_id, ResendEvent.REFUSE, refuse, actor=actor)


def _decide(
    public_id: str, event: ResendEvent, change: Callable[[MailingResend], None], *, actor: Actor
) -> MailingResend:
    with transaction() as session:
        resend = queries.lock_resend(session, public_id)
        resend.state = next_resend_state(resend.state, event)
        resend.decided_at = clock.now()
        change(resend)
        audit.record(f"mailing.{event.value}_resend", resend, actor, postage_twd=resend.postage_twd)
        mails.tell_decided(resend)
    return resend


def _fill(session: Session, batch: MailingBatch, people: Sequence[Waiting]) -> None:
    field = KINDS[batch.kind].choice_field
    packed = [
        (_addressed(contents[0], field), contents)
        for contents in rules.pack((_address_key(one, field), one) for one in people)
    ]
    packed.sort(key=lambda each: each[0].zip_code)
    for position, (parcel, contents) in enumerate(packed, start=1):
        parcel.position, parcel.batch = position, batch
        session.add(parcel)
        for one in contents:
            item = MailingItem(registration=one.registration, kind=batch.kind, resend_id=one.resend_id)
            parcel.items.append(item)
    session.flush()


def _leader_of(one: Waiting, field: str) -> Group | None:
    """Return the group to whose leader somebody's post goes; None: it goes to the own address."""
    choice = rules.destination(getattr(one.registration, field), in_group=one.group is not None)
    return one.group if choice == MailTo.LEADER else None


def _address_key(one: Waiting, field: str) -> tuple[str, int]:
    group = _leader_of(one, field)
    return ("group", group.id) if group else ("own", one.registration.id)


def _addressed(one: Waiting, field: str) -> MailingParcel:
    """Return an empty parcel with the address as it is now."""
    group, person = _leader_of(one, field), one.registration
    to = group.leader if group else person
    parcel = MailingParcel(
        group=group,
        recipient=group.leader_name if group else person.chinese_name,
        organisation=group.name if group else None,
        zip_code=to.zip_code,
        county=to.county,
        district=to.district,
    )
    parcel.street = to.street
    return parcel


def _drop(session: Session, batch: MailingBatch) -> int:
    """Take out of a batch what is no longer to be sent, and return how much that was."""
    dropped = waiting.list_dropped(batch)
    for item in dropped:
        parcel = item.parcel
        parcel.items.remove(item)
        session.delete(item)
        if not parcel.items:
            session.delete(parcel)
    session.flush()
    session.expire(batch, ["parcels"])
    return len(dropped)


def _check_not_posted(batch: MailingBatch) -> None:
    if batch.posted_on is not None:
        raise IllegalTransition(Message("這一批已經寄出，不能再改"))
