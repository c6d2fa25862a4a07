"""What LINE Pay does with each call: a return code and, where there is one, what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.core import clock
from app.payments.gateways.line_pay_wire import LinePaySettings
from simulator.line_pay.book import Book, DuplicateOrder, Request, State

MESSAGES: Final = {
    "0000": "Success.",
    "0110": "Authenticated; may be confirmed.",
    "0121": "The request was cancelled or has timed out.",
    "0122": "The payment failed.",
    "0123": "The payment is completed.",
    "1104": "Merchant not found.",
    "1106": "Header information error.",
    "1124": "Amount information error.",
    "1150": "Transaction record not found.",
    "1153": "The amount differs from the requested amount.",
    "1164": "The refund exceeds the refundable amount.",
    "1165": "Already refunded.",
    "1169": "The user has to choose a payment method and authenticate.",
    "1172": "There is a record with the same order number.",
    "1178": "The currency is not supported.",
    "1180": "The payment has expired.",
    "2101": "Parameter error.",
    "2102": "JSON data format error.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    code: str
    info: Any = None

    def envelope(self) -> dict[str, Any]:
        named = {"returnCode": self.code, "returnMessage": MESSAGES.get(self.code, "Error.")}
        return named if self.info is None else {**named, "info": self.info}


class Counter:
    """The calls of the one merchant who may pay here; numbers leave it as JSON integers."""

    def __init__(self, book: Book, channel: LinePaySettings) -> None:
        self.book = book
        self.channel = channel

    def request(self, terms: Any, page_root: str) -> Answer:
        if refusal := _refused_terms(terms):
            return Answer(refusal)
        try:
            request = self.book.add(terms, at=clock.now())
        except DuplicateOrder:
            return Answer("1172")
        return Answer(
            "0000",
            {
                "transactionId": int(request.transaction_id),
                "paymentAccessToken": f"{request.id:012d}",
                "paymentUrl": {
                    "web": f"{page_root}/line-pay/pay/{request.page_key}",
                    "app": f"line://pay/payment/{request.page_key}",
                },
            },
        )

    def check(self, transaction_id: str) -> Answer:
        request = self._find(transaction_id)
        if request is None:
            return Answer("1150")
        settled = {State.CAPTURED: "0123", State.CANCELLED: "0121", State.FAILED: "0122"}
        if request.state in settled:
            return Answer(settled[request.state])
        if request.is_over(clock.now()):
            return Answer("0121")
        return Answer("0110" if request.state is State.AUTHENTICATED else "0000")

    def confirm(self, transaction_id: str, content: Any, version: str) -> Answer:
        request, now = self._find(transaction_id), clock.now()
        if not isinstance(content, dict):
            return Answer("2102")
        if request is None:
            return Answer("1150")
        if request.state is State.CAPTURED:
            return Answer("1172")
        if request.is_over(now):
            return Answer("1180")
        if content.get("currency") != "TWD":
            return Answer("1178")
        if content.get("amount") != request.amount:
            return Answer("1153")
        if request.state is State.WAITING:
            return Answer("1169")
        if not self.book.move(request, State.CAPTURED, at=now):
            return Answer("1172")
        return Answer("0000", _paid(request) | _provider(version))

    def details(self, transaction_ids: list[str], order_ids: list[str], version: str) -> Answer:
        found = [request for number in transaction_ids if (request := self._find(number))]
        found += [request for number in order_ids for request in self.book.find_all(order_id=number)]
        paid = [request for request in found if request.captured_at is not None]
        if not paid:
            return Answer("1150")
        return Answer("0000", [_recorded(request) | _provider(version) for request in paid])

    def refund(self, transaction_id: str, content: Any) -> Answer:
        request, now = self._find(transaction_id), clock.now()
        if not isinstance(content, dict):
            return Answer("2102")
        if request is None or request.captured_at is None:
            return Answer("1150")
        if request.refundable == 0:
            return Answer("1165")
        amount = content.get("refundAmount", request.refundable)
        if not isinstance(amount, int) or amount < 1:
            return Answer("1124")
        if amount > request.refundable:
            return Answer("1164")
        refund = self.book.refund(request, amount, at=now)
        return Answer(
            "0000",
            {"refundTransactionId": int(refund.transaction_id), "refundTransactionDate": _utc(refund.at)},
        )

    def _find(self, transaction_id: str) -> Request | None:
        return next(iter(self.book.find_all(transaction_id=transaction_id)), None)


def _refused_terms(terms: Any) -> str | None:
    if not isinstance(terms, dict):
        return "2102"
    try:
        whole = sum(package["amount"] for package in terms["packages"])
        parts = sum(
            product["quantity"] * product["price"]
            for package in terms["packages"]
            for product in package["products"]
        )
        addresses = [terms["redirectUrls"]["confirmUrl"], terms["redirectUrls"]["cancelUrl"]]
        named = isinstance(terms["orderId"], str) and 1 <= len(terms["orderId"]) <= 100
        amount, currency = terms["amount"], terms["currency"]
    except (KeyError, TypeError):
        return "2101"
    if currency != "TWD":
        return "1178"
    if not isinstance(amount, int) or amount < 1 or not amount == whole == parts:
        return "1124"
    return None if named and all(str(url).startswith("http") for url in addresses) else "2101"


def _paid(request: Request) -> dict[str, Any]:
    return {
        "orderId": request.order_id,
        "transactionId": int(request.transaction_id),
        "payInfo": [
            {"method": "BALANCE", "amount": request.amount - request.amount // 10},
            {"method": "POINT", "amount": request.amount // 10},
        ],
        "packages": request.terms["packages"],
    }


def _recorded(request: Request) -> dict[str, Any]:
    if request.captured_at is None:
        raise ValueError("nothing was paid")
    refunds = [
        {
            "refundTransactionId": int(refund.transaction_id),
            "transactionType": "PAYMENT_REFUND" if refund.amount == request.amount else "PARTIAL_REFUND",
            "refundAmount": -refund.amount,
            "refundTransactionDate": _utc(refund.at),
        }
        for refund in request.refunds
    ]
    return {
        **_paid(request),
        "transactionDate": _utc(request.captured_at),
        "transactionType": "PAYMENT",
        "payStatus": "CAPTURE",
        "currency": "TWD",
        "merchantName": "客語能力認證",
        **({"refundList": refunds} if refunds else {}),
    }


def _provider(version: str) -> dict[str, str]:
    return {"paymentProvider": "TSP"} if version == "v4" else {}


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
