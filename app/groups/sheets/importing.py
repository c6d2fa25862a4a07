"""A row of a leader's sheet becomes a candidate; what it leaves blank is the leader's; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.identity import parse_identity
from app.groups.leader import Leader
from app.groups.sheets.drafts import MemberDraft
from app.registration.candidate import CandidateData
from app.registration.choices import MailTo

if TYPE_CHECKING:
    from app.exams.choices import Dialect


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
