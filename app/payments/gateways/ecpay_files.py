"""ECPay's file of a merchant's trades, fetched as it is (payments.md 1.7); what it says is read elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from app.core import clock
from app.core.errors import GatewayError
from app.payments.gateways.base import GatewayBusy
from app.payments.gateways.ecpay_wire import Wire

FILE_PATH: Final = "/PaymentMedia/TradeNoAio"

#: What ECPay answers, instead of a file, to who asks for a second one within a minute.
ONE_A_MINUTE: Final = "一分鐘之內僅限下載一個媒體檔"

_BIG5: Final = "1"
_PAID: Final = "1"
_NEW_FORM: Final = "1"
_MOST_BYTES: Final = 64 << 20
_SECONDS: Final = 60


class DateType(StrEnum):
    """Which of a trade's days decides whether it stands in the file."""

    PAID = "2"
    PAYOUT = "4"
    ORDERED = "6"


def download(wire: Wire, begin: date, end: date, *, date_type: DateType, now: datetime) -> bytes:
    """Return the file of the paid trades of a period, in the bytes in which ECPay sends it (Big5).

    :param begin: first Taipei day, inclusive
    :param end: last Taipei day, inclusive
    :param now: aware; a period that has not begun has no file
    :raises ValueError: a period that ends before it begins, or begins after today
    :raises GatewayBusy: ECPay gives one file a minute
    :raises GatewayError: no answer, a page instead of a file, or more than 64 MiB
    """
    if not begin <= end or begin > clock.taipei_day(now):
        raise ValueError(f"no period: {begin} to {end}")
    content = wire.ask(
        FILE_PATH,
        {
            "MerchantID": wire.settings.merchant_id,
            "DateType": date_type.value,
            "BeginDate": begin.isoformat(),
            "EndDate": end.isoformat(),
            "PaymentStatus": _PAID,
            "MediaFormated": _NEW_FORM,
            "CharSet": _BIG5,
        },
        host=wire.settings.vendor_url,
        seconds=_SECONDS,
        most_bytes=_MOST_BYTES,
    )
    head = content[:2048]
    if any(ONE_A_MINUTE.encode(charset) in head for charset in ("utf-8", "big5")):
        raise GatewayBusy("ecpay gives one file a minute")
    if not content or head.lstrip().startswith(b"<"):
        raise GatewayError(f"ecpay {FILE_PATH}: no file")
    return content
