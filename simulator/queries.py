"""The questions a merchant may ask: where a trade stands, and what code it got (payments.md 1.5)."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from app.core import clock
from app.payments.gateways import check_mac
from app.payments.gateways.base import MalformedNotice
from app.payments.gateways.ecpay import QUERY_CODE_PATH, QUERY_PATH
from app.payments.gateways.ecpay_fields import NO_SUCH_TRADE
from app.payments.gateways.form_body import parse_form_body
from simulator import notices
from simulator.desk import current_desk
from simulator.trade import Status

blueprint = Blueprint("queries", __name__)

_STAMP_SECONDS = 180


class QuestionRefused(Exception):
    """The question is not signed, not ours or not of this moment; it gets an unsigned answer."""


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


@blueprint.errorhandler(QuestionRefused)
def refuse(error: QuestionRefused) -> Response:
    return Response(f"0|{error}", mimetype="text/plain")


def _asked_number() -> str:
    """Return the trade number of a genuine question; raises QuestionRefused."""
    merchant = current_desk().merchant
    try:
        fields = dict(parse_form_body(request.get_data()))
    except MalformedNotice as error:
        raise QuestionRefused("Parameter Error") from error
    if fields.get("MerchantID") != merchant.merchant_id:
        raise QuestionRefused("MerchantID Error")
    if not check_mac.verify(fields, merchant.hash_key, merchant.hash_iv):
        raise QuestionRefused("CheckMacValue Error")
    stamp = fields.get("TimeStamp", "")
    if not stamp.isascii() or not stamp.isdigit():
        raise QuestionRefused("TimeStamp Error")
    if abs(clock.now().timestamp() - int(stamp)) > _STAMP_SECONDS:
        raise QuestionRefused("TimeStamp Expired")
    return fields.get("MerchantTradeNo", "")


def _answer(fields: dict[str, str]) -> Response:
    return Response(urlencode(current_desk().sign(fields)), mimetype="text/html")
