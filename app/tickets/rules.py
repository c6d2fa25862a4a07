"""When a ticket can be had; pure."""

from __future__ import annotations

from datetime import datetime

from app.core.decisions import Decision, allowed, refused
from app.core.messages import N_, Message
from app.core.roc_dates import format_instant

DOWNLOAD_CLAUSE = "拾、一、(一)"


def check_ticket_open(opens_at: datetime, now: datetime) -> Decision:
    """Decide whether tickets of a round can be downloaded; the opening instant itself is inside.

    The hour is the round's: 09:00 for national rounds (R133) and, unless the office sets another one,
    for multi-session rounds too (R134, Q7).
    """
    if now < opens_at:
        text = N_("准考證自 %(at)s 起開放下載")
        return refused(Message(text, {"at": format_instant(opens_at)}), DOWNLOAD_CLAUSE)
    return allowed(Message("准考證可以下載了，請用 A4 紙自行列印"), DOWNLOAD_CLAUSE)


def check_can_download(*, opens_at: datetime, seated: bool, now: datetime) -> Decision:
    """Decide whether somebody's ticket can be downloaded: the day has come, and they have a seat (R136)."""
    decision = check_ticket_open(opens_at, now)
    if decision and not seated:
        return refused(
            Message("您的座位還沒排定，准考證尚未製發。請稍後再試，或電洽總試務中心"), DOWNLOAD_CLAUSE
        )
    return decision
