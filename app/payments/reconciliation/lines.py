"""What a line of any gateway's or bank's file says, in our words; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.core.clock import taipei_day
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.payments.gateways.base import Method


class UnreadableFile(InvalidValue):
    """A file that is refused as a whole; nothing of it is taken."""


class LineKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    REVERSAL = "reversal"  # the bank has taken a credit back


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of money.

    :ivar number: of the line in its file, from 1
    :ivar key: the natural key: the same movement has it in every file of its source
    :ivar amount_twd: at least 1; the kind says which way it went
    :ivar at: aware instant of the payment, or the nearest that the file tells
    :ivar is_exact: whether `at` is the instant of payment, by which lateness is decided
    :ivar fee_twd: what the gateway keeps; None: not told
    :ivar method: None: not told, or not one of ours
    :ivar trade_number: our number of the attempt; None: not told
    :ivar gateway_trade_number: the gateway's number of the payment; None: not told
    :ivar authorisation_number: of the card's authorisation; None: not told
    :ivar account: the virtual account paid to; None: not told
    :ivar raw: the line as it stands in the file
    """

    number: int
    key: str
    kind: LineKind
    amount_twd: int
    at: datetime
    is_exact: bool = True
    fee_twd: int | None = None
    method: Method | None = None
    trade_number: str | None = None
    gateway_trade_number: str | None = None
    authorisation_number: str | None = None
    account: str | None = None
    raw: str = field(default="", repr=False)

    @property
    def day(self) -> date:
        """The Taipei day of the movement."""
        return taipei_day(self.at)


#: Every source has one: the file's bytes in, its lines out, one after the other; raises UnreadableFile.
Parse = Callable[[bytes], Iterator[Line]]


def broken_line(number: int, what: str) -> UnreadableFile:
    """Return the refusal of a file for one of its lines.

    :param what: which of its parts, in the file's own word
    """
    return UnreadableFile(
        Message(
            "第 %(number)s 列的「%(what)s」無法判讀，檔案可能不完整或被改過。"
            "請重新下載原檔，不要用試算表另存。",
            {"number": number, "what": what},
        )
    )


def cut_line(number: int) -> UnreadableFile:
    """Return the refusal of a file in which a line is too short or too long."""
    return UnreadableFile(
        Message("第 %(number)s 列的長度不對，檔案可能沒有下載完。請重新下載後再上傳。", {"number": number})
    )
