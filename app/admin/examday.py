"""The exam day at the site: who comes, what is still to be done, incidents, re-sits, errors on tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin import services as looks
from app.admin.chips import Chip
from app.admin.examday_forms import (
    AT,
    NEXT_YEAR,
    AttendanceForm,
    DecisionForm,
    IncidentForm,
    ReissueForm,
    ReportAnswerForm,
    ResitForm,
    WithdrawForm,
)
from app.admin.queries.amendments import count_waiting as count_amendments
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import DomainError, InvalidValue
from app.core.identity import mask_birth, mask_id, mask_name
from app.core.messages import Message
from app.examday import queries, rules, services
from app.examday.affidavit_pdf import build_affidavit
from app.examday.content import affidavit_content
from app.examday.documents import DOCUMENT_NAMES, IdDocument
from app.examday.models import IncidentReport
from app.examday.scans import read_ticket_number
from app.examday.services.attendance import documents_of
from app.examday.services.incidents import incidents_at_site
from app.examday.states import (
    ATTENDANCE_WORDS,
    INCIDENT_WORDS,
    REPORT_ITEMS,
    TASK_WORDS,
    AttendanceState,
    IncidentKind,
    ReportState,
)
from app.exams.models import Round
from app.exams.queries import get_round, list_rounds
from app.registration.states import AmendmentState
from app.tickets.content import ticket_contents
from app.tickets.models import Seat, Venue
from app.tickets.ticket_pdf import build_tickets
from app.web import current_actor

bp = Blueprint("examday", __name__, url_prefix="/exam-day")
on_duty = permission_required(Permission.EXAM_DAY)
_PDF = "application/pdf"


@bp.get("/")
@on_duty
def index() -> str:
    """The rooms of a venue, session by session; today's round unless another is asked for."""
    rounds = list_rounds()
    exam_round = _chosen_round(rounds)
    venues = queries.list_venues(exam_round.id) if exam_round else []
    asked = request.args.get("venue", type=int)
    venue = next((each for each in venues if each.id == asked), venues[0] if venues else None)
    return render_template(
        "admin/examday/index.html",
        exam_round=exam_round,
        rounds=[(_l("梯次"), _round_chips(rounds, exam_round))],
        venues=_venue_chips(exam_round, venues, venue),
        venue=venue,
        room_days=queries.list_room_days(exam_round.id, venue.id) if exam_round and venue else [],
        open_tasks=len(queries.list_open_tasks(exam_round.id)) if exam_round else 0,
        undecided=queries.count_undecided(exam_round.id) if exam_round else 0,
        reports=queries.count_ticket_reports(),
        on_site=count_amendments()[AmendmentState.ON_SITE],
        hour=_hour,
    )


@bp.get("/find")
@on_duty
def find() -> Any:
    """Lead from a ticket number, typed or scanned, to its seat."""
    try:
        number = read_ticket_number(request.args.get("q", ""))
        queries.get_seat(number)
    except DomainError as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".seat", number=number), 303)


@bp.get("/rooms/<int:slot_id>/<int:room_id>")
@on_duty
def room(slot_id: int, room_id: int) -> str:
    slot, exam_room, lines = looks.look_at_room(slot_id, room_id, actor=current_actor())
    now = clock.now()
    return render_template(
        "admin/examday/room.html",
        slot=slot,
        room=exam_room,
        lines=lines,
        present=sum(_state(line.attendance) == AttendanceState.PRESENT for line in lines),
        closed=queries.is_closed(slot_id, room_id),
        begun=rules.check_entry_begun(slot.entry_at, now),
        late=rules.is_too_late(slot.entry_at, now),
        last_entry_at=rules.last_entry_at(slot.entry_at),
        documents_of=documents_of,
        hour=_hour,
        **_words(),
    )


@bp.post("/seats/<number>/check-in")
@on_duty
def check_in(number: str) -> Any:
    seat = queries.get_seat(number)
    here = url_for(".room", slot_id=seat.slot_id, room_id=seat.room_id, _anchor=f"seat-{seat.number}")
    try:
        attendance = services.check_in(
            number, _posted_document(), has_ticket="no_ticket" not in request.form, actor=current_actor()
        )
    except DomainError as refusal:
        flash(refusal.message, "error")
        return redirect(here, 303)
    if attendance.state == AttendanceState.LATE:
        text = _("%(seat)s 號入場鈴後超過 10 分鐘，不得入場，已登錄為放棄。", seat=seat.number)
        flash(text, "error")
    elif attendance.tasks and any(task.done_at is None for task in attendance.tasks):
        flash(_("%(seat)s 號先入座，請提醒考生測驗後立刻到試務中心補辦。", seat=seat.number), "message")
    return redirect(here, 303)


