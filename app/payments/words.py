"""What an order is for, as it is kept and as people read it; pure."""

from __future__ import annotations

import re
from datetime import date

from app.core.messages import Message, Wording
from app.core.roc_dates import format_roc_document, parse_date
from app.exams.words import round_wording
from app.payments.gateways.base import Method

METHOD_NAMES = {
    Method.STORE_BARCODE: Message("超商條碼"),
    Method.STORE_CODE: Message("超商代碼"),
    Method.ATM: Message("ATM 轉帳"),
    Method.CARD: Message("信用卡"),
    Method.LINE_PAY: Message("LINE Pay"),
}
_FEE = re.compile("(.+?)(團體)?報名費")
_CARRIED = Message("免繳報名費（保留應試資格）")
_BORN = re.compile("(免繳)?報名費（(.+)以[前後]出生）")


def fee_title(exam_round: str) -> str:
    """Return the title of one person's order, as it is kept: 全國認證第一梯次報名費."""
    return str(Message("%(round)s報名費", {"round": exam_round}))


def group_fee_title(exam_round: str) -> str:
    """Return the title of a group's order; without its name, for it is printed at the store."""
    return str(Message("%(round)s團體報名費", {"round": exam_round}))


def paying_line(last_day: date) -> str:
    """Return the line of a bill for those who pay: born on or before a day (R078)."""
    return str(Message("報名費（%(day)s以前出生）", {"day": format_roc_document(last_day)}))


def free_line(first_day: date) -> str:
    """Return the line of a bill for those who do not: born on or after a day (R078)."""
    return str(Message("免繳報名費（%(day)s以後出生）", {"day": format_roc_document(first_day)}))


def carried_line() -> str:
    """Return the line of a bill for those whose right to sit was kept from the year before (R175)."""
    return str(_CARRIED)


def order_wording(title: str) -> str:
    """Return a kept title, of an order or a line of it, with its English."""
    if title == str(_CARRIED):
        return Wording(title, _CARRIED)
    if found := _BORN.fullmatch(title):
        values = {"day": format_roc_document(parse_date(found[2]))}
        if found[1]:
            return Wording(title, Message("免繳報名費（%(day)s以後出生）", values))
        return Wording(title, Message("報名費（%(day)s以前出生）", values))
    if found := _FEE.fullmatch(title):
        values = {"round": round_wording(found[1])}
        if found[2]:
            return Wording(title, Message("%(round)s團體報名費", values))
        return Wording(title, Message("%(round)s報名費", values))
    return title
