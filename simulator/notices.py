"""The fields of everything the gateway says, before they are signed (payments.md 1.3 and 1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.payments.gateways.ecpay_fields import (
    ACCOUNT_ISSUED,
    NO_SUCH_TRADE,
    NOT_AUTHORISED,
    PAID,
    STORE_CODE_ISSUED,
    format_instant,
)
from simulator.trade import Status, Trade

FIRST_MESSAGE: Final = "交易成功"
REPEATED_MESSAGE: Final = "paid"
BROWSER_MESSAGE: Final = "Succeeded"

_PAYMENT_TYPES = {
    "Credit": "Credit_CreditCard",
    "ATM": "ATM_LAND",
    "BARCODE": "BARCODE_BARCODE",
    "CVS": "CVS_CVS",
}
_STATUS_CODES = {
    Status.CREATED: "0",
    Status.CODE_ISSUED: "0",
    Status.PAID: "1",
    Status.DECLINED: NOT_AUTHORISED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt to pay ended.

    :ivar code: ``1`` for paid, anything else for not
    :ivar at: aware instant of the attempt
    """

    code: str
    amount: int
    at: datetime
    simulated: bool = False


def code_fields(trade: Trade, merchant_id: str) -> dict[str, str]:
    """Return the notice that a code was issued; the trade must have one."""
    if trade.issued_at is None or trade.last_day is None:
        raise ValueError("no code was issued")
    fields = {**_common(trade, merchant_id), "TradeDate": format_instant(trade.issued_at)}
    if trade.account is not None:
        return {
            **fields,
            "RtnCode": ACCOUNT_ISSUED,
            "RtnMsg": "Get VirtualAccount Succeeded",
            "BankCode": "005",
            "vAccount": trade.account,
            "ExpireDate": f"{trade.last_day:%Y/%m/%d}",
        }
    fields |= {"RtnCode": STORE_CODE_ISSUED, "RtnMsg": "Get CVS Code Succeeded."}
    if trade.store_code is not None and trade.expires_at is not None:
        return {
            **fields,
            "PaymentNo": trade.store_code,
            "ExpireDate": format_instant(trade.expires_at),
            "PaymentURL": "",
        }
    first, second, third = trade.barcodes or ("", "", "")
    return {
        **fields,
        "Barcode1": first,
        "Barcode2": second,
        "Barcode3": third,
        "ExpireDate": f"{trade.last_day:%Y/%m/%d} {format_instant(trade.issued_at)[11:]}",
    }


def result_fields(trade: Trade, outcome: Outcome, merchant_id: str) -> dict[str, str]:
    """Return the notice of how an attempt to pay ended."""
    return {
        **_common(trade, merchant_id),
        "RtnCode": outcome.code,
        "RtnMsg": FIRST_MESSAGE if outcome.code == PAID else "交易失敗",
        "TradeAmt": str(outcome.amount),
        "PaymentDate": format_instant(outcome.at),
        "PaymentTypeChargeFee": str(fee(trade.order.choice, outcome.amount)),
        "TradeDate": format_instant(trade.created_at),
        "SimulatePaid": "1" if outcome.simulated else "0",
        **(_extra(trade, outcome.amount, outcome.at) if trade.order.extra_info else {}),
    }


def query_fields(trade: Trade, merchant_id: str) -> dict[str, str]:
    """Return the answer to QueryTradeInfo."""
    charge = str(fee(trade.order.choice, trade.order.amount))
    extra = {}
    if trade.order.extra_info and trade.paid_at:
        extra = _extra(trade, trade.paid_amount, trade.paid_at)
    return {
        **_common(trade, merchant_id),
        "TradeAmt": str(trade.paid_amount or trade.order.amount),
        "PaymentDate": format_instant(trade.paid_at) if trade.paid_at else "",
        "HandlingCharge": charge,
        "PaymentTypeChargeFee": charge,
        "TradeDate": format_instant(trade.created_at),
        "TradeStatus": _STATUS_CODES[trade.status],
        "ItemName": trade.order.item,
        **extra,
    }


def not_found_fields(number: str, merchant_id: str) -> dict[str, str]:
    """Return the answer to QueryTradeInfo for a number that was never used, as it was recorded."""
    return {
        "HandlingCharge": "0",
        "ItemName": "",
        "MerchantID": merchant_id,
        "MerchantTradeNo": number,
        "PaymentDate": "",
        "PaymentType": "",
        "PaymentTypeChargeFee": "0",
        "TradeAmt": "0",
        "TradeDate": "",
        "TradeNo": "",
        "TradeStatus": NO_SUCH_TRADE,
    }


def _common(trade: Trade, merchant_id: str) -> dict[str, str]:
    return {
        "MerchantID": merchant_id,
        "MerchantTradeNo": trade.order.number,
        "TradeNo": trade.gateway_number,
        "TradeAmt": str(trade.order.amount),
        "PaymentType": _PAYMENT_TYPES[trade.order.choice],
        **trade.order.echoed,
    }


def fee(choice: str, amount: int) -> int:
    """Return the public fee in dollars: 2.75 % for cards, 1 % for accounts, 15 for barcodes, 30 for codes."""
    match choice:
        case "Credit":
            return max(5, (amount * 275 + 5_000) // 10_000)
        case "ATM":
            return max(10, (amount + 50) // 100)
        case "CVS":
            return 30
        case _:
            return 15


def _extra(trade: Trade, amount: int | None, at: datetime) -> dict[str, str]:
    match trade.order.choice:
        case "Credit":
            return {
                "gwsr": str(trade.authorisation_number),
                "process_date": format_instant(at),
                "auth_code": "777777",
                "amount": str(amount),
                "eci": "0",
                "card6no": "431195",
                "card4no": "2222",
                **dict.fromkeys(("stage", "stast", "staed", "red_dan", "red_de_amt", "red_ok_amt"), "0"),
            }
        case "ATM":
            return {"ATMAccBank": "004", "ATMAccNo": "56789"}
        case "CVS":
            return {"PaymentNo": trade.store_code or "", "PayFrom": "family"}
        case _:
            return {"PayFrom": "family"}
