"""Until when a case can be filed, and until when it must be answered; pure (S001, S027)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from app.cases.kind_types import CaseKind
from app.core.decisions import Decision, allowed, refused
from app.core.messages import Message
from app.core.roc_dates import day_message
from app.core.working_days import WorkingCalendar

APPEAL_DAYS = 10
REMEDY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a case can be filed, both inclusive; Taipei days, or days of the postmark.

    :ivar clause: where the brochure says so
    """

    first_day: date
    last_day: date
    clause: str

    def check(self, filed_on: date) -> Decision:
        """Return whether a case filed on the day is in time.

        A paper application is filed on the day of its postmark, whenever it arrives (R005); one sent
        through the portal on the day it is sent.
        """
        values = {"first": day_message(self.first_day), "last": day_message(self.last_day)}
        if filed_on > self.last_day:
            return refused(Message("受理期間到%(last)s為止，逾期不予受理", values), self.clause)
        if filed_on < self.first_day:
            return refused(Message("%(first)s起才開始受理，請到時再申請", values), self.clause)
        return allowed(Message("受理期間是%(first)s至%(last)s", values), self.clause)


def appeal_window(event_on: date) -> Window:
    """Return when an appeal can be filed: until the tenth day after the event.

    The day of the event is not counted, in favour of the appellant (Q4): an event on 2 September can
    be appealed until 12 September. Clause 拾貳、一; R159.
    """
    return Window(event_on, event_on + timedelta(days=APPEAL_DAYS), "拾貳、一")


def preliminary_due(assigned_on: date, days: int) -> date:
    """Return the last day for the preliminary report; the day of assignment is day 1 (W026).

    Assigned on 2024-12-10 with 3 days: 2024-12-12.
    """
    if days < 1:
        raise ValueError(f"a report takes at least a day, not {days}")
    return assigned_on + timedelta(days=days - 1)


def result_due_of(kind: CaseKind, assigned_on: date, office: WorkingCalendar) -> date:
    """Return the last day for the result of a kind: by its days, where it counts days, else by its months."""
    if kind.result_days is not None:
        return result_due_in_days(assigned_on, kind.result_days, office)
    return result_due(assigned_on, kind.result_months, office)


def result_due(assigned_on: date, months: int, office: WorkingCalendar) -> date:
    """Return the last day for the result: the same day some months later, or the working day before (W027).

    A day that the month does not have becomes its last one. Assigned on 2024-12-10 or on 2024-12-11 with
    one month: both 2025-01-10, because 2025-01-11 is a Saturday. A public holiday is brought forward
    like a weekend: nobody is there to answer on it.
    """
    if months < 1:
        raise ValueError(f"a result takes at least a month, not {months}")
    count = assigned_on.month - 1 + months
    year, month = assigned_on.year + count // 12, count % 12 + 1
    day = date(year, month, min(assigned_on.day, calendar.monthrange(year, month)[1]))
    return _working_day_by(day, office)


def result_due_in_days(assigned_on: date, days: int, office: WorkingCalendar) -> date:
    """Return the last day for the result where a law counts days, or the working day before.

    The day after is day 1: a request for a copy of one's data (15 days, 個人資料保護法第 13 條) of Monday
    2023-05-01 is answered by Tuesday 2023-05-16 (P002).
    """
    if days < 1:
        raise ValueError(f"a result takes at least a day, not {days}")
    return _working_day_by(assigned_on + timedelta(days=days), office)


def check_extension(new_day: date, *, due_on: date, today: date) -> Decision:
    """Return whether the deadline for a result can be moved to a day: later than it is, and ahead (W036)."""
    if new_day <= due_on:
        values = {"due": day_message(due_on)}
        return refused(Message("新的期限要在原期限%(due)s以後", values), field="until_on")
    if new_day < today:
        return refused(Message("新的期限不能在今天以前"), field="until_on")
    return allowed(Message("可以延長"))


def remedy_last_day(received_on: date) -> date:
    """Return the last day of an administrative appeal against an outcome received on a day (R158).

    The day after receipt is day 1. Clause 拾壹、二(三).
    """
    return received_on + timedelta(days=REMEDY_DAYS)


def _working_day_by(day: date, office: WorkingCalendar) -> date:
    while not office.is_working_day(day):
        day -= timedelta(days=1)
    return day
