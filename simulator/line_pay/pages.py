"""The payer at LINE Pay, on a page or by JSON: agrees, cancels, fails; and the strings for tests."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.core import clock
from simulator.line_pay import api
from simulator.line_pay.api import current_counter, current_faults
from simulator.line_pay.book import Book, Request, State
from simulator.line_pay.counter import Counter
from simulator.line_pay.faults import Faults, WrongFault, read_fault
from simulator.settings import SimulatorSettings

blueprint = Blueprint("line_pay", __name__)

_ACTS = {
    "authenticate": (State.AUTHENTICATED, "confirmUrl"),
    "cancel": (State.CANCELLED, "cancelUrl"),
    "fail": (State.FAILED, "cancelUrl"),
}


def bind_line_pay(simulator: Flask, own: SimulatorSettings) -> None:
    """Set LINE Pay up for the one channel."""
    simulator.extensions["line_pay"] = Counter(Book(own.database), own.line_pay)
    simulator.extensions["line_pay_faults"] = Faults()
    for room in (api.blueprint, blueprint):
        simulator.register_blueprint(room)


@blueprint.get("/line-pay/pay/<page_key>")
def show(page_key: str) -> str:
    return _page(_find(page_key=page_key))


@blueprint.post("/line-pay/pay/<page_key>")
def act(page_key: str) -> ResponseReturnValue:
    chosen, asked = request.form.get("action", ""), _find(page_key=page_key)
    leaves = chosen == "authenticate-and-leave"
    chosen = "authenticate" if leaves else chosen
    if chosen not in _ACTS or not _move(asked, chosen):
        return redirect(f"/line-pay/pay/{page_key}", 303)
    if leaves:
        return _page(_find(page_key=page_key), leaves=True)
    return redirect(asked.way_back(_ACTS[chosen][1]), 303)


@blueprint.get("/simulator/line-pay/trades")
def list_trades() -> ResponseReturnValue:
    return jsonify(trades=[_shown(each) for each in current_counter().book.find_all()])


@blueprint.post("/simulator/line-pay/trades/<order_id>/<act>")
def act_by_order(order_id: str, act: str) -> ResponseReturnValue:
    asked = _find(order_id=order_id)
    if act not in _ACTS:
        abort(404)
    if not _move(asked, act):
        return jsonify(error="這筆付款已經結束，或已經這樣做過。"), 409
    return jsonify(url=asked.way_back(_ACTS[act][1]))


@blueprint.post("/simulator/line-pay/faults")
def add_fault() -> ResponseReturnValue:
    try:
        fault, times = read_fault(request.get_json(silent=True))
    except WrongFault as error:
        return jsonify(error=str(error)), 422
    current_faults().add(fault, times=times)
    return jsonify(fault)


@blueprint.delete("/simulator/line-pay/faults")
def clear_faults() -> ResponseReturnValue:
    current_faults().clear()
    return jsonify([])


def _move(asked: Request, act: str) -> bool:
    state, now = _ACTS[act][0], clock.now()
    if asked.is_over(now) or asked.state is state:
        return False
    return current_counter().book.move(asked, state, at=now)


def _find(**by: str) -> Request:
    found = current_counter().book.find_all(**by)
    if not found:
        abort(404)
    return found[0]


def _page(asked: Request, *, leaves: bool = False) -> str:
    over = asked.is_over(clock.now())
    return render_template("simulator/line_pay/pay.html", asked=asked, over=over, leaves=leaves)


def _shown(asked: Request) -> dict[str, Any]:
    return {
        "trade_number": asked.order_id,
        "transaction_id": asked.transaction_id,
        "item": asked.item,
        "amount": asked.amount,
        "refunded": asked.amount - asked.refundable,
        "status": asked.state,
        "over": asked.is_over(clock.now()),
        "created_at": asked.created_at.isoformat(),
        "paid_at": asked.captured_at.isoformat() if asked.captured_at else None,
        "page": f"/line-pay/pay/{asked.page_key}",
    }


@blueprint.after_request
def forbid_framing(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
