"""Letters to a leader about an additional session; each goes out after the commit it was written in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from app.accounts.queries import language_of
from app.core import mail
from app.core.messages import N_, Message
from app.core.roc_dates import format_roc_long
from app.exams.choices import OfferingOrigin
from app.exams.models import Offering
from app.groups.extra_session_models import ExtraSession

KIND_WORDS = {
    OfferingOrigin.ADDITIONAL: Message("增開考區"),
    OfferingOrigin.ON_CAMPUS: Message("到校施測"),
}


def tell_asked(asked: ExtraSession, email: str) -> None:
    """Confirm that a request has arrived."""
    subject = Message("已收到%(kind)s申請：%(round)s", _names(asked))
    _send(asked, email, subject, [Message("我們已收到您的申請，審核後會再寄信通知結果。")])


def tell_granted(asked: ExtraSession, offering: Offering, email: str) -> None:
    """Tell that the session is open, for whom, and until when the group has to be registered."""
    exam_round = asked.exam_round
    values = {
        "area": offering.area,
        "places": offering.capacity,
        "from": format_roc_long(exam_round.registration_opens_on),
        "until": format_roc_long(exam_round.registration_closes_on),
    }
    text = N_(
        "總試務中心已為您的團體增開%(area)s考區，名額 %(places)s 人，只有您的帳號可以報名。"
        "請在 %(from)s到 %(until)s之間登入建立團體，並在建立當天送出。"
    )
    subject = Message("%(kind)s申請已核准：%(round)s", _names(asked))
    _send(asked, email, subject, [Message(text, values), *([asked.reply] if asked.reply else [])])


def tell_refused(asked: ExtraSession, email: str) -> None:
    """Tell that the session is not opened, and why."""
    subject = Message("%(kind)s申請未核准：%(round)s", _names(asked))
    reason = Message("這次無法依您的申請增開，說明如下：\n%(reason)s", {"reason": asked.reply})
    other = Message("您仍可以報名現有的考區；有疑問請電洽總試務中心。")
    _send(asked, email, subject, [reason, other])


def _names(asked: ExtraSession) -> dict[str, object]:
    return {"kind": KIND_WORDS[asked.kind], "round": asked.exam_round.name}


def _send(asked: ExtraSession, email: str, subject: Message, paragraphs: Sequence[Message | str]) -> None:
    base_url = current_app.extensions["settings"].base_url
    facts = Message(
        "團體：%(group)s\n梯次：%(round)s\n認證日期：%(day)s\n預估人數：%(expected)s 人",
        {
            "group": asked.name,
            "round": asked.exam_round.name,
            "day": format_roc_long(asked.exam_round.test_on),
            "expected": asked.expected,
        },
    )
    link = Message("查看申請：\n%(url)s", {"url": f"{base_url}/groups/sessions/{asked.public_id}"})
    greeting = Message("%(name)s 您好：", {"name": asked.contact_name})
    sign = Message("客語能力認證總試務中心\n這是系統自動寄出的信，請不要直接回信。")
    parts = [greeting, *paragraphs, facts, link, sign]
    mail.send_later(email, subject, *parts, language=language_of(asked.account_id))
