"""ECPay's card settlement file (FundingReconDetail 信用卡撥款對帳, payments.md 1.7); pure."""

from __future__ import annotations

from collections.abc import Iterator
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
from app.payments.reconciliation.lines import Line, LineKind

_COLUMNS: Final = {
    "authorisation": ("授權單號",),
    "ours": ("訂單編號",),
    "traded": ("交易日期",),
    "asked": ("請款日期",),
    "amount": ("交易金額",),
    "net": ("撥款金額",),
}
_OPTIONAL: Final = {"closing": ("關帳單號",), "fee": ("服務費", "手續費")}
_SUMS: Final = ("小計", "合計", "總計")


def parse(content: bytes) -> Iterator[Line]:
    """Yield what was captured, and as refunds the lines with a negative amount; sums are passed over.

    :raises UnreadableFile: on reading, when the file as a whole cannot be used
    """
    for number, cells, raw in read_rows(content, _COLUMNS, _OPTIONAL):
        if not cells["authorisation"] and any(word in raw for word in _SUMS):
            continue
        yield _line(number, cells, raw)


def _line(number: int, cells: Cells, raw: str) -> Line:
    amount = read_dollars(cells["amount"], number, "交易金額")
    authorisation = read_number(cells["authorisation"], number, "授權單號")
    kind = LineKind.PAYMENT if amount > 0 else LineKind.REFUND
    # A card is paid when it is authorised; it is given back on the day that is asked for.
    day = "traded" if kind is LineKind.PAYMENT else "asked"
    at = read_instant(cells[day], number, _COLUMNS[day][0])
    return Line(
        number=number,
        key=f"{authorisation}:{cells.get('closing', '')}:{at:%Y%m%d}:{amount}",
        kind=kind,
        amount_twd=abs(amount),
        at=at,
        is_exact=False,
        fee_twd=whole_dollars(read_fee(cells["fee"], number, "手續費")) if cells.get("fee") else None,
        method=Method.CARD,
        trade_number=read_number(cells["ours"], number, "訂單編號"),
        authorisation_number=authorisation,
        raw=raw,
    )
