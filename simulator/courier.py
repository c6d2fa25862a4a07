"""Carrying notices to the merchant's server, and remembering those it did not accept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import requests

from app.core import clock
from app.payments.gateways import check_mac
from app.payments.gateways.ecpay import ACKNOWLEDGED, EcpaySettings
from app.payments.gateways.ecpay_fields import PAID
from simulator.book import TradeBook
from simulator.notices import FIRST_MESSAGE, REPEATED_MESSAGE
from simulator.trade import Delivery

#: One delivery and at most four more (payments.md 1.3, retry rule).
MOST_ATTEMPTS: Final = 5

_CONNECT_SECONDS, _READ_SECONDS = 3, 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What the merchant's server said to one delivery.

    :ivar status_code: of the HTTP answer, None when there was none
    :ivar body: the first characters of the answer, or why there was none
    """

    trade_number: str
    attempt: int
    accepted: bool
    status_code: int | None
    body: str


class Courier:
    """Delivers over HTTP; a notice is done when the answer is ``1|OK`` and nothing more."""

    def __init__(self, book: TradeBook, merchant: EcpaySettings) -> None:
        self._book = book
        self._merchant = merchant

    def deliver(self, delivery_id: int, *, retry: timedelta = timedelta(0)) -> Answer:
        """Deliver one notice now and record how it went; unaccepted, it is due again after `retry`."""
        delivery = self._book.get_delivery(delivery_id)
        answer = self._post(delivery)
        again_at = clock.now() + retry if retry and not answer.accepted else None
        self._book.record_attempt(delivery, accepted=answer.accepted, again_at=again_at)
        return answer

    def deliver_owed(self, *, retry: timedelta = timedelta(0)) -> list[Answer]:
        """Deliver what is due and was not accepted, except what has used up its attempts."""
        now = clock.now()
        return [
            self.deliver(delivery.id, retry=retry)
            for delivery in self._book.list_owed()
            if delivery.attempts < MOST_ATTEMPTS
            and (delivery.not_before is None or delivery.not_before <= now)
        ]

    def _post(self, delivery: Delivery) -> Answer:
        attempt = delivery.attempts + 1
        try:
            response = requests.post(
                delivery.url,
                data=self._signed(delivery),
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return Answer(delivery.trade_number, attempt, False, None, type(error).__name__)
        accepted = response.status_code == 200 and response.content == ACKNOWLEDGED
        return Answer(delivery.trade_number, attempt, accepted, response.status_code, response.text[:200])

    def _signed(self, delivery: Delivery) -> dict[str, str]:
        fields = delivery.fields
        if delivery.attempts and fields["RtnCode"] == PAID and fields["RtnMsg"] == FIRST_MESSAGE:
            fields = {**fields, "RtnMsg": REPEATED_MESSAGE}
        keys = (self._merchant.hash_key, self._merchant.hash_iv)
        if delivery.old_key:
            old = self._merchant.retired_keys[0]
            keys = (old.hash_key, old.hash_iv)
        signed = check_mac.sign(fields, *keys)
        if delivery.wrong_digest:
            signed[check_mac.FIELD] = signed[check_mac.FIELD][::-1]
        return signed
