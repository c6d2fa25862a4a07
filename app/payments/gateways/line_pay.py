"""LINE Pay Online API v3 and v4: the payer agrees at LINE Pay, then we take the money (payments.md 2).

Settings arrive as arguments. LINE Pay reports nothing by itself: Confirm moves the money, and where its
outcome is not known, Details tells. v4 differs in its paths and in fields that nobody here reads.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from app.core import clock
from app.core.decisions import Decision, allowed, refused
from app.core.errors import GatewayError
from app.core.messages import Message
from app.payments.gateways import line_pay_codes as codes
from app.payments.gateways.base import (
    ChargeRequest,
    GatewayBusy,
    Method,
    PaidTrade,
    RedirectUrl,
    RefundAnswer,
    StartRefused,
    TradeState,
    TradeStatus,
)
from app.payments.gateways.line_pay_wire import Envelope, LinePaySettings, Wire, dollars, id_text

log = logging.getLogger(__name__)

_CLAUSE: Final = "捌、二、(四)5"
_REQUEST_SECONDS, _CONFIRM_SECONDS, _OTHER_SECONDS = 20, 40, 20
_CURRENCY: Final = "TWD"
_DEAD_AUTHORISATIONS: Final = {"VOIDED_AUTHORIZATION", "EXPIRED_AUTHORIZATION"}
_CHECKED: Final = {
    codes.DONE: TradeState.UNPAID,
    codes.MAY_CONFIRM: TradeState.AWAITING_CONFIRMATION,
    codes.CANCELLED_OR_EXPIRED: TradeState.FAILED,
    codes.FAILED: TradeState.FAILED,
    codes.NO_SUCH_TRADE: TradeState.NOT_FOUND,
}


class LinePayGateway:
    """LINE Pay as a `ConfirmingGateway` that `Refunds`."""

    name = "line_pay"
    methods = (Method.LINE_PAY,)
    trade_number_fields = ("orderId", "transactionId")

    def __init__(self, settings: LinePaySettings) -> None:
        self._settings = settings
        self._wire = Wire(settings)

    def check_can_start(self, method: Method, *, amount_twd: int, last_day: date, now: datetime) -> Decision:  # noqa: ARG002 - LINE Pay takes any amount
        """Return whether a payer can be sent to LINE Pay: on every day up to the last."""
        if method not in self.methods:
            return refused(Message("這裡不能使用這種繳費方式，請改選其他方式。"))
        if clock.taipei_day(now) > last_day:
            return refused(Message("繳費期限已過，不能再繳費。"), _CLAUSE)
        return allowed(Message("您可以用這種方式繳費。"), _CLAUSE)

    def start(self, request: ChargeRequest) -> RedirectUrl:
        """Ask LINE Pay for a payment and return the address at which the payer agrees to it.

        The address opens LINE Pay on a phone; on a computer it asks for the LINE account or shows a QR
        code (R084). It lives twenty minutes.
        """
        self.check_can_start(
            request.method,
            amount_twd=request.amount_twd,
            last_day=request.last_day,
            now=request.requested_at,
        ).raise_if_refused()
        answer = self._wire.post("/payments/request", _request_body(request), seconds=_REQUEST_SECONDS)
        if answer.code != codes.DONE:
            _sound_alarm(answer, "request")
            raise StartRefused(f"line_pay request: {answer.code}")
        return RedirectUrl(self._payment_url(answer.info), id_text(answer.info.get("transactionId")))

    def confirm(
        self, trade_number: str, gateway_trade_number: str, amount_twd: int, now: datetime
    ) -> TradeStatus:
        """Take the money; see `ConfirmingGateway.confirm`. Details clears what an answer leaves open.

        A Confirm cannot be done twice: LINE Pay takes the money of a transaction once.
        """
        answer = self._wire.post(
            f"/payments/{gateway_trade_number}/confirm",
            {"amount": amount_twd, "currency": _CURRENCY},
            seconds=_CONFIRM_SECONDS,
        )
        _sound_alarm(answer, "confirm")
        if answer.code == codes.DONE:
            info = _mapping(answer.info)
            _check_same_trade(info, trade_number, gateway_trade_number)
            return _status(
                TradeState.PAID,
                trade_number,
                gateway_trade_number,
                answer,
                amount_twd=_paid_dollars(info, amount_twd),
                paid_at=now,
            )
        if codes.refuses_payment(answer.code):
            return _status(TradeState.FAILED, trade_number, gateway_trade_number, answer)
        if answer.code == codes.NOT_AUTHENTICATED:
            return _status(TradeState.UNPAID, trade_number, gateway_trade_number, answer)
        return self.query(trade_number, now, gateway_trade_number=gateway_trade_number)

    def query(
        self,
        trade_number: str,
        now: datetime,  # noqa: ARG002 - LINE Pay has no time stamp
        *,
        gateway_trade_number: str | None = None,
    ) -> TradeStatus:
        """Ask where a trade stands: Details knows what has been paid, Check what has not."""
        details = self._details(trade_number, gateway_trade_number)
        if details is not None:
            return details
        if gateway_trade_number is None:  # its Request was never answered: nobody can have paid it
            return _status(TradeState.NOT_FOUND, trade_number, "", Envelope(codes.NO_SUCH_TRADE, "", None))
        answer = self._wire.get(f"/payments/requests/{gateway_trade_number}/check", seconds=_OTHER_SECONDS)
        state = _CHECKED.get(answer.code)
        if state is None:  # completed a moment ago, or a code of LINE Pay's trouble
            _sound_alarm(answer, "check")
            raise GatewayError(f"line_pay check: {answer.code}")
        return _status(state, trade_number, gateway_trade_number, answer)

    def failure_reason(self, result_code: str) -> Message:
        """Return what to tell a payer whose attempt ended with this code."""
        return codes.failure_reason(result_code)

    def refund(self, trade: PaidTrade, amount_twd: int, now: datetime) -> RefundAnswer:
        """Give back an amount; see `Refunds.refund`."""
        answer = self._wire.post(
            f"/payments/{trade.gateway_trade_number}/refund",
            {"refundAmount": amount_twd},
            seconds=_OTHER_SECONDS,
        )
        _sound_alarm(answer, "refund")
        if answer.code == codes.DONE:
            reference = id_text(_mapping(answer.info).get("refundTransactionId"))
            return RefundAnswer(True, reference, answer.code)
        if answer.code == codes.NOTHING_LEFT_TO_REFUND:
            return RefundAnswer(self.refunded_twd(trade, now) >= trade.amount_twd, None, answer.code)
        if codes.refuses_refund(answer.code):
            return RefundAnswer(False, None, answer.code)
        if answer.code == codes.RESERVE_IS_SHORT:
            log.error("line_pay has not enough in reserve for a refund")
            raise GatewayBusy(f"line_pay refund: {answer.code}")
        raise GatewayError(f"line_pay refund: {answer.code}")

    def refunded_twd(self, trade: PaidTrade, now: datetime) -> int:  # noqa: ARG002 - LINE Pay has no time stamp
        """Return what LINE Pay has given back of a payment; its amounts may carry a minus."""
        record = self._payment_record(trade.trade_number, trade.gateway_trade_number)
        if record is None:
            raise GatewayError("line_pay details: it knows of no such payment")
        return sum(
            abs(dollars(_mapping(each).get("refundAmount"))) for each in record.get("refundList") or []
        )

    def _details(self, trade_number: str, gateway_trade_number: str | None) -> TradeStatus | None:
        record = self._payment_record(trade_number, gateway_trade_number)
        if record is None:
            return None
        number = id_text(record.get("transactionId"))
        answer = Envelope(codes.DONE, "", record)
        pay_status = record.get("payStatus")
        if pay_status in _DEAD_AUTHORISATIONS:
            return _status(TradeState.FAILED, trade_number, number, answer)
        if pay_status != "CAPTURE":
            raise GatewayError(f"line_pay details: a payment that is {pay_status}")
        return _status(
            TradeState.PAID,
            trade_number,
            number,
            answer,
            amount_twd=_paid_dollars(record, None),
            paid_at=_instant(record.get("transactionDate")),
        )

    def _payment_record(
        self, trade_number: str, gateway_trade_number: str | None
    ) -> Mapping[str, Any] | None:
        """Return what Details knows of a payment; None: nothing."""
        by = ("transactionId", gateway_trade_number) if gateway_trade_number else ("orderId", trade_number)
        answer = self._wire.get("/payments", [by, ("fields", "ALL")], seconds=_OTHER_SECONDS)
        if answer.code == codes.NO_SUCH_TRADE:
            return None
        if answer.code != codes.DONE or not isinstance(answer.info, list):
            _sound_alarm(answer, "details")
            raise GatewayError(f"line_pay details: {answer.code}")
        records = [_mapping(each) for each in answer.info]
        payments = [each for each in records if each.get("transactionType", "PAYMENT") == "PAYMENT"]
        if not payments:
            return None
        _check_same_trade(payments[0], trade_number, gateway_trade_number)
        return payments[0]

    def _payment_url(self, info: Any) -> str:
        url = str(_mapping(_mapping(info).get("paymentUrl")).get("web", ""))
        if urlsplit(url).scheme != urlsplit(self._settings.base_url).scheme or not urlsplit(url).hostname:
            raise GatewayError("line_pay request: an answer without the address of its page")
        return url


def _request_body(request: ChargeRequest) -> dict[str, Any]:
    product = {"name": request.item_name, "quantity": 1, "price": request.amount_twd}
    return {
        "amount": request.amount_twd,
        "currency": _CURRENCY,
        "orderId": request.trade_number,
        "packages": [
            {"id": "1", "amount": request.amount_twd, "name": request.description, "products": [product]}
        ],
        "redirectUrls": {"confirmUrl": request.return_url, "cancelUrl": request.client_back_url},
        "options": {"display": {"locale": "zh_TW"}},
    }


def _status(
    state: TradeState,
    trade_number: str,
    gateway_trade_number: str,
    answer: Envelope,
    *,
    amount_twd: int = 0,
    paid_at: datetime | None = None,
) -> TradeStatus:
    return TradeStatus(
        state=state,
        trade_number=trade_number,
        gateway_trade_number=gateway_trade_number,
        amount_twd=amount_twd,
        paid_at=paid_at,
        method=Method.LINE_PAY,
        fee_twd=None,
        raw={"returnCode": answer.code, "info": json.dumps(answer.info, ensure_ascii=False, default=str)},
        result_code=answer.code,
    )


def _paid_dollars(record: Mapping[str, Any], expected: int | None) -> int:
    """Return what the payer paid by all means together: cards, balance, points, discounts."""
    parts = record.get("payInfo")
    if not parts and expected is not None:
        return expected
    if not isinstance(parts, list) or not parts:
        raise GatewayError("line_pay: a payment of an amount that it does not tell")
    paid = sum(dollars(_mapping(part).get("amount")) for part in parts)
    if paid < 1:
        raise GatewayError("line_pay: a payment of nothing")
    return paid


def _check_same_trade(record: Mapping[str, Any], trade_number: str, gateway_trade_number: str | None) -> None:
    number = id_text(record.get("transactionId"))
    if record.get("orderId") != trade_number or number != (gateway_trade_number or number):
        raise GatewayError("line_pay answered for another trade")


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise GatewayError("line_pay: an answer without its contents")
    return value


def _instant(text: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise GatewayError("line_pay: a time that is none") from error
    if instant.tzinfo is None:
        raise GatewayError("line_pay: a time without a zone")
    return instant


def _sound_alarm(answer: Envelope, call: str) -> None:
    if answer.code in codes.OUR_MISTAKE:
        log.error("line_pay refuses us", extra={"call": call, "result_code": answer.code})
