"""How long an order can be paid and a chosen round be kept (捌、一 and 捌、二、(四)5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.clock import end_of_day, taipei_day

PAYMENT_CLAUSE = "捌、二、(四)5"


@dataclass(frozen=True, slots=True)
class PaymentDeadline:
    """The last day of an order's payment term.

    :ivar last_day: a Taipei calendar day; payable up to and including it
    :ivar clause: where the brochure says so; shown on the page and kept in the audit log
    """

    last_day: date
    clause: str = PAYMENT_CLAUSE

    @property
    def ends_at(self) -> datetime:
        """Return the first instant, in UTC, that is too late: 00:00 Taipei of the day after."""
        return end_of_day(self.last_day)

    def is_open_at(self, instant: datetime) -> bool:
        """Return whether a payment made at an aware instant is in time (R087).

        Compared with the start of the next day, so that 23:59:59.999 of the last day counts.
        """
        return instant < self.ends_at


def payment_deadline(submitted_on: date, days_allowed: int) -> PaymentDeadline:
    """Return the last day on which an order can be paid.

    The day of submission is day 1, so 7 days from 1 May end on 7 May (the brochure's own example).
    Holidays count. Choosing or changing a payment method does not move it (Q5). The end of the
    registration period does not cut it short (Q8). Clause 捌、二、(四)5; R085, R086.

    :param submitted_on: Taipei calendar day on which the registration was submitted
    :param days_allowed: calendar days; in 112, 7 on the national track and 3 on the multi-session track
    :raises ValueError: if days_allowed is less than 1
    """
    if days_allowed < 1:
        raise ValueError(f"a payment term has at least one day, not {days_allowed}")
    return PaymentDeadline(submitted_on + timedelta(days=days_allowed - 1))


def days_left(deadline: PaymentDeadline, today: date) -> int:
    """Return the whole days left after today: 0 on the last day, negative when it has passed."""
    return (deadline.last_day - today).days


def passes_close(deadline: PaymentDeadline, registration_closes_on: date) -> bool:
    """Return whether payment may still be made after registration has closed, which deserves a word (Q8)."""
    return deadline.last_day > registration_closes_on


def same_day_limit(chosen_at: datetime) -> datetime:
    """Return the first instant, in UTC, at which a chosen multi-session round is lost unless submitted.

    The data must be submitted on the Taipei day the round was chosen, be it at 00:00 or at 23:50.
    Clause 捌、一 ※; R064.
    """
    return end_of_day(taipei_day(chosen_at))
