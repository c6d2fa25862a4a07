"""Orders of NT$250, opened 112-05-01 and payable through 112-05-07, and what the gateway reports of them."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from urllib.parse import urlencode

from app.accounts.models import Account
from app.core import clock
from app.core.actors import SYSTEM
from app.payments.gateways.base import Method
from app.payments.gateways.check_mac import sign
from app.payments.gateways.ecpay import STAGE
from app.payments.models import Attempt, Order
from app.payments.services import OrderLineSpec, open_order, start_attempt
from tests.factories.accounts import make_account

_serial = itertools.count(1)


def make_order(
    *,
    account: Account | None = None,
    submitted_on: date = date(2023, 5, 1),
    days_allowed: int = 7,
    methods: tuple[Method, ...] = tuple(Method),
    lines: tuple[OrderLineSpec, ...] = (OrderLineSpec("全國認證第一梯次報名費", 1, 250),),
) -> Order:
    account = account or make_account()
    return open_order(
        account_id=account.id,
        title="全國認證第一梯次報名費",
        page_path="/registrations/abc/pay",
        lines=lines,
        submitted_on=submitted_on,
        days_allowed=days_allowed,
        methods=methods,
        actor=SYSTEM,
    )


def make_attempt(order: Order, method: Method = Method.ATM) -> Attempt:
    """Return a new attempt, started now; a live code of this method must not exist yet."""
    start_attempt(order, method=method, actor=SYSTEM)
    return order.attempts[-1]


def paid_message(attempt: Attempt, *, at: datetime | None = None, **changes: str) -> bytes:
    """Return ECPay's report that the attempt was paid, now unless `at` says when."""
    paid_at = (at or clock.now()).astimezone(clock.TAIPEI)
    fields = {
        "RtnCode": "1",
        "RtnMsg": "交易成功",
        "TradeNo": f"2305010900{next(_serial):06d}",
        "TradeAmt": str(attempt.amount_twd),
        "PaymentDate": f"{paid_at:%Y/%m/%d %H:%M:%S}",
        "PaymentType": "ATM_LAND",
        "PaymentTypeChargeFee": "10",
        "SimulatePaid": "0",
    }
    return _message(attempt, fields | changes)


def account_message(attempt: Attempt, account: str = "5219111913209840", **changes: str) -> bytes:
    """Return ECPay's report that it has issued a bank account, good through the order's last day."""
    fields = {
        "RtnCode": "2",
        "RtnMsg": "Get VirtualAccount Succeeded",
        "TradeNo": f"2305010900{next(_serial):06d}",
        "TradeAmt": str(attempt.amount_twd),
        "PaymentType": "ATM_LAND",
        "BankCode": "005",
        "vAccount": account,
        "ExpireDate": f"{attempt.order.last_day:%Y/%m/%d}",
    }
    return _message(attempt, fields | changes)


def barcode_message(attempt: Attempt) -> bytes:
    """Return ECPay's report that it has issued the three bars of a store bill."""
    fields = {
        "RtnCode": "10100073",
        "RtnMsg": "Get CVS Code Succeeded.",
        "TradeNo": f"2305010900{next(_serial):06d}",
        "TradeAmt": str(attempt.amount_twd),
        "PaymentType": "BARCODE_BARCODE",
        "Barcode1": "1205076EA",
        "Barcode2": "3453011539919569",
        "Barcode3": "050177000000250",
        "ExpireDate": f"{attempt.order.last_day:%Y/%m/%d} 23:59:59",
    }
    return _message(attempt, fields)


def store_code_message(attempt: Attempt, **changes: str) -> bytes:
    """Return ECPay's report that it has issued a code for the kiosks, good until ten minutes to midnight."""
    fields = {
        "RtnCode": "10100073",
        "RtnMsg": "Get CVS Code Succeeded.",
        "TradeNo": f"2305010900{next(_serial):06d}",
        "TradeAmt": str(attempt.amount_twd),
        "PaymentType": "CVS_CVS",
        "PaymentNo": "LLL23121004711",
        "ExpireDate": f"{attempt.order.last_day:%Y/%m/%d} 23:50:00",
    }
    return _message(attempt, fields | changes)


def declined_message(attempt: Attempt, result_code: str = "10100252") -> bytes:
    """Return ECPay's report that a card was refused."""
    fields = {
        "RtnCode": result_code,
        "RtnMsg": "額度不足",
        "TradeNo": f"2305010900{next(_serial):06d}",
        "TradeAmt": str(attempt.amount_twd),
        "PaymentDate": "2023/05/01 09:00:00",
        "PaymentType": "Credit_CreditCard",
        "SimulatePaid": "0",
    }
    return _message(attempt, fields)


def _message(attempt: Attempt, fields: dict[str, str]) -> bytes:
    own = {"MerchantID": STAGE.merchant_id, "MerchantTradeNo": attempt.trade_number}
    return urlencode(sign(own | fields, STAGE.hash_key, STAGE.hash_iv)).encode()
