"""A candidate's pages: list, form, the check before sending, status, payment, withdrawal (S022)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.models import AccountKind
from app.accounts.policy import applicant_required, current_account, kind_required
from app.accounts.throttle import count_pdf
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import DomainError, Refused
from app.core.ics import MIMETYPE, write_calendar
from app.core.messages import Message
from app.core.roc_dates import format_roc_long
from app.exams import queries as exams
from app.exams.choices import Track
from app.exams.models import Round
from app.exams.openings import check_any_open, check_round_open, is_open
from app.exams.places import OfferingFull
from app.payments.books.papers import hand_out_bill, hand_out_deadline, hand_out_receipt
from app.payments.pages import pay as payment_page
from app.payments.refunds.pages import refund as refund_page
from app.registration import pages, queries, rules, services, status
from app.registration.forms import CandidateForm
from app.registration.models import Registration
from app.registration.states import FormState
from app.web import current_actor

bp = Blueprint("registration", __name__, url_prefix="/registrations")
individual_required = kind_required(AccountKind.INDIVIDUAL)


@bp.get("")
@individual_required
def index() -> str:
    now = clock.now()
    rows = []
    for registration in queries.list_registrations(current_account().id):
        standing = status.standing(pages.facts_of(registration, now), now)
        rows.append((registration, standing, pages.address_of(standing.step, registration)))
    rows.sort(key=lambda row: status.URGENCY.index(row[1].kind))
    return render_template(
        "registration/index.html",
        rows=rows,
        answer=status.overview([standing for _registration, standing, _action in rows]),
        track=current_account().track,
    )


@bp.route("/new", methods=["GET", "POST"])
@individual_required
def new() -> ResponseReturnValue:
    code = request.args.get("round")
    if current_account().track == Track.MULTI and code is None:
        return redirect(url_for("site.rounds") + "#multi", 303)
    rounds, refusal = _rounds_to_choose(code)
    _show_alone(refusal)
    form = CandidateForm(
        rounds=rounds,
        full_areas=exams.list_full_areas(rounds, clock.now()),
        today=clock.today(),
        exam_round=code,
        email=current_account().email,
    )
    return _form_page(form, rounds, None, refusal)


@bp.get("/<public_id>")
@individual_required
def show(public_id: str) -> str:
    registration, now = _mine(public_id), clock.now()
    facts = pages.facts_of(registration, now)
    standing = status.standing(facts, now)
    items = pages.timeline_rows(registration, facts, now)
    answer, way = pages.headline(standing, items)
    return render_template(
        "registration/show.html",
        registration=registration,
        facts=facts,
        standing=standing,
        answer=answer,
        action=way or pages.address_of(standing.step, registration),
        items=items,
        exam_rows=pages.subject_rows(registration),
        sections=pages.sections(registration, masked=True),
        calendar_url=pages.calendar_url(registration.exam_round),
        **pages.correction_facts(registration, facts, now),
        can_cancel=pages.can_cancel(registration, now),
    )


@bp.get("/<public_id>/calendar.ics")
@applicant_required
def calendar(public_id: str) -> Response:
    """Hand out the dates of one registration for a calendar program (R099, R211)."""
    registration = _mine(public_id)
    events = pages.calendar_events(registration, request.host)
    content = write_calendar(registration.exam_round.name, events, written_at=clock.now())
    return attachment(content, mimetype=MIMETYPE, name="重要期程.ics", plain_name="dates.ics")


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@individual_required
def edit(public_id: str) -> ResponseReturnValue:
    registration = _mine(public_id)
    refusal = _find_refusal(registration)
    _show_alone(refusal)
    exam_round = registration.exam_round
    rounds = [exam_round]
    if not exam_round.same_day_submission and refusal is None:
        rounds = exams.list_open_rounds(exam_round.track, clock.today())
    form = CandidateForm(
        rounds=rounds,
        full_areas=exams.list_full_areas(rounds, clock.now()),
        today=clock.today(),
        registration=registration,
    )
    return _form_page(form, rounds, registration, refusal)


@bp.get("/<public_id>/review")
@individual_required
def review(public_id: str) -> ResponseReturnValue:
    registration = _mine(public_id)
    if registration.form_state == FormState.SUBMITTED:
        return redirect(url_for(".show", public_id=public_id), 303)
    if refusal := _find_refusal(registration):
        raise refusal
    return _review_page(registration)


@bp.post("/<public_id>/submit")
@individual_required
def submit(public_id: str) -> ResponseReturnValue:
    try:
        registration = services.submit_registration(public_id, current_account().id, actor=current_actor())
    except (services.AlreadyRegistered, OfferingFull) as refusal:
        return _review_page(_mine(public_id), refusal), 409
    if registration.order is None:
        flash(_l("報名完成，免繳報名費。確認信已寄到考生的電子信箱。"), "done")
        return redirect(url_for(".show", public_id=public_id), 303)
    flash(_l("報名資料已送出，請接著繳費。"), "done")
    return redirect(url_for(".pay", public_id=public_id), 303)


@bp.route("/<public_id>/pay", methods=["GET", "POST"])
@individual_required
def pay(public_id: str) -> ResponseReturnValue:
    registration = _mine(public_id)
    back_url = url_for(".show", public_id=public_id)
    if registration.own_order is None:
        return redirect(back_url, 303)
    return payment_page(
        registration.own_order,
        subject_facts=pages.subject_rows(registration),
        back_url=back_url,
        fresh_start=pages.fresh_start(registration, clock.now()),
    )


@bp.get("/<public_id>/receipt.pdf")
@individual_required
def receipt(public_id: str) -> Response:
    count_pdf(current_account().id)
    return hand_out_receipt(_mine(public_id).own_order)


@bp.get("/<public_id>/bill.pdf")
@individual_required
def bill(public_id: str) -> Response:
    count_pdf(current_account().id)
    return hand_out_bill(_mine(public_id).own_order)


@bp.get("/<public_id>/pay.ics")
@individual_required
def pay_day(public_id: str) -> Response:
    """Hand out the last day of payment for a calendar program (R099)."""
    return hand_out_deadline(
        _mine(public_id).own_order,
        uid=pages.payment_uid(public_id, request.host),
        page_url=url_for(".pay", public_id=public_id, _external=True),
    )


@bp.route("/<public_id>/refund", methods=["GET", "POST"])
@individual_required
def refund(public_id: str) -> ResponseReturnValue:
    registration = _mine(public_id)
    if registration.order is not None and registration.own_order is None:
        raise Refused(
            Message("這份報名的報名費是由原來的團體繳的；要申請退費，請把退費申請書以掛號寄到總試務中心")
        )
    label = Message(
        "%(name)s　%(round)s", {"name": registration.chinese_name, "round": registration.exam_round.name}
    )
    return refund_page(
        registration.own_order, back_url=url_for(".show", public_id=public_id), back_label=label
    )


@bp.route("/<public_id>/cancel", methods=["GET", "POST"])
@individual_required
def cancel(public_id: str) -> ResponseReturnValue:
    if request.method == "POST":
        services.cancel_registration(public_id, current_account().id, actor=current_actor())
        flash(_l("已取消這份報名。"), "done")
        return redirect(url_for(".show", public_id=public_id), 303)
    registration = _mine(public_id)
    services.check_can_cancel(registration, clock.now()).raise_if_refused()
    return render_template(
        "registration/cancel.html", registration=registration, facts=pages.subject_rows(registration)
    )


def _mine(public_id: str) -> Registration:
    return queries.get_registration(public_id, current_account().id)


def _find_refusal(registration: Registration) -> Refused | None:
    """Return why a registration's data cannot be changed now; None when they can."""
    lapse = queries.find_lapse_of(registration, clock.now())
    try:
        rules.check_can_change(registration.form_state, lapse).raise_if_refused()
        check_round_open(registration.exam_round, clock.today()).raise_if_refused()
    except Refused as refusal:
        return refusal
    return None


