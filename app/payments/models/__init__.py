"""Money: orders with lines, attempts at a gateway, receipts, what gateways sent, and what goes back.

Money is counted, never overwritten. Whether an order is paid follows from its receipts.
"""

from app.payments.models.availability import GatewaySilence, MethodClosure
from app.payments.models.orders import Attempt, GatewayMessage, Order, OrderLine, Receipt
from app.payments.models.reconciliation import (
    AccountSerial,
    Finding,
    ReconciliationFile,
    ReconciliationLine,
    SuspenseDecision,
)
from app.payments.models.refunds import GatewayRefund, RefundCase, RefundProof

__all__ = [
    "AccountSerial",
    "Attempt",
    "Finding",
    "GatewayMessage",
    "GatewayRefund",
    "GatewaySilence",
    "MethodClosure",
    "Order",
    "OrderLine",
    "Receipt",
    "ReconciliationFile",
    "ReconciliationLine",
    "RefundCase",
    "RefundProof",
    "SuspenseDecision",
]
