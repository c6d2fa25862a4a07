"""ECPay 綠界 AIO V5: card, virtual account, store barcode and store code (payments.md 1).

Settings arrive as arguments. The browser carries the order to ECPay as a signed form; ECPay's
server reports the result to us; what the browser brings back is shown, never believed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from app.core import clock
from app.core.decisions import Decision, allowed, refused
from app.core.errors import GatewayError
from app.core.messages import Message
from app.payments.gateways import ecpay_fields
from app.payments.gateways.base import (
    ChargeRequest,
    Method,
    Notice,
    PaidTrade,
    RedirectForm,
    RefundAnswer,
    TradeStatus,
)
from app.payments.gateways.ecpay_cards import CardTrades
from app.payments.gateways.ecpay_files import DateType, download
from app.payments.gateways.ecpay_settings import PUBLIC_TEST_MERCHANTS, STAGE, EcpaySettings, RetiredKey
from app.payments.gateways.ecpay_wire import Wire
from app.payments.gateways.form_body import parse_form_body

__all__ = ["PUBLIC_TEST_MERCHANTS", "STAGE", "EcpayGateway", "EcpaySettings", "RetiredKey"]

#: The answers ECPay's server understands: exactly these bytes, text/plain, status 200.
ACKNOWLEDGED: Final = b"1|OK"
NOT_ACKNOWLEDGED: Final = b"0|Refused"

CHECKOUT_PATH: Final = "/Cashier/AioCheckOut/V5"
QUERY_PATH: Final = "/Cashier/QueryTradeInfo/V5"
QUERY_CODE_PATH: Final = "/Cashier/QueryPaymentInfo"

_CLAUSE = "捌、二、(四)5"
_LONGEST_URL = 200

_CHOICES = {
    Method.STORE_BARCODE: "BARCODE",
    Method.STORE_CODE: "CVS",
    Method.ATM: "ATM",
    Method.CARD: "Credit",
}
_LONGEST_CODE_DAYS = {Method.STORE_BARCODE: 30, Method.ATM: 60}
_LONGEST_CODE_MINUTES = 43_200
# ECPay may read 100 and less as days (payments.md 1.2).
_SHORTEST_CODE_MINUTES = 101
# ECPay counts from when the payer presses for the code on its page, which is after we have counted.
_MINUTES_TO_PRESS = 10


class EcpayGateway:
    """ECPay as a `Gateway`, and for its cards as `Refunds`."""

    name = "ecpay"
    methods = (Method.STORE_BARCODE, Method.STORE_CODE, Method.ATM, Method.CARD)
    trade_number_field = "MerchantTradeNo"

    def __init__(self, settings: EcpaySettings) -> None:
        self._settings = settings
        self._wire = Wire(settings)
        self._cards = CardTrades(self._wire)

    def check_can_start(self, method: Method, *, amount_twd: int, last_day: date, now: datetime) -> Decision:
        """Return whether this method can collect this amount by this day.

        Accounts and barcodes are counted in whole days and the shortest lasts until tomorrow, so on
        the last day itself none can be issued: it would outlive the order (R087). A store code is
        counted in minutes and can be had until 111 minutes before the end.
        """
        today = clock.taipei_day(now)
        if method not in self.methods:
            return refused(Message("這裡不能使用這種繳費方式，請改選其他方式。"))
        lowest, highest = self._settings.limits_twd[method]
        if not lowest <= amount_twd <= highest:
            return refused(
                Message(
                    "請改選其他方式：這種方式每筆收 %(lowest)s 元至 %(highest)s 元，您這筆是 %(amount)s 元。",
                    {"lowest": lowest, "highest": highest, "amount": amount_twd},
                )
            )
        if today > last_day:
            return refused(Message("繳費期限已過，不能再繳費。"), _CLAUSE)
        if method in _LONGEST_CODE_DAYS and today == last_day:
            return refused(
                Message("今天是繳費期限最後一天，來不及取號繳費；請改用信用卡等立即完成的方式。"), _CLAUSE
            )
        if method is Method.STORE_CODE and _code_minutes(last_day, now) < _SHORTEST_CODE_MINUTES:
            return refused(
                Message("離繳費期限不到兩小時，來不及取代碼繳費；請改用信用卡等立即完成的方式。"), _CLAUSE
            )
        return allowed(Message("您可以用這種方式繳費。"), _CLAUSE)

    def start(self, request: ChargeRequest) -> RedirectForm:
        """Return the signed order form for the browser; its code expires on the order's last day.

        A last day beyond ECPay's longest term (60 days for accounts, 30 for barcodes and store codes)
        gives a code that expires earlier than the order.

        :raises Refused: as `check_can_start`
        """
        self.check_can_start(
            request.method,
            amount_twd=request.amount_twd,
            last_day=request.last_day,
            now=request.requested_at,
        ).raise_if_refused()
        fields = {
            "MerchantID": self._settings.merchant_id,
            "MerchantTradeNo": request.trade_number,
            "MerchantTradeDate": ecpay_fields.format_instant(request.requested_at),
            "PaymentType": "aio",
            "TotalAmount": str(request.amount_twd),
            "TradeDesc": _plain(request.description),
            "ItemName": _plain(request.item_name),
            "ReturnURL": _address(request.notify_url),
            "ChoosePayment": _CHOICES[request.method],
            "EncryptType": "1",
            "ClientBackURL": _address(request.client_back_url),
            "NeedExtraPaidInfo": "Y",
            **_method_fields(request),
        }
        return RedirectForm(self._settings.base_url + CHECKOUT_PATH, self._wire.sign(fields))

    def read_notice(self, body_pairs: list[tuple[str, str]]) -> Notice:
        """Return what a posted form tells us; see `Gateway.read_notice` for what it raises."""
        return ecpay_fields.notice_from(self._wire.genuine(body_pairs))

    def failure_reason(self, result_code: str) -> Message:
        """Return what to tell a payer whose attempt ended with this code."""
        return ecpay_fields.failure_reason(result_code)

    def query(
        self,
        trade_number: str,
        now: datetime,
        *,
        gateway_trade_number: str | None = None,  # noqa: ARG002 - ours is enough for ECPay
    ) -> TradeStatus:
        """Ask where a trade stands; see `Gateway.query`."""
        status = ecpay_fields.status_from(self._ask(QUERY_PATH, trade_number, now))
        _check_same_trade(status.trade_number, trade_number)
        return status

    def query_code(self, trade_number: str, now: datetime) -> Notice:
        """Ask again for the code of an unpaid trade, in case its notice was lost; raises as `query`."""
        notice = ecpay_fields.notice_from(self._ask(QUERY_CODE_PATH, trade_number, now))
        _check_same_trade(notice.trade_number, trade_number)
        return notice

    def refund(self, trade: PaidTrade, amount_twd: int, now: datetime) -> RefundAnswer:
        """Give back all or part of a card payment; see `Refunds.refund` and `CardTrades.refund`."""
        return self._cards.refund(self._authorised(trade, now), amount_twd, now)

    def refunded_twd(self, trade: PaidTrade, now: datetime) -> int:
        """Return what has gone back to the card so far; see `Refunds.refunded_twd`."""
        return self._cards.status(self._authorised(trade, now)).refunded_twd

    def download_trades(self, begin: date, end: date, *, date_type: DateType, now: datetime) -> bytes:
        """Return the reconciliation file of a period; see `ecpay_files.download`."""
        return download(self._wire, begin, end, date_type=date_type, now=now)

    def _authorised(self, trade: PaidTrade, now: datetime) -> PaidTrade:
        """Return the trade with its authorisation's number, asked for where no notice has told it."""
        if trade.authorisation_number:
            return trade
        number = self.query(trade.trade_number, now).authorisation_number
        if not number:
            raise GatewayError("ecpay knows of no authorisation of this trade")
        return replace(trade, authorisation_number=number)

    def _ask(self, path: str, trade_number: str, now: datetime) -> dict[str, str]:
        question = {
            "MerchantID": self._settings.merchant_id,
            "MerchantTradeNo": trade_number,
            "TimeStamp": str(int(now.timestamp())),
        }
        return self._wire.genuine(parse_form_body(self._wire.ask(path, question)))


