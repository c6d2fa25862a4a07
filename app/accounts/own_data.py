"""What the portal knows of an account's owner, gathered from all rooms for the owner to take along.

A room above registers a source when the app is made; the download asks all of them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.accounts.models import Account
from app.accounts.queries import list_consents


@dataclass(frozen=True, slots=True)
class OwnRecords:
    """The records of one kind: a name for machines, and each record as plain values by name."""

    name: str
    records: Sequence[dict[str, Any]]


Source = Callable[[Account], Sequence[OwnRecords]]
_sources: list[Source] = []


def own_data_source(source: Source) -> Source:
    """Register a source; it is asked with the account."""
    _sources.append(source)
    return source


def gather(account: Account) -> list[OwnRecords]:
    """Return all that is known, kind by kind."""
    return [kind for source in _sources for kind in source(account)]


def as_json(kinds: Sequence[OwnRecords]) -> bytes:
    """Return the records as one JSON object: a list of records per kind."""
    return json.dumps(
        {kind.name: kind.records for kind in kinds}, ensure_ascii=False, indent=2, default=_plain
    ).encode()


def as_csv(kinds: Sequence[OwnRecords]) -> bytes:
    """Return the records as a table of four columns: kind, number of the record, field, value.

    Marked as UTF-8 for Excel; what a spreadsheet would take for a formula is made text.
    """
    sheet = io.StringIO(newline="")
    table = csv.writer(sheet)
    table.writerow(["kind", "number", "field", "value"])
    for kind in kinds:
        for number, record in enumerate(kind.records, start=1):
            table.writerows([kind.name, number, name, _cell(value)] for name, value in record.items())
    return sheet.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = "; ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@own_data_source
def _account(account: Account) -> list[OwnRecords]:
    mine = {
        "email": account.email,
        "system": account.realm.value,
        "kind": account.kind.value if account.kind else None,
        "created_at": account.created_at,
        "verified_at": account.verified_at,
    }
    consents = [
        {"text": each.text, "version": each.version, "agreed_at": each.agreed_at}
        for each in list_consents(account.id)
    ]
    return [OwnRecords("account", [mine]), OwnRecords("consents", consents)]
