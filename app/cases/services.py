"""The verbs of the case desk: each is one transaction, on record, and mailed where the applicant waits.

Whoever writes gets a real answer (S028).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases import mails, queries, rules
from app.cases.kind_types import CaseKind, Clock, Unit
from app.cases.models import Case, CaseExtension, CaseNote, Channel, UnitMailbox
from app.cases.numbers import case_number
from app.cases.states import CaseEvent, CaseState, next_case_state
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction, violated_constraint
from app.core.errors import IllegalTransition, InvalidValue, NotFound
from app.core.messages import Message
from app.core.working_days import WorkingCalendar
from app.exams.models import Round
from app.exams.queries import get_round

_OFFICE = WorkingCalendar()


@dataclass(frozen=True, slots=True)
class Application:
    """A case as a form gives it.

    :ivar content: what was written by the keys of the kind's fields, every value already checked
    :ivar form_token: the same for the same form, so that sending it twice makes one case
    :ivar postmark_on: of a paper application; None: sent through the portal, now
    :ivar registration_id: the applicant's own, when they came from it; None: found by ticket and ID number
    :ivar language: of the page it was sent from; None: on paper
    """

    kind: CaseKind
    content: Mapping[str, str]
    form_token: str
    postmark_on: date | None = None
    account_id: int | None = None
    registration_id: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What an officer reports as the result.

    :ivar result: code of one of the kind's results
    :ivar finding: code of one of that result's findings; None: it has none
    :ivar measures: words by code; for outcomes that need them
    :ivar reply: the answer to the applicant; None: none in words
    """

    result: str
    finding: str | None = None
    measures: Mapping[str, str] = field(default_factory=dict)
    reply: str | None = None


def file_case(application: Application, *, actor: Actor) -> Case:
    """Receive an application, give it its number and confirm it by mail (W012, S016).

    A kind that is assigned at once goes to its unit in the same minute (W016). A form that was sent
    already brings back its case and changes nothing.

    :raises Refused: when it is too late or too early, judged on the postmark of a paper application (R005)
    :raises InvalidValue: when the postmark or the event lies ahead
    """
    try:
        with transaction() as session:
            return queries.find_case_by_form(application.form_token) or _receive(session, application, actor)
    except sa.exc.IntegrityError as error:
        # Two presses at the same moment: the other one was first, and this one's number goes back.
        if violated_constraint(error) != "uq_cases_form_token":
            raise
        return queries.get_case_by_form(application.form_token)


def assign_case(public_id: str, unit: str, *, actor: Actor) -> Case:
    """Hand a case to a unit, whose clocks start today (W016).

    The applicant is told, the unit, and its officers (W013, W019).

    :raises NotFound: when there is no such case or unit
    :raises IllegalTransition: when a unit has accepted it already
    """
    if unit not in set(Unit):
        raise NotFound(Message("沒有這個單位，請重新選擇"), field="unit")
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        _assign(case, unit, actor)
    return case


def accept_case(public_id: str, *, actor: Actor) -> Case:
    """Accept a case for the unit; who accepts is its officer. Accepting again changes nothing (W025).

    :raises IllegalTransition: when it is not waiting, or another officer was faster
    """
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        if case.state == CaseState.ACCEPTED and case.officer_id == actor.account_id:
            return case
        if case.state == CaseState.ACCEPTED:
            raise IllegalTransition(Message("這個案件已經由另一位承辦人員接收"))
        case.state = next_case_state(case.state, CaseEvent.ACCEPT)
        case.accepted_at, case.officer_id = clock.now(), actor.account_id
        audit.record("case.accept", case, actor, unit=case.unit)
    return case


def report_preliminary(public_id: str, code: str, *, actor: Actor) -> Case:
    """Record how the case was taken up: exactly one of the kind's options (W029)."""
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        if code not in {each.code for each in case.kind.preliminaries}:
            raise InvalidValue(Message("請選擇一項初步受理情形"), field="preliminary")
        case.state = next_case_state(case.state, CaseEvent.REPORT_PRELIMINARY)
        case.preliminary, case.preliminary_at = code, clock.now()
        late = case.preliminary_due_on is not None and clock.today() > case.preliminary_due_on
        audit.record("case.report_preliminary", case, actor, preliminary=code, late=late)
    return case


def extend_case(public_id: str, *, until_on: date, reason: str, actor: Actor) -> Case:
    """Move the deadline for the result, with a reason; the first deadline stays visible (W036).

    :raises Refused: when the day is not later than the deadline, or lies behind
    """
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        case.state = next_case_state(case.state, CaseEvent.EXTEND)
        due_on = case.answer_due_on
        assert due_on is not None  # noqa: S101 - the CHECK on the table says so
        rules.check_extension(until_on, due_on=due_on, today=clock.today()).raise_if_refused()
        case.extensions.append(CaseExtension(made_at=clock.now(), until_on=until_on, reason=reason))
        audit.record("case.extend", case, actor, until_on=until_on.isoformat())
        mails.tell_extended(case, until_on)
    return case


def report_result(public_id: str, result: Result, *, actor: Actor) -> Case:
    """Record the final result and tell the applicant that there is an answer; not what it says (W032–W035).

    :raises InvalidValue: when a part is missing that the result needs; the field says which
    :raises IllegalTransition: before the preliminary report, or when there is a result already
    """
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        case.state = next_case_state(case.state, CaseEvent.REPORT_RESULT)
        check_result(case.kind, result)
        case.result, case.finding = result.result, result.finding
        case.measures, case.reply = result.measures, result.reply
        case.decided_at = clock.now()
        late = case.answer_due_on is not None and clock.today() > case.answer_due_on
        audit.record(
            "case.report_result", case, actor, result=result.result, finding=result.finding, late=late
        )
        mails.tell_answered(case)
    return case


