"""What the candidate's pages show, worked out from a registration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from app.core.clock import taipei_day
from app.core.ics import Event
from app.core.identity import mask_id
from app.core.messages import Message
from app.core.phones import format_phone
from app.core.roc_dates import format_birth_both, format_roc_long
from app.exams.calendar import merged, round_events
from app.exams.models import Round
from app.exams.notices import PostponementNotice, list_notices
from app.exams.words import level_words
from app.payments import queries as payments
from app.payments.deadlines import passes_close, payment_deadline
from app.payments.pages import FreshStart
from app.registration import queries
from app.registration.arrangement_rules import ArrangementState
from app.registration.models import Registration
from app.registration.services import check_can_cancel
from app.registration.states import CancelReason, FormState
from app.registration.status import RegistrationFacts, Standing, Step, Tag, TimelineItem, timeline
from app.registration.timeline import UpperFact, upper_facts, with_upper_facts
from app.web import translate

Rows = list[tuple[str, object]]
Action = tuple[object, str]  # label and address
TimelineRows = list[tuple[TimelineItem, Action | None]]


ARRANGEMENT_TAGS = {
    ArrangementState.WAITING: (Tag.WAITING, Message("審核中")),
    ArrangementState.GRANTED: (Tag.DONE, Message("依申請提供")),
    ArrangementState.PARTLY: (Tag.ATTENTION, Message("部分提供")),
    ArrangementState.REFUSED: (Tag.ATTENTION, Message("未核准")),
}


@dataclass(frozen=True, slots=True)
class Section:
    """What was filled in under one heading; `field` is where the form asks for it."""

    title: str
    rows: Rows
    field: str


def facts_of(registration: Registration, now: datetime) -> RegistrationFacts:
    """Return the facts from which the status page is told."""
    exam_round, order = registration.exam_round, registration.order
    ended = registration.cancel_reason or queries.find_lapse_of(registration, now)
    correction = queries.find_open_correction(registration)
    return RegistrationFacts(
        form_state=registration.form_state,
        review_state=registration.review_state,
        ended=CancelReason(ended) if ended else None,
        payment=payments.payer_status_of(order, now=now),
        same_day_submission=exam_round.same_day_submission,
        submitted_at=registration.submitted_at,
        closes_on=exam_round.registration_closes_on,
        materials_from=exam_round.materials_from,
        ticket_opens_at=exam_round.ticket_opens_at,
        ticket_by_post=registration.ticket_by_post,
        test_on=exam_round.test_on,
        score_opens_at=exam_round.score_opens_at,
        certificate_from=exam_round.certificate_from,
        certificate_chase_after=exam_round.certificate_chase_after,
        correction_last_day=correction.last_day if correction else None,
        can_withdraw=bool(check_can_cancel(registration, now)),
    )


def address_of(step: Step | None, registration: Registration) -> tuple[str, str] | None:
    """Return label and address of a next step; None when there is none."""
    if step is None:
        return None
    if step is Step.AGAIN:
        return _("重新報名"), url_for("registration.new", round=registration.exam_round.code)
    endpoint, label = {
        Step.REVIEW: ("registration.review", _("檢查並送出")),
        Step.PAY: ("registration.pay", _("去繳費")),
        Step.CORRECT: ("corrections.correction", _("補正資料")),
        Step.TICKET: ("tickets.registration_ticket", _("下載准考證")),
        Step.CANCEL: ("registration.cancel", _("取消這份報名")),
    }[step]
    return label, url_for(endpoint, public_id=registration.public_id)


def timeline_rows(registration: Registration, facts: RegistrationFacts, now: datetime) -> TimelineRows:
    """Return the lines of the status page, what rooms above know among them, each with its action or None."""
    known = [*_arrangement_facts(registration, facts), *upper_facts(registration, now)]
    lines = with_upper_facts(timeline(facts, now), known)
    return [(item, fact.action if fact else address_of(item.step, registration)) for item, fact in lines]


def headline(standing: Standing, rows: TimelineRows) -> tuple[Message, Action | None]:
    """Return the result and the way to it once it is out, else the standing, which has its own next step."""
    for item, action in rows:
        if item.key == "score" and action and standing.step is None:
            return Message("成績已公布：%(result)s。", {"result": item.label}), action
    return standing.answer, None


def arrangement_rows(registration: Registration) -> Rows:
    """Return what was asked for: the request, the aids, the number of proofs (R185, R253)."""
    known = registration.arrangement
    files = len(known.files) if known else 0
    return [
        (_("需要的服務"), registration.accommodation),
        (_("要帶進試場的輔具"), (known and known.aids) or _("無")),
        (_("證明文件"), _("%(count)s 份", count=files) if files else _("無")),
    ]


def arrangement_answer(registration: Registration) -> tuple[Message, Tag, Rows] | None:
    """Return the office's answer: a title, its kind of notice, and what it says; None: none yet."""
    known = registration.arrangement
    if known is None or known.state == ArrangementState.WAITING:
        return None
    kind, label = ARRANGEMENT_TAGS[known.state]
    said = [(_("認證當天提供"), known.provided), (_("說明"), known.reply)]
    return label, "info" if kind == Tag.ATTENTION else kind, [row for row in said if row[1]]


