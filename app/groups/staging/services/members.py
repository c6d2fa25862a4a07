"""Rows as the members they would make, and the members they are compared with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.crypto import keyring
from app.core.db import db
from app.exams.choices import Dialect
from app.groups import queries as groups
from app.groups.models import Group
from app.groups.services.carrying import read_candidate
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.importing import candidate_of
from app.groups.sheets.marks import Reason
from app.groups.sheets.rows import RowReading, reread_row
from app.groups.sheets.texts import draft_of, texts_of
from app.groups.staging.bodies import Body, read_body, read_draft
from app.groups.staging.models import StagedRow, StagedSheet, row_place
from app.groups.staging.queries import get_reading, parts
from app.registration.candidate import CandidateData
from app.registration.models import Registration

Place = tuple[int, int]
# What a column of the sheet says about a candidate, where the names differ.
_FIELDS = {
    "foreign": ("is_foreign",),
    "id_number": ("identity",),
    "phone_home": ("phone",),
    "phone_mobile": ("mobile",),
    "zip_code": (),
    "address": ("zip_code", "county", "district", "street"),
    "materials_to_leader": ("materials_to",),
    "ticket_to_leader": ("ticket_to",),
    "score_to_leader": ("score_to",),
}


def locked_texts(group: Group) -> dict[str, str]:
    """Return what the blue columns must say (R229)."""
    return {"round_name": group.exam_round.name, "area": group.offering.area}


def reread(group: Group, number: int, body: Body, changes: Mapping[str, str] | None = None) -> RowReading:
    """Return the reading of a staged row, as it stands or with some cells changed.

    What the leader has taken back stays as it was written, however it would be read now.
    """
    reading = reread_row(
        number, body.texts, body.marks, changes or {}, locked=locked_texts(group), today=clock.today()
    )
    as_written = {
        key: body.texts[key] for key, mark in reading.marks.items() if mark.reason is Reason.TAKEN_BACK
    }
    return replace(reading, texts={**reading.texts, **as_written}) if as_written else reading


def open_drafts(session: Session, group: Group, places: Collection[Place]) -> dict[Place, MemberDraft]:
    """Return the members that rows describe; a row with a wrong cell is left out."""
    by_sheet: dict[int, list[int]] = {}
    for sheet_id, number in places:
        by_sheet.setdefault(sheet_id, []).append(number)
    unseal, found = keyring().unseal_bytes, dict[Place, MemberDraft]()
    for sheet_id, numbers in by_sheet.items():
        public_id = session.get_one(StagedSheet, sheet_id).public_id
        query = sa.select(StagedRow.number, StagedRow.body_sealed).where(StagedRow.sheet_id == sheet_id)
        for part in parts(sorted(numbers)):
            for number, sealed in session.execute(query.where(StagedRow.number.in_(part))):
                content = unseal(sealed, row_place(public_id, number))
                draft = read_draft(content) or reread(group, number, read_body(content)).draft
                if draft is not None:
                    found[sheet_id, number] = draft
    return found


def candidates_of(group: Group, drafts: Iterable[MemberDraft]) -> list[CandidateData]:
    """Return the candidates that rows describe; what they leave blank is the leader's."""
    leader = group.leader  # opened once
    return [candidate_of(draft, leader, Dialect(draft.dialect)) for draft in drafts]


def find_differing(session: Session, group: Group, members: Mapping[Place, int | None]) -> list[Place]:
    """Return the rows that say something else than the members they are known as.

    :param members: the registration's id of each row
    """
    compared = compare(session, group, members)
    return [place for place, (member, new) in compared.items() if new != read_candidate(member)]


def compare(
    session: Session, group: Group, members: Mapping[Place, int | None]
) -> dict[Place, tuple[Registration, CandidateData]]:
    """Return the members of rows and the data they would have; what a sheet has no column for, they keep.

    :param members: the registration's id of each row
    """
    drafts = open_drafts(session, group, list(members))
    ids = [each for each in members.values() if each is not None]
    registrations = groups.load_registrations(session, ids)
    unsaid = {sheet_id: _unsaid(session, sheet_id) for sheet_id in {place[0] for place in drafts}}
    found = {}
    candidates = candidates_of(group, drafts.values())
    for (place, draft), candidate in zip(drafts.items(), candidates, strict=True):
        member = registrations[members[place] or 0]
        kept = _kept(draft, unsaid[place[0]], read_candidate(member)) if unsaid[place[0]] else {}
        found[place] = member, replace(candidate, **kept)
    return found


def differences_of(rows: Sequence[StagedRow], group: Group) -> dict[int, list[tuple[str, str, str]]]:
    """Return what rows of one sheet and their members say differently, by the row's number.

    Each difference is the column's key, the sheet's text and the member's. The number of queries grows with
    the hundreds of rows.
    """
    known = {
        (row.sheet_id, row.number): row.registration_id for row in rows if row.registration_id is not None
    }
    leader = group.leader
    found: dict[int, list[tuple[str, str, str]]] = {}
    for (_sheet_id, number), (member, new) in compare(db.session, group, known).items():
        there, here = texts_of(draft_of(read_candidate(member), leader)), texts_of(draft_of(new, leader))
        found[number] = [(key, here[key], there[key]) for key in here if here[key] != there[key]]
    return found


def _unsaid(session: Session, sheet_id: int) -> tuple[str, ...]:
    """Return the columns that a sheet does not have."""
    sheet = session.get_one(StagedSheet, sheet_id)
    matching = get_reading(sheet).matching
    said = set(matching.columns) | {key for key, text in matching.for_all.items() if text}
    return tuple(key for key in _ALL if key not in said)


def _kept(draft: MemberDraft, unsaid: Iterable[str], member: CandidateData) -> dict[str, Any]:
    """Return a member's own values of what neither the sheet nor the leader on the page has said."""
    kept: dict[str, Any] = {}
    for key in unsaid:
        if _is_blank(draft, key):
            kept |= {name: getattr(member, name) for name in _FIELDS.get(key, (key,))}
    return kept


def _is_blank(draft: MemberDraft, key: str) -> bool:
    if key == "address":
        return draft.county is None
    if key in _DEFAULTS:
        return bool(getattr(draft, key) == _DEFAULTS[key])
    return getattr(draft, key) is None


_DEFAULTS = {
    "ticket_by_post": False,
    "materials_to_leader": True,
    "ticket_to_leader": True,
    "score_to_leader": True,
}
_ALL = (
    "english_name",
    "phone_home",
    "phone_mobile",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
    "email",
    "address",
    *_DEFAULTS,
    "accommodation",
)