def close_case(public_id: str, *, actor: Actor) -> Case:
    """Close a case that has its result; from then on it can only be read (W038, W040)."""
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        case.state = next_case_state(case.state, CaseEvent.CLOSE)
        case.closed_at = clock.now()
        audit.record("case.close", case, actor)
    return case


def add_note(public_id: str, text: str, *, actor: Actor) -> None:
    """Keep an internal note; raises IllegalTransition on a closed case (W040)."""
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        if case.state == CaseState.CLOSED:
            raise IllegalTransition(Message("這個案件已結案，只能查看，不能再變更"))
        note = CaseNote(case_id=case.id, author_id=actor.account_id, written_at=clock.now())
        note.text = text
        session.add(note)
        audit.record("case.note", case, actor)


def look_at_case(public_id: str, *, reason: str | None = None, actor: Actor) -> Case:
    """Return a case to be shown to an officer, and put the look on record (W024); raises NotFound.

    :param reason: why the identity number has to be seen; None: it is shown masked
    """
    with transaction():
        case = queries.get_case(public_id)
        if reason is None:
            audit.record("case.view", case, actor)
        else:
            audit.record("case.unmask", case, actor, reason=reason)
    return case


def set_mailbox(unit: str, email: str | None, *, actor: Actor) -> None:
    """Set the mailbox to which notices of a unit's cases go; None: no mailbox (W019)."""
    if unit not in set(Unit):
        raise NotFound(Message("沒有這個單位，請重新選擇"), field="unit")
    with transaction() as session:
        mailbox = session.get(UnitMailbox, unit)
        if mailbox is not None and email is None:
            session.delete(mailbox)
        elif mailbox is not None:
            mailbox.email = email or ""
        elif email is not None:
            session.add(UnitMailbox(unit=unit, email=email))
        audit.record("case.set_mailbox", ("case_unit", unit), actor, set=email is not None)


def check_result(kind: CaseKind, result: Result) -> None:
    """Raise InvalidValue for the first part of a final result that is missing or does not belong to it."""
    chosen = next((each for each in kind.results if each.code == result.result), None)
    if chosen is None or chosen.extends:
        raise InvalidValue(Message("請選擇處理結果"), field="result")
    decisive = chosen
    if chosen.findings:
        finding = next((each for each in chosen.findings if each.code == result.finding), None)
        if finding is None or finding.extends:
            raise InvalidValue(Message("請選擇認定結果"), field="finding")
        decisive = finding
    if decisive.needs_measures and not result.measures:
        raise InvalidValue(Message("請至少選一項處置方式並寫出說明"), field="measures")
    if kind.reply_required and not result.reply:
        raise InvalidValue(Message("請寫出給申請人的答覆"), field="reply")


def _receive(session: Session, application: Application, actor: Actor) -> Case:
    now, today = clock.now(), clock.today()
    filed_on = application.postmark_on or today
    exam_round = _check_in_time(application, filed_on=filed_on, today=today)
    case = Case(
        number=_next_number(session, today),
        kind_key=application.kind.key,
        channel=Channel.PAPER if application.postmark_on else Channel.ONLINE,
        form_token=application.form_token,
        account_id=application.account_id,
        language=application.language,
        registration_id=application.registration_id or _registration_of(application.content),
        round_id=exam_round.id if exam_round else None,
        reported_at=now,
        filed_on=filed_on,
        state=CaseState.RECEIVED,
    )
    case.content = application.content
    session.add(case)
    session.flush()
    audit.record(
        "case.file", case, actor, number=case.number, kind=case.kind_key, filed_on=filed_on.isoformat()
    )
    mails.tell_received(case)
    if application.kind.assigned_at_once:
        _assign(case, application.kind.unit, actor)
    return case


def _assign(case: Case, unit: str, actor: Actor) -> None:
    today = clock.today()
    case.state = next_case_state(case.state, CaseEvent.ASSIGN)
    case.unit, case.assigned_at = unit, clock.now()
    case.preliminary_due_on = rules.preliminary_due(today, case.kind.preliminary_days)
    case.result_due_on = rules.result_due_of(case.kind, today, _OFFICE)
    audit.record("case.assign", case, actor, unit=unit)
    for address in queries.list_unit_addresses(unit):
        mails.tell_unit(case, address)
    mails.tell_assigned(case)


def _next_number(session: Session, today: date) -> str:
    # One statement on both databases: the row is locked until the case that takes the serial is there.
    taken = session.execute(
        sa.text(
            "INSERT INTO case_serials (day, last) VALUES (:day, 1) "
            "ON CONFLICT (day) DO UPDATE SET last = case_serials.last + 1 RETURNING last"
        ).bindparams(sa.bindparam("day", today, sa.Date))
    )
    return case_number(today, taken.scalar_one())


def _check_in_time(application: Application, *, filed_on: date, today: date) -> Round | None:
    if filed_on > today:
        raise InvalidValue(Message("郵戳日期不能在今天以後"), field="postmark_on")
    kind, content = application.kind, application.content
    code = content.get("round")
    exam_round = get_round(code) if code else None
    if kind.clock == Clock.APPEAL:
        event_on = date.fromisoformat(content["event_on"])
        if event_on > filed_on:
            raise InvalidValue(Message("情事發生日期不能在提出申訴以後"), field="event_on")
        rules.appeal_window(event_on).check(filed_on).raise_if_refused()
    elif kind.clock != Clock.NONE and exam_round is not None:
        queries.window_of(kind, exam_round).check(filed_on).raise_if_refused()
    return exam_round


def _registration_of(content: Mapping[str, str]) -> int | None:
    if "ticket" not in content or "identity" not in content:
        return None
    registration = queries.find_registration(content["ticket"], content["identity"])
    return registration.id if registration else None
