"""ECPay 綠界 AIO V5: card, virtual account and store barcode (payments.md 1).

Settings arrive as arguments. The browser carries the order to ECPay as a signed form; ECPay's
server reports the result to us; what the browser brings back is shown, never believed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

import requests

from app.core import clock
from app.core.decisions import Decision, allowed, refused
from app.core.errors import GatewayError
from app.core.messages import Message
from app.payments.gateways import check_mac, ecpay_fields
from app.payments.gateways.base import (
    ChargeRequest,
    ForeignNotice,
    ForgedNotice,
    GatewayBusy,
    MalformedNotice,
    Method,
    Notice,
    RedirectForm,
    TradeStatus,
)
from app.payments.gateways.form_body import parse_form_body

#: The answers ECPay's server understands: exactly these bytes, text/plain, status 200.
ACKNOWLEDGED: Final = b"1|OK"
NOT_ACKNOWLEDGED: Final = b"0|Refused"

CHECKOUT_PATH: Final = "/Cashier/AioCheckOut/V5"
QUERY_PATH: Final = "/Cashier/QueryTradeInfo/V5"
QUERY_CODE_PATH: Final = "/Cashier/QueryPaymentInfo"

#: Merchants whose keys ECPay publishes: anyone can sign as they do, so production refuses them.
PUBLIC_TEST_MERCHANTS: Final = frozenset({"3002607", "2000132"})

_CONNECT_SECONDS, _READ_SECONDS = 3, 10
_CLAUSE = "捌、二、(四)5"
_LONGEST_URL = 200

_CHOICES = {Method.STORE_BARCODE: "BARCODE", Method.ATM: "ATM", Method.CARD: "Credit"}
_LONGEST_CODE_DAYS = {Method.STORE_BARCODE: 30, Method.ATM: 60}
_PUBLIC_LIMITS: Mapping[Method, tuple[int, int]] = MappingProxyType(
    {Method.STORE_BARCODE: (17, 20_000), Method.ATM: (11, 49_999), Method.CARD: (5, 199_999)}
)


@dataclass(frozen=True, slots=True)
class EcpaySettings:
    """One merchant at ECPay.

    :ivar base_url: scheme and host without a path, e.g. ``https://payment.ecpay.com.tw``
    :ivar retired_keys: (HashKey, HashIV) still accepted in notices for a while after a change of keys
    :ivar limits_twd: smallest and largest amount by method, inclusive; the public fee page's by
        default, a contract may differ
    """

    merchant_id: str
    hash_key: str = field(repr=False)
    hash_iv: str = field(repr=False)
    base_url: str
    retired_keys: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    limits_twd: Mapping[Method, tuple[int, int]] = field(default_factory=lambda: _PUBLIC_LIMITS)

    @property
    def has_public_keys(self) -> bool:
        return self.merchant_id in PUBLIC_TEST_MERCHANTS


#: ECPay's published test merchant, whom the simulator plays too.
STAGE: Final = EcpaySettings(
    merchant_id="3002607",
    hash_key="pwFHCqoQZGmho4w6",
    hash_iv="EkRm7iFT261dpevs",
    base_url="https://payment-stage.ecpay.com.tw",
)


class EcpayGateway:
    """ECPay as a `Gateway`."""

    name = "ecpay"
    methods = (Method.STORE_BARCODE, Method.ATM, Method.CARD)
    trade_number_field = "MerchantTradeNo"

    def __init__(self, settings: EcpaySettings) -> None:
        self._settings = settings

    def check_can_start(self, method: Method, *, amount_twd: int, last_day: date, today: date) -> Decision:
        """Return whether this method can collect this amount by this day.

        Codes are counted in whole days and the shortest lasts until tomorrow, so on the last day
        itself none can be issued: it would outlive the order (R087).
        """
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
        return allowed(Message("您可以用這種方式繳費。"), _CLAUSE)

    def start(self, request: ChargeRequest) -> RedirectForm:
        """Return the signed order form for the browser; its code expires on the order's last day.

        A last day beyond ECPay's longest term (60 days for accounts, 30 for barcodes) gives a code
        that expires earlier than the order.

        :raises Refused: as `check_can_start`
        """
        today = clock.taipei_day(request.requested_at)
        self.check_can_start(
            request.method, amount_twd=request.amount_twd, last_day=request.last_day, today=today
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
            **_method_fields(request, today),
        }
        return RedirectForm(self._settings.base_url + CHECKOUT_PATH, self._sign(fields))

    def read_notice(self, body_pairs: list[tuple[str, str]]) -> Notice:
        """Return what a posted form tells us; see `Gateway.read_notice` for what it raises."""
        return ecpay_fields.notice_from(self._genuine(body_pairs))

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

    def _ask(self, path: str, trade_number: str, now: datetime) -> dict[str, str]:
        question = {
            "MerchantID": self._settings.merchant_id,
            "MerchantTradeNo": trade_number,
            "TimeStamp": str(int(now.timestamp())),
        }
        try:
            answer = requests.post(
                self._settings.base_url + path,
                data=self._sign(question),
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise GatewayError(f"ecpay {path}: {type(error).__name__}") from error
        if answer.status_code in (403, 429):
            raise GatewayBusy(f"ecpay {path}: status {answer.status_code}")
        if answer.status_code != 200:
            raise GatewayError(f"ecpay {path}: status {answer.status_code}")
        return self._genuine(parse_form_body(answer.content))

    def _genuine(self, pairs: list[tuple[str, str]]) -> dict[str, str]:
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise MalformedNotice("a name occurs twice")
        keys = ((self._settings.hash_key, self._settings.hash_iv), *self._settings.retired_keys)
        if not any(check_mac.verify(fields, hash_key, hash_iv) for hash_key, hash_iv in keys):
            raise ForgedNotice("its CheckMacValue is missing or wrong")
        if fields.get("MerchantID") != self._settings.merchant_id:
            raise ForeignNotice("it names another merchant")
        return fields

    def _sign(self, fields: Mapping[str, str]) -> dict[str, str]:
        return check_mac.sign(fields, self._settings.hash_key, self._settings.hash_iv)


def _method_fields(request: ChargeRequest, today: date) -> dict[str, str]:
    if request.method is Method.CARD:
        return {"OrderResultURL": _address(request.return_url)}
    days = min((request.last_day - today).days, _LONGEST_CODE_DAYS[request.method])
    term = "ExpireDate" if request.method is Method.ATM else "StoreExpireDate"
    return {
        term: str(days),
        "PaymentInfoURL": _address(request.code_url),
        "ClientRedirectURL": _address(request.return_url),
    }


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
