from collections.abc import Callable
from typing import Any

import pytest

from app.core.actors import SYSTEM
from app.payments.models import Order
from app.payments.services import cancel_order, record_message
from app.registration.models import Registration
from app.registration.services import endings
from tests.factories.orders import make_attempt, paid_message


@pytest.fixture
def pay_while_cancelling(monkeypatch: pytest.MonkeyPatch) -> Callable[[Registration], None]:
    """Let the gateway report a payment, made in time, just before the registration's order is cancelled."""

    def arrange(registration: Registration) -> None:
        report = paid_message(make_attempt(registration.order), PaymentDate="2023/05/07 12:00:00")

        def report_first(order: Order, **how: Any) -> Order:
            if order.id == registration.order_id:
                record_message("ecpay", report, address=None, actor=SYSTEM)
            return cancel_order(order, **how)

        monkeypatch.setattr(endings, "cancel_order", report_first)

    return arrange
