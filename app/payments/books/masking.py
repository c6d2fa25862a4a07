"""What a gateway sent, as staff may read it: our trade in full, everything about a person masked; pure."""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import parse_qsl

# What says nothing about a person. Whatever else a gateway sends, or will send one day, is masked.
_NAMES: Final = (
    "MerchantID MerchantTradeNo MerchantTradeDate StoreID RtnCode RtnMsg TradeNo TradeAmt TradeDate "
    "PaymentDate PaymentType PaymentTypeChargeFee SimulatePaid BankCode ExpireDate PaymentNo Barcode1 "
    "Barcode2 Barcode3 vAccount TradeStatus HandlingCharge ItemName TotalAmount TotalSuccessTimes "
    "process_date auth_code gwsr eci amount stage stast staed PeriodType Frequency ExecTimes RelateNumber "
    "CheckMacValue returnCode returnMessage orderId transactionId transactionType transactionDate "
    "payStatus method currency refundTransactionId refundAmount refundTransactionDate "
    "authorizationExpireDate"
)
_PLAIN: Final = frozenset(_NAMES.split(" "))
_LONG_DIGITS: Final = re.compile(r"\d{5,}")
_EMAIL: Final = re.compile(r"[^\s@=&]+@[^\s@=&]+")
_LONGEST: Final = 4000


def readable_message(body: bytes) -> str:
    """Return a message line by line, ``name = value``, the values of unknown names masked as ``王＊＊``.

    What is neither a form nor JSON is shown as text without its long numbers and mail addresses; what is
    too long is cut.
    """
    text = body.decode("utf-8", errors="replace")
    lines = _of_json(text) or _of_form(text) or [_masked_text(text)]
    written = "\n".join(lines)
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"


def _of_form(text: str) -> list[str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=200)
    except ValueError:
        return []
    return [f"{name} = {_shown(name, value)}" for name, value in pairs]


def _of_json(text: str) -> list[str]:
    if not text.lstrip().startswith("{"):
        return []
    try:
        return _lines("", "", json.loads(text))
    except (ValueError, RecursionError):
        return []


def _lines(path: str, name: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return [line for key, one in value.items() for line in _lines(f"{path}.{key}", key, one)]
    if isinstance(value, list):
        return [line for one in value for line in _lines(path, name, one)]
    return [f"{path.removeprefix('.')} = {_shown(name, '' if value is None else str(value))}"]


def _shown(name: str, value: str) -> str:
    if name in _PLAIN:
        return _masked_text(value) if _EMAIL.search(value) else value
    return value[:1] + "＊" * min(len(value) - 1, 8) if value else ""


def _masked_text(text: str) -> str:
    hidden = _LONG_DIGITS.sub(lambda found: found[0][:2] + "＊" * (len(found[0]) - 2), text)
    return _EMAIL.sub("＊＊＊", hidden)
