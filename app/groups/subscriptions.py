"""What groups do when another room announces something."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.actors import Actor
from app.groups.models import Group
from app.groups.services import keep_places_of
from app.groups.signals import members_changed
from app.groups.staging.services import evaluate_everywhere
from app.payments.models import Order
from app.payments.signals import order_paid


def connect() -> None:
    """Listen to payments and to the group's own verbs; connecting twice is the same as once."""
    order_paid.connect(_keep_places)
    members_changed.connect(_look_at_staged_rows)


def _keep_places(order: Order, *, actor: Actor) -> None:
    keep_places_of(order, actor=actor)


def _look_at_staged_rows(group: Group, *, blinds: Sequence[bytes], actor: Actor) -> None:
    evaluate_everywhere(group, blinds, actor=actor)
