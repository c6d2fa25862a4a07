"""Cards after their authorisation: what a merchant may ask of them and do with them (payments.md 1.6).

The real stage host does not offer these two, so nothing but this shows what they do.
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response

from app.core import clock
from app.payments.gateways.ecpay_cards import ACT_PATH, CARD_PATH, CardStatus
from simulator.desk import current_desk
from simulator.questions import QuestionRefused, genuine_question, refuse_question
from simulator.trade import CardMove, Status, Trade

blueprint = Blueprint("cards", __name__)
blueprint.register_error_handler(QuestionRefused, refuse_question)

_CAPTURE: Final = time(20, 15)
_CAPTURE_MINUTES: Final = 15

# ECPay's list of these codes is not public; ours say at least what was wrong.
_NO_TRADE, _WRONG_STATE, _WRONG_AMOUNT, _CLOSED_NOW = "10200047", "10200098", "10200099", "10200097"


class CannotAct(Exception):
    """The act does not go with the authorisation's state; the code says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@blueprint.post(CARD_PATH)
def query_card() -> Response:
    fields = genuine_question()
    desk = current_desk()
    trade = desk.book.find_by_authorisation(fields.get("CreditRefundId", ""))
    if fields.get("CreditCheckCode", "") != desk.merchant.credit_check_code:
        return _told("error_Stop")
    if trade is None or trade.status is not Status.PAID or trade.order.choice != "Credit":
        return _told("error_nopay")
    if fields.get("CreditAmount") != str(trade.paid_amount):
        return _told("error")
    moves, now = desk.book.list_card_moves(trade), clock.now()
    status = card_status(trade, moves, now)
    captured_at = _captured_at(trade, moves, now)
    paid = trade.paid_amount or 0
    closed = [("已關帳", paid, captured_at)] if captured_at else []
    given_back = [("已退款", -move.amount, move.at) for move in moves if move.action == "R"]
    value = {
        "TradeID": fields["CreditRefundId"],
        "amount": str(paid),
        "clsamt": str(paid if captured_at else 0),
        "authtime": _written(trade.paid_at),
        "status": status.value,
        "close_data": [
            {"status": word, "amount": str(amount), "sno": str(number), "datetime": _written(at)}
            for number, (word, amount, at) in enumerate(closed + given_back, start=1)
        ],
    }
    return _told("", value)


@blueprint.post(ACT_PATH)
def act() -> Response:
    fields = genuine_question()
    book, now = current_desk().book, clock.now()
    number = fields.get("MerchantTradeNo", "")
    trade = book.find(number)
    code, sentence = "1", "OK"
    try:
        if trade is None or trade.gateway_number != fields.get("TradeNo") or trade.status is not Status.PAID:
            raise CannotAct(_NO_TRADE, "No such trade.")
        move = CardMove(fields.get("Action", ""), int(fields.get("TotalAmount", "0")), now)
        check_move(trade, book.list_card_moves(trade), move)
        book.add_card_move(trade, move)
    except CannotAct as refusal:
        code, sentence = refusal.code, str(refusal)
    answer = {
        "MerchantID": fields["MerchantID"],
        "MerchantTradeNo": number,
        "TradeNo": fields.get("TradeNo", ""),
        "RtnCode": code,
        "RtnMsg": sentence,
    }
    return Response(urlencode(answer), mimetype="text/html")


def card_status(trade: Trade, moves: list[CardMove], now: datetime) -> CardStatus:
    """Return where a paid card's authorisation stands: captured at 20:15, closed when that day ends."""
    if any(move.action == "N" for move in moves):
        return CardStatus.RELEASED
    captured_at = _captured_at(trade, moves, now)
    if captured_at is None:
        return CardStatus.AUTHORISED
    closed_at = clock.end_of_day(clock.taipei_day(captured_at))
    return CardStatus.TO_BE_CAPTURED if now < closed_at else CardStatus.CAPTURED


def check_move(trade: Trade, moves: list[CardMove], move: CardMove) -> None:
    """Raise CannotAct unless the table of payments.md 1.6 allows the move."""
    if _is_capturing(move.at):
        raise CannotAct(_CLOSED_NOW, "Cards are being captured.")
    status, paid = card_status(trade, moves, move.at), trade.paid_amount or 0
    refunded = sum(each.amount for each in moves if each.action == "R")
    allowed = {
        CardStatus.AUTHORISED: "CN",
        CardStatus.TO_BE_CAPTURED: "RE",
        CardStatus.CAPTURED: "R",
        CardStatus.RELEASED: "",
    }[status]
    if not move.action or move.action not in allowed or (move.action == "E" and refunded):
        raise CannotAct(_WRONG_STATE, f"Not possible while {status.name}.")
    if move.action != "R":
        if move.amount != paid:
            raise CannotAct(_WRONG_AMOUNT, "The whole amount only.")
        return
    most = paid - refunded - (1 if status is CardStatus.TO_BE_CAPTURED and not refunded else 0)
    if not 1 <= move.amount <= most:
        raise CannotAct(_WRONG_AMOUNT, "More than can be refunded.")


def _captured_at(trade: Trade, moves: list[CardMove], now: datetime) -> datetime | None:
    """Return when the capture that is in force was asked for, by the merchant or by the evening."""
    since, asked_at = trade.paid_at or now, None
    for move in moves:
        if move.action == "C":
            asked_at = move.at
        elif move.action == "E":
            since, asked_at = move.at, None
    evening = _evening_after(since)
    return asked_at or (evening if now >= evening else None)


def _evening_after(instant: datetime) -> datetime:
    evening = datetime.combine(clock.taipei_day(instant), _CAPTURE, clock.TAIPEI)
    return evening if instant < evening else evening + timedelta(days=1)


def _is_capturing(now: datetime) -> bool:
    since = now - datetime.combine(clock.taipei_day(now), _CAPTURE, clock.TAIPEI)
    return timedelta(0) <= since < timedelta(minutes=_CAPTURE_MINUTES)


def _written(at: datetime | None) -> str:
    return f"{at.astimezone(clock.TAIPEI):%Y/%m/%d %H:%M:%S}" if at else ""


def _told(message: str, value: object = None) -> Response:
    told = {"RtnMsg": message, "RtnValue": value}
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/json")
