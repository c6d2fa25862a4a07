"""The addresses that gateways call: reports from their servers, and browsers on the way back."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.policy import open_to_all
from app.core.actors import Actor, ActorKind
from app.extensions import csrf, limiter
from app.payments import queries, services
from app.payments.confirming import confirm_attempt
from app.payments.gateways import gateway_named, notifying_gateway
from app.payments.gateways.base import ConfirmingGateway
from app.payments.gateways.ecpay import ACKNOWLEDGED, NOT_ACKNOWLEDGED
from app.payments.gateways.form_body import MAX_BYTES
from app.payments.pages import failure_of
from app.payments.states import NoticeOutcome
from app.web import current_actor

log = logging.getLogger(__name__)

bp = Blueprint("payments", __name__, url_prefix="/payments")
# Gateways carry no cookie of ours; their digest is what proves them (payments.md 6, case 31).
csrf.exempt(bp)

# Refused are the messages that do not prove who sent them; the rest is stored, whatever it says.
_REFUSED = {NoticeOutcome.FORGED, NoticeOutcome.MALFORMED}


@bp.post("/<gateway>/notify")
@bp.post("/<gateway>/code", endpoint="code")
@limiter.limit("600 per minute")
@open_to_all
def notify(gateway: str) -> Response:
    actor = Actor(ActorKind.GATEWAY, None, request.remote_addr, g.request_id)
    try:
        body = _small_body()
    except RequestEntityTooLarge:
        return _answer(NOT_ACKNOWLEDGED, 413)
    outcome = services.record_message(gateway, body, address=request.remote_addr, actor=actor)
    return _answer(NOT_ACKNOWLEDGED if outcome in _REFUSED else ACKNOWLEDGED)


@bp.route("/<gateway>/return", methods=["GET", "POST"])
@open_to_all
def come_back(gateway: str) -> ResponseReturnValue:
    """Send the browser on to its order's page, which asks our own books: this request proves nothing."""
    request.max_content_length = MAX_BYTES
    trade_number = request.values.get(notifying_gateway(gateway).trade_number_field, "")
    attempt = queries.find_attempt(gateway, trade_number) if trade_number.isalnum() else None
    return redirect(attempt.order.page_path if attempt else "/", 303)


@bp.get("/<gateway>/confirm")
@limiter.limit("300 per minute")
@open_to_all
def confirm(gateway: str) -> ResponseReturnValue:
    """Take the money that the payer has agreed to give, and send the browser on to what became of it.

    Anybody can write this address, and it may be opened in a browser that has never been here: of it only
    the two numbers are looked at, and both must be those of one attempt of ours (case 20).
    """
    company = gateway_named(gateway)
    if not isinstance(company, ConfirmingGateway):
        abort(404)
    trade_number, gateway_number = (request.args.get(field, "") for field in company.trade_number_fields)
    attempt = queries.find_attempt(gateway, trade_number) if trade_number.isalnum() else None
    if attempt is None or not gateway_number or attempt.gateway_trade_number != gateway_number:
        log.warning("confirmation of a trade that is not ours", extra={"trade_number": trade_number[:20]})
        abort(404)
    confirm_attempt(attempt.id, actor=current_actor())
    return redirect(url_for(".result", public_id=attempt.public_id), 303)


@bp.get("/attempts/<public_id>")
@open_to_all
def result(public_id: str) -> ResponseReturnValue:
    """Say what became of an attempt, and nothing personal; its payer is sent on to the order."""
    attempt = queries.find_attempt_by_public_id(public_id)
    if attempt is None:
        abort(404)
    if current_user.is_authenticated and current_user.id == attempt.order.account_id:
        return redirect(attempt.order.page_path, 303)
    return render_template(
        "payments/result.html",
        attempt=attempt,
        failure=failure_of(attempt),
        page_path=attempt.order.page_path,
    )


def _small_body() -> bytes:
    request.max_content_length = MAX_BYTES
    return request.get_data(cache=False)


def _answer(body: bytes, status: int = 200) -> Response:
    return Response(body, status, mimetype="text/plain")
