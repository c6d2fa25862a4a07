"""Methods that the office has closed, gateways that are silent, and what the payer is told."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import InvalidValue, NotFound, Refused
from app.core.translation import translate_for
from app.payments import availability, queries, services
from app.payments.gateways.base import Method
from app.payments.models import GatewaySilence
from app.payments.services import record_message
from tests.conftest import taipei
from tests.factories.orders import account_message, make_attempt, make_order

NOW = taipei("2023-05-01 09:00")


def close(method=Method.ATM, *, until=None, text="銀行系統維護", text_en="The bank is under maintenance"):
    return availability.close_method(method, text=text, text_en=text_en, until=until, actor=SYSTEM)


def can_start(order, method=Method.ATM, now=NOW):
    return services.check_can_start(order, method, now=now)


def test_a_closed_method_is_refused_with_its_notice_in_both_languages(app):
    order = make_order()
    close(until=taipei("2023-05-03 18:00"))

    decision = can_start(order)

    assert not decision
    assert str(decision.reason) == "暫停使用到 112 年 5 月 3 日（三）18:00：銀行系統維護"
    assert translate_for("en", decision.reason).endswith("18:00: The bank is under maintenance")
    with pytest.raises(Refused):
        make_attempt(order)
    assert can_start(order, Method.CARD)


def test_without_english_the_notice_stands_in_chinese(app):
    order = make_order()
    close(text_en=None)

    assert translate_for("en", can_start(order).reason) == "Not available: 銀行系統維護"


def test_a_method_opens_by_itself_at_its_instant(app):
    order = make_order()
    close(until=taipei("2023-05-03 18:00"))

    assert not can_start(order, now=taipei("2023-05-03 17:59:59"))
    assert can_start(order, now=taipei("2023-05-03 18:00"))


def test_opening_is_on_record_and_twice_is_once(app):
    order = make_order()
    close()
    close(text="還在維護")
    availability.open_method(Method.ATM, actor=SYSTEM)
    availability.open_method(Method.ATM, actor=SYSTEM)

    assert can_start(order)
    entries = [entry for entry in db.session.query(AuditEntry) if entry.subject_type == "method"]
    assert [entry.action for entry in entries] == [
        "payment.close_method",
        "payment.close_method",
        "payment.open_method",
    ]
    assert entries[1].details["text"] == "還在維護"


def test_an_account_issued_before_stays_shown_and_payable(app):
    order = make_order()
    record_message("ecpay", account_message(make_attempt(order)), address=None, actor=SYSTEM)

    close()

    assert queries.find_live_code(order, Method.ATM, now=clock.now()) is not None


def test_what_nobody_takes_or_has_passed_cannot_be_closed(app, monkeypatch):
    with pytest.raises(InvalidValue):
        close(until=NOW)
    monkeypatch.setitem(app.extensions, "payment_methods", {})
    with pytest.raises(NotFound):
        close()


def ago(*minutes: int):
    return [NOW - timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("silences", "out_of_order"),
    [([], False), (ago(0, 1), False), (ago(0, 2, 4), True), (ago(0, 2, 5), False), (ago(6, 7, 8), False)],
)
def test_case_21_three_silences_within_five_minutes_are_too_many(silences, out_of_order):
    assert availability.is_out_of_order(silences, now=NOW) is out_of_order


def test_case_21_a_silent_gateway_is_not_offered_until_it_answers(app):
    order = make_order()
    for _ in range(3):
        availability.note_silence("ecpay")

    assert "請先用其他方式" in str(can_start(order, Method.CARD).reason)

    availability.note_answer("ecpay")
    assert can_start(order, Method.CARD)


def test_case_21_what_was_long_ago_says_nothing_of_now(app):
    order = make_order()
    long_ago = clock.system_now() - timedelta(minutes=6)
    with transaction() as session:
        session.add_all(GatewaySilence(gateway="ecpay", at=long_ago) for _ in range(9))

    assert can_start(order)
