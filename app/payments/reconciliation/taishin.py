"""Taishin's write-off file (銷帳檔, payments.md 4): 125 bytes a line in Big5, one line per credit; pure."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from app.core.clock import TAIPEI
from app.core.messages import Message
from app.payments.gateways.base import Method
from app.payments.reconciliation.lines import Line, LineKind, UnreadableFile, broken_line, cut_line

#: Name and width in bytes of each field, from the left.
FIELDS: Final = (
    ("response_code", 4),
    ("account", 14),
    ("date", 8),
    ("seqno", 6),
    ("flag", 1),
    ("time", 6),
    ("txn_type", 4),
    ("amount_raw", 12),
    ("sign", 1),
    ("entry_type", 1),
    ("virtual_account", 16),
    ("id", 10),
    ("from_bank", 3),
    ("comment", 20),
    ("reserved", 18),
    ("status", 1),
)
WIDTH: Final = sum(width for _name, width in FIELDS)
#: The digits of our accounts; the file fills them up to 16 with zeros.
ACCOUNT_DIGITS: Final = 14

_AMOUNT = re.compile(r"[0-9]{1,11}0", re.ASCII)  # tenths of a dollar, in the files we know
_MARKUP = re.compile(rb"\s*<", re.ASCII)


def parse(content: bytes) -> Iterator[Line]:
    """Yield one line per credit, and as a reversal what the bank has taken back.

    :raises UnreadableFile: on reading, when the file as a whole cannot be used
    """
    if not content.strip():
        raise UnreadableFile(Message("檔案是空的。請確認下載的期間有交易，再上傳一次。"))
    if _MARKUP.match(content):
        raise UnreadableFile(Message("這是一個網頁，不是銷帳檔；請登入銀行後台查看原因，再下載一次。"))
    for number, line in enumerate(io.BytesIO(content), start=1):
        line = line.rstrip(b"\r\n\x1a")
        if line.strip():
            yield _line(number, line)


def split(line: bytes) -> dict[str, str]:
    """Return the fields of one line without the blanks that fill them up.

    :raises UnicodeDecodeError: when it is not in Big5
    """
    fields, place = {}, 0
    for name, width in FIELDS:
        fields[name] = line[place : place + width].decode("cp950").strip()
        place += width
    return fields


def _line(number: int, line: bytes) -> Line:
    if len(line) != WIDTH:
        raise cut_line(number)
    try:
        fields = split(line)
        raw = line.decode("cp950")
    except UnicodeDecodeError:
        raise UnreadableFile(
            Message("第 %(number)s 列的文字編碼不是 Big5，請上傳下載下來的原檔。", {"number": number})
        ) from None
    kind = _kind(number, fields["sign"], fields["entry_type"])
    account, sequence = _digits(number, fields, "account", "帳號"), _digits(number, fields, "seqno", "序號")
    key = f"{fields['date']}:{account}:{sequence}"
    return Line(
        number=number,
        key=key,
        kind=kind,
        amount_twd=_amount(number, fields["amount_raw"]),
        at=_instant(number, fields["date"] + fields["time"]),
        method=Method.ATM,
        gateway_trade_number=key,
        account=_digits(number, fields, "virtual_account", "虛擬帳號")[:ACCOUNT_DIGITS],
        raw=raw,
    )


def _kind(number: int, sign: str, entry_type: str) -> LineKind:
    if sign not in "+-" or entry_type not in "CD" or not sign or not entry_type:
        raise broken_line(number, "正負號")
    return LineKind.PAYMENT if (sign, entry_type) == ("+", "C") else LineKind.REVERSAL


def _amount(number: int, text: str) -> int:
    if not _AMOUNT.fullmatch(text) or not int(text):
        raise broken_line(number, "金額")
    return int(text) // 10


def _instant(number: int, text: str) -> datetime:
    try:
        if len(text) != 14 or not text.isdecimal():
            raise ValueError
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=TAIPEI)
    except ValueError:
        raise broken_line(number, "日期") from None


def _digits(number: int, fields: dict[str, str], name: str, what: str) -> str:
    text = fields[name]
    if not (text.isascii() and text.isdecimal()):
        raise broken_line(number, what)
    return text
