"""Reading a merchant's order form as strictly as the gateway does (payments.md 1.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from app.core import clock
from app.payments.gateways import check_mac
from app.payments.gateways.ecpay import EcpaySettings

# The gateway's own list of codes is not public (payments.md 9). These two are commonly seen;
# every other mistake in a form gets the third, which is ours.
WRONG_DIGEST: Final = "10200073"
DUPLICATE_NUMBER: Final = "10300028"
WRONG_FIELD: Final = "10200001"

_AMOUNTS: Final = {
    "Credit": (5, 199_999),
    "ATM": (11, 49_999),
    "BARCODE": (17, 20_000),
    "CVS": (33, 6_000),
}
# Days, and for store codes minutes: (field, most, when it is left out).
_TERMS: Final = {
    "ATM": ("ExpireDate", 60, 3),
    "BARCODE": ("StoreExpireDate", 30, 7),
    "CVS": ("StoreExpireDate", 43_200, 10_080),
}
_ECHOED: Final = ("StoreID", "CustomField1", "CustomField2", "CustomField3", "CustomField4")


class OrderRefused(Exception):
    """The order form cannot be accepted."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Order:
    """A merchant's order, checked.

    :ivar choice: ``Credit``, ``ATM``, ``BARCODE`` or ``CVS``
    :ivar code_days: days until an account or barcode expires, None for the others
    :ivar code_minutes: minutes until a store code expires, None for the others
    :ivar code_url: where to report an issued code, empty when the merchant does not ask for it
    :ivar browser_url: where to send the browser with the outcome, or empty
    :ivar echoed: fields that come back unchanged in every notice
    """

    number: str
    choice: str
    amount: int
    item: str
    code_days: int | None
    result_url: str
    code_url: str
    browser_url: str
    back_url: str
    extra_info: bool
    echoed: dict[str, str]
    code_minutes: int | None = None


def read_order(fields: Mapping[str, str], merchant: EcpaySettings) -> Order:
    """Return the order that the fields describe; raises OrderRefused as the gateway would."""
    if fields.get("MerchantID") != merchant.merchant_id:
        raise OrderRefused(WRONG_FIELD, "沒有這個特店編號（MerchantID）。")
    if not check_mac.verify(fields, merchant.hash_key, merchant.hash_iv):
        raise OrderRefused(WRONG_DIGEST, "檢查碼不正確（CheckMacValue Error）。")
    choice = fields.get("ChoosePayment", "")
    if choice not in _AMOUNTS:
        raise _wrong("ChoosePayment")
    _check_fixed_fields(fields, choice)
    term = _term(fields, choice)
    return Order(
        number=_matching(fields, "MerchantTradeNo", r"[A-Za-z0-9]{4,20}"),
        choice=choice,
        amount=_number(fields, "TotalAmount", *_AMOUNTS[choice]),
        item=_text(fields, "ItemName", 400),
        code_days=None if choice == "CVS" else term,
        result_url=_url(fields, "ReturnURL", required=True),
        code_url=_url(fields, "PaymentInfoURL"),
        browser_url=_url(fields, "OrderResultURL" if choice == "Credit" else "ClientRedirectURL"),
        back_url=_url(fields, "ClientBackURL"),
        extra_info=fields.get("NeedExtraPaidInfo") == "Y",
        echoed={name: fields.get(name, "") for name in _ECHOED},
        code_minutes=term if choice == "CVS" else None,
    )


def _check_fixed_fields(fields: Mapping[str, str], choice: str) -> None:
    for name, value in (("PaymentType", "aio"), ("EncryptType", "1")):
        if fields.get(name) != value:
            raise _wrong(name)
    _text(fields, "TradeDesc", 200)
    try:
        datetime.strptime(fields.get("MerchantTradeDate", ""), "%Y/%m/%d %H:%M:%S").replace(
            tzinfo=clock.TAIPEI
        )
    except ValueError as error:
        raise _wrong("MerchantTradeDate") from error
    if fields.get("OrderResultURL") and (
        choice != "Credit" or fields["OrderResultURL"] == fields.get("ReturnURL")
    ):
        raise _wrong("OrderResultURL")


def _term(fields: Mapping[str, str], choice: str) -> int | None:
    if choice not in _TERMS:
        return None
    name, longest, default = _TERMS[choice]
    return _number(fields, name, 1, longest) if name in fields else default


def _number(fields: Mapping[str, str], name: str, lowest: int, highest: int) -> int:
    value = int(_matching(fields, name, r"[0-9]{1,9}"))
    if not lowest <= value <= highest:
        raise OrderRefused(WRONG_FIELD, f"欄位 {name} 應在 {lowest} 到 {highest} 之間。")
    return value


def _matching(fields: Mapping[str, str], name: str, form: str) -> str:
    value = fields.get(name, "")
    if not re.fullmatch(form, value):
        raise _wrong(name)
    return value


def _text(fields: Mapping[str, str], name: str, longest: int) -> str:
    value = fields.get(name, "")
    if not 1 <= len(value) <= longest:
        raise _wrong(name)
    return value


def _url(fields: Mapping[str, str], name: str, *, required: bool = False) -> str:
    value = fields.get(name, "")
    if not value and not required:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or len(value) > 200:
        raise _wrong(name)
    return value


def _wrong(name: str) -> OrderRefused:
    return OrderRefused(WRONG_FIELD, f"欄位 {name} 不正確。")