@bp.route("/rooms/<int:slot_id>/<int:room_id>/close", methods=["GET", "POST"])
@on_duty
def close(slot_id: int, room_id: int) -> Any:
    """Ask, with the names of who is absent, then close the attendance of a room."""
    slot, exam_room = queries.get_place(slot_id, room_id)
    rules.check_can_close(slot.entry_at, clock.now()).raise_if_refused()
    if request.method == "POST":
        absent = services.close_room(slot_id, room_id, actor=current_actor())
        flash(_("點名結束，缺考 %(count)s 人。", count=absent), "success")
        return redirect(url_for(".room", slot_id=slot_id, room_id=room_id), 303)
    _slot, _room, lines = looks.look_at_room(slot_id, room_id, actor=current_actor())
    missing = [line for line in lines if _state(line.attendance) != AttendanceState.PRESENT]
    return render_template(
        "admin/examday/close.html",
        slot=slot,
        room=exam_room,
        present=len(lines) - len(missing),
        missing=missing,
        hour=_hour,
    )


@bp.get("/seats/<number>")
@on_duty
def seat(number: str) -> Any:
    return _seat_page(looks.look_at_seat(number, actor=current_actor()))


@bp.post("/seats/<number>/attendance")
@on_duty
def correct(number: str) -> Any:
    found = looks.look_at_seat(number, actor=current_actor())
    form = AttendanceForm(documents_of(found))
    if form.validate_on_submit():
        try:
            services.correct_attendance(
                number,
                present=form.is_present,
                document=form.seen if form.is_present else None,
                reason=form.reason.data,
                actor=current_actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("點名已更正。"), "success")
            return redirect(url_for(".seat", number=number), 303)
    return _seat_page(found, attendance_form=form)


@bp.post("/seats/<number>/reissue")
@on_duty
def reissue(number: str) -> Any:
    """Put the re-issue on record and hand out the ticket to be printed."""
    found = looks.look_at_seat(number, actor=current_actor())
    form = ReissueForm(documents_of(found))
    if form.validate_on_submit():
        try:
            printed = services.reissue_ticket(number, form.seen, actor=current_actor())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            base_url = current_app.extensions["settings"].base_url.rstrip("/")
            return attachment(
                build_tickets(ticket_contents([printed], base_url=base_url)),
                mimetype=_PDF,
                name=_("補發准考證.pdf"),
                plain_name="ticket.pdf",
            )
    return _seat_page(found, reissue_form=form)


@bp.get("/seats/<number>/affidavit.pdf")
@on_duty
def affidavit(number: str) -> Response:
    found = looks.look_at_seat(number, actor=current_actor())
    return attachment(
        build_affidavit(affidavit_content(found, clock.now())),
        mimetype=_PDF,
        name=_("切結書.pdf"),
        plain_name="affidavit.pdf",
    )


@bp.post("/seats/<number>/incidents")
@on_duty
def record(number: str) -> Any:
    found = looks.look_at_seat(number, actor=current_actor())
    form = IncidentForm(incidents_at_site(queries.incidents_of(found.slot.exam_round)))
    if form.validate_on_submit():
        try:
            services.record_incident(
                number, form.kind, code=form.code, text=form.text.data, actor=current_actor()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("試場事件已登錄。"), "success")
            return redirect(url_for(".seat", number=number), 303)
    return _seat_page(found, incident_form=form)


@bp.get("/tasks")
@on_duty
def tasks() -> str:
    """What is still to be done after the sessions of a round (?round=), and what costs the score by now."""
    rounds = list_rounds()
    exam_round = _chosen_round(rounds)
    found = looks.look_at_tasks(exam_round, actor=current_actor()) if exam_round else []
    now = clock.now()
    return render_template(
        "admin/examday/tasks.html",
        exam_round=exam_round,
        tasks=found,
        numbers=queries.ticket_numbers_of([each.attendance.registration_id for each in found]),
        costs_score=lambda task: rules.task_costs_score(clock.taipei_day(task.attendance.slot.entry_at), now),
        hour=_hour,
        **_words(),
    )


