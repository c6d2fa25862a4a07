"""A leader's groups for their owner to take along; the members are among the registrations."""

from __future__ import annotations

from app.accounts.models import Account
from app.accounts.own_data import OwnRecords, own_data_source
from app.groups import extra_session_queries, queries
from app.groups.staging.queries import list_waiting_rows

_AS_THEY_ARE = [
    "name",
    "kind",
    "state",
    "leader_name",
    "leader_phone",
    "leader_email",
    "leader_zip_code",
    "leader_county",
    "leader_district",
    "leader_street",
    "created_at",
    "submitted_at",
    "cancel_reason",
]

_ASKED = [
    "kind",
    "school",
    "name",
    "expected",
    "county",
    "address",
    "rooms",
    "computers",
    "contact_name",
    "contact_phone",
    "reason",
    "asked_at",
    "state",
    "decided_at",
    "reply",
]


@own_data_source
def _groups(account: Account) -> list[OwnRecords]:
    records = [
        {"round": group.exam_round.name, "area": group.offering.area}
        | {name: getattr(group, name) for name in _AS_THEY_ARE}
        for group in queries.list_groups(account.id)
    ]
    asked = [
        {"round": each.exam_round.name} | {name: getattr(each, name) for name in _ASKED}
        for each in extra_session_queries.list_mine(account.id)
    ]
    # What waits on the workbench; what has gone in is among the registrations.
    waiting = [
        {
            "group": row.sheet.group.name,
            "file": row.sheet.file_name,
            "row": row.number,
            "state": row.state.value,
        }
        | {key: text for key, text in row.texts.items() if text}
        for row in list_waiting_rows(account.id)
    ]
    return [
        OwnRecords("groups", records),
        OwnRecords("extra_sessions", asked),
        OwnRecords("staged_rows", waiting),
    ]
