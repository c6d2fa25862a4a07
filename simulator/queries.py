"""The questions a merchant may ask: where a trade stands, and what code it got (payments.md 1.5)."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response

from app.core import clock
from app.payments.gateways.ecpay import QUERY_CODE_PATH, QUERY_PATH
from app.payments.gateways.ecpay_fields import NO_SUCH_TRADE
from simulator import notices
from simulator.desk import current_desk
from simulator.questions import QuestionRefused, genuine_question, refuse_question
from simulator.trade import Status

blueprint = Blueprint("queries", __name__)
blueprint.register_error_handler(QuestionRefused, refuse_question)

_STAMP_SECONDS = 180


@blueprint.post(QUERY_PATH)
def query_trade() -> Response:
    number = _asked_number()
    merchant_id = current_desk().merchant.merchant_id
    trade = current_desk().book.find(number)
    if trade is None:
        return _answer(notices.not_found_fields(number, merchant_id))
    return _answer(notices.query_fields(trade, merchant_id))


@blueprint.post(QUERY_CODE_PATH)
def query_code() -> Response:
    number = _asked_number()
    merchant_id = current_desk().merchant.merchant_id
    trade = current_desk().book.find(number)
    if trade is None or trade.status is not Status.CODE_ISSUED:
        nothing = {"MerchantID": merchant_id, "MerchantTradeNo": number, "RtnCode": NO_SUCH_TRADE}
        return _answer({**nothing, "RtnMsg": "No code.", "TradeNo": "", "TradeAmt": "0"})
    return _answer(notices.code_fields(trade, merchant_id))


def _asked_number() -> str:
    """Return the trade number of a genuine question; raises QuestionRefused."""
    fields = genuine_question()
    stamp = fields.get("TimeStamp", "")
    if not stamp.isascii() or not stamp.isdigit():
        raise QuestionRefused("TimeStamp Error")
    if abs(clock.now().timestamp() - int(stamp)) > _STAMP_SECONDS:
        raise QuestionRefused("TimeStamp Expired")
    return fields.get("MerchantTradeNo", "")


def _answer(fields: dict[str, str]) -> Response:
    return Response(urlencode(current_desk().sign(fields)), mimetype="text/html")
