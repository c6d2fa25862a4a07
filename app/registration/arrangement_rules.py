"""Special arrangements for the exam day (身心障礙及特殊需求): when they are asked for and decided; pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from app.core.decisions import Decision, allowed, refused
from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.text import fold_width, strip_invisible
from app.registration.states import FormState

_CLAUSE: Final = "拾伍、七"
MOST_FILES: Final = 5
LONGEST_ARRANGEMENT: Final = 60


class ArrangementState(StrEnum):
    WAITING = "waiting"
    GRANTED = "granted"  # as asked
    PARTLY = "partly"
    REFUSED = "refused"


GIVEN: Final = (ArrangementState.GRANTED, ArrangementState.PARTLY)


def check_can_describe(form_state: FormState, *, asked: bool) -> Decision:
    """Decide whether aids and proof can still be given: at registration, before it is sent (R185, R253)."""
    if not asked:
        return refused(Message("這份報名沒有申請特殊需求服務，請先在報名表勾選"), _CLAUSE)
    if form_state != FormState.DRAFT:
        return refused(Message("報名已送出，輔具與證明文件不能再更改；要補件請洽總試務中心"), _CLAUSE)
    return allowed(Message("送出前都可以修改"), _CLAUSE)


def check_can_decide(form_state: FormState, *, asked: bool, today: date, test_on: date) -> Decision:
    """Decide whether the office can answer a request, or answer it anew: until the exam day (R253)."""
    if not asked:
        return refused(Message("這份報名沒有申請特殊需求服務"), _CLAUSE)
    if form_state != FormState.SUBMITTED:
        return refused(Message("這份報名還沒有送出，或已經取消，不能審核"), _CLAUSE)
    if today > test_on:
        return refused(Message("認證已經舉行，不能再審核"), _CLAUSE)
    return allowed(Message("可以審核"), _CLAUSE)


def check_answer(state: ArrangementState, *, arrangement: str | None, reply: str | None) -> Decision:
    """Decide whether an answer says what it must: what is provided, and why not all that was asked for.

    What is provided goes onto ticket and room list, so it is said apart from the reason.
    """
    if state == ArrangementState.WAITING:
        return refused(Message("請選擇審核結果"), field="state")
    if state in GIVEN and not arrangement:
        return refused(Message("請寫出認證當天提供的服務"), field="arrangement")
    if state != ArrangementState.GRANTED and not reply:
        return refused(Message("請向考生說明原因"), field="reply")
    return allowed(Message("可以回覆"), _CLAUSE)


def read_arrangement(text: str) -> str:
    """Return what is provided in one short line, as ticket and room list have room for."""
    line = " ".join(strip_invisible(fold_width(text)).split())
    if len(line) > LONGEST_ARRANGEMENT:
        values = {"longest": LONGEST_ARRANGEMENT, "length": len(line)}
        raise InvalidValue(Message("最多 %(longest)s 個字，您填了 %(length)s 個字", values))
    return line
