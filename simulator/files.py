"""The merchant's file of trades: CSV in Big5 with the cells wrapped for spreadsheets (payments.md 1.7)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from flask import Blueprint, Response

from app.core import clock
from app.payments.gateways.ecpay_files import FILE_PATH, ONE_A_MINUTE, DateType
from simulator.desk import Desk, current_desk
from simulator.notices import fee
from simulator.questions import QuestionRefused, genuine_question, refuse_question
from simulator.trade import CardMove, Status, Trade

blueprint = Blueprint("files", __name__)
blueprint.register_error_handler(QuestionRefused, refuse_question)

HEADERS: Final = (
    "訂單日期",
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
    "撥款狀態",
)
_METHODS: Final = {"Credit": "信用卡", "ATM": "ATM櫃員機", "BARCODE": "超商條碼", "CVS": "超商代碼"}
_RATES: Final = {"Credit": "2.75%", "ATM": "1%", "BARCODE": "15元", "CVS": "30元"}
# When the money reaches the merchant's account, in days after it was paid (payments.md 1.2).
_PAYOUT_DAYS: Final = {"Credit": 7, "ATM": 1, "BARCODE": 5, "CVS": 5}
_TYPES: Final = {"01": "Credit", "03": "ATM", "04": "CVS", "05": "BARCODE"}


@blueprint.post(FILE_PATH)
def trades() -> Response:
    fields = genuine_question()
    desk = current_desk()
    if fields.get("MediaFormated") not in ("0", "1"):
        raise QuestionRefused("MediaFormated Error")
    try:
        dated = DateType(fields.get("DateType", ""))
        begin, end = (date.fromisoformat(fields.get(name, "")) for name in ("BeginDate", "EndDate"))
    except ValueError as error:
        raise QuestionRefused("Date Error") from error
    if desk.knobs.file_throttle and not desk.may_download(time.monotonic()):
        return Response(ONE_A_MINUTE, mimetype="text/html")
    chosen = [
        trade for trade in reversed(desk.book.list_all()) if _is_asked(trade, fields, dated, begin, end)
    ]
    charset = "utf-8" if fields.get("CharSet") == "2" or desk.knobs.file_utf8 else "big5"
    lines = [HEADERS, *_lines(desk, chosen, begin)]
    text = "".join(",".join(_cells(line)) + "\r\n" for line in lines)
    # Big5 has no sign for much of what people write; ECPay shows a question mark.
    answer = Response(text.encode(charset, "replace"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={begin:%Y%m%d}.csv"
    return answer


def _is_asked(trade: Trade, fields: dict[str, str], dated: DateType, begin: date, end: date) -> bool:
    paid = trade.status is Status.PAID
    if fields.get("PaymentStatus", "1" if paid else "0") != ("1" if paid else "0"):
        return False
    if fields.get("PaymentType") and _TYPES.get(fields["PaymentType"]) != trade.order.choice:
        return False
    day = {
        DateType.ORDERED: clock.taipei_day(trade.created_at),
        DateType.PAID: clock.taipei_day(trade.paid_at) if trade.paid_at else None,
        DateType.PAYOUT: clock.taipei_day(_payout_at(trade, trade.paid_at)) if trade.paid_at else None,
    }[dated]
    return day is not None and begin <= day <= end


def _lines(desk: Desk, chosen: list[Trade], begin: date) -> Iterator[tuple[str, ...]]:
    knobs = desk.knobs
    for trade in chosen:
        number = trade.order.number
        if number not in knobs.file_without:
            amount = knobs.file_amounts.get(number, trade.paid_amount or trade.order.amount)
            yield _line(trade, amount)
            for move in desk.book.list_card_moves(trade):
                if move.action == "R":
                    yield _refund_line(trade, move)
    for serial in range(1, knobs.file_unknown + 1):
        # Paid to this merchant and not by a trade of this book: from another till, or one that was lost.
        yield (
            f"{begin:%Y-%m-%d} 12:00:00",
            f"UNKNOWN{serial:09d}",
            f"{begin:%y%m%d}1200{serial:06d}",
            _METHODS["ATM"],
            "250",
            *_charges("ATM", 250),
            "已撥款",
        )


def _line(trade: Trade, amount: int) -> tuple[str, ...]:
    paid_out = trade.paid_at is not None and clock.now() >= _payout_at(trade, trade.paid_at)
    return (
        f"{trade.created_at.astimezone(clock.TAIPEI):%Y-%m-%d %H:%M:%S}",
        trade.order.number,
        trade.gateway_number,
        _METHODS[trade.order.choice],
        str(amount),
        *_charges(trade.order.choice, amount),
        "已撥款" if paid_out else "未撥款",
    )


def _refund_line(trade: Trade, move: CardMove) -> tuple[str, ...]:
    """Return the line of money that went back, whoever asked for it; its amounts are negative."""
    return (
        f"{move.at.astimezone(clock.TAIPEI):%Y-%m-%d %H:%M:%S}",
        trade.order.number,
        trade.gateway_number,
        _METHODS[trade.order.choice],
        str(-move.amount),
        *("0", "0", "0", "0", "0", str(-move.amount)),
        "未撥款",
    )


def _charges(choice: str, amount: int) -> tuple[str, ...]:
    charge = fee(choice, amount)
    return (_RATES[choice], str(charge), "0", str(charge), "0", str(amount - charge))


def _payout_at(trade: Trade, paid_at: datetime) -> datetime:
    return paid_at + timedelta(days=_PAYOUT_DAYS[trade.order.choice])


def _cells(line: tuple[str, ...]) -> Iterator[str]:
    if line is HEADERS:
        yield from line
        return
    for cell in line:
        yield f"={cell}" if cell.isdigit() and len(cell) < 10 else f'="{cell}"'
