"""Looking at post, which shows addresses: on record before it is shown (P001)."""

from __future__ import annotations

from collections.abc import Sequence

from app.core import audit
from app.core.actors import Actor
from app.core.db import transaction
from app.mailings import queries
from app.mailings.models import MailingBatch, MailingParcel, MailingResend


def look_at_batch(public_id: str, *, actor: Actor) -> MailingBatch:
    """Return a batch to be shown with its parcels masked, and put the look on record; raises NotFound."""
    with transaction():
        batch = queries.get_batch(public_id)
        audit.record("mailing.view_batch", batch, actor)
    return batch


def look_at_parcel(public_id: str, *, actor: Actor) -> MailingParcel:
    """Return a parcel to be shown with its address, and put the look on record; raises NotFound."""
    with transaction():
        parcel = queries.get_parcel(public_id)
        audit.record("mailing.view_parcel", parcel, actor)
    return parcel


def look_at_resend(public_id: str, *, actor: Actor) -> MailingResend:
    """Return a request with its parcel, and put the look on record; raises NotFound."""
    with transaction():
        resend = queries.get_resend(public_id)
        audit.record("mailing.view_resend", resend, actor)
    return resend


def take_out_parcels(batch: MailingBatch, document: str, *, actor: Actor) -> Sequence[MailingParcel]:
    """Return all parcels of a batch for labels or a list, and put on record that they are taken out.

    :param document: what is made of them, e.g. ``labels``
    """
    with transaction():
        parcels = queries.list_parcels(batch)
        audit.record("mailing.take_out", batch, actor, document=document, parcels=len(parcels))
    return parcels
