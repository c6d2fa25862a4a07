"""The letter about dates that were moved."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from app.core import mail
from app.core.messages import Message
from app.exams.models import Round


def tell_moved(
    address: str, exam_round: Round, moved: Sequence[Message], reason: str, *, language: str | None
) -> None:
    """Tell one address which dates of its round were moved, and why (R009)."""
    base_url = current_app.extensions["settings"].base_url
    values = {"round": exam_round.name, "url": f"{base_url}/rounds/{exam_round.code}"}
    parts: list[Message | tuple[Message, ...]] = [
        Message("您好："),
        Message("您報名的%(round)s，日期有調整：", values),
        tuple(moved),
        Message("原因：%(reason)s", {"reason": reason}),
        Message("所有日期請看：%(url)s", values),
        Message("客語能力認證總試務中心\n這是系統自動寄出的信，請不要直接回信。"),
    ]
    subject = Message("日期調整通知：%(round)s", values)
    mail.send_later(address, subject, *parts, language=language)
