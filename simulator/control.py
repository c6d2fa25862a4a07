"""The strings behind the stage, as JSON: list the trades, play the payer, deliver what is owed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from app.core import clock
from simulator.courier import MOST_ATTEMPTS
from simulator.desk import CannotPay, Payment, current_desk
from simulator.trade import Delivery, Trade

blueprint = Blueprint("control", __name__)

_MOST_TIMES = 10
_SWITCHES = ("simulate_paid", "wrong_digest", "deliver", "force")


class WrongOrder(Exception):
    """The JSON sent does not say how to pay; the sentence says what is wrong with it."""


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok", now=clock.now().isoformat())


@blueprint.get("/simulator/trades")
def list_trades() -> ResponseReturnValue:
    book, today = current_desk().book, clock.today()
    return jsonify(
        trades=[_shown(trade) | {"expired": trade.is_expired_on(today)} for trade in book.list_all()],
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
    answers = current_desk().courier.deliver_owed()
    return jsonify(deliveries=[asdict(answer) for answer in answers])


def _payment(sent: Any) -> Payment:
    if not isinstance(sent, dict):
        raise WrongOrder("請送出 JSON 物件。")
    unknown = set(sent) - {"amount", "rtn_code", "times", *_SWITCHES}
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
        **{name: sent[name] for name in _SWITCHES if name in sent},
    )


def _whole(value: Any, name: str, highest: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= highest:
        raise WrongOrder(f"{name} 請填 1 到 {highest} 的整數。")
    return value


def _shown(trade: Trade) -> dict[str, Any]:
    return {
        "trade_number": trade.order.number,
        "gateway_trade_number": trade.gateway_number,
        "method": {"Credit": "card", "ATM": "atm", "BARCODE": "store_barcode"}[trade.order.choice],
        "amount": trade.order.amount,
        "item": trade.order.item,
        "status": trade.status,
        "bank_code": "005" if trade.account else None,
        "account": trade.account,
        "barcodes": trade.barcodes,
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
    }
