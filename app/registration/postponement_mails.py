"""The letter about a postponement notice."""

from __future__ import annotations

from flask import current_app

from app.core import mail
from app.core.messages import Message
from app.core.roc_dates import format_roc_long
from app.exams.notices import PostponementNotice


def tell_postponed(address: str, notice: PostponementNotice, *, language: str | None) -> None:
    """Tell one address of a postponement notice and of the refund that it opens (R176-R178)."""
    exam_round = notice.exam_round
    subject = Message("認證公告：%(round)s", {"round": exam_round.name})
    facts = {
        "round": exam_round.name,
        "day": format_roc_long(exam_round.test_on),
        "area": Message("%(area)s考區", {"area": notice.area}) if notice.area else Message("全部考區"),
        "reason": notice.reason,
    }
    parts = [
        Message("您好："),
        Message("%(round)s（原定 %(day)s，%(area)s）：%(reason)s", facts),
        *_new_test(notice),
        Message(
            "因此無法參加的考生可以申請全額退費：請登入報名系統，從報名狀態頁進入「退費」。%(url)s",
            {"url": current_app.extensions["settings"].base_url},
        ),
        Message("客語能力認證總試務中心\n這是系統自動寄出的信，請不要直接回信。"),
    ]
    mail.send_later(address, subject, *parts, language=language)


def _new_test(notice: PostponementNotice) -> list[Message]:
    if notice.new_test_on is None:
        return []
    values = {"day": format_roc_long(notice.new_test_on), "place": notice.new_place or ""}
    return [Message("改到 %(day)s舉行。時間與地點：%(place)s", values)]
