"""A sheet's rows become candidates, and what became of them a report that can be kept; pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.core.identity import mask_id, parse_identity
from app.core.messages import N_, Message
from app.groups.leader import Leader
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.packing import pack, unpack
from app.groups.sheets.result import CellError, CellNote, DuplicateRow, MemberRow
from app.registration.candidate import CandidateData
from app.registration.choices import MailTo

if TYPE_CHECKING:
    from app.exams.choices import Dialect

__all__ = [
    "ID_HEADING",
    "candidate_of",
    "duplicate_entry",
    "imported_entry",
    "in_sheet_order",
    "known_entry",
    "mail_to",
    "pack",
    "refused_entry",
    "taken_entry",
    "unpack",
]

ID_HEADING = "身分證統一編號"


def candidate_of(draft: MemberDraft, leader: Leader, dialect: Dialect) -> CandidateData:
    """Return the candidate a row describes; what it leaves blank is the leader's (R241-R243, R251).

    :param dialect: the draft's word as the exam's own value
    """
    own = draft.emergency_name is not None
    emergency = {
        "emergency_name": draft.emergency_name,
        "emergency_relation": draft.emergency_relation,
        "emergency_phone": draft.emergency_phone,
    }
    address = {
        "zip_code": draft.zip_code,
        "county": draft.county,
        "district": draft.district,
        "street": draft.address_rest,
    }
    values: dict[str, Any] = (emergency if own else leader.emergency) | (
        address if draft.county is not None else leader.address
    )
    return CandidateData(
        chinese_name=draft.chinese_name,
        english_name=draft.english_name,
        is_foreign=draft.foreign,
        identity=parse_identity(draft.id_number, nationality_foreign=draft.foreign),
        birth_on=draft.birth_on,
        mobile=draft.phone_mobile,
        phone=draft.phone_home,
        email=draft.email or leader.email,
        dialect=dialect,
        background=draft.background,
        occupation=draft.occupation,
        education=draft.education,
        ticket_by_post=draft.ticket_by_post,
        materials_to=mail_to(draft.materials_to_leader),
        ticket_to=mail_to(draft.ticket_to_leader),
        score_to=mail_to(draft.score_to_leader),
        accommodation=draft.accommodation,
        **values,
    )


def mail_to(leader: bool) -> MailTo:
    return MailTo.LEADER if leader else MailTo.SELF


def imported_entry(row: MemberRow) -> dict[str, Any]:
    """Return a row that became a member, with what we read or repaired on our own."""
    return {
        "row": row.number,
        "name": row.draft.chinese_name,
        "notes": [_pack_note(note) for note in row.notes],
    }


def known_entry(row: MemberRow) -> dict[str, Any]:
    """Return a row whose person is in the group already and is left alone (R232)."""
    reason = Message("已在這個團體的名單中，略過這一列")
    return {"row": row.number, "name": row.draft.chinese_name, "reason": pack(reason)}


def duplicate_entry(row: DuplicateRow) -> dict[str, Any]:
    """Return a row refused because an earlier one has the same number: one of them is wrong."""
    text = N_("與第 %(first)s 列的號碼相同。同一位考生請刪除這一列；不是同一人，請改正號碼再匯入")
    return {
        "row": row.number,
        "column": ID_HEADING,
        "name": row.name,
        "written": row.masked_id,
        "message": pack(Message(text, {"first": row.first_number})),
    }


def refused_entry(error: CellError) -> dict[str, Any]:
    """Return a wrong cell: where it is, what stands there, what to do (R231)."""
    return {
        "row": error.row,
        "column": error.heading,
        "name": error.name,
        "written": error.written,
        "message": pack(error.message),
    }


def taken_entry(row: MemberRow, reason: Message) -> dict[str, Any]:
    """Return a row refused because the person has another registration; no fact about it is told."""
    return {
        "row": row.number,
        "column": ID_HEADING,
        "name": row.draft.chinese_name,
        "written": mask_id(row.draft.id_number),
        "message": pack(reason),
    }


def in_sheet_order(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entries by row number; those of one row keep their order."""
    return sorted(entries, key=lambda entry: entry["row"])


def _pack_note(note: CellNote) -> dict[str, Any]:
    return {"column": note.heading, "message": pack(note.message)}