def _method_fields(request: ChargeRequest) -> dict[str, str]:
    if request.method is Method.CARD:
        return {"OrderResultURL": _address(request.return_url)}
    if request.method is Method.STORE_CODE:
        minutes = min(_code_minutes(request.last_day, request.requested_at), _LONGEST_CODE_MINUTES)
        term = {"StoreExpireDate": str(minutes)}
    else:
        today = clock.taipei_day(request.requested_at)
        days = min((request.last_day - today).days, _LONGEST_CODE_DAYS[request.method])
        term = {"ExpireDate" if request.method is Method.ATM else "StoreExpireDate": str(days)}
    return {
        **term,
        "PaymentInfoURL": _address(request.code_url),
        "ClientRedirectURL": _address(request.return_url),
    }


def _code_minutes(last_day: date, now: datetime) -> int:
    """Return the whole minutes for which a store code may live, so that it ends with the last day."""
    return (clock.end_of_day(last_day) - now) // timedelta(minutes=1) - _MINUTES_TO_PRESS


def _plain(text: str) -> str:
    """Return letters, digits and blanks only, at most 200: ECPay cuts and blocks the rest."""
    return re.sub(r"[^\w\-]+", " ", text).strip()[:200].strip()


def _address(url: str) -> str:
    if len(url) > _LONGEST_URL:
        raise ValueError(f"ECPay takes addresses of at most {_LONGEST_URL} characters")
    return url


def _check_same_trade(answered: str, asked: str) -> None:
    if answered != asked:
        raise GatewayError("ecpay answered for another trade")
