"""Values as the texts a leader would type: each reads again to the same value without a mark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from app.core.addresses import Address
from app.core.phones import format_phone
from app.core.roc_dates import roc_year
from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.marks import Texts
from app.registration.choices import MailTo

if TYPE_CHECKING:
    from app.groups.leader import Leader
    from app.registration.candidate import CandidateData


def text_of(column: Column, value: object) -> str:
    """Return the canonical text of a column's value; "" for None."""
    if value is None:
        return ""
    if column.choice:
        return next(label for label, each in column.choice.values.items() if each == value)
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, Address):
        return address_text(value)
    if "phone" in column.key:
        digits, _, extension = str(value).partition("#")
        return phone_text(digits, extension)
    return str(value)


def date_text(day: date) -> str:
    """Return ``100/9/2``; days before 1912, which have no such short form, as ``1911/9/2``."""
    year = roc_year(day)
    return f"{year if year > 0 else day.year}/{day.month}/{day.day}"


def phone_text(digits: str, extension: str = "") -> str:
    """Return ``02-2345-6789#12``."""
    written = format_phone(digits)
    return f"{written}#{extension}" if extension else str(written)


def address_text(address: Address) -> str:
    """Return an address in its official form, without its postcode."""
    return f"{address.county}{address.district}{address.rest}"


def texts_of(draft: MemberDraft) -> Texts:
    """Return a member as the texts of a row; what is taken over from the leader is blank."""
    values: dict[str, Any] = {key: getattr(draft, key, None) for key in _KEYS}
    texts = {column.key: text_of(column, values[column.key]) for column in COLUMNS}
    if draft.county is not None:
        texts["address"] = f"{draft.county}{draft.district}{draft.address_rest}"
    return texts


def draft_of(candidate: CandidateData, leader: Leader) -> MemberDraft:
    """Return the row that would make this candidate: the opposite of `importing.candidate_of`."""
    emergency = {key: getattr(candidate, key) for key in leader.emergency}
    address = {key: getattr(candidate, key) for key in leader.address}
    own_emergency = emergency if emergency != leader.emergency else dict.fromkeys(emergency)
    # Somebody whose post goes home has an address of their own, be it the leader's.
    at_home = MailTo.SELF in (candidate.materials_to, candidate.ticket_to, candidate.score_to)
    own_address: Mapping[str, Any] = (
        address if at_home or address != leader.address else dict.fromkeys(address)
    )
    return MemberDraft(
        chinese_name=candidate.chinese_name,
        english_name=candidate.english_name,
        birth_on=candidate.birth_on,
        foreign=candidate.is_foreign,
        id_number=candidate.identity.value,
        phone_home=candidate.phone,
        phone_mobile=candidate.mobile,
        email=candidate.email if candidate.email != leader.email else None,
        zip_code=own_address["zip_code"],
        county=own_address["county"],
        district=own_address["district"],
        address_rest=own_address["street"],
        dialect=candidate.dialect.value,
        background=candidate.background,
        occupation=candidate.occupation,
        education=candidate.education,
        ticket_by_post=candidate.ticket_by_post,
        materials_to_leader=candidate.materials_to is MailTo.LEADER,
        ticket_to_leader=candidate.ticket_to is MailTo.LEADER,
        score_to_leader=candidate.score_to is MailTo.LEADER,
        accommodation=candidate.accommodation,
        **own_emergency,
    )


_KEYS = tuple(column.key for column in COLUMNS)
