"""What was mailed for an account's registrations, for its owner to take along."""

from __future__ import annotations

from app.accounts.models import Account
from app.accounts.own_data import OwnRecords, own_data_source
from app.mailings import queries
from app.mailings.models import MailingItem


@own_data_source
def _mailings(account: Account) -> list[OwnRecords]:
    items = queries.list_own_items(account.id)
    mailed = [
        {
            "registration": item.registration.public_id,
            "kind": item.kind,
            **_address_of(item),
            "posted_on": item.parcel.batch.posted_on,
            "registered_number": item.parcel.registered_number,
            "returned_on": item.parcel.returned_on,
            "return_reason": item.parcel.return_reason,
        }
        for item in items
    ]
    asked = [
        {
            "registration": item.registration.public_id,
            "kind": item.kind,
            "cause": resend.cause,
            "asked_at": resend.asked_at,
            "state": resend.state,
            "postage_twd": resend.postage_twd,
            "note": resend.note,
        }
        for item in items
        for resend in item.parcel.resends
    ]
    return [OwnRecords("mailings", mailed), OwnRecords("resend_requests", asked)]


def _address_of(item: MailingItem) -> dict[str, str | None]:
    """Return where something went; not the address of a leader whose group the candidate has left."""
    parcel = item.parcel
    if parcel.group_id is not None and not item.registration.in_group:
        return {"recipient": parcel.organisation, "address": None}
    return {"recipient": parcel.recipient, "address": f"{parcel.zip_code} {parcel.place}{parcel.street}"}
