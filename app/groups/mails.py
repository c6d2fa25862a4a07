"""Letters to a group's leader; each goes out after the commit of the transaction it was written in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import current_app

from app.accounts.queries import language_of
from app.core import mail
from app.core.messages import N_, Message
from app.core.money import format_twd
from app.core.roc_dates import format_roc_long
from app.groups.models import Group
from app.payments.fees import FeeTotal
from app.registration.states import CancelReason

Part = Message | str | tuple[Message, ...]
_LAPSED = {
    CancelReason.NOT_SUBMITTED: Message(
        "您沒有在選取梯次當天送出這個團體，系統已取消團體報名，保留的名額也已釋出。"
    ),
    CancelReason.CLOSED: Message("報名已截止，這個團體沒有送出，系統已取消團體報名。"),
    CancelReason.UNPAID: Message("我們沒有在繳費期限內收到這個團體的報名費，系統已取消團體報名。"),
}


def tell_submitted(group: Group, total: FeeTotal) -> None:
    """Confirm a submission: complete when nothing is due, else what to pay until when (R078, R079)."""
    counts = Message(
        "考生共 %(members)s 人，其中免繳 %(free)s 人、需繳費 %(paying)s 人。",
        {
            "members": total.free_count + total.paying_count,
            "free": total.free_count,
            "paying": total.paying_count,
        },
    )
    order = group.order
    if order is None:
        subject = Message("團體報名完成：%(group)s", {"group": group.name})
        news = Message("團體報名已完成，免繳報名費。接下來由總試務中心審查資格，您不必再做任何事。")
    else:
        subject = Message("請繳費：%(group)s", {"group": group.name})
        news = Message(
            "團體報名資料已送出，請在 %(day)s23:59 前繳費 %(amount)s；逾期未繳，報名會自動取消。",
            {"day": format_roc_long(order.last_day), "amount": format_twd(order.amount_twd)},
        )
    _send(group, subject, [news, counts])


def tell_lapsed(group: Group, reason: CancelReason, *, today: date) -> None:
    """Tell that the clock has ended a group, and whether a new one can be made (R088, R219)."""
    subject = Message("團體報名已取消：%(group)s", {"group": group.name})
    paragraphs = [_LAPSED[reason]]
    closes_on = group.exam_round.registration_closes_on
    if today <= closes_on:
        text = N_("要報名請在 %(day)s 截止前重新建立團體。")
        paragraphs.append(Message(text, {"day": format_roc_long(closes_on)}))
    _send(group, subject, paragraphs)


def write_to(
    group: Group, subject: Message, paragraphs: Sequence[Part], *, to: str, account_id: int, link: bool = True
) -> None:
    """Send a letter about a group to somebody, with greeting, facts and signature as all its letters have.

    :param account_id: in whose language
    :param link: whether it leads to the group's page, which opens to its leader only
    """
    _send(group, subject, paragraphs, to=to, account_id=account_id, with_link=link)


def _send(
    group: Group,
    subject: Message,
    paragraphs: Sequence[Part],
    *,
    to: str | None = None,
    account_id: int | None = None,
    with_link: bool = True,
) -> None:
    base_url = current_app.extensions["settings"].base_url
    greeting = Message("您好：") if to else Message("%(name)s 您好：", {"name": group.leader_name})
    facts = Message(
        "團體：%(group)s\n梯次：%(round)s\n認證日期：%(day)s\n考區：%(area)s",
        {
            "group": group.name,
            "round": group.exam_round.name,
            "day": format_roc_long(group.exam_round.test_on),
            "area": group.offering.area,
        },
    )
    link = Message("查看團體：\n%(url)s", {"url": f"{base_url}/groups/{group.public_id}"})
    sign = Message("客語能力認證總試務中心\n這是系統自動寄出的信，請不要直接回信。")
    parts = [greeting, *paragraphs, facts, *([link] if with_link else []), sign]
    language = language_of(account_id or group.account_id)
    mail.send_later(to or group.leader_email, subject, *parts, language=language)
