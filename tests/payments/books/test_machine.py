"""Payer, gateway, its files, clock, staff and refunds in any order: after every step the books add up.

One database and one clock live through all examples, so that later ones meet what earlier ones left.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.core import clock
from app.core.actors import SYSTEM, Actor, ActorKind
from app.core.db import db
from app.core.errors import DomainError
from app.core.ids import new_trade_number
from app.payments.books.checking import Totals, check_books
from app.payments.gateways.base import Method
from app.payments.models import Attempt, Order, Receipt, RefundCase
from app.payments.reconciliation import suspense
from app.payments.reconciliation.sources import FileSource
from app.payments.refunds import services as refunds
from app.payments.refunds.rules import APPLICANTS_REASONS
from app.payments.refunds.states import RefundState
from app.payments.services import OrderLineSpec, cancel_order, record_message, start_attempt
from app.payments.states import NoticeOutcome, ReceiptOutcome
from app.registration.models import Registration
from app.registration.services import cancel_lapsed_registrations, cancel_registration
from tests.conftest import taipei
from tests.factories.accounts import make_staff
from tests.factories.orders import account_message, declined_message, make_order, paid_message
from tests.factories.reconciliation import take, trade_file, trade_row
from tests.factories.refunds import PAYEE, PROOF
from tests.factories.registrations import make_submitted

LEAST_STEPS = 2_000
MOST_ORDERS = 12
PLACES = st.integers(0, 10_000)


class Street(RuleBasedStateMachine):
    """The people are rules; what they remember of the database are ids, read anew each time."""

    steps: ClassVar[int] = 0
    now: ClassVar[datetime]
    clerk: ClassVar[Actor]
    decider: ClassVar[Actor]

    def __init__(self) -> None:
        super().__init__()
        self.clock = ExitStack()
        self.clock.enter_context(clock.fixed(self.now))
        self.orders: list[int] = self.ids(Order.id)[-MOST_ORDERS:]
        self.sent: list[bytes] = []
        self.files: list[bytes] = []

    def teardown(self) -> None:
        self.clock.close()

    @initialize()
    def open_for_business(self) -> None:
        self.register()
        self.order(2)
        for method in (Method.ATM, Method.CARD, Method.STORE_BARCODE):
            for order in self.orders[-2:]:
                self.choose_method(self.orders.index(order), method)

    # The payer

    @rule(lines=st.integers(1, 3))
    def order(self, lines: int) -> None:
        specs = (OrderLineSpec("全國認證第一梯次報名費", lines, 250),)
        self.orders.append(make_order(submitted_on=clock.today(), lines=specs).id)

    @rule()
    def register(self) -> None:
        with contextlib.suppress(DomainError):
            self.orders.append(make_submitted().order_id)

    @rule(place=PLACES, method=st.sampled_from([Method.ATM, Method.STORE_BARCODE, Method.CARD]))
    def choose_method(self, place: int, method: Method) -> None:
        for order in self.pick(Order, self.orders, place):
            with contextlib.suppress(DomainError):
                start_attempt(order, method=method, actor=SYSTEM)

    @rule(place=PLACES)
    def withdraw(self, place: int) -> None:
        for order in self.pick(Order, self.orders, place):
            with contextlib.suppress(DomainError):
                registration = self.registration_of(order)
                if registration is None:
                    cancel_order(order, actor=SYSTEM)
                else:
                    cancel_registration(registration.public_id, registration.account_id, actor=SYSTEM)

    @rule(place=PLACES)
    def withdraw_and_pay(self, place: int) -> None:
        self.withdraw(place)
        self.pay(place, 0, 0)

    @rule(place=PLACES, reason=st.sampled_from(APPLICANTS_REASONS))
    def ask_for_a_refund(self, place: int, reason: Any) -> None:
        for order in self.pick(Order, self.orders, place):
            registration = self.registration_of(order)
            if registration is not None:
                request = refunds.RefundRequest(reason, [registration.public_id], PAYEE, "住院", PROOF)
                with contextlib.suppress(DomainError):
                    refunds.submit_request(order.id, request, actor=SYSTEM)

    # The gateway and its bank

    @rule(place=PLACES, more=st.sampled_from([0, 0, 0, -100, -249, 50, 250]), hours_ago=st.integers(0, 72))
    def pay(self, place: int, more: int, hours_ago: int) -> None:
        for attempt in self.pick(Attempt, self.attempts(), place):
            at = max(attempt.started_at, self.now - timedelta(hours=hours_ago))
            amount = str(max(1, attempt.amount_twd + more))
            self.report(paid_message(attempt, at=at, TradeAmt=amount))

    @rule(place=PLACES)
    def issue_account(self, place: int) -> None:
        for attempt in self.pick(Attempt, self.attempts(), place):
            self.report(account_message(attempt))

    @rule(place=PLACES)
    def decline(self, place: int) -> None:
        for attempt in self.pick(Attempt, self.attempts(), place):
            self.report(declined_message(attempt))

    @rule(place=PLACES)
    def repeat(self, place: int) -> None:
        if self.sent:
            self.report(self.sent[place % len(self.sent)], again=True)

    @rule(place=PLACES)
    def forge(self, place: int) -> None:
        if self.sent:
            body = self.sent[place % len(self.sent)].replace(b"TradeAmt=2", b"TradeAmt=9")
            forged = body if body not in self.sent else body + b"&x=1"
            assert record_message("ecpay", forged, address=None, actor=SYSTEM) == NoticeOutcome.FORGED

    # The files of gateway and bank

    @rule(place=PLACES, more=st.sampled_from([0, 0, -100, 50]), hours_ago=st.integers(0, 72))
    def file_tells_of_a_payment(self, place: int, more: int, hours_ago: int) -> None:
        for attempt in self.pick(Attempt, self.attempts(), place):
            at = max(attempt.started_at, self.now - timedelta(hours=hours_ago)).astimezone(clock.TAIPEI)
            amount = max(1, attempt.amount_twd + more)
            row = trade_row(attempt.trade_number, amount=amount, fee=0, paid_at=f"{at:%Y-%m-%d %H:%M}")
            self.read(row)

    @rule(amount=st.integers(1, 900))
    def file_tells_of_money_nobody_knows(self, amount: int) -> None:
        at = self.now.astimezone(clock.TAIPEI)
        self.read(trade_row(new_trade_number(), amount=amount, fee=0, paid_at=f"{at:%Y-%m-%d %H:%M}"))

    @rule(place=PLACES)
    def file_comes_again(self, place: int) -> None:
        if self.files:
            take(FileSource.ECPAY_TRADES, self.files[place % len(self.files)])

    @rule(place=PLACES, order=PLACES)
    def match_suspense(self, place: int, order: int) -> None:
        unknown = self.ids(Receipt.id, Receipt.outcome == ReceiptOutcome.SUSPENSE)
        if unknown and self.orders:
            suspense.match(
                unknown[place % len(unknown)],
                self.orders[order % len(self.orders)],
                reason="付款人來電",
                account_id=self.clerk.account_id or 0,
                actor=self.clerk,
            )

    # The clock

    @rule(hours=st.integers(1, 96))
    def wait(self, hours: int) -> None:
        type(self).now += timedelta(hours=hours)
        self.clock.enter_context(clock.fixed(self.now))

    @rule()
    def end_what_has_lapsed(self) -> None:
        cancel_lapsed_registrations()

    # The office

    @rule(place=PLACES, grant=st.booleans())
    def propose(self, place: int, grant: bool) -> None:
        for case in self.pick(RefundCase, self.cases(RefundState.WAITING), place):
            with contextlib.suppress(DomainError):
                refunds.record_application(
                    case.public_id,
                    postmarked_on=None if case.by_office else clock.today(),
                    payee=PAYEE,
                    has_paper_proof=True,
                    actor=self.clerk,
                )
                refunds.propose(case.public_id, grant=grant, note="", actor=self.clerk)

    @rule(place=PLACES, grant=st.booleans())
    def propose_and_decide(self, place: int, grant: bool) -> None:
        self.propose(place, grant)
        self.decide(place, grant)

    @rule(place=PLACES, grant=st.booleans())
    def decide(self, place: int, grant: bool) -> None:
        for case in self.pick(RefundCase, self.cases(RefundState.PROPOSED), place):
            with contextlib.suppress(DomainError):
                refunds.decide(case.public_id, grant=grant, note="", actor=self.decider)

    @rule(place=PLACES)
    def send_back(self, place: int) -> None:
        for case in self.pick(RefundCase, self.cases(RefundState.PROPOSED), place):
            refunds.send_back(case.public_id, note="", actor=self.decider)

    @rule(place=PLACES)
    def post_money_order(self, place: int) -> None:
        for case in self.pick(RefundCase, self.cases(RefundState.GRANTED), place):
            refunds.record_payout(
                case.public_id,
                money_order_number=f"M{case.id:08d}",
                paid_on=clock.today(),
                actor=self.clerk,
            )

    @rule(place=PLACES)
    def take_back(self, place: int) -> None:
        for case in self.pick(RefundCase, self.cases(RefundState.WAITING), place):
            with contextlib.suppress(DomainError):
                refunds.withdraw_request(case.public_id, case.order.account_id, actor=SYSTEM)

    @invariant()
    def the_books_add_up(self) -> None:
        type(self).steps += 1
        db.session.expire_all()
        totals = Totals()
        assert list(check_books(db.session, totals)) == []
        assert totals.received_twd == totals.accounted_twd

    # What the rules share

    def pick(self, model: type, ids: list[int], place: int) -> Iterator[Any]:
        if ids:
            yield db.session.get_one(model, ids[place % len(ids)], populate_existing=True)

    def attempts(self) -> list[int]:
        return self.ids(Attempt.id, Attempt.order_id.in_(self.orders))

    def cases(self, state: RefundState) -> list[int]:
        return self.ids(RefundCase.id, RefundCase.order_id.in_(self.orders), RefundCase.state == state)

    def ids(self, column: Any, *conditions: Any) -> list[int]:
        return list(db.session.scalars(sa.select(column).where(*conditions).order_by(column)))

    def registration_of(self, order: Order) -> Registration | None:
        found = self.ids(Registration.id, Registration.order_id == order.id)
        return db.session.get_one(Registration, found[0]) if found else None

    def read(self, row: dict[str, str]) -> None:
        content = trade_file([row])
        self.files.append(content)
        take(FileSource.ECPAY_TRADES, content)

    def report(self, body: bytes, *, again: bool = False) -> None:
        outcome = record_message("ecpay", body, address=None, actor=SYSTEM)
        assert outcome not in (NoticeOutcome.FORGED, NoticeOutcome.MALFORMED, NoticeOutcome.UNKNOWN)
        if not again:
            self.sent.append(body)


@pytest.fixture
def people(app: Flask) -> None:
    Street.clerk = Actor(ActorKind.STAFF, make_staff().id)
    Street.decider = Actor(ActorKind.STAFF, make_staff().id)
    Street.steps, Street.now = 0, taipei("2023-05-01 09:00")


@pytest.mark.usefixtures("people")
def test_the_books_add_up_after_every_step() -> None:
    chosen = settings(
        max_examples=5, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
    )
    for number in count():
        if Street.steps >= LEAST_STEPS:
            break
        run_state_machine_as_test(seed(number)(Street), settings=chosen)

    # A machine that does nothing proves nothing.
    outcomes = Counter(db.session.scalars(sa.select(Receipt.outcome)))
    states = Counter(db.session.scalars(sa.select(RefundCase.state)))
    assert set(outcomes) == set(ReceiptOutcome)
    assert set(states) >= {RefundState.PAID, RefundState.CLOSED, RefundState.GRANTED}, states
