"""Files as gateways and banks make them, built around our own attempts."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime

from app.core import clock
from app.core.actors import SYSTEM
from app.payments.models import Attempt, ReconciliationFile
from app.payments.reconciliation.services import Period, take_file
from app.payments.reconciliation.sources import FileSource
from app.payments.reconciliation.taishin import FIELDS
from tests.conftest import taipei

TRADE_HEADINGS = (
    "訂單日期",
    "付款日期",
    "廠商訂單編號",
    "綠界訂單編號",
    "付款方式",
    "交易金額",
    "手續費率(每筆)",
    "手續費",
    "處理費",
    "交易手續費",
    "平台手續費",
    "應收款項(淨額)",
    "付款狀態",
    "撥款狀態",
)
PAID_AT = "2023-05-03 10:00"
_serial = itertools.count(1)


def trade_row(
    ours: str,
    *,
    theirs: str | None = None,
    amount: int = 250,
    fee: int = 10,
    paid_at: str = PAID_AT,
    method: str = "ATM櫃員機",
    state: str = "已付款",
) -> dict[str, str]:
    """Return one line of ECPay's file of trades, by heading."""
    theirs = theirs or f"2305030900{next(_serial):06d}"
    cells = ("2023-05-02 09:00:00", f"{paid_at}:00", ours, theirs, method, str(amount))
    more = ("1%", str(fee), "0", "0", "0", str(amount - fee), state, "未撥款")
    return dict(zip(TRADE_HEADINGS, cells + more, strict=True))


def trade_file(
    rows: Iterable[dict[str, str]], *, headings: tuple[str, ...] = TRADE_HEADINGS, encoding: str = "big5"
) -> bytes:
    """Return the file of these lines, each cell wrapped as ECPay wraps it."""
    lines = [",".join(headings)]
    lines += [",".join(_wrapped(row[name]) for name in headings) for row in rows]
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


def settlement_file(rows: Iterable[tuple[str, str, str, str, int]]) -> bytes:
    """Return a card settlement file of (authorisation, closing, our number, day, amount), with a sum."""
    heading = "授權單號,授權碼,關帳單號,訂單編號,交易日期,請款日期,交易金額,手續費,%數,撥款金額,交易處理費"
    lines, total = [heading], 0
    for authorisation, closing, ours, day, amount in rows:
        cells = (
            authorisation,
            "777777",
            closing,
            ours,
            day,
            day,
            str(amount),
            "7",
            "2.75%",
            str(amount - 7),
            "0",
        )
        lines.append(",".join(f"={cell}" for cell in cells))
        total += amount
    lines.append(f",,,,,每日小計:,{total},0,,{total},0")
    return "".join(f"{line}\n" for line in lines).encode("big5")


def bank_line(
    account: str,
    *,
    amount: int = 250,
    sequence: int | None = None,
    at: str = PAID_AT,
    sign: str = "+",
    entry: str = "C",
    comment: str = "",
) -> bytes:
    """Return one line of Taishin's write-off file, without its end."""
    moment = taipei(at)
    values = {
        "response_code": "0000",
        "account": "20760100002047",
        "date": f"{moment:%Y%m%d}",
        "seqno": f"{next(_serial) if sequence is None else sequence:06d}",
        "flag": "A",
        "time": f"{moment:%H%M%S}",
        "txn_type": "ATM",
        "amount_raw": f"{amount}0",
        "sign": sign,
        "entry_type": entry,
        "virtual_account": f"{account}00",
        "from_bank": "825",
        "comment": comment,
        "reserved": "168371",
        "status": "S",
    }
    return b"".join(values.get(name, "").encode("big5").ljust(width) for name, width in FIELDS)


def bank_file(*lines: bytes) -> bytes:
    return b"".join(line + b"\r\n" for line in lines)


def take(
    source: FileSource, content: bytes, *, period: Period | None = None, account_id: int | None = None
) -> ReconciliationFile:
    return take_file(source, "file.csv", content, period=period, account_id=account_id, actor=SYSTEM)


def take_trades(*rows: dict[str, str], period: Period | None = None) -> ReconciliationFile:
    return take(FileSource.ECPAY_TRADES, trade_file(rows), period=period)


def paid_row(attempt: Attempt, theirs: str, **changes: object) -> dict[str, str]:
    """Return the line of a payment that has been reported as well."""
    return trade_row(attempt.trade_number, theirs=theirs, **changes)


def noon(day: str) -> datetime:
    return taipei(f"{day} 12:00").astimezone(clock.TAIPEI)


def _wrapped(cell: str) -> str:
    return f"={cell}" if cell.isdecimal() and len(cell) < 10 else f'="{cell}"'
