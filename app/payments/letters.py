"""The mails about money: still to be paid, received, not enough, or to be refunded."""

from __future__ import annotations

from typing import Final

from flask import current_app

from app.accounts.models import Account
from app.config import Settings
from app.core import audit, mail
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.messages import N_, Message
from app.core.money import format_twd
from app.core.roc_dates import format_instant, format_roc_long
from app.payments.models import Order, Receipt
from app.payments.states import ReceiptOutcome

_PAID: Final = N_("""您好：

已收到「%(title)s」的費用 %(amount)s，繳費完成。
繳費時間：%(paid_at)s
%(excess)s
接下來由總試務中心審查報名資料，您不用再做任何事。隨時可以查看進度：
%(link)s

客語能力認證總試務中心
""")

_EXCESS: Final = N_("您多繳了 %(excess)s，由總試務中心依簡章「玖、退費辦理」處理，不用提出申請。\n")

_PARTIAL: Final = N_("""您好：

已收到「%(title)s」的款項 %(received)s；應繳 %(amount)s，還差 %(outstanding)s。
請在 %(last_day)s23:59 前補繳，繳足後才完成報名手續：
%(link)s

客語能力認證總試務中心
""")

_REFUNDABLE: Final = N_("""您好：

已收到您為「%(title)s」在 %(paid_at)s 繳的 %(received)s，但%(reason)s。
這筆款項由總試務中心依簡章「玖、退費辦理」處理，您不用提出申請。如有疑問，請電洽總試務中心。
%(link)s

客語能力認證總試務中心
""")

_REMINDER: Final = N_("""您好：

「%(title)s」還沒有繳費。請在 %(last_day)s23:59 前繳 %(outstanding)s，逾期就不能繳費，報名也會取消：
%(link)s

已經到便利商店或用 ATM 繳了的話，約 2 至 3 個工作天才會更新，請不要再繳。

客語能力認證總試務中心
""")

_REASONS: Final = {
    ReceiptOutcome.LATE: Message("已超過繳費期限，不能完成報名"),
    ReceiptOutcome.SURPLUS: Message("這筆費用先前已經繳清，屬於溢繳"),
    ReceiptOutcome.CANCELLED_ORDER: Message("這筆報名已經取消"),
}


def send_paid(order: Order) -> None:
    """Put the mail 已收到繳費 into the outbox of the open unit of work.

    :raises ValueError: if the order is not paid
    """
    if order.paid_at is None:
        raise ValueError("this order is not paid")
    excess = Message(_EXCESS, {"excess": format_twd(order.unneeded_twd)}) if order.unneeded_twd else ""
    _send(order, Message("已收到繳費"), _PAID, paid_at=format_instant(order.paid_at), excess=excess)
    _note(order, "paid")


def send_reminder(order: Order) -> None:
    """Remind the payer of the last day (S002)."""
    _send(
        order,
        Message("請記得繳費"),
        _REMINDER,
        outstanding=format_twd(order.outstanding_twd),
        last_day=format_roc_long(order.last_day),
    )


def send_partial(order: Order, receipt: Receipt) -> None:
    """Tell the payer how much is missing and by when."""
    _send(
        order,
        Message("繳費金額不足，請補繳"),
        _PARTIAL,
        received=format_twd(receipt.amount_twd),
        outstanding=format_twd(order.outstanding_twd),
        last_day=format_roc_long(order.last_day),
    )
    _note(order, "partial")


def send_refundable(order: Order, receipt: Receipt) -> None:
    """Tell the payer that money arrived which the order cannot use, and why (R101, R102)."""
    _send(
        order,
        Message("收到一筆將辦理退費的款項"),
        _REFUNDABLE,
        received=format_twd(receipt.amount_twd),
        paid_at=format_instant(receipt.paid_at),
        reason=_REASONS[receipt.outcome],
    )
    _note(order, "refundable")


def _note(order: Order, kind: str) -> None:
    """Put on record which mail went out; its text is gone from the outbox once it is delivered."""
    audit.record("payment.tell", order, SYSTEM, mail=kind)


def _send(order: Order, subject: Message, text: str, **values: object) -> None:
    settings: Settings = current_app.extensions["settings"]
    account = db.session.get_one(Account, order.account_id)
    link = f"{settings.base_url}{order.page_path}"
    message = Message(
        text, {"title": order.title, "amount": format_twd(order.amount_twd), "link": link, **values}
    )
    heading = Message("%(subject)s：%(title)s", {"subject": subject, "title": order.title})
    mail.send_later(account.email, heading, message, language=account.language)