def _arrangement_facts(registration: Registration, facts: RegistrationFacts) -> list[UpperFact]:
    if registration.accommodation_sealed is None or facts.ended or facts.form_state == FormState.DRAFT:
        return []
    known = registration.arrangement
    kind, label = ARRANGEMENT_TAGS[known.state if known else ArrangementState.WAITING]
    address = url_for("arrangements.arrangement", public_id=registration.public_id)
    return [
        UpperFact(
            "arrangement", Message("特殊需求服務"), kind, label, action=(Message("查看申請與回覆"), address)
        )
    ]


def can_cancel(registration: Registration, now: datetime) -> bool:
    """Return whether a way to withdraw is to be shown."""
    return queries.find_lapse_of(registration, now) is None and bool(check_can_cancel(registration, now))


def correction_facts(
    registration: Registration, facts: RegistrationFacts, now: datetime
) -> dict[str, object]:
    """Return what the status page tells of corrections: what is missing, what was asked for, what can be."""
    live = facts.ended is None
    correction = queries.find_open_correction(registration) if live else None
    submitted = live and facts.form_state == FormState.SUBMITTED
    return {
        "missing": correction.missing if correction else [],
        "last_request": next(iter(queries.list_amendments(registration)), None) if submitted else None,
        "notices": _notices(registration, facts, now) if submitted else [],
        "can_amend": submitted,
        "can_ask_amendment": submitted and taipei_day(now) <= facts.test_on,
    }


def _notices(
    registration: Registration, facts: RegistrationFacts, now: datetime
) -> Sequence[PostponementNotice]:
    # Once there is a score, when and where the test was meant to be held is of no use to anybody.
    if now >= facts.score_opens_at:
        return []
    return list_notices(registration.round_id, registration.offering.area)


def home_of(registration: Registration) -> str:
    """Return the address of the page from which a registration is looked after; a member's is the group's."""
    endpoint = "groups.of_member" if registration.in_group else "registration.show"
    return url_for(endpoint, public_id=registration.public_id)


def identity_rows(registration: Registration) -> Rows:
    """Return the identity data as they stand, the number masked, for whoever wants them corrected."""
    return _candidate_rows(registration, masked=True)


def fresh_start(registration: Registration, now: datetime) -> FreshStart:
    """Return how the candidate can begin anew when the last day of payment has passed."""
    return FreshStart(
        closes_on=registration.exam_round.registration_closes_on,
        cancel_url=url_for("registration.cancel", public_id=registration.public_id)
        if can_cancel(registration, now)
        else None,
    )


def exam_rows(registration: Registration) -> Rows:
    """Return round, date, area and dialect, by which a registration is recognised."""
    exam_round = registration.exam_round
    return [
        (_("報名梯次"), exam_round.name),
        (_("認證級別"), level_words(exam_round.levels)),
        (_("認證日期"), format_roc_long(exam_round.test_on)),
        (_("應考考區"), registration.offering.area),
        (_("報考腔調"), _(registration.dialect.value)),
    ]


def subject_rows(registration: Registration) -> Rows:
    """Return who and what is paid for."""
    return [(_("考生"), registration.chinese_name), *exam_rows(registration)]


