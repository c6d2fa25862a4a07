"""The mailings desk, second part: what came back, registered numbers, requests to send again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirection

from app.admin.mailings import bp, mails
from app.admin.mailings_forms import DecideForm, NumberForm, ReturnForm
from app.admin.mailings_looks import look_at_parcel, look_at_resend
from app.admin.paging import SIZE, asked_page
from app.core import clock
from app.core.errors import DomainError, InvalidValue, Refused
from app.core.identity import mask_name
from app.core.text import compact
from app.mailings import pages, queries, services
from app.mailings.forms import ResendForm
from app.mailings.kinds import KINDS
from app.mailings.models import MailingParcel, MailingResend
from app.mailings.rules import owes_postage
from app.mailings.states import (
    OPEN,
    RESEND_CAUSES,
    RESEND_LABELS,
    RETURN_REASONS,
    ResendCause,
    ResendEvent,
    ReturnReason,
)
from app.web import current_actor

_TAGS = {"asked": "attention", "postage_due": "waiting", "ready": "waiting", "refused": "neutral"}


@bp.get("/find")
@mails
def find() -> Redirection:
    """Lead from what stands on an envelope, the label's number or the registered one, to the parcel."""
    text = compact(request.args.get("number", ""))
    parcel = queries.find_parcel(text)
    if parcel is None:
        flash(_("沒有標籤編號或掛號號碼是 %(number)s 的郵件。", number=text[:20] or "–"), "error")
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".parcel", public_id=parcel.public_id), 303)


@bp.get("/parcels/<public_id>")
@mails
def parcel(public_id: str) -> ResponseReturnValue:
    return _parcel_page(public_id)


@bp.route("/parcels/<public_id>/return", methods=["GET", "POST"])
@mails
def come_back(public_id: str) -> ResponseReturnValue:
    """Ask when and why a parcel came back, then put it on record and tell whom it was for."""
    found, form = look_at_parcel(public_id, actor=current_actor()), ReturnForm(today=clock.today())
    if form.validate_on_submit():
        try:
            services.return_parcel(
                public_id,
                returned_on=form.returned_on.value,
                reason=ReturnReason(form.reason.data),
                actor=current_actor(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("已登錄退回，收件的考生和團報負責人會收到通知。"), "success")
            return _back_to(public_id)
    page = render_template(
        "admin/mailings/return.html", parcel=found, rows=pages.parcel_rows(found), form=form
    )
    return page, form.status_code


@bp.post("/parcels/<public_id>/number")
@mails
def number(public_id: str) -> ResponseReturnValue:
    form = NumberForm()
    if form.validate_on_submit():
        try:
            services.change_registered_number(public_id, form.number.value, actor=current_actor())
        except (Refused, InvalidValue) as refusal:
            form.refuse(refusal)
        else:
            flash(_("掛號號碼已更正。"), "success")
            return _back_to(public_id)
    return _parcel_page(public_id, number=form)


@bp.post("/parcels/<public_id>/resend")
@mails
def ask(public_id: str) -> ResponseReturnValue:
    """Enter a request that came by phone or letter."""
    form = ResendForm()
    if form.validate_on_submit():
        try:
            resend = services.ask_resend(public_id, ResendCause(form.cause.data), actor=current_actor())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".resend", public_id=resend.public_id), 303)
    return _parcel_page(public_id, ask=form)


@bp.get("/resends")
@mails
def resends() -> str:
    page = asked_page(queries.count_open_resends())
    return render_template(
        "admin/mailings/resends.html",
        resends=queries.list_resends(offset=page.offset, limit=SIZE),
        page=page,
        url_of=lambda number: url_for(".resends", page=number),
        **_resend_words(),
    )


@bp.route("/resends/<public_id>", methods=["GET", "POST"])
@mails
def resend(public_id: str) -> ResponseReturnValue:
    found = look_at_resend(public_id, actor=current_actor())
    form = DecideForm(found.state)
    if form.validate_on_submit():
        try:
            _decide(public_id, form)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("已處理，申請人會收到通知。"), "success")
            return redirect(url_for(".resends"), 303)
    page = render_template(
        "admin/mailings/resend.html",
        resend=found,
        parcel=found.parcel,
        rows=pages.parcel_rows(found.parcel),
        address=pages.next_address(found.parcel),
        is_open=found.state in OPEN,
        owes_postage=owes_postage(found.cause),
        form=form,
        **_resend_words(),
    )
    return page, form.status_code


def _decide(public_id: str, form: DecideForm) -> MailingResend:
    actor, note = current_actor(), form.note.value or ""
    match form.event:
        case ResendEvent.BILL:
            return services.bill_resend(public_id, postage_twd=form.postage.value, actor=actor)
        case ResendEvent.RECEIVE:
            return services.receive_postage(public_id, actor=actor)
        case ResendEvent.WAIVE:
            return services.waive_postage(public_id, note=note, actor=actor)
        case ResendEvent.REFUSE:
            return services.refuse_resend(public_id, note=note, actor=actor)


def _parcel_page(
    public_id: str, *, number: NumberForm | None = None, ask: ResendForm | None = None
) -> ResponseReturnValue:
    found = look_at_parcel(public_id, actor=current_actor())
    form = number or ask
    page = render_template(
        "admin/mailings/parcel.html",
        parcel=found,
        kind=KINDS[found.batch.kind],
        rows=_facts(found),
        can_return=found.batch.posted_on is not None and found.returned_on is None,
        resend_decision=services.check_resend(found),
        number=number or NumberForm(formdata=None, data={"number": found.registered_number}),
        ask=ask or ResendForm(formdata=None),
        **_resend_words(),
    )
    return page, form.status_code if form else 200


def _facts(found: MailingParcel) -> pages.Rows:
    rows = pages.parcel_rows(found)
    rows.append((_("單位"), found.organisation))
    rows.append((_("掛號號碼"), found.registered_number))
    if found.returned_on is not None and found.return_reason is not None:
        rows.append((_("退回原因"), _(RETURN_REASONS[found.return_reason].template)))
    return rows


def _resend_words() -> dict[str, Any]:
    return {
        "causes": RESEND_CAUSES,
        "states": RESEND_LABELS,
        "tags": _TAGS,
        "kind_names": {kind: facts.name for kind, facts in KINDS.items()},
        "mask_name": mask_name,
    }


def _back_to(public_id: str) -> Redirection:
    return redirect(url_for(".parcel", public_id=public_id), 303)
