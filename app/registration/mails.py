"""Letters to candidates; each goes out after the commit of the transaction it was written in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import current_app

from app.core import mail
from app.core.messages import Message
from app.core.money import format_twd
from app.core.roc_dates import format_roc_long
from app.registration.models import Registration
from app.registration.states import CancelReason

_LAPSED = {
    CancelReason.NOT_SUBMITTED: Message(
        "您沒有在選取梯次當天送出報名資料，系統已取消這份報名，保留的名額也已釋出。"
    ),
    CancelReason.CLOSED: Message("報名已截止，您的報名表沒有送出，系統已取消這份報名。"),
    CancelReason.UNPAID: Message("我們沒有在繳費期限內收到您的報名費，系統已取消這份報名。"),
}


def tell_submitted(registration: Registration) -> None:
    """Confirm a submission: complete when nothing is due, else what to pay until when (R079, R085, R086)."""
    order = registration.order
    if order is None:
        subject = Message("報名完成：%(round)s", {"round": registration.exam_round.name})
        news = Message("您的報名已完成，免繳報名費。接下來由總試務中心審查資格，您不必再做任何事。")
    else:
        subject = Message("請繳費：%(round)s", {"round": registration.exam_round.name})
        news = Message(
            "您的報名資料已送出，請在 %(day)s23:59 前繳費 %(amount)s；逾期未繳，報名會自動取消。",
            {"day": format_roc_long(order.last_day), "amount": format_twd(order.amount_twd)},
        )
    _send(registration, subject, [news])


def tell_lapsed(registration: Registration, reason: CancelReason, *, today: date) -> None:
    """Tell that the clock has ended a registration, and whether a new one can be made (R064, R088)."""
    subject = Message("報名已取消：%(round)s", {"round": registration.exam_round.name})
    paragraphs = [_LAPSED[reason]]
    closes_on = registration.exam_round.registration_closes_on
    if today <= closes_on:
        paragraphs.append(Message("要報名請在 %(day)s截止前重新填寫。", {"day": format_roc_long(closes_on)}))
    _send(registration, subject, paragraphs)


def tell_returned(registration: Registration, missing: Sequence[str]) -> None:
    """Tell everything that is missing, at once (S003)."""
    subject = Message("請補正報名資料：%(round)s", {"round": registration.exam_round.name})
    items = "\n".join(f"・{item}" for item in missing)
    _send(
        registration, subject, [Message("審查報名資料時，發現以下需要補正，請儘快與總試務中心聯絡："), items]
    )


def _send(registration: Registration, subject: Message, paragraphs: Sequence[Message | str]) -> None:
    base_url = current_app.extensions["settings"].base_url
    greeting = Message("%(name)s 您好：", {"name": registration.chinese_name})
    facts = Message(
        "梯次：%(round)s\n認證日期：%(day)s\n考區：%(area)s\n腔調：%(dialect)s",
        {
            "round": registration.exam_round.name,
            "day": format_roc_long(registration.exam_round.test_on),
            "area": registration.offering.area,
            "dialect": registration.dialect.value,
        },
    )
    link = (
        []
        if registration.in_group
        else [
            Message("查看報名狀態：\n%(url)s", {"url": f"{base_url}/registrations/{registration.public_id}"})
        ]
    )
    sign = Message("客語能力認證總試務中心\n這是系統自動寄出的信，請不要直接回信。")
    parts = [greeting, *paragraphs, facts, *link, sign]
    mail.send_later(registration.email, str(subject), "\n\n".join(str(part) for part in parts))
