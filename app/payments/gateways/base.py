"""What every payment gateway does for us, in our words; its protocol stays behind this."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from app.core.decisions import Decision
from app.core.errors import GatewayError
from app.core.messages import Message


class Method(StrEnum):
    """How a candidate pays (捌、二、(四); S019); the value is what is stored and sent in forms."""

    STORE_BARCODE = "store_barcode"
    STORE_CODE = "store_code"
    ATM = "atm"
    CARD = "card"
    LINE_PAY = "line_pay"


class NoticeKind(StrEnum):
    """What a notice tells us. Only PAID is money; SIMULATED is the gateway's own test of our address."""

    CODE_ISSUED = "code_issued"
    PAID = "paid"
    FAILED = "failed"
    PENDING = "pending"
    SIMULATED = "simulated"


class TradeState(StrEnum):
    """Where a trade stands at the gateway when we ask."""

    UNPAID = "unpaid"
    AWAITING_CONFIRMATION = "awaiting_confirmation"  # the payer has agreed; the money moves when we confirm
    PAID = "paid"
    FAILED = "failed"
    NOT_FOUND = "not_found"


_TRADE_NUMBER = re.compile(r"[A-Za-z0-9]{4,20}")


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """One attempt to collect one amount.

    :ivar trade_number: ours, 4 to 20 ASCII letters and digits, never used before in any attempt
    :ivar amount_twd: whole dollars, at least 1
    :ivar last_day: the order's last day of payment, inclusive; no code may outlive it
    :ivar requested_at: aware instant of the request
    :ivar notify_url: where the gateway's server reports the result
    :ivar code_url: where the gateway's server reports an issued code or account
    :ivar return_url: where the gateway sends the browser afterwards; never proof of payment
    :ivar client_back_url: where a payer who gives up goes
    :ivar next_serial: takes the next serial of the accounts that end on the last day, from 0; for a bank
    """

    trade_number: str
    amount_twd: int
    item_name: str
    description: str
    method: Method
    last_day: date
    requested_at: datetime
    notify_url: str
    code_url: str
    return_url: str
    client_back_url: str
    next_serial: Callable[[], int] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not _TRADE_NUMBER.fullmatch(self.trade_number):
            raise ValueError("a trade number is 4 to 20 ASCII letters and digits")
        if self.amount_twd < 1:
            raise ValueError("an amount to collect is at least one dollar")
        if self.requested_at.tzinfo is None:
            raise ValueError("the instant of a request is aware")


@dataclass(frozen=True, slots=True)
class RedirectForm:
    """A form that the browser posts to the gateway; the fields are raw, escape them in the page."""

    action_url: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class RedirectUrl:
    """An address at the gateway to which the browser is sent.

    :ivar gateway_trade_number: the gateway's own number of the trade, which it has given already
    """

    url: str
    gateway_trade_number: str


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """What the payer takes to the bank or the store: an account or three bars.

    :ivar bank_code: three digits, None for a store barcode
    :ivar account: the virtual account, None for a store barcode
    :ivar barcodes: the three segments from top to bottom, None for an account
    :ivar store_code: the code typed at a store kiosk, None for the methods that have none
    :ivar expires_on: the last Taipei day on which it can be paid
    :ivar expires_at: the instant the gateway names, None when it names only a day
    """

    expires_on: date
    bank_code: str | None = None
    account: str | None = None
    barcodes: tuple[str, str, str] | None = None
    store_code: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a gateway told us, genuine but not yet judged against our order.

    :ivar gateway_trade_number: the gateway's own number; empty when it had none to give
    :ivar amount_twd: what was paid or is to be paid, None when the notice does not say
    :ivar paid_at: aware instant of payment, None unless it says so
    :ivar method: None when the gateway names one that is not ours
    :ivar code: the issued code, None unless the kind is CODE_ISSUED
    :ivar fee_twd: what the gateway keeps, None when unknown
    :ivar result_code: the gateway's code, for the log and for `Gateway.failure_reason`
    :ivar raw: every field as received
    :ivar authorisation_number: of a card's authorisation, which a refund has to name; None when not told
    """

    kind: NoticeKind
    trade_number: str
    gateway_trade_number: str
    amount_twd: int | None
    paid_at: datetime | None
    method: Method | None
    code: PaymentCode | None
    fee_twd: int | None
    result_code: str
    raw: dict[str, str] = field(repr=False)
    authorisation_number: str | None = None


@dataclass(frozen=True, slots=True)
class TradeStatus:
    """The gateway's answer about one trade, asked or told to confirm; the fields are those of `Notice`."""

    state: TradeState
    trade_number: str
    gateway_trade_number: str
    amount_twd: int
    paid_at: datetime | None
    method: Method | None
    fee_twd: int | None
    raw: dict[str, str] = field(repr=False)
    result_code: str = ""
    authorisation_number: str | None = None