@bp.post("/tasks/<public_id>/done")
@on_duty
def finish(public_id: str) -> Any:
    task = services.finish_task(public_id, actor=current_actor())
    flash(_("已登錄完成。"), "success")
    number = queries.ticket_numbers_of([task.attendance.registration_id])[task.attendance.registration_id]
    return redirect(url_for(".seat", number=number), 303)


@bp.get("/incidents")
@on_duty
def incidents() -> str:
    rounds = list_rounds()
    exam_round = _chosen_round(rounds)
    found = looks.look_at_incidents(exam_round, actor=current_actor()) if exam_round else []
    known = {each.code: each for each in queries.incidents_of(exam_round)} if exam_round else {}
    return render_template(
        "admin/examday/incidents.html",
        exam_round=exam_round,
        rounds=[(_l("梯次"), _round_chips(rounds, exam_round, ".incidents"))],
        reports=found,
        undecided=sum(each.is_undecided and each.withdrawn_at is None for each in found),
        numbers=queries.ticket_numbers_of([each.registration_id for each in found]),
        effect=lambda report: _effect(report, known),
        mask_name=mask_name,
        **_words(),
    )


@bp.route("/incidents/<public_id>/withdraw", methods=["GET", "POST"])
@on_duty
def withdraw(public_id: str) -> Any:
    report, form = queries.get_incident(public_id), WithdrawForm()
    if form.validate_on_submit():
        try:
            services.withdraw_incident(public_id, reason=form.reason.data, actor=current_actor())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("已撤銷，成績表不會再要求這一項。"), "success")
            return _back_to_incidents(report)
    return _incident_page("withdraw", report, form)


@bp.route("/incidents/<public_id>/decide", methods=["GET", "POST"])
@permission_required(Permission.RESULTS)
def decide(public_id: str) -> Any:
    """Record what the committee decided: of the office, not of the site."""
    report, form = queries.get_incident(public_id), DecisionForm()
    if form.validate_on_submit():
        try:
            services.decide_incident(
                public_id, points=form.points_off, decision=form.decision.data, actor=current_actor()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("決議已登錄，會帶進成績表。"), "success")
            return _back_to_incidents(report)
    return _incident_page("decide", report, form)


@bp.route("/incidents/<public_id>/resit", methods=["GET", "POST"])
@on_duty
def resit(public_id: str) -> Any:
    report = queries.get_incident(public_id)
    seat_now = queries.find_seat_of(report.registration_id)
    form = ResitForm(queries.list_free_places(seat_now, clock.now()) if seat_now else [])
    if form.validate_on_submit():
        try:
            _arrange(public_id, form)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("已安排，考生會收到信。"), "success")
            return _back_to_incidents(report)
    return _incident_page("resit", report, form)


@bp.get("/reports")
@on_duty
def reports() -> str:
    return render_template(
        "admin/examday/reports.html",
        reports=queries.list_ticket_reports(),
        items=REPORT_ITEMS,
        mask_name=mask_name,
    )


@bp.route("/reports/<public_id>", methods=["GET", "POST"])
@on_duty
def answer(public_id: str) -> Any:
    report = queries.get_ticket_report(public_id)
    registration = looks.look_at_registration(report.registration.public_id, actor=current_actor())
    form = ReportAnswerForm()
    if form.validate_on_submit():
        try:
            services.answer_ticket_report(
                public_id, ReportState(form.state.data), form.reply.data or None, actor=current_actor()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("已回覆考生，這件回報結案。"), "success")
            return redirect(url_for(".reports"), 303)
    page = render_template(
        "admin/examday/report.html",
        report=report,
        registration=registration,
        seat=queries.find_seat_of(registration.id),
        form=form,
        items=REPORT_ITEMS,
        name=mask_name(registration.chinese_name),
        hour=_hour,
    )
    return page, form.status_code


