"""The refunds desk, second part: many cases at once, and money that goes back through its gateway.

Each case is its own transaction. What cannot be done is named with its reason, and pressing again does the
rest: after a postponed round nothing hangs on one wrong postmark (payments.md 6, case 25).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.admin.queries import refunds as desk
from app.admin.refund_acts import GRANT, PROPOSE, REPAY, Batch
from app.admin.refunds import bp, decides, prepares
from app.core.actors import Actor
from app.core.errors import DomainError, GatewayError
from app.core.messages import Message
from app.payments.models import RefundCase
from app.payments.refunds import services as refunds
from app.payments.refunds.states import RefundState
from app.payments.refunds.through_gateway import check_can_repay, repay
from app.web import current_actor, translate

_CONFIRMED: Final = "confirmed"


@bp.post("/picked/propose")
@prepares
def propose_picked() -> ResponseReturnValue:
    def propose(case: RefundCase, actor: Actor) -> None:
        refunds.propose(case.public_id, grant=True, note="", actor=actor)

    return _do(PROPOSE, propose)


@bp.post("/picked/grant")
@decides
def grant_picked() -> ResponseReturnValue:
    def grant(case: RefundCase, actor: Actor) -> None:
        refunds.decide(case.public_id, grant=True, note="", actor=actor)

    return _do(GRANT, grant)


@bp.post("/picked/repay")
@prepares
def repay_picked() -> ResponseReturnValue:
    return _do(REPAY, _repay)


@bp.post("/<public_id>/repay")
@prepares
def repay_one(public_id: str) -> ResponseReturnValue:
    """Ask once, then give the money back through its gateway."""
    case = refunds.queries.get_case(public_id)
    back = url_for(".show", public_id=public_id)
    if request.form.get("step") != _CONFIRMED:
        check_can_repay(case).raise_if_refused()
        return _ask(REPAY, [case], back, action=url_for(".repay_one", public_id=public_id))
    try:
        _repay(case, current_actor())
    except DomainError as refusal:
        flash(translate(refusal.message), "error")
    else:
        flash(_("已退回 %(number)s，申請人會收到通知。", number=case.number), "done")
    return redirect(back, 303)


def _repay(case: RefundCase, actor: Actor) -> None:
    try:
        after = repay(case.public_id, actor=actor)
    except GatewayError:
        raise DomainError(Message("金流公司現在不受理，請稍後再試")) from None
    if after.state == RefundState.SENDING:
        raise DomainError(Message("金流公司還沒回覆，系統會自動查詢結果，不用再按"))
    if after.state != RefundState.PAID:
        raise DomainError(Message("金流公司沒有受理原路退回，請改寄郵政匯票"))


def _do(batch: Batch, act: Callable[[RefundCase, Actor], None]) -> ResponseReturnValue:
    back = url_for(".index", state=batch.state.value)
    picked = desk.list_picked(request.form.getlist("picked"))
    if not picked:
        flash(_("還沒有勾選任何案件。請先勾選，再按要做的事。"), "warning")
        return redirect(back, 303)
    if request.form.get("step") != _CONFIRMED:
        return _ask(batch, picked, back, action=url_for(batch.endpoint))
    actor, refusals = current_actor(), list[tuple[str, str]]()
    numbers = [(case, case.number) for case in picked]
    for case, number in numbers:
        try:
            act(case, actor)
        except DomainError as refusal:
            refusals.append((number, translate(refusal.message)))
    done = len(picked) - len(refusals)
    if done:
        flash(_("%(act)s：完成 %(count)s 件。", act=str(batch.button), count=done), "done")
    if not refusals:
        return redirect(back, 303)
    return render_template("admin/refund_batch_rest.html", batch=batch, refusals=refusals, back_url=back)


def _ask(batch: Batch, cases: list[RefundCase], back: str, *, action: str) -> str:
    return render_template(
        "admin/refund_batch.html",
        batch=batch,
        cases=cases,
        total_twd=sum(case.amount_twd for case in cases),
        back_url=back,
        action=action,
    )