@dataclass(frozen=True, slots=True)
class PaidTrade:
    """A payment that a gateway took, as far as a refund of it needs to know.

    :ivar trade_number: ours
    :ivar gateway_trade_number: the gateway's own number of the payment
    :ivar authorisation_number: of the card's authorisation; empty when the gateway gave none
    :ivar amount_twd: what was paid in whole
    :ivar paid_at: aware instant
    """

    trade_number: str
    gateway_trade_number: str
    authorisation_number: str
    amount_twd: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """What the gateway said to a refund.

    :ivar done: False when it refused for good: asking again changes nothing
    :ivar reference: the gateway's own number of the refund; None when it gives none
    :ivar result_code: the gateway's code, for the log and the office
    """

    done: bool
    reference: str | None
    result_code: str


class UnusableNotice(GatewayError):
    """A notice that must change nothing."""


class ForgedNotice(UnusableNotice):
    """Its digest is missing or wrong: it is not from the gateway, or our key is not the right one."""


class ForeignNotice(UnusableNotice):
    """It is genuine but meant for another merchant."""


class MalformedNotice(UnusableNotice):
    """It breaks the protocol: too large, not UTF-8, a repeated name, a missing or senseless value."""


class StartRefused(GatewayError):
    """The gateway would not begin a trade; it knows of none, so nothing can be paid."""


class GatewayBusy(GatewayError):
    """The gateway asks us to come back later (half an hour, for ECPay)."""


class Gateway(Protocol):
    """One payment company."""

    @property
    def name(self) -> str:
        """Return the short lower-case name used in addresses and rows, e.g. ``ecpay``."""

    @property
    def methods(self) -> tuple[Method, ...]:
        """Return the methods it offers, in the order in which to show them."""

    def check_can_start(self, method: Method, *, amount_twd: int, last_day: date, now: datetime) -> Decision:
        """Return whether this method can collect this amount by this day, with a sentence to show.

        :param now: aware instant; a code that is counted in minutes can still be had on the last day
        """

    def start(self, request: ChargeRequest) -> RedirectForm | RedirectUrl | PaymentCode:
        """Return what takes the browser to the gateway, or the code where it is issued at once.

        Some gateways have to be asked for it. To be called outside a transaction, when the attempt has been
        committed: its number is used up.

        :raises Refused: as `check_can_start`
        :raises StartRefused: the gateway said no
        :raises GatewayError: no answer, or none that can be trusted; the outcome is unknown
        """

    def failure_reason(self, result_code: str) -> Message:
        """Return what to tell a payer whose attempt ended with this code of the gateway's."""

    def query(
        self, trade_number: str, now: datetime, *, gateway_trade_number: str | None = None
    ) -> TradeStatus:
        """Ask where a trade stands.

        :param gateway_trade_number: the gateway's own number, where it gave one when the trade began
        :param now: aware; the gateway refuses a question more than three minutes off its clock
        :raises GatewayBusy: asked too often
        :raises GatewayError: no answer, or none that can be trusted; the outcome stays unknown
        """


@runtime_checkable
class NotifyingGateway(Gateway, Protocol):
    """One that reports by signed forms, from its server or through the browser."""

    @property
    def trade_number_field(self) -> str:
        """Return the form field in which a returning browser brings our trade number."""

    def read_notice(self, body_pairs: list[tuple[str, str]]) -> Notice:
        """Return what a posted form tells us, from the server or through the browser.

        :raises ForgedNotice: the digest is missing or wrong
        :raises ForeignNotice: it names another merchant
        :raises MalformedNotice: it breaks the protocol
        """

    def query_code(self, trade_number: str, now: datetime) -> Notice:
        """Ask again for what was issued for an unpaid trade; raises as `query`."""


@runtime_checkable
class ConfirmingGateway(Gateway, Protocol):
    """One at which the payer agrees and money moves only when we confirm; it reports nothing by itself."""

    @property
    def trade_number_fields(self) -> tuple[str, str]:
        """Return the query arguments in which a returning browser brings our number and the gateway's."""

    def confirm(
        self, trade_number: str, gateway_trade_number: str, amount_twd: int, now: datetime
    ) -> TradeStatus:
        """Take the money and return how the trade stands then.

        FAILED means that it was not taken and will not be, UNPAID that the payer has yet to agree; any other
        state but PAID that the gateway does not know yet.

        :param amount_twd: as it stands in our own books
        :raises GatewayError: no answer, or none that can be trusted; `query` tells whether it was taken
        """


@runtime_checkable
class Refunds(Protocol):
    """What a gateway can do besides, where money goes back the way it came.

    GatewayError from either call means that the outcome is not known: ask `refunded_twd` before
    another `refund`.
    """

    def refund(self, trade: PaidTrade, amount_twd: int, now: datetime) -> RefundAnswer:
        """Give back an amount, 1 up to what is left of the payment.

        :raises GatewayBusy: not now; nothing was tried
        :raises GatewayError: no answer, or none that can be trusted; the outcome is unknown
        """

    def refunded_twd(self, trade: PaidTrade, now: datetime) -> int:
        """Return the dollars that the gateway has given back of this payment so far.

        :raises GatewayError: no answer, or none that can be trusted
        """
