"""The reconciliation desk, third part: money of which nobody knows what it is for."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import current_account
from app.admin.labels import RECEIPT_TAGS
from app.admin.paging import asked_page
from app.admin.queries import reconciliation as desk
from app.admin.queries.refunds import names_of
from app.admin.reconciliation import bp, reconciles
from app.admin.reconciliation_forms import MatchForm, ReturnForm
from app.admin.reconciliation_words import GATEWAY_NAMES
from app.core.errors import DomainError
from app.payments.models import Receipt
from app.payments.reconciliation import suspense as verbs
from app.payments.reconciliation.queries import find_decision, get_suspense
from app.payments.states import ReceiptOutcome
from app.payments.words import METHOD_NAMES
from app.web import current_actor


@bp.get("/suspense")
@reconciles
def suspense() -> str:
    returning = request.args.get("returning") == "yes"
    undecided, to_return = desk.count_suspense()
    page = asked_page(to_return if returning else undecided)
    return render_template(
        "admin/reconciliation/suspense.html",
        lines=desk.list_suspense(returning=returning, page=page),
        returning=returning,
        chips=[
            (_l("等候認領"), url_for(".suspense"), undecided, not returning),
            (_l("要退回匯款人"), url_for(".suspense", returning="yes"), to_return, returning),
        ],
        page=page,
        url_of=lambda number: url_for(".suspense", returning="yes" if returning else None, page=number),
        gateway_names=GATEWAY_NAMES,
    )


@bp.get("/suspense/<int:receipt_id>")
@reconciles
def show_suspense(receipt_id: int) -> ResponseReturnValue:
    chosen = MatchForm(formdata=None, data={"order": request.args.get("order", "")})
    return _page(get_suspense(receipt_id), chosen, ReturnForm())


@bp.post("/suspense/<int:receipt_id>/match")
@reconciles
def match_suspense(receipt_id: int) -> ResponseReturnValue:
    receipt, form = get_suspense(receipt_id), MatchForm()
    if form.validate_on_submit():
        try:
            verbs.match(
                receipt_id,
                form.order.value.id,
                reason=form.reason.value or "",
                account_id=current_account().id,
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已歸到訂單，繳費人會收到通知。"), "done")
            return redirect(url_for(".show_suspense", receipt_id=receipt_id), 303)
    return _page(receipt, form, ReturnForm(formdata=None))


@bp.post("/suspense/<int:receipt_id>/return")
@reconciles
def return_suspense(receipt_id: int) -> ResponseReturnValue:
    receipt, form = get_suspense(receipt_id), ReturnForm()
    if form.validate_on_submit():
        try:
            verbs.return_to_sender(
                receipt_id,
                note=form.reason.value or "",
                account_id=current_account().id,
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已記下要退回匯款人。"), "done")
            return redirect(url_for(".suspense", returning="yes"), 303)
    return _page(receipt, MatchForm(formdata=None), form)


def _page(receipt: Receipt, matching: MatchForm, returning: ReturnForm) -> ResponseReturnValue:
    is_open = receipt.outcome is ReceiptOutcome.SUSPENSE
    decision = find_decision(receipt.id)
    page = render_template(
        "admin/reconciliation/suspense_one.html",
        receipt=receipt,
        is_open=is_open,
        line=desk.find_line_of(receipt),
        decision=decision,
        decided_by=names_of([decision.decided_by_id]).get(decision.decided_by_id) if decision else None,
        likely=desk.list_likely_orders(receipt) if is_open else [],
        matching=matching,
        returning=returning,
        receipt_tags=RECEIPT_TAGS,
        method_names=METHOD_NAMES,
        gateway_names=GATEWAY_NAMES,
    )
    return page, max(matching.status_code, returning.status_code)
