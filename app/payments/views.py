"""The addresses that gateways call: reports from their servers, and browsers on the way back."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.policy import open_to_all
from app.core.actors import Actor, ActorKind
from app.extensions import csrf, limiter
from app.payments import queries, services
from app.payments.gateways import gateway_named
from app.payments.gateways.ecpay import ACKNOWLEDGED, NOT_ACKNOWLEDGED
from app.payments.gateways.form_body import MAX_BYTES
from app.payments.states import NoticeOutcome

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
    trade_number = request.values.get(gateway_named(gateway).trade_number_field, "")
    attempt = queries.find_attempt(gateway, trade_number) if trade_number.isalnum() else None
    return redirect(attempt.order.page_path if attempt else "/", 303)


def _small_body() -> bytes:
    request.max_content_length = MAX_BYTES
    return request.get_data(cache=False)


def _answer(body: bytes, status: int = 200) -> Response:
    return Response(body, status, mimetype="text/plain")
