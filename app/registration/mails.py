"""Letters to candidates; each goes out after the commit of the transaction it was written in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import current_app

from app.accounts.queries import language_of
from app.core import mail
from app.core.messages import Message
from app.core.money import format_twd
from app.core.roc_dates import format_roc_long
from app.registration.correction_models import Correction
from app.registration.models import Registration
from app.registration.states import CancelReason

_SIGNATURE = Message("客語能力認證總試務中心\n這是系統自動寄出的信，請不要直接回信。")
_LAPSED = {
    CancelReason.NOT_SUBMITTED: Message(
        "您沒有在選取梯次當天送出報名資料，系統已取消這份報名，保留的名額也已釋出。"
    ),
    CancelReason.CLOSED: Message("報名已截止，您的報名表沒有送出，系統已取消這份報名。"),
    CancelReason.UNPAID: Message("我們沒有在繳費期限內收到您的報名費，系統已取消這份報名。"),
    CancelReason.NOT_CORRECTED: Message(
        "我們沒有在補正期限內收到您補正的資料，依簡章規定，這份報名視同未報名，不能應試。"
        "有疑問請電洽總試務中心。"
    ),
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


def tell_lapsed(
    registration: Registration, reason: CancelReason, *, today: date, leader_email: str | None = None
) -> None:
    """Tell that the clock has ended a registration, and whether a new one can be made (R064, R088).

    :param leader_email: for a group's member, the address of the account that the group is of
    """
    subject = Message("報名已取消：%(round)s", {"round": registration.exam_round.name})
    paragraphs = [_LAPSED[reason]]
    closes_on = registration.exam_round.registration_closes_on
    if today <= closes_on:
        paragraphs.append(Message("要報名請在 %(day)s截止前重新填寫。", {"day": format_roc_long(closes_on)}))
    for address in dict.fromkeys([registration.email, leader_email or registration.email]):
        _send(registration, subject, paragraphs, to=address)


def tell_returned(
    registration: Registration, correction: Correction, *, leader_email: str | None = None
) -> None:
    """Tell everything that is missing, at once, and until when to make it good (R068, S003).

    :param leader_email: for a group's member, the address of the account that can answer
    """
    subject = Message("請補正報名資料：%(round)s", {"round": registration.exam_round.name})
    day = {"day": format_roc_long(correction.last_day)}
    ask = Message("審查報名資料時，發現以下需要補正，請在 %(day)s23:59 前到報名網站說明或上傳文件：", day)
    items = tuple(Message("・%(item)s", {"item": Message(item)}) for item in correction.missing)
    warning = Message("逾期沒有補正，依簡章規定視同未報名，不能應試。")
    url = {"url": _address(f"/registrations/{registration.public_id}/correction")}
    if leader_email is None:
        where = Message("補正網址（請先登入）：%(url)s", url)
    else:
        where = Message("這是團體報名，請由團報負責人登入後補正：%(url)s", url)
    for address in dict.fromkeys([registration.email, leader_email or registration.email]):
        _send(registration, subject, [ask, items, where, warning], to=address)


def tell_contact_changed(registration: Registration, old_email: str) -> None:
    """Tell that contact data were changed, also at the address that no longer holds (R143)."""
    subject = Message("聯絡方式已更新：%(round)s", {"round": registration.exam_round.name})
    news = Message(
        "您的聯絡方式（電話、電子信箱或地址）已更新。如果不是您或團報負責人修改的，請電洽總試務中心。"
    )
    for address in dict.fromkeys([old_email, registration.email]):
        _send(registration, subject, [news], to=address)


def tell_amended(registration: Registration) -> None:
    """Tell that the office has corrected identity data (R141)."""
    subject = Message("身分資料已更正：%(round)s", {"round": registration.exam_round.name})
    news = Message("總試務中心已更正您的身分資料。已經下載准考證的話，請重新下載，舊的不再有效。")
    _send(registration, subject, [news])


def tell_declined(registration: Registration, reply: str) -> None:
    """Tell why identity data were not corrected (R141)."""
    subject = Message("更正申請的結果：%(round)s", {"round": registration.exam_round.name})
    _send(registration, subject, [Message("您申請更正的身分資料沒有更正，說明如下："), reply])


def tell_carried_over(registration: Registration, roc_year: int) -> None:
    """Tell that the right to sit is kept until next year, and how it is used (R175)."""
    subject = Message("保留應試資格：%(round)s", {"round": registration.exam_round.name})
    news = Message(
        "因試場設備或停電，您這次沒有完整的錄音，又無法配合補考。您的應試資格保留到 %(year)s 年度："
        "到時候用同一個證號報名，系統會自動免收報名費。",
        {"year": roc_year},
    )
    _send(registration, subject, [news])


def write_to(
    registration: Registration,
    subject: Message,
    paragraphs: Sequence[Message | str],
    *,
    to: str | None = None,
) -> None:
    """Send a letter of a room above to a candidate, with greeting, exam and signature as all letters have.

    :param to: None: the candidate's own address
    """
    _send(registration, subject, paragraphs, to=to)


def tell_arrangement_decided(registration: Registration, *, leader_email: str | None = None) -> None:
    """Tell that the office has answered a request for special arrangements, and nothing of the answer.

    :param leader_email: for a group's member, the address of the account that can read it
    """
    subject = Message("您的申請有回覆了：%(round)s", {"round": registration.exam_round.name})
    url = {"url": _address(f"/registrations/{registration.public_id}/arrangement")}
    news = Message("總試務中心已回覆您報名時提出的申請，內容請登入後查看：\n%(url)s", url)
    for address in dict.fromkeys([registration.email, leader_email or registration.email]):
        _send(registration, subject, [news], to=address)


def _address(path: str) -> str:
    return f"{current_app.extensions['settings'].base_url}{path}"


def _send(
    registration: Registration,
    subject: Message,
    paragraphs: Sequence[Message | str | tuple[Message, ...]],
    *,
    to: str | None = None,
) -> None:
    greeting = Message("%(name)s 您好：", {"name": registration.chinese_name})
    facts = Message(
        "梯次：%(round)s\n認證日期：%(day)s\n考區：%(area)s\n腔調：%(dialect)s",
        {
            "round": registration.exam_round.name,
            "day": format_roc_long(registration.exam_round.test_on),
            "area": registration.offering.area,
            "dialect": registration.dialect,
        },
    )
    link = (
        []
        if registration.in_group
        else [
            Message("查看報名狀態：\n%(url)s", {"url": _address(f"/registrations/{registration.public_id}")})
        ]
    )
    parts = [greeting, *paragraphs, facts, *link, _SIGNATURE]
    language = language_of(registration.account_id)
    mail.send_later(to or registration.email, subject, *parts, language=language)
