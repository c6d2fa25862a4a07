"""Additional sessions: a leader asks; the office opens one for that account alone, or says why not."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Account, AccountKind
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction, violated_constraint
from app.core.errors import DomainError
from app.core.messages import N_, Message
from app.exams import queries as exams
from app.exams.choices import OfferingOrigin
from app.exams.models import Offering, Round
from app.groups import extra_session_mails as mails
from app.groups import extra_session_queries as queries
from app.groups import extra_session_rules as rules
from app.groups.extra_session_models import ExtraSession
from app.groups.extra_session_rules import ExtraSessionEvent, ExtraSessionState, School
from app.groups.rules import check_can_create, group_minimum
from app.groups.states import GroupKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What a leader asks for; address, rooms and computers are the school's, for a session on campus."""

    kind: OfferingOrigin
    school: School
    name: str
    expected: int
    county: str
    contact_name: str
    contact_phone: str
    reason: str
    address: str | None = None
    rooms: int | None = None
    computers: int | None = None


class AlreadyAsked(DomainError):
    """The account's request for this round has not been answered yet."""


def ask_extra_session(account_id: int, round_code: str, wish: Wish, *, actor: Actor) -> ExtraSession:
    """Ask for an additional session under a round and return the request (R039, R040).

    :raises NotFound: when there is no such round
    :raises Refused: when the account may not make groups there, the round is national or closed, the group
        is too small, or a session on campus is asked for what is no primary or junior high school
    :raises AlreadyAsked: when the account's last request for the round still waits
    """
    with transaction() as session:
        exam_round = exams.get_round(round_code)
        _check_may_ask(session, account_id, exam_round, wish)
        if queries.find_waiting(session, account_id, exam_round.id) is not None:
            raise _already_asked()
        asked = ExtraSession(
            account_id=account_id,
            exam_round=exam_round,
            state=ExtraSessionState.WAITING,
            asked_at=clock.now(),
            **asdict(wish),
        )
        _insert(session, asked)
        audit.record(
            "extra_session.ask",
            asked,
            actor,
            round=exam_round.code,
            kind=wish.kind.value,
            expected=wish.expected,
        )
        mails.tell_asked(asked, session.get_one(Account, account_id).email)
    return asked


def grant_extra_session(
    public_id: str, *, area: str, site: str | None, capacity: int, reply: str | None, actor: Actor
) -> Offering:
    """Open the session that was asked for and return it: an area of the round, for the asker alone.

    Dates and registration period are the round's (R039-R041).

    :param site: the site, when it is known already; None: announced with the ticket (Q10)
    :param reply: a word to the leader, or None
    :raises NotFound: when there is no such request
    :raises IllegalTransition: when it is answered already
    :raises Refused: when registration has closed, the round has the area already, or the places are too few
    """
    with transaction() as session:
        asked = queries.get_request_for_update(session, public_id)
        asked.state = rules.next_state(asked.state, ExtraSessionEvent.APPROVE)
        # Two members of staff must not give the same area to two groups at once.
        session.execute(sa.select(Round.id).where(Round.id == asked.round_id).with_for_update(key_share=True))
        exam_round = exams.get_round(asked.exam_round.code)
        rules.check_round(
            exam_round.track, closes_on=exam_round.registration_closes_on, today=clock.today()
        ).raise_if_refused()
        minimums = exam_round.exam_year.facts["group_minimum"]
        rules.check_grant(
            area=area,
            taken_areas={each.area for each in exam_round.offerings},
            capacity=capacity,
            minimum=group_minimum(GroupKind.OTHER, minimums, origin=asked.kind),
        ).raise_if_refused()
        asked.offering = Offering(
            exam_round=exam_round,
            position=1 + max(each.position for each in exam_round.offerings),
            area=area,
            site=site,
            capacity=capacity,
            origin=asked.kind,
            reserved_for=asked.account_id,
        )
        _answer(session, asked, reply)
        audit.record("extra_session.grant", asked, actor, area=area, capacity=capacity)
        mails.tell_granted(asked, asked.offering, asked.account.email)
    return asked.offering


def refuse_extra_session(public_id: str, reply: str, *, actor: Actor) -> ExtraSession:
    """Refuse a request with a reason that is mailed to the leader.

    :raises NotFound: when there is no such request
    :raises IllegalTransition: when it is answered already
    """
    with transaction() as session:
        asked = queries.get_request_for_update(session, public_id)
        asked.state = rules.next_state(asked.state, ExtraSessionEvent.REFUSE)
        _answer(session, asked, reply)
        audit.record("extra_session.refuse", asked, actor)
        mails.tell_refused(asked, asked.account.email)
    return asked


def _check_may_ask(session: Session, account_id: int, exam_round: Round, wish: Wish) -> None:
    account = session.get_one(Account, account_id)
    check_can_create(
        leader=account.kind == AccountKind.GROUP, same_track=account.track == exam_round.track
    ).raise_if_refused()
    rules.check_round(
        exam_round.track, closes_on=exam_round.registration_closes_on, today=clock.today()
    ).raise_if_refused()
    minimums = exam_round.exam_year.facts["group_minimum"]
    rules.check_request(wish.kind, wish.school, wish.expected, minimums).raise_if_refused()


def _insert(session: Session, asked: ExtraSession) -> None:
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError as error:
        if violated_constraint(error) == "uq_extra_sessions_waiting":
            raise _already_asked() from None
        raise


def _already_asked() -> AlreadyAsked:
    text = N_("這個梯次您已有一件申請在等候回覆，不必重送；要更改請電洽總試務中心")
    return AlreadyAsked(Message(text), field="exam_round")


def _answer(session: Session, asked: ExtraSession, reply: str | None) -> None:
    asked.reply, asked.decided_at = reply or None, clock.now()
    session.flush()
