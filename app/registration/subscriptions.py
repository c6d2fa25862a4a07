"""What registration does when another room announces something."""

from __future__ import annotations

from app.core.actors import Actor
from app.payments.models import Order, RefundCase
from app.payments.signals import order_paid, refund_granted
from app.registration.services import end_refunded, keep_places_of


def connect() -> None:
    """Listen to payments; connecting twice is the same as once."""
    order_paid.connect(_keep_places)
    refund_granted.connect(_end_refunded)


def _keep_places(order: Order, *, actor: Actor) -> None:
    keep_places_of(order, actor=actor)


def _end_refunded(case: RefundCase, *, actor: Actor) -> None:
    end_refunded(case.subjects, actor=actor)
