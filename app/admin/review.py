"""The review desk: the queue of complete registrations, one case beside it, and the decision (R213)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.accounts.policy import fresh_sign_in_required, permission_required
from app.admin import services
from app.admin.case_facts import person_sections
from app.admin.forms import ReturnForm, UnmaskForm
from app.admin.labels import ACTIONS, FORM_TAGS, PAYMENT_TAG_KINDS, REVIEW_TAGS
from app.admin.paging import asked_page
from app.admin.queries import reviews
from app.admin.queries.reviews import ReviewFilter
from app.admin.review_filter import chip_rows, count_matching, filter_args, read_filter
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import DomainError
from app.core.identity import mask_id, mask_name
from app.core.uploads import MIMETYPES
from app.payments.queries import status_of
from app.registration.models import Registration
from app.registration.queries import list_corrections
from app.registration.rules import check_can_review
from app.registration.services import approve_registrations, return_registration
from app.registration.states import ReviewState
from app.web import current_actor, translate

bp = Blueprint("review", __name__, url_prefix="/review")


@bp.get("/")
@permission_required(Permission.LOOK_UP)
def index() -> str:
    wanted = _wanted()
    counts = reviews.count_reviews()
    page = asked_page(count_matching(counts, wanted))
    registrations = reviews.list_reviews(wanted, page=page)
    return render_template(
        "admin/review.html",
        wanted=wanted,
        registrations=registrations,
        groups=reviews.groups_of(registrations),
        chip_rows=chip_rows(counts, wanted),
        filter_args=filter_args(wanted),
        page=page,
        url_of=lambda number: url_for(".index", **filter_args(wanted), page=number),
        **_words(),
    )


@bp.get("/<public_id>")
@permission_required(Permission.LOOK_UP)
def case(public_id: str) -> str:
    registration = services.look_at_registration(public_id, actor=current_actor())
    return _show_case(registration, UnmaskForm(), unmasked=False)


@bp.post("/<public_id>/unmask")
@permission_required(Permission.UNMASK)
@permission_required(Permission.LOOK_UP)
@fresh_sign_in_required
def unmask(public_id: str) -> Any:
    form = UnmaskForm()
    if not form.validate_on_submit():
        registration = services.look_at_registration(public_id, actor=current_actor())
        return _show_case(registration, form, unmasked=False), 422
    registration = services.unmask_registration(public_id, reason=form.stated, actor=current_actor())
    # Shown at once and nowhere else: an address that shows a person in full could be opened again.
    return _show_case(registration, form, unmasked=True)


@bp.post("/<public_id>/approve")
@permission_required(Permission.REVIEW)
def approve(public_id: str) -> Response:
    registration = reviews.get_case(public_id)
    try:
        approve_registrations([public_id], actor=current_actor())
    except DomainError as refusal:
        flash(translate(refusal.message), "error")
        return redirect(_case_url(registration, _wanted()), 303)
    flash(_("已通過 %(name)s 的報名。", name=mask_name(registration.chinese_name)), "success")
    return _go_on(registration)


@bp.route("/<public_id>/return", methods=["GET", "POST"])
@permission_required(Permission.REVIEW)
def send_back(public_id: str) -> Any:
    registration = services.look_at_registration(public_id, actor=current_actor())
    form = ReturnForm()
    if form.validate_on_submit():
        return_registration(public_id, form.missing, actor=current_actor())
        name = mask_name(registration.chinese_name)
        flash(_("已退回 %(name)s 的報名，要補正的項目已寄給考生。", name=name), "success")
        return _go_on(registration)
    facts = {"registration": registration, "form": form, "filter_args": filter_args(_wanted()), **_words()}
    return render_template("admin/review_return.html", **facts), 422 if form.errors else 200


@bp.post("/approve")
@permission_required(Permission.REVIEW)
def approve_picked() -> Any:
    """Ask once, with the number; the same address approves when that page is confirmed."""
    picked = reviews.list_picked(request.form.getlist("picked"))
    back_url = url_for(".index", **filter_args(_wanted()))
    if not picked:
        flash(_("還沒有勾選任何報名。請先勾選，再按「通過勾選的報名」。"), "warning")
        return redirect(back_url, 303)
    if "confirmed" not in request.form:
        return render_template(
            "admin/review_approve.html",
            picked=picked,
            names=[mask_name(each.chinese_name) for each in picked],
            rounds=dict.fromkeys(each.exam_round.name for each in picked),
            filter_args=filter_args(_wanted()),
            back_url=back_url,
        )
    try:
        approved = approve_registrations([each.public_id for each in picked], actor=current_actor())
        flash(_("已通過 %(count)s 份報名。", count=approved), "success")
    except DomainError as refusal:
        flash(translate(refusal.message), "error")
    return redirect(back_url, 303)


@bp.get("/<public_id>/files/<file_id>")
@permission_required(Permission.REVIEW)
def correction_file(public_id: str, file_id: str) -> Response:
    """Hand out a document that came with an answer; only as a file to be saved, and on record."""
    found = services.take_correction_file(public_id, file_id, actor=current_actor())
    name = f"correction-{found.public_id}.{found.suffix}"
    return attachment(found.content, mimetype=MIMETYPES[found.suffix], name=name, plain_name=name)


def _show_case(registration: Registration, form: UnmaskForm, *, unmasked: bool) -> str:
    wanted = _wanted()
    before, after = reviews.list_around(wanted, registration)
    payment = status_of(registration.order, now=clock.now())
    return render_template(
        "admin/case.html",
        registration=registration,
        group=reviews.groups_of([registration]).get(registration.id),
        before=before,
        after=after,
        sections=person_sections(registration, unmasked=unmasked),
        unmasked=unmasked,
        form=form,
        payment=payment,
        payment_kind=PAYMENT_TAG_KINDS[payment.kind],
        decision=check_can_review(registration.form_state, complete=registration.is_complete),
        can_approve=registration.review_state != ReviewState.APPROVED,
        can_return=registration.review_state == ReviewState.PENDING,
        corrections=list_corrections(registration),
        history=reviews.list_history(registration),
        actions=ACTIONS,
        filter_args=filter_args(wanted),
        **_words(),
    )


def _go_on(done: Registration) -> Response:
    wanted = _wanted()
    following = reviews.find_next(wanted, done)
    address = _case_url(following, wanted) if following else url_for(".index", **filter_args(wanted))
    return redirect(address, 303)


def _case_url(registration: Registration, wanted: ReviewFilter) -> str:
    return url_for(".case", public_id=registration.public_id, **filter_args(wanted))


def _wanted() -> ReviewFilter:
    return read_filter(request.args)


def _words() -> dict[str, Any]:
    return {
        "review_tags": REVIEW_TAGS,
        "form_tags": FORM_TAGS,
        "mask_name": mask_name,
        "mask_id": mask_id,
    }