def _seat_page(
    found: Seat,
    *,
    attendance_form: AttendanceForm | None = None,
    reissue_form: ReissueForm | None = None,
    incident_form: IncidentForm | None = None,
) -> tuple[str, int]:
    documents = documents_of(found)
    known = queries.incidents_of(found.slot.exam_round)
    attendance = queries.find_attendance(found)
    registration = found.registration
    forms = [each for each in (attendance_form, reissue_form, incident_form) if each]
    page = render_template(
        "admin/examday/seat.html",
        seat=found,
        registration=registration,
        attendance=attendance,
        masked_id=mask_id(registration.id_number),
        masked_birth=mask_birth(registration.birth_on),
        documents=documents,
        closed=queries.is_closed(found.slot_id, found.room_id),
        late=rules.is_too_late(found.slot.entry_at, clock.now()),
        begun=rules.check_entry_begun(found.slot.entry_at, clock.now()),
        last_entry_at=rules.last_entry_at(found.slot.entry_at),
        can_reissue=services.check_can_reissue(found, attendance),
        can_record=rules.check_can_record(found.slot.entry_at, clock.now(), _state(attendance)),
        reports=queries.list_incidents_of(registration.id),
        effect=lambda report: _effect(report, {each.code: each for each in known}),
        attendance_form=attendance_form or AttendanceForm(documents, formdata=None),
        reissue_form=reissue_form or ReissueForm(documents, formdata=None),
        incident_form=incident_form or IncidentForm(incidents_at_site(known), formdata=None),
        hour=_hour,
        **_words(),
    )
    return page, max((form.status_code for form in forms), default=200)


def _incident_page(name: str, report: IncidentReport, form: Any) -> tuple[str, int]:
    registration = report.registration
    page = render_template(
        f"admin/examday/{name}.html",
        report=report,
        form=form,
        number=queries.ticket_numbers_of([registration.id]).get(registration.id),
        name=mask_name(registration.chinese_name),
        AT=AT,
        **_words(),
    )
    return page, form.status_code


def _arrange(public_id: str, form: ResitForm) -> None:
    if form.place.data == NEXT_YEAR:
        services.carry_over(public_id, actor=current_actor())
    elif form.place.data == AT:
        services.assign_resit_at(public_id, form.entry_at, actor=current_actor())
    else:
        slot_id, room_id = form.place.data.split("-")
        services.assign_resit(public_id, int(slot_id), int(room_id), actor=current_actor())


def _back_to_incidents(report: IncidentReport) -> Any:
    return redirect(url_for(".incidents", round=report.registration.exam_round.code), 303)


def _effect(report: IncidentReport, known: dict[str, Any]) -> tuple[Message, Message]:
    """Return what happened and what it costs, in words."""
    if report.code is None:
        undecided = report.kind == IncidentKind.COMMITTEE
        return INCIDENT_WORDS[report.kind], Message("待決議") if undecided else Message("不扣分")
    incident = known.get(report.code)
    if incident is not None:
        return incident.label, incident.effect
    points = {"points": report.code[1:]}
    return INCIDENT_WORDS[report.kind], Message("扣 %(points)s 分", points)


def _posted_document() -> IdDocument | None:
    posted = request.form.get("document", "")
    if posted in set(IdDocument):
        return IdDocument(posted)
    if posted != "none":
        raise InvalidValue(Message("請選擇看過的證件，或「沒帶證件」"))
    return None


def _words() -> dict[str, Any]:
    return {
        "attendance_words": ATTENDANCE_WORDS,
        "task_words": TASK_WORDS,
        "document_names": DOCUMENT_NAMES,
        "incident_words": INCIDENT_WORDS,
    }


def _state(attendance: Any) -> AttendanceState | None:
    return attendance.state if attendance else None


def _chosen_round(rounds: Sequence[Round]) -> Round | None:
    """Return the round that is asked for, else today's, else the next one, else the last."""
    code = request.args.get("round")
    if code:
        return get_round(code)
    coming = sorted((each for each in rounds if each.test_on >= clock.today()), key=lambda each: each.test_on)
    return coming[0] if coming else max(rounds, key=lambda each: each.test_on, default=None)


def _round_chips(rounds: Sequence[Round], chosen: Round | None, endpoint: str = ".index") -> list[Chip]:
    """Return the rounds around today: the chosen one, those of the last two months and the next month."""
    today = clock.today()
    near = [each for each in rounds if -31 <= (today - each.test_on).days <= 62 or each is chosen]
    return [(each.name, url_for(endpoint, round=each.code), None, each is chosen) for each in near]


def _venue_chips(exam_round: Round | None, venues: Sequence[Venue], chosen: Venue | None) -> list[Chip]:
    code = exam_round.code if exam_round else None
    return [
        (each.name, url_for(".index", round=code, venue=each.id), None, each is chosen) for each in venues
    ]


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(clock.TAIPEI):%H:%M}"
