"""When to ask a gateway what became of an attempt that it has not told us about; pure.

ECPay wants a card asked about ten minutes after it was sent there, and codes only once their time is over
(payments.md 1.2 and 1.5): a store or a bank reports late, and a notice may be lost (case 16).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from app.payments.gateways.base import Method

#: After the start: ten minutes, half an hour later, and the next day, when the day's books are closed.
_AFTER_START: Final = (timedelta(minutes=10), timedelta(minutes=40), timedelta(days=1))
#: LINE Pay reports nothing by itself, and its requests live twenty minutes (payments.md 2.2, case 19).
_LINE_PAY_AFTER_START: Final = tuple(timedelta(minutes=minutes) for minutes in (*range(3, 25, 3), 26))
#: After a code's last instant: how long its payment may take to be reported, and twice that.
_REPORTED_WITHIN: Final[Mapping[Method, timedelta]] = {
    Method.ATM: timedelta(days=1),
    Method.STORE_CODE: timedelta(days=1),
    Method.STORE_BARCODE: timedelta(days=3),
}
_LONGEST_PAUSE: Final = timedelta(hours=1)
_BUSY_PAUSE: Final = timedelta(minutes=30)


def next_question(
    method: Method,
    *,
    started_at: datetime,
    code_expires_at: datetime | None,
    now: datetime,
    confirming: bool = False,
) -> datetime | None:
    """Return the first instant after `now` at which to ask about an attempt; None: there is no use any more.

    :param code_expires_at: the first instant at which its code cannot be paid; None: it has none
    :param confirming: money may have been taken and nobody has told us: then asking never ends (case 18)
    """
    if code_expires_at is None:
        pauses = _LINE_PAY_AFTER_START if method is Method.LINE_PAY else _AFTER_START
        instants = [started_at + after for after in pauses]
    else:
        within = _REPORTED_WITHIN.get(method, timedelta())
        instants = [code_expires_at + within, code_expires_at + 2 * within]
    if confirming:
        instants.append(now + _LONGEST_PAUSE)
    return next((instant for instant in instants if instant > now), None)


def after_silence(now: datetime, *, times_asked: int, busy: bool) -> datetime:
    """Return when to ask again after no answer, later each time; half an hour when asked to wait (case 21).

    :param times_asked: the questions about this attempt so far, this one included
    """
    if busy:
        return now + _BUSY_PAUSE
    return now + min(timedelta(minutes=2 ** min(times_asked, 10)), _LONGEST_PAUSE)
