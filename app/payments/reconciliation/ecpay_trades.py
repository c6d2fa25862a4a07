"""ECPay's reconciliation file (TradeNoAio 特店對帳媒體檔, payments.md 1.7); pure.

The exact columns are not published: they are found by name, and what is not there is not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.payments.gateways.base import Method
from app.payments.reconciliation.csv_cells import (
    Cells,
    read_dollars,
    read_fee,
    read_instant,
    read_number,
    read_rows,
    whole_dollars,
)
from app.payments.reconciliation.lines import Line, LineKind, broken_line

_COLUMNS: Final = {
    "ordered": ("訂單日期", "交易日期"),
    "ours": ("廠商訂單編號", "特店訂單編號", "特店交易編號"),
    "theirs": ("綠界訂單編號", "綠界交易編號"),
    "method": ("付款方式",),
    "amount": ("交易金額",),
}
_OPTIONAL: Final = {
    "paid": ("付款日期", "付款時間", "付款完成時間"),
    "state": ("付款狀態", "交易狀態"),
    "net": ("應收款項(淨額)", "應收款項（淨額）"),
    "fee": ("手續費", "金流手續費"),
    "handling": ("處理費", "金流處理費"),
    "trade_fee": ("交易手續費",),
    "platform": ("平台手續費",),
}
_FEES: Final = ("fee", "handling", "trade_fee", "platform")
_PAID: Final = ("已付款", "付款成功", "交易成功", "1", "")
_UNPAID: Final = ("未付款", "付款失敗", "交易失敗", "0", "2")
# In the order in which they are looked for: 超商條碼 is no 超商代碼.
_METHODS: Final = (
    ("條碼", Method.STORE_BARCODE),
    ("BARCODE", Method.STORE_BARCODE),
    ("代碼", Method.STORE_CODE),
    ("CVS", Method.STORE_CODE),
    ("ATM", Method.ATM),
    ("信用卡", Method.CARD),
    ("CREDIT", Method.CARD),
)


def parse(content: bytes) -> Iterator[Line]:
    """Yield the payments, and as refunds the lines with a negative amount; unpaid orders are left out.

    :raises UnreadableFile: on reading, when the file as a whole cannot be used
    """
    for number, cells, raw in read_rows(content, _COLUMNS, _OPTIONAL):
        state = cells.get("state", "")
        if state not in _PAID + _UNPAID:  # a word that we do not know could stand for money
            raise broken_line(number, "付款狀態")
        if state in _PAID:
            yield _line(number, cells, raw)


def _line(number: int, cells: Cells, raw: str) -> Line:
    amount = read_dollars(cells["amount"], number, "交易金額")
    theirs = read_number(cells["theirs"], number, "綠界訂單編號")
    paid = cells.get("paid", "")
    at = read_instant(paid or cells["ordered"], number, "付款日期" if paid else "訂單日期")
    kind = LineKind.PAYMENT if amount > 0 else LineKind.REFUND
    return Line(
        number=number,
        key=theirs if kind is LineKind.PAYMENT else f"{theirs}:{at:%Y%m%d%H%M%S}:{amount}",
        kind=kind,
        amount_twd=abs(amount),
        at=at,
        is_exact=bool(paid),
        fee_twd=_fee(number, cells, amount),
        method=_method(cells["method"]),
        trade_number=read_number(cells["ours"], number, "廠商訂單編號"),
        gateway_trade_number=theirs,
        raw=raw,
    )


def _fee(number: int, cells: Cells, amount: int) -> int | None:
    """Return all that the gateway keeps: the difference to what it pays out, or else the sum of its fees."""
    if net := cells.get("net"):
        return whole_dollars(amount - read_fee(net, number, "應收款項(淨額)"))
    told = [cells[name] for name in _FEES if cells.get(name)]
    if not told:
        return None
    return whole_dollars(sum((read_fee(each, number, "手續費") for each in told), Decimal(0)))


def _method(text: str) -> Method | None:
    return next((method for word, method in _METHODS if word in text.upper()), None)
