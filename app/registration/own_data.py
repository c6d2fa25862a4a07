"""An account's registrations for its owner to take along."""

from __future__ import annotations

from typing import Any

from app.accounts.models import Account
from app.accounts.own_data import OwnRecords, own_data_source
from app.registration import queries
from app.registration.models import Registration

_AS_THEY_ARE = [
    "chinese_name",
    "english_name",
    "is_foreign",
    "id_number",
    "birth_on",
    "mobile",
    "phone",
    "email",
    "zip_code",
    "county",
    "district",
    "street",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
    "dialect",
    "background",
    "occupation",
    "education",
    "ticket_by_post",
    "materials_to",
    "ticket_to",
    "score_to",
    "accommodation",
    "form_state",
    "review_state",
    "created_at",
    "submitted_at",
    "cancelled_at",
    "cancel_reason",
    "fee_twd",
]


@own_data_source
def _registrations(account: Account) -> list[OwnRecords]:
    mine = queries.list_registrations(account.id)
    arrangements = [
        {
            "registration": each.public_id,
            "aids": each.arrangement.aids,
            "files": len(each.arrangement.files),
            "state": each.arrangement.state,
            "provided": each.arrangement.provided,
            "reply": each.arrangement.reply,
            "decided_at": each.arrangement.decided_at,
        }
        for each in mine
        if each.accommodation_sealed is not None and each.arrangement is not None
    ]
    corrections = [
        {
            "registration": each.public_id,
            "missing": asked.missing,
            "asked_at": asked.asked_at,
            "last_day": asked.last_day,
            "answer": asked.answer,
            "answered_at": asked.answered_at,
            "files": len(asked.files),
        }
        for each in mine
        for asked in queries.list_corrections(each)
    ]
    requests = [
        {
            "registration": each.public_id,
            "wish": asked.wish,
            "asked_at": asked.asked_at,
            "state": asked.state,
            "reply": asked.reply,
        }
        for each in mine
        for asked in queries.list_amendments(each)
    ]
    payments = [
        {
            "registration": each.public_id,
            "amount_twd": receipt.amount_twd,
            "paid_at": receipt.paid_at,
            "outcome": receipt.outcome,
        }
        for each in mine
        if each.own_order is not None
        for receipt in each.own_order.receipts
    ]
    return [
        OwnRecords("registrations", [_record(each) for each in mine]),
        OwnRecords("payments", payments),
        OwnRecords("arrangements", arrangements),
        OwnRecords("corrections", corrections),
        OwnRecords("amendment_requests", requests),
    ]


def _record(registration: Registration) -> dict[str, Any]:
    where = {
        "registration": registration.public_id,
        "round": registration.exam_round.name,
        "area": registration.offering.area,
    }
    return where | {name: getattr(registration, name) for name in _AS_THEY_ARE}
