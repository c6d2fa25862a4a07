"""Changes after submission: contact data by the candidate, identity data by the office (拾、四; P013)."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.crypto import blind_id, keyring
from app.core.db import transaction
from app.core.errors import InvalidValue, NotFound, Refused
from app.core.messages import N_, Message
from app.registration import mails, queries, rules
from app.registration.contact import Contact, IdentityChange
from app.registration.correction_models import AmendmentRequest
from app.registration.fees import fee_of
from app.registration.models import Registration
from app.registration.services import persons
from app.registration.signals import identity_amended
from app.registration.states import AmendmentState


def change_contact(public_id: str, account_id: int, contact: Contact, *, actor: Actor) -> list[str]:
    """Change phone, e-mail or address after submission and return the names of what changed (R143).

    The candidate is told at the old e-mail address and the new one.

    :raises NotFound: when the account has no such registration
    :raises Refused: when it is a draft, or cancelled
    """
    with transaction() as session:
        registration = queries.get_registration_for_update(session, public_id, account_id)
        rules.check_can_change_contact(registration.form_state).raise_if_refused()
        names = [field.name for field in fields(contact)]
        changed = [name for name in names if getattr(registration, name) != getattr(contact, name)]
        if changed:
            before = registration.email
            digests = {name: _digest(getattr(registration, name)) for name in changed}
            for name in changed:
                setattr(registration, name, getattr(contact, name))
            after = {name: _digest(getattr(registration, name)) for name in changed}
            audit.record("registration.change_contact", registration, actor, before=digests, after=after)
            mails.tell_contact_changed(registration, before)
    return changed


def ask_amendment(
    public_id: str, account_id: int, wish: str, *, office_error: bool, actor: Actor
) -> AmendmentRequest:
    """Ask the office to correct identity data and return the request, which says where it is done (R141).

    A request that still waits is written over: there is one per registration.

    :param office_error: whether what was submitted is right and the office or the ticket has it wrong
    :raises NotFound: when the account has no such registration
    :raises Refused: before submission, or after the test
    """
    with transaction() as session:
        registration = queries.get_registration_for_update(session, public_id, account_id)
        exam_round, today = registration.exam_round, clock.today()
        rules.check_can_ask_amendment(
            registration.form_state, today=today, test_on=exam_round.test_on
        ).raise_if_refused()
        request = queries.find_waiting_amendment(registration)
        if request is None:
            request = AmendmentRequest(registration=registration)
            session.add(request)
        request.wish, request.office_error, request.asked_at = wish, office_error, clock.now()
        request.state = route_of(registration, today, office_error=office_error)
        session.flush()
        audit.record("registration.ask_amendment", registration, actor, route=request.state.value)
    return request


def route_of(registration: Registration, today: date, *, office_error: bool) -> AmendmentState:
    """Return where a correction of this registration is done today (Q6)."""
    exam_round = registration.exam_round
    return rules.amendment_route(
        today,
        office_error=office_error,
        registration_closes_on=exam_round.registration_closes_on,
        ticket_correction_until=exam_round.ticket_correction_until,
    )


def amend_identity(
    public_id: str,
    change: IdentityChange,
    *,
    reason: str,
    office_error: bool,
    fee_accepted: bool = False,
    seen: str | None = None,
    actor: Actor,
) -> list[str]:
    """Correct identity data as staff and return the names of what changed (R141, R142).

    The log keeps digests of what was and what is, never the values. Rooms above are told, so that a
    ticket gets a new version (Q6). What was paid stands: when the new birth date would make another fee,
    that has to be accepted first and is settled by hand.

    :param reason: in words of the trade, never personal data
    :param seen: which identity document was seen, as the log keeps it; needed at the site (R142)
    :raises NotFound: when there is no such registration
    :raises Refused: when it is not the day or the place for it, or the fee would change
    :raises InvalidValue: when nothing would change
    :raises AlreadyRegistered: when the new number belongs to a registration that excludes this one
    """
    with transaction() as session:
        registration = _lock(session, public_id)
        exam_round, now = registration.exam_round, clock.now()
        today = clock.taipei_day(now)
        route = route_of(registration, today, office_error=office_error)
        rules.check_can_amend(
            route,
            form_state=registration.form_state,
            today=today,
            test_on=exam_round.test_on,
        ).raise_if_refused()
        if route == AmendmentState.ON_SITE and seen is None:
            raise InvalidValue(Message("認證當天要核對證件才能更正，請選擇看過的證件"), field="seen")
        if change.identity is not None:
            persons.check_number_free(session, registration, change.identity.value, now=now)
        before = _identity_of(registration)
        _write(registration, change)
        after = _identity_of(registration)
        changed = [name for name, value in after.items() if before[name] != value]
        if not changed:
            raise InvalidValue(Message("這些資料和現在的一樣，沒有可以更正的地方"))
        fee = fee_of(registration).amount_twd
        if fee != registration.fee_twd and not fee_accepted:
            values = {"before": registration.fee_twd, "after": fee}
            text = N_("出生日期更正後，報名費會從 %(before)s 元變成 %(after)s 元；請確認差額另行處理")
            raise Refused(Message(text, values), field="fee_accepted")
        persons.write_changes(session)
        queries.move_absences(session, registration)
        queries.move_carry_overs(session, registration)
        _finish_request(registration, AmendmentState.DONE, None)
        audit.record(
            "registration.amend",
            registration,
            actor,
            reason=reason,
            office_error=office_error,
            seen=seen,
            before={name: _digest(before[name]) for name in changed},
            after={name: _digest(after[name]) for name in changed},
            fee_would_be=fee,
        )
        mails.tell_amended(registration)
        identity_amended.send(registration, actor=actor)
    return changed


def decline_amendment(public_id: str, reply: str, *, actor: Actor) -> Registration:
    """Decline the waiting request of a registration with a word to the candidate.

    :raises NotFound: when there is no such registration, or no request waits
    """
    with transaction() as session:
        registration = _lock(session, public_id)
        if queries.find_waiting_amendment(registration) is None:
            raise NotFound(Message("這份報名沒有待處理的更正申請，請重新整理列表"))
        _finish_request(registration, AmendmentState.DECLINED, reply)
        audit.record("registration.decline_amendment", registration, actor)
        mails.tell_declined(registration, reply)
    return registration


def _lock(session: Session, public_id: str) -> Registration:
    found = queries.list_for_update(session, [public_id])
    if not found:
        raise NotFound(Message("找不到這份報名，請重新整理列表"))
    return found[0]


def _finish_request(registration: Registration, state: AmendmentState, reply: str | None) -> None:
    request = queries.find_waiting_amendment(registration)
    if request is not None:
        request.state, request.reply, request.decided_at = state, reply, clock.now()


def _identity_of(registration: Registration) -> dict[str, object]:
    return {
        "chinese_name": registration.chinese_name,
        "english_name": registration.english_name,
        "is_foreign": registration.is_foreign,
        "identity": registration.id_number,
        "birth_on": registration.birth_on,
    }


def _write(registration: Registration, change: IdentityChange) -> None:
    for name in ("chinese_name", "english_name", "is_foreign", "birth_on"):
        if getattr(change, name) is not None:
            setattr(registration, name, getattr(change, name))
    if change.identity is not None and change.identity.value != registration.id_number:
        registration.id_kind = change.identity.kind
        registration.id_number = change.identity.value
        registration.id_blind = blind_id(change.identity.value)


def _digest(value: object) -> str:
    """Return what tells in the log whether two values were equal, and nothing else (security.md 10)."""
    return keyring().blind("audit", str(value)).hex()[:16]
