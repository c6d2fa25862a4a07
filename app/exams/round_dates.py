"""The dates of a round, which may be moved, and the order in which they must stand; pure (R009)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core.messages import Message


@dataclass(frozen=True, slots=True)
class DateField:
    """:ivar name: the column of a round
    :ivar begins: something begins on it, so that it cannot be moved once it has come; else a last day
    """

    name: str
    label: Message
    begins: bool = True


DATE_FIELDS = (
    DateField("registration_opens_on", Message("開始報名")),
    DateField("registration_closes_on", Message("報名截止"), begins=False),
    DateField("materials_from", Message("教材開始寄發")),
    DateField("ticket_from", Message("准考證開放下載")),
    DateField("ticket_correction_until", Message("准考證更正截止"), begins=False),
    DateField("test_on", Message("認證")),
    DateField("refund_apply_by", Message("退費申請截止"), begins=False),
    DateField("question_dispute_by", Message("試題疑義申請截止"), begins=False),
    DateField("refund_pay_by", Message("退費最遲退還日"), begins=False),
    DateField("score_from", Message("公布成績")),
    DateField("recheck_from", Message("成績複查開始")),
    DateField("recheck_until", Message("成績複查截止"), begins=False),
    DateField("certificate_from", Message("合格證書開始寄發")),
    DateField("certificate_chase_after", Message("合格證書未收到查詢日")),
)


@dataclass(frozen=True, slots=True)
class Order:
    """One date must stand before another.

    :ivar in_file: what to say to who writes the year's file, in the file's own words
    """

    earlier: str
    later: str
    same_day: bool
    in_file: str

    def is_broken(self, dates: Mapping[str, date]) -> bool:
        earlier, later = dates[self.earlier], dates[self.later]
        return earlier > later if self.same_day else earlier >= later


ORDERS = (
    Order("registration_opens_on", "registration_closes_on", True, "opens must not come after closes"),
    Order("registration_closes_on", "test_on", False, "registration must close before the test_date"),
    Order("ticket_from", "test_on", True, "the ticket must be available before the test_date"),
    Order("ticket_from", "ticket_correction_until", True, "ticket.correction_until comes before ticket.from"),
    Order("ticket_correction_until", "test_on", True, "ticket.correction_until comes after the test_date"),
    Order("test_on", "refund_apply_by", True, "refund.apply_by_postmark comes before the test_date"),
    Order("refund_apply_by", "refund_pay_by", True, "refund.pay_by comes before refund.apply_by_postmark"),
    Order("test_on", "question_dispute_by", True, "question_dispute_by_postmark comes before the test_date"),
    Order("test_on", "score_from", False, "score.from must come after the test_date"),
    Order("score_from", "recheck_from", True, "recheck.from comes before score.from"),
    Order("recheck_from", "recheck_until", True, "recheck.until comes before recheck.from"),
    Order("score_from", "certificate_from", True, "certificate_from comes before score.from"),
    Order("certificate_from", "certificate_chase_after", True, "certificate_chase_after comes too early"),
)

_LABELS = {field.name: field.label for field in DATE_FIELDS}


def broken_orders(dates: Mapping[str, date]) -> list[Order]:
    """Return the orders that a round's dates break, in the order of the year; all dates must be given."""
    return [order for order in ORDERS if order.is_broken(dates)]


def find_refusals(
    current: Mapping[str, date], wanted: Mapping[str, date], *, today: date
) -> list[tuple[str, Message]]:
    """Return why dates cannot be moved, each with the name of the date it stands beside; R009.

    What has begun stays: the beginning of a period is history once it has come, while a last day can still
    be put off after it has passed. Nothing is moved to a day that has passed.

    :param current: all dates of the round as they stand
    :param wanted: all dates as they shall be
    """
    refusals: list[tuple[str, Message]] = []
    moved = {field.name: field for field in DATE_FIELDS if wanted[field.name] != current[field.name]}
    for name, field in moved.items():
        if field.begins and current[name] <= today:
            refusals.append((name, Message("%(what)s已經開始，不能再移動", {"what": field.label})))
        elif wanted[name] < today:
            refusals.append((name, Message("新的日期不能在今天以前")))
    refused = {name for name, _message in refusals}
    for order in broken_orders(wanted):
        name = order.later if order.later in moved else order.earlier
        if name in moved and name not in refused:
            refusals.append((name, _out_of_order(order)))
    return refusals


def _out_of_order(order: Order) -> Message:
    labels = {"earlier": _LABELS[order.earlier], "later": _LABELS[order.later]}
    if order.same_day:
        return Message("%(later)s不能在%(earlier)s之前，請一起調整", labels)
    return Message("%(later)s要在%(earlier)s之後，請一起調整", labels)
