"""Letters about a case: they carry its number and never its content (security 12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import current_app

from app.accounts.queries import language_of
from app.cases.kinds import UNIT_NAMES
from app.cases.models import Case
from app.core import mail
from app.core.messages import N_, Message
from app.core.roc_dates import format_instant, format_roc_long


def progress_url(number: str) -> str:
    """Return the address of the public progress page with the number filled in (S015)."""
    return f"{_base_url()}/cases/lookup?number={number}"


def tell_received(case: Case) -> None:
    """Confirm that a case arrived, with its number (S016)."""
    _tell(
        case,
        Message("已收到您的案件 %(number)s", {"number": case.number}),
        [
            Message(
                "我們在 %(at)s 收到您的案件，案件號碼是：\n\n%(number)s",
                {"at": format_instant(case.reported_at), "number": case.number},
            ),
            Message("請保留這個號碼，隨時可以查詢進度。案件分派到權責單位時，會再寄信通知您。"),
            Message("收件憑證（可列印）：%(url)s", {"url": f"{_base_url()}/cases/receipt/{case.public_id}"}),
        ],
    )


def tell_assigned(case: Case) -> None:
    """Tell the applicant that a unit has the case now (W013)."""
    text = N_("您的案件 %(number)s 已經轉交權責單位處理，預定在 %(day)s前回覆處理結果。")
    assert case.result_due_on is not None  # noqa: S101 - assigned cases have it
    news = Message(text, {"number": case.number, "day": format_roc_long(case.result_due_on)})
    _tell(case, Message("案件 %(number)s 已轉交權責單位", {"number": case.number}), [news])


def tell_extended(case: Case, until_on: date) -> None:
    """Tell the applicant that the answer takes longer, and until when."""
    text = N_("您的案件 %(number)s 需要更多時間處理，期限延長到 %(day)s。造成您的等候，敬請見諒。")
    news = Message(text, {"number": case.number, "day": format_roc_long(until_on)})
    _tell(case, Message("案件 %(number)s 延長處理期限", {"number": case.number}), [news])


def tell_answered(case: Case) -> None:
    """Tell the applicant that there is an answer; it stands on the account's page or in a letter."""
    if case.account_id is not None:
        where = Message("請登入後查看：%(url)s", {"url": f"{_base_url()}/cases/mine/{case.public_id}"})
    else:
        where = Message("處理結果會由權責單位以書面或電話通知您。")
    news = Message("您的案件 %(number)s 已有處理結果。", {"number": case.number})
    _tell(case, Message("案件 %(number)s 已有處理結果", {"number": case.number}), [news, where])


def tell_unit(case: Case, address: str) -> None:
    """Tell the unit's mailbox or an officer that a case waits (W019); it can be read at the desk only."""
    assert case.preliminary_due_on is not None and case.result_due_on is not None  # noqa: S101, PT018
    parts = [
        Message(
            "%(unit)s 有新的案件待接收：%(number)s",
            {"unit": UNIT_NAMES[case.unit or ""], "number": case.number},
        ),
        Message(
            "初步受理情形：%(first)s前回報\n處理結果：%(last)s前回報",
            {
                "first": format_roc_long(case.preliminary_due_on),
                "last": format_roc_long(case.result_due_on),
            },
        ),
        Message("請到工作台處理：%(url)s", {"url": f"{_base_url()}/admin/cases/{case.public_id}"}),
    ]
    subject = Message("待接收案件 %(number)s", {"number": case.number})
    mail.send_later(address, subject, *parts)


def _tell(case: Case, subject: Message, paragraphs: Sequence[Message]) -> None:
    address = case.content.get("email")
    if address is None:  # a paper application may give none; the answer then goes by post
        return
    parts = [
        Message("您好："),
        *paragraphs,
        Message("查詢進度：%(url)s", {"url": progress_url(case.number)}),
        Message("客語能力認證總試務中心\n這是系統自動寄出的信，請不要直接回信。"),
    ]
    language = case.language if case.account_id is None else language_of(case.account_id)
    mail.send_later(address, subject, *parts, language=language)


def _base_url() -> str:
    return str(current_app.extensions["settings"].base_url).rstrip("/")
