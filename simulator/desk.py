"""What can happen to a trade at the gateway: a code is issued, someone pays, a card is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from app.core import clock
from app.payments.gateways import check_mac
from app.payments.gateways.ecpay_fields import PAID, PENDING_AT_ACQUIRER
from simulator import notices
from simulator.book import TradeBook
from simulator.courier import Answer, Courier
from simulator.notices import Outcome
from simulator.settings import SimulatorSettings
from simulator.trade import Status, Trade


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
    """

    amount: int | None = None
    result_code: str = PAID
    simulate_paid: bool = False
    wrong_digest: bool = False
    times: int = 1
    deliver: bool = True
    force: bool = False


class Desk:
    """The gateway's counter: each act is written in the book, then reported to the merchant."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self.merchant = settings.merchant
        self.book = TradeBook(settings.database)
        self.courier = Courier(self.book, settings.merchant)

    def issue_code(self, trade: Trade, *, at: datetime) -> Trade:
        """Issue the account or barcode and report it; the second time nothing happens."""
        trade, is_new = self.book.issue_code(trade, at=at)
        if is_new and trade.order.code_url:
            fields = notices.code_fields(trade, self.merchant.merchant_id)
            self.courier.deliver(self.book.owe(trade, trade.order.code_url, fields))
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
        fields = notices.result_fields(trade, outcome, self.merchant.merchant_id)
        owed = [
            self.book.owe(trade, trade.order.result_url, fields, wrong_digest=payment.wrong_digest)
            for _ in range(payment.times)
        ]
        return trade, [self.courier.deliver(number) for number in owed] if payment.deliver else []

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
    if trade.is_expired_on(clock.taipei_day(at)):
        raise CannotPay("繳費代碼已過期，超商與銀行不會收款。")
