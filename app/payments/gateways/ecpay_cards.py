"""Card payments at ECPay once authorised: where they stand, and giving money back (payments.md 1.6).

What takes money back depends on whether the authorisation has been captured, which happens by itself every
evening: so the state is asked before each act, and nothing is asked of it while it may be changing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any, Final

from app.core import clock
from app.core.errors import GatewayError
from app.payments.gateways.base import GatewayBusy, MalformedNotice, PaidTrade, RefundAnswer
from app.payments.gateways.ecpay_wire import Wire
from app.payments.gateways.form_body import parse_form_body

CARD_PATH: Final = "/CreditDetail/QueryTrade/V2"
ACT_PATH: Final = "/CreditDetail/DoAction"

_DONE: Final = "1"
# ECPay captures at 20:15 and asks to be left alone until 20:30; a minute more, for clocks that differ.
_CAPTURE_BEGINS, _CAPTURE_ENDS = time(20, 14), time(20, 31)


class CardStatus(StrEnum):
    """Where an authorisation stands, in ECPay's words; a word that is not here makes the answer unknown."""

    AUTHORISED = "已授權"
    TO_BE_CAPTURED = "要關帳"
    CAPTURED = "已關帳"
    RELEASED = "已取消"


class CardAction(StrEnum):
    CAPTURE = "C"
    REFUND = "R"
    CANCEL_CAPTURE = "E"
    ABANDON = "N"


@dataclass(frozen=True, slots=True)
class CardTrade:
    """:ivar amount_twd: what was authorised
    :ivar refunded_twd: what has gone back to the card; all of it once the authorisation was released
    """

    status: CardStatus
    amount_twd: int
    refunded_twd: int


def actions_for(trade: CardTrade, amount_twd: int) -> tuple[CardAction, ...]:
    """Return what gives an amount back, in order; nothing when this authorisation has no money to give.

    An authorisation is given up as a whole or captured first; a capture that has not run yet is undone
    for the whole and refunded from for a part (payments.md 1.6).
    """
    if amount_twd > trade.amount_twd - trade.refunded_twd:
        return ()
    whole = amount_twd == trade.amount_twd
    match trade.status:
        case CardStatus.AUTHORISED if whole:
            return (CardAction.ABANDON,)
        case CardStatus.AUTHORISED:
            return (CardAction.CAPTURE, CardAction.REFUND)
        case CardStatus.TO_BE_CAPTURED if whole:
            return (CardAction.CANCEL_CAPTURE, CardAction.ABANDON)
        case CardStatus.TO_BE_CAPTURED | CardStatus.CAPTURED:
            return (CardAction.REFUND,)
        case CardStatus.RELEASED:
            return ()


def is_capturing(now: datetime) -> bool:
    """Return whether ECPay may be capturing the day's authorisations at an aware instant."""
    return _CAPTURE_BEGINS <= now.astimezone(clock.TAIPEI).time() < _CAPTURE_ENDS


class CardTrades:
    """The card desk of one merchant."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def status(self, trade: PaidTrade) -> CardTrade:
        """Ask where an authorisation stands.

        :raises GatewayBusy: asked too often
        :raises GatewayError: no answer, or none that makes sense
        """
        answer = self._wire.ask(
            CARD_PATH,
            {
                "MerchantID": self._wire.settings.merchant_id,
                "CreditRefundId": trade.authorisation_number,
                "CreditAmount": str(trade.amount_twd),
                "CreditCheckCode": self._wire.settings.credit_check_code,
            },
        )
        return read_card(answer)

    def refund(self, trade: PaidTrade, amount_twd: int, now: datetime) -> RefundAnswer:
        """Give back all or a part of a payment.

        Of two acts the second may fail after the first was done; asked again, the state says what is left.

        :raises GatewayBusy: between 20:14 and 20:31 in Taipei, or asked too often; nothing was tried
        :raises GatewayError: no answer, or none that makes sense; the outcome is unknown
        """
        if is_capturing(now):
            raise GatewayBusy("ecpay captures cards between 20:15 and 20:30")
        card = self.status(trade)
        actions = actions_for(card, amount_twd)
        if not actions:
            return RefundAnswer(False, None, card.status.name.lower())
        code = ""
        for action in actions:
            code = self._act(trade, action, amount_twd if action is CardAction.REFUND else trade.amount_twd)
            if code != _DONE:
                return RefundAnswer(False, None, code)
        return RefundAnswer(True, None, code)

    def _act(self, trade: PaidTrade, action: CardAction, amount_twd: int) -> str:
        """Carry out one act and return ECPay's code for how it went."""
        answer = self._wire.ask(
            ACT_PATH,
            {
                "MerchantID": self._wire.settings.merchant_id,
                "MerchantTradeNo": trade.trade_number,
                "TradeNo": trade.gateway_trade_number,
                "Action": action.value,
                "TotalAmount": str(amount_twd),
            },
            seconds=30,
        )
        if answer.strip() == b"1|OK":
            return _DONE
        fields = dict(parse_form_body(answer))
        if fields.get("MerchantTradeNo") != trade.trade_number:
            raise GatewayError("ecpay answered for another trade")
        if not fields.get("RtnCode"):
            raise MalformedNotice("no RtnCode")
        return fields["RtnCode"]


def read_card(answer: bytes) -> CardTrade:
    """Return what ECPay's JSON says of an authorisation.

    :raises GatewayError: it is no JSON of that form, or says that there is no such authorisation
    """
    try:
        told = json.loads(answer)
        if told["RtnMsg"]:
            raise GatewayError(f"ecpay knows of no such authorisation: {told['RtnMsg']}")
        value = told["RtnValue"]
        amount_twd = int(value["amount"])
        status = CardStatus(value["status"])
        moves = [(int(move["amount"]), str(move["status"])) for move in value["close_data"]]
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedNotice("ecpay answered about a card as its protocol does not know") from error
    refunded_twd = amount_twd if status is CardStatus.RELEASED else sum(map(_given_back, moves))
    return CardTrade(status, amount_twd, refunded_twd)


def _given_back(move: tuple[Any, ...]) -> int:
    """Return the dollars of a move that went back to the card: it is negative, or called 退款."""
    amount_twd, status = move
    return abs(amount_twd) if amount_twd < 0 or "退" in status else 0
