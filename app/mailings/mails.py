"""Letters about the post: that something went out, came back, or goes again."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from app.accounts.queries import language_of
from app.core import mail
from app.core.messages import N_, Listing, Message
from app.core.money import format_twd
from app.core.roc_dates import day_message
from app.exams.queries import site_facts
from app.mailings.kinds import KINDS, WAY_NAMES, MailingKind
from app.mailings.models import MailingParcel, MailingResend
from app.mailings.states import RETURN_REASONS, ResendState

_SIGNATURE = Message("客語能力認證總試務中心\n這是系統自動寄出的信，請不要直接回信。")


def tell_posted(parcel: MailingParcel) -> None:
    """Tell that something is on its way, and where to (R014, R132, R153, R171)."""
    kind, batch = KINDS[parcel.batch.kind], parcel.batch
    values = {
        "day": day_message(batch.posted_on) if batch.posted_on else "",
        "way": WAY_NAMES[kind.way],
        "kind": kind.name,
        "count": len(parcel.items),
        "to": _place_words(parcel),
    }
    news = [Message("%(kind)s %(count)s 份已在 %(day)s以%(way)s寄到%(to)s。", values)]
    if parcel.registered_number is not None:
        news.append(Message("掛號號碼：%(number)s", {"number": parcel.registered_number}))
    if batch.kind == MailingKind.TICKET:
        news.append(Message("考前還沒收到的話，請自行到報名網站下載列印准考證。"))
    _tell(parcel, Message("%(kind)s已寄出：%(round)s", _subject(parcel)), news)


def tell_returned(parcel: MailingParcel) -> None:
    """Tell that something came back, why, and what to do (R140, R174)."""
    assert parcel.return_reason is not None and parcel.returned_on is not None  # noqa: S101, PT018
    values = {
        "kind": KINDS[parcel.batch.kind].name,
        "day": day_message(parcel.returned_on),
        "reason": RETURN_REASONS[parcel.return_reason],
        "to": _place_words(parcel),
    }
    news = [Message("寄到%(to)s的%(kind)s在 %(day)s被退回，原因：%(reason)s。", values)]
    if parcel.batch.kind == MailingKind.TICKET:
        news.append(Message("遭退件的紙本准考證不予補寄，請自行到報名網站下載列印准考證。"))
    else:
        news.append(Message("請先登入確認通訊地址，再申請重寄；依簡章規定，重寄的郵資由您自行負擔。"))
    _tell(parcel, Message("%(kind)s被退回：%(round)s", _subject(parcel)), news)


def tell_decided(resend: MailingResend) -> None:
    """Tell whoever asked what has become of a request to send something again (R174)."""
    parcel = resend.parcel
    match resend.state:
        case ResendState.POSTAGE_DUE:
            text = N_(
                "您申請重寄%(kind)s，郵資是 %(amount)s。請把等值郵票寄到「%(mailbox)s」，收到後就會寄出。"
            )
            values = {
                "kind": KINDS[parcel.batch.kind].name,
                "amount": format_twd(resend.postage_twd or 0),
                "mailbox": site_facts()["mailbox"],
            }
            news = [Message(text, values)]
        case ResendState.READY if resend.postage_twd is None:
            news = [Message("您申請的重寄免付郵資，會隨下一批寄出。說明："), resend.note or ""]
        case ResendState.READY:
            news = [Message("已收到您的郵資，會隨下一批寄出。")]
        case _:
            news = [Message("您申請的重寄沒有核准，說明如下："), resend.note or ""]
    _tell(parcel, Message("重寄申請：%(kind)s（%(round)s）", _subject(parcel)), news)


def _subject(parcel: MailingParcel) -> dict[str, object]:
    return {"kind": KINDS[parcel.batch.kind].name, "round": parcel.batch.exam_round.name}


def _place_words(parcel: MailingParcel) -> Message:
    return Message("團報負責人的地址") if parcel.group else Message("考生的通訊地址")


def _tell(parcel: MailingParcel, subject: Message, news: Sequence[Message | str]) -> None:
    """Write to the candidates in a parcel, and to the leader it goes to; to one address only once."""
    leader = [parcel.group.leader_email] if parcel.group else []
    language = language_of(parcel.items[0].registration.account_id)
    for address in dict.fromkeys([*leader, *(item.registration.email for item in parcel.items)]):
        names = [item.registration.chinese_name for item in parcel.items]
        if address not in leader:
            names = [
                item.registration.chinese_name for item in parcel.items if item.registration.email == address
            ]
        whom = Message("考生：%(names)s", {"names": Listing(names)})
        parts = [Message("您好："), *news, whom, _where(), _SIGNATURE]
        mail.send_later(address, subject, *parts, language=language)


def _where() -> Message:
    base = str(current_app.extensions["settings"].base_url).rstrip("/")
    return Message("登入報名網站查看進度：%(url)s", {"url": f"{base}/login"})
