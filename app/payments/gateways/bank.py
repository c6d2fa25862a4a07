"""A bank directly: an account per order, issued without asking anybody, paid as its statement file says."""

from __future__ import annotations

from datetime import date, datetime
from typing import NoReturn

from app.core import clock
from app.core.decisions import Decision, allowed, refused
from app.core.errors import GatewayError, Refused
from app.core.messages import Message
from app.payments.gateways.base import ChargeRequest, MalformedNotice, Method, PaymentCode
from app.payments.gateways.virtual_accounts import VirtualAccounts

_CLAUSE = "捌、二、(四)5"
_MOST_TWD = 9_999_999


class BankDirectGateway:
    """A bank as a `Gateway`; only its file tells what was paid."""

    methods = (Method.ATM,)
    trade_number_field = "account"

    def __init__(self, name: str, bank_code: str, accounts: VirtualAccounts) -> None:
        """:param bank_code: three digits, which the payer types before the account."""
        self.name = name
        self._bank_code = bank_code
        self._accounts = accounts

    def check_can_start(self, method: Method, *, amount_twd: int, last_day: date, now: datetime) -> Decision:
        """Return whether an account for this amount can be had by this day, which may be the last one."""
        if method not in self.methods or not 1 <= amount_twd <= _MOST_TWD:
            return refused(Message("這裡不能使用這種繳費方式，請改選其他方式。"))
        if clock.taipei_day(now) > last_day:
            return refused(Message("繳費期限已過，不能再繳費。"), _CLAUSE)
        return allowed(Message("您可以用這種方式繳費。"), _CLAUSE)

    def start(self, request: ChargeRequest) -> PaymentCode:
        """Return an account for this amount alone, good through the order's last day.

        :raises Refused: as `check_can_start`, or when all accounts of this day have been given out
        """
        self.check_can_start(
            request.method,
            amount_twd=request.amount_twd,
            last_day=request.last_day,
            now=request.requested_at,
        ).raise_if_refused()
        if request.next_serial is None:
            raise ValueError("an account needs a serial")
        serial = request.next_serial()
        if serial >= self._accounts.serials:
            raise Refused(Message("今天的銀行帳號已經發完，請改用其他方式繳費。"))
        return PaymentCode(
            expires_on=request.last_day,
            bank_code=self._bank_code,
            account=self._accounts.issue(request.amount_twd, request.last_day, serial),
        )

    def read_notice(self, body_pairs: list[tuple[str, str]]) -> NoReturn:
        """The bank sends files and nothing else."""
        raise MalformedNotice(f"{self.name} sends no notices ({len(body_pairs)} fields)")

    def failure_reason(self, result_code: str) -> Message:
        """Return what to tell a payer; a transfer that the bank refuses never reaches us."""
        return Message("轉帳沒有成功，請向您的銀行查詢（%(code)s）。", {"code": result_code})

    def query(
        self,
        trade_number: str,
        now: datetime,
        *,
        gateway_trade_number: str | None = None,  # noqa: ARG002 - nothing to look up
    ) -> NoReturn:
        """The bank cannot be asked; its next file tells."""
        raise GatewayError(f"{self.name} cannot be asked about {trade_number} at {now:%H:%M}")

    def query_code(self, trade_number: str, now: datetime) -> NoReturn:
        """As `query`: an account is issued at once and never lost."""
        self.query(trade_number, now)
