"""ECPay's fields read into our words (payments.md 1.3 and 1.5); pure, the digest already checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from app.core import clock
from app.core.messages import Message
from app.payments.gateways.base import (
    MalformedNotice,
    Method,
    Notice,
    NoticeKind,
    PaymentCode,
    TradeState,
    TradeStatus,
)

PAID: Final = "1"
ACCOUNT_ISSUED: Final = "2"
STORE_CODE_ISSUED: Final = "10100073"
PENDING_AT_ACQUIRER: Final = "10300066"

NO_SUCH_TRADE: Final = "10200047"
NOT_AUTHORISED: Final = "10200095"

_INSTANT_FORMAT = "%Y/%m/%d %H:%M:%S"
_DAY_FORMAT = "%Y/%m/%d"

_KINDS = {
    PAID: NoticeKind.PAID,
    ACCOUNT_ISSUED: NoticeKind.CODE_ISSUED,
    STORE_CODE_ISSUED: NoticeKind.CODE_ISSUED,
    PENDING_AT_ACQUIRER: NoticeKind.PENDING,
}

_STATES = {
    "0": TradeState.UNPAID,
    "1": TradeState.PAID,
    NOT_AUTHORISED: TradeState.FAILED,
    NO_SUCH_TRADE: TradeState.NOT_FOUND,
}

_METHODS = {
    "ATM": Method.ATM,
    "BARCODE": Method.STORE_BARCODE,
    "CVS": Method.STORE_CODE,
    "Credit": Method.CARD,
}

# A lost or stolen card is deliberately told like any other refusal: the bank speaks to its holder.
_FAILURES = {
    "10100251": Message("這張信用卡已過有效期限，沒有扣款。請換一張卡，或改用其他繳費方式。"),
    "10100252": Message("這張信用卡的額度不足，沒有扣款。請換一張卡，或改用其他繳費方式。"),
}
_REFUSED_BY_BANK = Message("發卡銀行沒有核准這筆付款，沒有扣款。請再試一次，或改用其他繳費方式。")


def format_instant(instant: datetime) -> str:
    """Return an aware instant as ECPay writes it: Taipei time, ``2023/05/01 09:00:00``."""
    return instant.astimezone(clock.TAIPEI).strftime(_INSTANT_FORMAT)


def parse_instant(text: str) -> datetime:
    """Return ECPay's Taipei time as an aware instant; raises MalformedNotice when it is none."""
    try:
        return datetime.strptime(text, _INSTANT_FORMAT).replace(tzinfo=clock.TAIPEI)
    except ValueError as error:
        raise MalformedNotice("a time that is none") from error


def failure_reason(result_code: str) -> Message:
    """Return what to tell a payer whose attempt ended with this code."""
    return _FAILURES.get(result_code, _REFUSED_BY_BANK)


def notice_from(fields: Mapping[str, str]) -> Notice:
    """Return what the fields of a genuine notice say; raises MalformedNotice."""
    result_code = _required(fields, "RtnCode")
    # A result we have no word for is never money (payments.md 1.3: "others: abnormal").
    kind = _KINDS.get(result_code, NoticeKind.FAILED)
    if kind is NoticeKind.PAID and _required(fields, "SimulatePaid") != "0":
        kind = NoticeKind.SIMULATED
    settled = kind in (NoticeKind.PAID, NoticeKind.SIMULATED)
    return Notice(
        kind=kind,
        trade_number=_required(fields, "MerchantTradeNo"),
        gateway_trade_number=_required(fields, "TradeNo") if settled else fields.get("TradeNo", ""),
        amount_twd=_paid_dollars(fields) if settled else _optional_dollars(fields),
        paid_at=parse_instant(_required(fields, "PaymentDate")) if settled else None,
        method=_method(fields.get("PaymentType", "")),
        code=_code(fields) if kind is NoticeKind.CODE_ISSUED else None,
        fee_twd=_fee(fields),
        result_code=result_code,
        raw=dict(fields),
        authorisation_number=_authorisation(fields),
    )


def status_from(fields: Mapping[str, str]) -> TradeStatus:
    """Return what the fields of a genuine query answer say; raises MalformedNotice."""
    state = _STATES.get(_required(fields, "TradeStatus"))
    if state is None:
        raise MalformedNotice(f"a trade status we do not know: {fields['TradeStatus']}")
    return TradeStatus(
        state=state,
        trade_number=_required(fields, "MerchantTradeNo"),
        gateway_trade_number=fields.get("TradeNo", ""),
        amount_twd=_dollars(_required(fields, "TradeAmt")),
        paid_at=parse_instant(_required(fields, "PaymentDate")) if state is TradeState.PAID else None,
        method=_method(fields.get("PaymentType", "")),
        fee_twd=_fee(fields),
        raw=dict(fields),
        authorisation_number=_authorisation(fields),
    )


def _code(fields: Mapping[str, str]) -> PaymentCode:
    method = _method(fields.get("PaymentType", ""))
    expires = _required(fields, "ExpireDate")
    if method is Method.ATM:
        return PaymentCode(
            bank_code=_required(fields, "BankCode"),
            account=_required(fields, "vAccount"),
            expires_on=_day(expires),
        )
    expires_at = parse_instant(expires)
    expires_on = clock.taipei_day(expires_at)
    if method is Method.STORE_BARCODE:
        first, second, third = (_required(fields, f"Barcode{number}") for number in (1, 2, 3))
        return PaymentCode(barcodes=(first, second, third), expires_on=expires_on, expires_at=expires_at)
    return PaymentCode(
        store_code=_required(fields, "PaymentNo"), expires_on=expires_on, expires_at=expires_at
    )


def _method(payment_type: str) -> Method | None:
    return _METHODS.get(payment_type.partition("_")[0])


def _authorisation(fields: Mapping[str, str]) -> str | None:
    """Return the number of a card's authorisation (gwsr); one that is none must not stop a payment."""
    number = fields.get("gwsr", "")
    return number if re.fullmatch(r"[1-9][0-9]{0,19}", number) else None


def _required(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "")
    if not value:
        raise MalformedNotice(f"no {name}")
    return value


def _dollars(text: str) -> int:
    # Up to nine ASCII digits: int() alone would take signs, blanks and digits of other scripts.
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise MalformedNotice("an amount that is no whole number of dollars")
    return int(text)


def _paid_dollars(fields: Mapping[str, str]) -> int:
    amount = _dollars(_required(fields, "TradeAmt"))
    if amount == 0:
        raise MalformedNotice("a payment of nothing")
    return amount


def _optional_dollars(fields: Mapping[str, str]) -> int | None:
    text = fields.get("TradeAmt", "")
    return _dollars(text) if text else None


def _fee(fields: Mapping[str, str]) -> int | None:
    """Return the gateway's fee in whole dollars; a fee we cannot read must not stop a payment."""
    try:
        fee = Decimal(fields.get("PaymentTypeChargeFee", ""))
    except InvalidOperation:
        return None
    return int(fee.quantize(Decimal(1), ROUND_HALF_UP)) if fee.is_finite() and abs(fee) < 10**9 else None


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, _DAY_FORMAT).replace(tzinfo=clock.TAIPEI).date()
    except ValueError as error:
        raise MalformedNotice("a day that is none") from error