def _show_alone(refusal: Refused | None) -> None:
    """Answer with the refusal alone, unless something was typed that has to come back with it."""
    if refusal is not None and request.method == "GET":
        raise refusal


def _rounds_to_choose(code: str | None) -> tuple[Sequence[Round], Refused | None]:
    """Return the rounds the form offers, the open national ones or the multi round asked for (R206, R207),
    and why none of them can be chosen now, if so.
    """
    rounds = exams.list_rounds(Track.NATIONAL)
    if code is not None:
        exam_round = exams.get_round(code)
        same_track = current_account().track == exam_round.track
        rules.check_can_register(individual=True, same_track=same_track).raise_if_refused()
        if exam_round.track == Track.MULTI:
            rounds = [exam_round]
    today = clock.today()
    try:
        check_any_open(rounds, today).raise_if_refused()
    except Refused as refusal:
        return rounds, refusal
    return [each for each in rounds if is_open(each, today)], None


def _review_page(registration: Registration, refusal: DomainError | None = None) -> str:
    last_day, after_close = pages.deadline_if_submitted(registration.exam_round, clock.today())
    return render_template(
        "registration/review.html",
        registration=registration,
        refusal=refusal.message if refusal else None,
        fee=services.fee_of(registration),
        last_day=last_day,
        after_close=after_close,
        sections=pages.sections(registration, masked=False),
    )


def _form_page(
    form: CandidateForm,
    rounds: Sequence[Round],
    registration: Registration | None,
    refusal: Refused | None,
) -> ResponseReturnValue:
    in_the_way = None
    if refusal is not None:
        form.refuse(refusal)
    elif form.validate_on_submit():
        public_id = registration.public_id if registration else None
        try:
            saved = services.save_draft(
                current_account().id,
                form.exam_round.data,
                form.area.data,
                form.candidate(),
                actor=current_actor(),
                public_id=public_id,
            )
        except DomainError as error:
            form.refuse(error)
            in_the_way = error.other if isinstance(error, services.AlreadyRegistered) else None
        else:
            asked = saved.accommodation_sealed is not None
            endpoint = "arrangements.arrangement" if asked else ".review"
            return redirect(url_for(endpoint, public_id=saved.public_id), 303)
    page = render_template(
        "registration/form.html",
        form=form,
        fixed_round=rounds[0] if len(rounds) == 1 else None,
        registration=registration,
        test_dates={each.code: format_roc_long(each.test_on) for each in rounds},
        in_the_way=in_the_way,
        track=current_account().track,
    )
    return page, form.status_code