def sections(registration: Registration, *, masked: bool) -> list[Section]:
    """Return all that was filled in, section by section.

    :param masked: hide the ID number, which is shown in full only for checking it before submission
    """
    return [
        Section(_("報考項目"), exam_rows(registration), "dialect"),
        Section(_("考生基本資料"), _candidate_rows(registration, masked), "nationality"),
        Section(_("聯絡方式"), _contact_rows(registration), "mobile"),
        Section(_("緊急聯絡人"), _emergency_rows(registration), "emergency_name"),
        Section(_("統計資料"), _statistics_rows(registration), "background"),
        Section(_("准考證與特殊需求"), _service_rows(registration), "ticket"),
    ]


def deadline_if_submitted(exam_round: Round, today: date) -> tuple[date, bool]:
    """Return the last day of payment if it is submitted today, and whether that is after the close (Q8)."""
    deadline = payment_deadline(today, exam_round.payment_days)
    return deadline.last_day, passes_close(deadline, exam_round.registration_closes_on)


def calendar_events(registration: Registration, host: str) -> list[Event]:
    """Return the dates of a registration: its round's, without registration, and the last day to pay."""
    events = [
        event
        for event in round_events(registration.exam_round, host=host, translate=translate)
        if not event.uid.startswith(f"{registration.exam_round.code}-registration@")
    ]
    if registration.unpaid_last_day is not None:
        title = _("繳費期限：%(round)s", round=registration.exam_round.name)
        uid = payment_uid(registration.public_id, host)
        events.append(Event(uid, registration.unpaid_last_day, title))
    return merged(events)


def payment_uid(public_id: str, host: str) -> str:
    """Return what a calendar knows the last day of payment of a registration or group by."""
    return f"{public_id}-payment@{host}"


def calendar_url(exam_round: Round) -> str:
    """Return Google Calendar's page that adds the test day, with the other dates in its text (R211)."""
    day = f"{exam_round.test_on:%Y%m%d}/{exam_round.test_on + timedelta(days=1):%Y%m%d}"
    details = "\n".join(
        [
            _("教材 %(day)s 起寄發", day=format_roc_long(exam_round.materials_from)),
            _("准考證 %(day)s 起下載", day=format_roc_long(taipei_day(exam_round.ticket_opens_at))),
            _("成績 %(day)s 起公布", day=format_roc_long(taipei_day(exam_round.score_opens_at))),
        ]
    )
    entry = {"action": "TEMPLATE", "text": exam_round.name, "dates": day, "details": details}
    return "https://calendar.google.com/calendar/render?" + urlencode(entry)


def _candidate_rows(registration: Registration, masked: bool) -> Rows:
    number = registration.id_number
    return [
        (_("中文姓名"), registration.chinese_name),
        (_("英文姓名"), registration.english_name),
        (_("國籍"), _("外籍人士") if registration.is_foreign else _("本國")),
        (_("身分證統一編號"), mask_id(number) if masked else number),
        (_("出生日期"), format_birth_both(registration.birth_on)),
    ]


def _contact_rows(registration: Registration) -> Rows:
    place = f"{registration.zip_code} {registration.county}{registration.district}"
    return [
        (_("手機"), _phone(registration.mobile)),
        (_("市內電話"), _phone(registration.phone)),
        (_("電子信箱"), registration.email),
        (_("通訊地址"), f"{place}{registration.street}"),
    ]


def _emergency_rows(registration: Registration) -> Rows:
    return [
        (_("聯絡人姓名"), registration.emergency_name),
        (_("與考生關係"), registration.emergency_relation),
        (_("聯絡人電話"), _phone(registration.emergency_phone)),
    ]


def _statistics_rows(registration: Registration) -> Rows:
    # Asked for statistics only; who reviews, seats or scores does not see it (P007).
    return [
        (_("考生身分"), _(registration.background.value)),
        (_("考生職業"), _(registration.occupation.value)),
        (_("教育程度"), _(registration.education.value)),
    ]


def _service_rows(registration: Registration) -> Rows:
    by_post = registration.ticket_by_post
    ticket = (_("准考證"), _("由總試務中心寄發") if by_post else _("自行下載列印"))
    if registration.accommodation_sealed is None:
        return [ticket, (_("特殊需求"), _("無"))]
    return [ticket, *arrangement_rows(registration)]


def _phone(written: str | None) -> str | None:
    if written is None:
        return None
    digits, _hash, extension = written.partition("#")
    return format_phone(digits, extension)
