"""What can happen to a trade at the gateway: a code is issued, someone pays, a card is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flask import current_app

from app.payments.gateways import check_mac
from app.payments.gateways.ecpay_fields import PAID, PENDING_AT_ACQUIRER
from simulator import notices
from simulator.book import TradeBook
from simulator.courier import MOST_ATTEMPTS, Answer, Courier
from simulator.knobs import Knobs
from simulator.notices import Outcome
from simulator.settings import SimulatorSettings
from simulator.trade import Status, Trade

# Stores report two days later (payments.md 1.2).
_BARCODE_LATENCY: Final = timedelta(days=2)
_FILE_SECONDS: Final = 60


class CannotPay(Exception):
    """The store, bank or card issuer would not take this payment; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Payment:
    """How somebody pays, and what goes wrong on the way.

    :ivar amount: dollars, None for the amount of the order
    :ivar result_code: ``1`` for paid
    :ivar simulate_paid: the console's test of the merchant's address: a notice without money
    :ivar wrong_digest: sign the notice wrongly
    :ivar times: how often the notice is sent
    :ivar deliver: False keeps the notices until somebody asks for their delivery
    :ivar force: pay in spite of an expired code or an earlier payment
    :ivar lose: the notices never reach the merchant
    :ivar wait_minutes: how long after the payment the notices are due; 0 for at once
    :ivar old_key: sign the notices with the merchant's first retired keys
    :ivar fields: what stands in the notices instead, signed as it stands
    """

    amount: int | None = None
    result_code: str = PAID
    simulate_paid: bool = False
    wrong_digest: bool = False
    times: int = 1
    deliver: bool = True
    force: bool = False
    lose: bool = False
    wait_minutes: int = 0
    old_key: bool = False
    fields: dict[str, str] = field(default_factory=dict)


class Desk:
    """The gateway's counter: each act is written in the book, then reported to the merchant."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self.merchant = settings.merchant
        self.book = TradeBook(settings.database)
        self.courier = Courier(self.book, settings.merchant)
        self._last_file: float | None = None

    def issue_code(self, trade: Trade, *, at: datetime) -> Trade:
        """Issue the account, barcode or store code and report it; the second time nothing happens."""
        trade, is_new = self.book.issue_code(trade, at=at)
        if is_new and trade.order.code_url:
            fields = notices.code_fields(trade, self.merchant.merchant_id)
            number = self.book.owe(trade, trade.order.code_url, fields)
            if not self.knobs.hold_codes:
                self.courier.deliver(number, retry=self._retry)
        return trade

    def pay(self, trade: Trade, payment: Payment, *, at: datetime) -> tuple[Trade, list[Answer]]:
        """Play the payer and return the trade and the merchant's answers to the notices.

        :raises CannotPay: no code yet, a code past its last day, or paid before
        """
        _check_can_pay(trade, payment, at)
        amount = trade.order.amount if payment.amount is None else payment.amount
        outcome = Outcome(payment.result_code, amount, at, simulated=payment.simulate_paid)
        if not payment.simulate_paid:
            trade = self._record(trade, outcome)
        fields = notices.result_fields(trade, outcome, self.merchant.merchant_id) | payment.fields
        due_at = self._due_at(trade, payment, at)
        owed = [
            self.book.owe(
                trade,
                trade.order.result_url,
                fields,
                wrong_digest=payment.wrong_digest,
                old_key=payment.old_key,
                not_before=due_at,
                attempts=MOST_ATTEMPTS if payment.lose else 0,
            )
            for _ in range(payment.times)
        ]
        waits = payment.lose or due_at is not None or not payment.deliver
        return trade, [] if waits else [self.courier.deliver(each, retry=self._retry) for each in owed]

    def deliver_owed(self) -> list[Answer]:
        """Deliver what is due by now and not accepted yet."""
        return self.courier.deliver_owed(retry=self._retry)

    @property
    def knobs(self) -> Knobs:
        return Knobs(**self.book.read_knobs())

    def may_download(self, seconds: float) -> bool:
        """Return whether a minute has passed since the last file, and begin the next one if so."""
        if self._last_file is not None and seconds - self._last_file < _FILE_SECONDS:
            return False
        self._last_file = seconds
        return True

    @property
    def _retry(self) -> timedelta:
        return timedelta(minutes=self.knobs.retry_minutes)

    def _due_at(self, trade: Trade, payment: Payment, at: datetime) -> datetime | None:
        """Return when the notices of a payment are due; None: at once."""
        if payment.wait_minutes:
            return at + timedelta(minutes=payment.wait_minutes)
        return at + _BARCODE_LATENCY if self.knobs.latency and trade.order.choice == "BARCODE" else None

    def browser_code(self, trade: Trade) -> dict[str, str]:
        """Return the signed fields with which the browser brings the issued code to the merchant."""
        return self.sign(notices.code_fields(trade, self.merchant.merchant_id))

    def browser_result(self, trade: Trade, outcome: Outcome) -> dict[str, str]:
        """Return the signed fields with which the browser brings the result to the merchant."""
        fields = notices.result_fields(trade, outcome, self.merchant.merchant_id)
        if outcome.code == PAID:
            fields["RtnMsg"] = notices.BROWSER_MESSAGE
        return self.sign(fields)

    def sign(self, fields: dict[str, str]) -> dict[str, str]:
        return check_mac.sign(fields, self.merchant.hash_key, self.merchant.hash_iv)

    def _record(self, trade: Trade, outcome: Outcome) -> Trade:
        if outcome.code == PAID:
            return self.book.record_paid(trade, amount=outcome.amount, at=outcome.at)
        if outcome.code == PENDING_AT_ACQUIRER:
            return trade
        return self.book.record_declined(trade)


def current_desk() -> Desk:
    """Return the desk of the running application."""
    desk: Desk = current_app.extensions["desk"]
    return desk


def _check_can_pay(trade: Trade, payment: Payment, at: datetime) -> None:
    if trade.order.choice != "Credit" and trade.code is None:
        raise CannotPay("這筆訂單還沒有取得繳費代碼，請先到付款頁取號。")
    if payment.force:
        return
    if trade.status is Status.PAID:
        raise CannotPay("這筆訂單已經付過款了。")
    if trade.is_expired_at(at):
        raise CannotPay("繳費代碼已過期，超商與銀行不會收款。")
