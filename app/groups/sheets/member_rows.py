"""A member written into a row of the sheet, such that reading the row gives the member again; pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.core.phones import format_phone
from app.core.roc_dates import roc_year
from app.groups.leader import Leader
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.options import Choice
from app.registration.candidate import CandidateData
from app.registration.choices import MailTo

_CHOICES = {column.key: column.choice for column in COLUMNS if column.choice}


def row_of(candidate: CandidateData, leader: Leader) -> dict[str, str]:
    """Return the cells of a member by column key; the blue columns are the template's.

    What is taken over from the leader is left blank, so that it goes on following the leader (R241-R243);
    an address to which something is sent is written, because the sheet wants to see it.

    :param leader: whose data members of this group take over
    """
    targets = (candidate.materials_to, candidate.ticket_to, candidate.score_to)
    writes_address = MailTo.SELF in targets or not _same(candidate, leader.address)
    row = {
        "chinese_name": candidate.chinese_name,
        "english_name": candidate.english_name or "",
        "birth_on": _birth(candidate.birth_on),
        "id_number": candidate.identity.value,
        "phone_home": _phone(candidate.phone),
        "phone_mobile": _phone(candidate.mobile),
        "email": "" if candidate.email == leader.email else candidate.email,
        "accommodation": candidate.accommodation or "",
    }
    if not _same(candidate, leader.emergency):
        row |= {
            "emergency_name": candidate.emergency_name,
            "emergency_relation": candidate.emergency_relation,
            "emergency_phone": _phone(candidate.emergency_phone),
        }
    if writes_address:
        row["zip_code"] = candidate.zip_code
        row["address"] = f"{candidate.county}{candidate.district}{candidate.street}"
    return row | {key: _label(choice, _chosen(candidate, key)) for key, choice in _CHOICES.items()}


def _chosen(candidate: CandidateData, key: str) -> object:
    if key == "foreign":
        return candidate.is_foreign
    if key.endswith("_to_leader"):
        return getattr(candidate, key.removesuffix("_leader")) == MailTo.LEADER
    return getattr(candidate, key)


def _label(choice: Choice, value: object) -> str:
    return next(label for label, meaning in choice.values.items() if meaning == value)


def _same(candidate: CandidateData, values: dict[str, Any]) -> bool:
    return all(getattr(candidate, name) == value for name, value in values.items())


def _birth(day: date) -> str:
    """Return ``100/9/2``; a year before the Republic's first is Western."""
    year = roc_year(day) if day.year > 1911 else day.year
    return f"{year}/{day.month}/{day.day}"


def _phone(written: str | None) -> str:
    """Return a number as people write it, the extension after ``#``."""
    digits, mark, extension = (written or "").partition("#")
    return f"{format_phone(digits)}{mark}{extension}" if digits else ""
