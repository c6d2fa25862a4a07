"""The kinds of files that are read, one line each; a new bank is a parser and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.core.messages import Message
from app.payments.reconciliation import ecpay_settlement, ecpay_trades, taishin
from app.payments.reconciliation.lines import Parse


class FileSource(StrEnum):
    ECPAY_TRADES = "ecpay_trades"
    ECPAY_SETTLEMENT = "ecpay_settlement"
    TAISHIN = "taishin"


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """:ivar gateway: whose payments the file tells of, by the name that stands in attempts and receipts
    :ivar brings_money: whether a payment that we do not know of is taken from it. The card settlement file
        tells a second time of what the trade file tells, without the number by which we would know it again.
    """

    label: Message
    gateway: str
    parse: Parse
    brings_money: bool = True


SOURCES: Final = {
    FileSource.ECPAY_TRADES: SourceFacts(Message("綠界 特店對帳檔"), "ecpay", ecpay_trades.parse),
    FileSource.ECPAY_SETTLEMENT: SourceFacts(
        Message("綠界 信用卡撥款檔"), "ecpay", ecpay_settlement.parse, brings_money=False
    ),
    FileSource.TAISHIN: SourceFacts(Message("台新銀行 銷帳檔"), "taishin", taishin.parse),
}
