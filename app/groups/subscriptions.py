"""What groups do when another room announces something."""

from __future__ import annotations

from app.core.actors import Actor
from app.groups.services import keep_places_of
from app.payments.models import Order
from app.payments.signals import order_paid


def connect() -> None:
    """Listen to payments; connecting twice is the same as once."""
    order_paid.connect(_keep_places)


def _keep_places(order: Order, *, actor: Actor) -> None:
    keep_places_of(order, actor=actor)
