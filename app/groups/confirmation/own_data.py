"""What is kept of a leader's questions to the members, for the leader to take along."""

from __future__ import annotations

from app.accounts.models import Account
from app.accounts.own_data import OwnRecords, own_data_source
from app.groups.confirmation import queries


@own_data_source
def _confirmations(account: Account) -> list[OwnRecords]:
    links, reports = queries.list_of_account(account.id)
    return [
        OwnRecords(
            "confirmations",
            [
                {
                    "registration": link.registration.public_id,
                    "made_at": link.made_at,
                    "mails": link.mails,
                    "mailed_at": link.mailed_at,
                    "confirmed_at": link.confirmed_at,
                    "on_paper": link.on_paper,
                }
                for link in links
            ],
        ),
        OwnRecords(
            "confirmation_reports",
            [
                {
                    "registration": report.registration.public_id,
                    "field": report.field,
                    "text": report.text,
                    "reported_at": report.reported_at,
                    "done_at": report.done_at,
                }
                for report in reports
            ],
        ),
    ]
