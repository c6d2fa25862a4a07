"""What groups do when another room announces something."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.actors import Actor
from app.core.db import db
from app.groups import mails, queries
from app.groups.services import keep_places_of
from app.payments.models import Order
from app.payments.signals import order_paid
from app.registration.models import Registration
from app.registration.signals import registration_returned


def connect() -> None:
    """Listen to payments; connecting twice is the same as once."""
    order_paid.connect(_keep_places)
    registration_returned.connect(_tell_leader)


def _keep_places(order: Order, *, actor: Actor) -> None:
    keep_places_of(order, actor=actor)


def _tell_leader(registration: Registration, *, missing: Sequence[str]) -> None:
    group = queries.find_group_of(db.session, registration)
    if group is not None:
        mails.tell_returned(group, registration, missing)
