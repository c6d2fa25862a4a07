"""The words for what somebody has achieved; pure."""

from __future__ import annotations

from app.core.messages import Message
from app.exams.words import LEVEL_NAMES
from app.results.grading import Grade, Outcome


def outcome_message(grade: Grade) -> Message:
    """Return 初級合格, 未通過 or 缺考."""
    if grade.level is not None:
        return Message("%(level)s合格", {"level": LEVEL_NAMES[grade.level]})
    return Message("缺考") if grade.outcome == Outcome.ABSENT else Message("未通過")
