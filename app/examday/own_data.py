"""What the exam day has put on record about an account's candidates, for its owner to take along."""

from __future__ import annotations

from app.accounts.models import Account
from app.accounts.own_data import OwnRecords, own_data_source
from app.examday import queries


@own_data_source
def _exam_day(account: Account) -> list[OwnRecords]:
    attendances = [
        {
            "registration": each.registration.public_id,
            "state": each.state,
            "document": each.document,
            "recorded_at": each.recorded_at,
        }
        for each in queries.list_attendances_of_account(account.id)
    ]
    incidents = [
        {
            "registration": each.registration.public_id,
            "kind": each.kind,
            "code": each.code,
            "text": each.text,
            "decision": each.decision,
            "reported_at": each.reported_at,
            "withdrawn_at": each.withdrawn_at,
        }
        for each in queries.list_incidents_of_account(account.id)
    ]
    reports = [
        {
            "registration": each.registration.public_id,
            "item": each.item,
            "text": each.text,
            "state": each.state,
            "reply": each.reply,
            "reported_at": each.reported_at,
        }
        for each in queries.list_ticket_reports_of_account(account.id)
    ]
    return [
        OwnRecords("attendances", attendances),
        OwnRecords("incidents", incidents),
        OwnRecords("ticket_reports", reports),
    ]
