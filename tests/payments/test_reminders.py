"""Who is reminded of the last day to pay, and when (S002)."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.core import clock
from app.core.actors import SYSTEM
from app.payments.reminders import remind_payers
from app.payments.services import cancel_order, record_message
from tests.factories.accounts import make_account
from tests.factories.orders import make_attempt, make_order, paid_message
from tests.mailbox import Mailbox

At = Callable[[str], None]

pytestmark = pytest.mark.requirement("S002")


@pytest.mark.parametrize(
    ("now", "reminded"),
    [
        ("2023-05-05 23:59", 0),  # two days left
        ("2023-05-06 08:59", 0),
        ("2023-05-06 09:00", 1),  # Saturday, the day before the last
        ("2023-05-07 22:00", 1),  # the worker was down yesterday
        ("2023-05-08 09:00", 0),
    ],
)
def test_one_is_reminded_on_the_day_before_the_last(app: Flask, at: At, now: str, reminded: int) -> None:
    make_order()  # submitted on Monday 1 May, payable through Sunday 7 May
    at(now)

    assert remind_payers() == reminded


def test_the_mail_says_how_much_by_when_and_where(app: Flask, at: At, mailbox: Mailbox) -> None:
    make_order(account=make_account(email="yulan@example.tw"))
    at("2023-05-06 09:00")

    remind_payers()

    mail = mailbox.last()
    assert (mail.to, mail.subject) == ("yulan@example.tw", "請記得繳費：全國認證第一梯次報名費")
    assert "請在 112 年 5 月 7 日（日）23:59 前繳 NT$250" in mail.text
    assert mail.links == ["http://localhost/registrations/abc/pay"]


def test_nobody_is_reminded_twice(app: Flask, at: At) -> None:
    make_order()
    at("2023-05-06 09:00")
    assert remind_payers() == 1
    at("2023-05-07 12:00")

    assert remind_payers() == 0


def test_who_paid_withdrew_or_submitted_today_is_left_alone(app: Flask, at: At, mailbox: Mailbox) -> None:
    paid, cancelled = make_order(), make_order()
    record_message("ecpay", paid_message(make_attempt(paid)), address=None, actor=SYSTEM)
    cancel_order(cancelled, actor=SYSTEM)
    at("2023-05-06 09:00")
    today, tomorrow = 1, 2
    for days in (today, tomorrow):
        make_order(days_allowed=days, submitted_on=clock.today())
    sent = len(mailbox.all())

    assert remind_payers() == 0
    assert len(mailbox.all()) == sent


def test_who_has_paid_a_part_is_reminded_of_the_rest(app: Flask, at: At, mailbox: Mailbox) -> None:
    order = make_order()
    body = paid_message(make_attempt(order), TradeAmt="200")
    record_message("ecpay", body, address=None, actor=SYSTEM)
    at("2023-05-06 09:00")

    assert remind_payers() == 1
    assert "前繳 NT$50" in mailbox.last().text
