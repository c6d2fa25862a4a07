"""The strings behind the stage, as JSON: list trades, play the payer, deliver, turn knobs (README.md)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from app.core import clock
from simulator.courier import MOST_ATTEMPTS
from simulator.desk import CannotPay, Payment, current_desk
from simulator.faults import read_fault
from simulator.knobs import WrongKnob, read_knobs, shown
from simulator.trade import Delivery, Trade

blueprint = Blueprint("control", __name__)

_METHODS = {"Credit": "card", "ATM": "atm", "BARCODE": "store_barcode", "CVS": "store_code"}
_MOST_TIMES = 10
_MOST_MINUTES = 60 * 24 * 60
_SWITCHES = ("simulate_paid", "wrong_digest", "deliver", "force", "lose", "old_key")


class WrongOrder(Exception):
    """The JSON sent does not say how to pay; the sentence says what is wrong with it."""


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok", now=clock.now().isoformat())


@blueprint.get("/simulator/trades")
def list_trades() -> ResponseReturnValue:
    book, now = current_desk().book, clock.now()
    return jsonify(
        trades=[_shown(trade) | {"expired": trade.is_expired_at(now)} for trade in book.list_all()],
        undelivered=[_owed(delivery) for delivery in book.list_owed()],
    )


@blueprint.post("/simulator/trades/<number>/pay")
def pay(number: str) -> ResponseReturnValue:
    trade = current_desk().book.find(number)
    if trade is None:
        return jsonify(error="沒有這筆訂單。"), 404
    try:
        payment = _payment(request.get_json(silent=True) if request.get_data() else {})
        trade, answers = current_desk().pay(trade, payment, at=clock.now())
    except WrongOrder as error:
        return jsonify(error=str(error)), 422
    except CannotPay as error:
        return jsonify(error=str(error)), 409
    return jsonify(trade=_shown(trade), deliveries=[asdict(answer) for answer in answers])


@blueprint.post("/simulator/deliver")
def deliver() -> ResponseReturnValue:
    answers = current_desk().deliver_owed()
    return jsonify(deliveries=[asdict(answer) for answer in answers])


@blueprint.route("/simulator/knobs", methods=["GET", "POST"])
def knobs() -> ResponseReturnValue:
    desk = current_desk()
    if request.method == "POST":
        desk.book.turn_knobs(read_knobs(request.get_json(silent=True)))
    return jsonify(shown(desk.knobs))


@blueprint.route("/simulator/faults", methods=["POST", "DELETE"])
def faults() -> ResponseReturnValue:
    book = current_desk().book
    if request.method == "DELETE":
        book.clear_faults()
    else:
        fault, times = read_fault(request.get_json(silent=True))
        book.add_fault(fault, times=times)
    return jsonify(status="ok")


@blueprint.errorhandler(WrongKnob)
def refuse(error: WrongKnob) -> ResponseReturnValue:
    return jsonify(error=str(error)), 422


def _payment(sent: Any) -> Payment:
    if not isinstance(sent, dict):
        raise WrongOrder("請送出 JSON 物件。")
    unknown = set(sent) - {"amount", "rtn_code", "times", "wait_minutes", "fields", *_SWITCHES}
    if unknown:
        raise WrongOrder(f"不認得的欄位：{'、'.join(sorted(unknown))}。")
    for name in _SWITCHES:
        if not isinstance(sent.get(name, False), bool):
            raise WrongOrder(f"{name} 請填 true 或 false。")
    code = sent.get("rtn_code", "1")
    if not isinstance(code, str) or not (code.isascii() and code.isdigit()):
        raise WrongOrder('rtn_code 請填數字文字，例如 "10100248"。')
    amount = sent.get("amount")
    return Payment(
        amount=None if amount is None else _whole(amount, "amount", 999_999_999),
        result_code=code,
        times=_whole(sent.get("times", 1), "times", _MOST_TIMES),
        wait_minutes=_whole(sent.get("wait_minutes", 0), "wait_minutes", _MOST_MINUTES, lowest=0),
        fields=_texts(sent.get("fields", {})),
        **{name: sent[name] for name in _SWITCHES if name in sent},
    )


def _whole(value: Any, name: str, highest: int, *, lowest: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise WrongOrder(f"{name} 請填 {lowest} 到 {highest} 的整數。")
    return value


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise WrongOrder("fields 請填欄位名稱與文字。")
    return value


def _shown(trade: Trade) -> dict[str, Any]:
    return {
        "trade_number": trade.order.number,
        "gateway_trade_number": trade.gateway_number,
        "method": _METHODS[trade.order.choice],
        "amount": trade.order.amount,
        "item": trade.order.item,
        "status": trade.status,
        "bank_code": "005" if trade.account else None,
        "account": trade.account,
        "barcodes": trade.barcodes,
        "store_code": trade.store_code,
        "expire": trade.last_day.isoformat() if trade.last_day else None,
        "created_at": trade.created_at.isoformat(),
        "paid_at": trade.paid_at.isoformat() if trade.paid_at else None,
        "paid_amount": trade.paid_amount,
        "page": f"/trades/{trade.page_key}",
    }


def _owed(delivery: Delivery) -> dict[str, Any]:
    return {
        "trade_number": delivery.trade_number,
        "result_code": delivery.fields["RtnCode"],
        "attempts": delivery.attempts,
        "given_up": delivery.attempts >= MOST_ATTEMPTS,
        "not_before": delivery.not_before.isoformat() if delivery.not_before else None,
    }
