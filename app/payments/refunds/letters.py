"""The mails about a refund: how to go on, what was decided, and that the money is on its way."""

from __future__ import annotations

from typing import Final

from flask import current_app

from app.accounts.models import Account
from app.core import audit, mail
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.messages import N_, Message
from app.core.money import format_twd
from app.core.roc_dates import format_roc_long
from app.exams.queries import site_facts
from app.payments.models import RefundCase
from app.payments.refunds.rules import RULES
from app.payments.refunds.states import RefundState
from app.payments.refunds.subjects import Subject, find_subject

_REQUESTED: Final = N_("""您好：

已收到「%(title)s」的退費申請（案號 %(number)s，%(reason)s，預計退還 %(amount)s）。
請下載退費申請書，簽名後連同證明文件，在 %(apply_by)s前掛號寄到「%(mailbox)s」，郵戳為憑，逾期不予受理。
%(link)s

客語能力認證總試務中心
""")

_GRANTED: Final = N_("""您好：

「%(title)s」的退費（案號 %(number)s，%(reason)s）已核准，退還 %(amount)s。
%(way)s
%(ended)s%(link)s

客語能力認證總試務中心
""")

_BY_POST: Final = N_("總試務中心會在 %(pay_by)s前以郵政匯票寄到您留的收件地址。")
_SAME_WAY: Final = N_(
    "總試務中心會在 %(pay_by)s前退回您繳費的信用卡或 LINE Pay，不能退回時以郵政匯票寄到您留的收件地址。"
)

_ENDED: Final = N_("申請退費的考生不再參加這個梯次的認證，報名已取消。\n")

_REFUSED: Final = N_("""您好：

「%(title)s」的退費申請（案號 %(number)s，%(reason)s）未獲核准。
原因：%(note)s
%(link)s

客語能力認證總試務中心
""")

_PAID: Final = N_("""您好：

「%(title)s」的退費 %(amount)s（案號 %(number)s）已在 %(paid_on)s以郵政匯票寄出，匯票號碼 %(money_order)s。
請留意掛號信件，並持身分證件到郵局兌領。
%(link)s

客語能力認證總試務中心
""")

_REPAID: Final = N_("""您好：

「%(title)s」的退費 %(amount)s（案號 %(number)s）已在 %(paid_on)s退回您當時繳費的信用卡或 LINE Pay。
入帳時間依發卡銀行或 LINE Pay 的作業而定，約需 7 至 14 個工作天。
%(link)s

客語能力認證總試務中心
""")


def send_requested(case: RefundCase, subject: Subject) -> None:
    """Tell the applicant what to post, where and until when (R106)."""
    _send(
        case,
        subject,
        Message("已收到退費申請"),
        _REQUESTED,
        apply_by=format_roc_long(case.apply_by) if case.apply_by else "",
        mailbox=site_facts().get("mailbox", ""),
    )
    _note(case, "requested")


def send_decided(case: RefundCase, *, can_repay: bool) -> None:
    """Tell the applicant that it is granted and when the money comes, or refused and why.

    :param can_repay: whether it may go back the way it came, and not only by money order
    """
    if case.state == RefundState.GRANTED:
        pay_by = {"pay_by": format_roc_long(case.pay_by) if case.pay_by else ""}
        way = Message(_SAME_WAY if can_repay else _BY_POST, pay_by)
        ended = Message(_ENDED) if case.subjects else ""
        _send(case, find_subject(case.order), Message("退費已核准"), _GRANTED, way=way, ended=ended)
        _note(case, "granted")
    else:
        note = case.decision_note or ""
        _send(case, find_subject(case.order), Message("退費申請未獲核准"), _REFUSED, note=note)
        _note(case, "refused")


def send_paid(case: RefundCase) -> None:
    """Tell the applicant that the money order is in the post."""
    _send(
        case,
        find_subject(case.order),
        Message("退費匯票已寄出"),
        _PAID,
        paid_on=format_roc_long(case.paid_on) if case.paid_on else "",
        money_order=case.money_order_number,
    )
    _note(case, "money_order")


def send_repaid(case: RefundCase) -> None:
    """Tell the applicant that the money has gone back the way it came."""
    paid_on = format_roc_long(case.paid_on) if case.paid_on else ""
    _send(case, find_subject(case.order), Message("退費已退回"), _REPAID, paid_on=paid_on)
    _note(case, "repaid")


def _note(case: RefundCase, kind: str) -> None:
    """Put on record which mail went out; its text is gone from the outbox once it is delivered."""
    audit.record("refund.tell", case, SYSTEM, mail=kind)


def _send(case: RefundCase, subject: Subject | None, title: Message, text: str, **values: object) -> None:
    base_url = current_app.extensions["settings"].base_url
    own_account_id = subject.own_account_of(case.subjects) if subject else None
    account = db.session.get_one(Account, own_account_id or case.order.account_id)
    link = f"{base_url}{subject.page_path}/refund" if subject else base_url
    message = Message(
        text,
        {
            "title": case.order.title,
            "number": case.number,
            "reason": RULES[case.reason].label,
            "amount": format_twd(case.amount_twd),
            "link": link,
            **values,
        },
    )
    heading = Message("%(subject)s：%(title)s", {"subject": title, "title": case.order.title})
    mail.send_later(account.email, heading, message, language=account.language)
