"""A member as the leader's sheet gives it: typed values, not yet a member of the group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.registration.choices import Background, Education, Occupation


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """What one row says about one candidate (R234–R253), every value already checked.

    None in the emergency contact, the e-mail or the address means "take over the leader's"
    (帶入團報負責人資料); each of the three is None as a whole or not at all. None in `english_name`,
    in one of the two phones or in `accommodation` means that there is none. The dialect is the
    brochure's word, e.g. ``四縣``.

    :ivar foreign: 外籍人士; decides how `id_number` was checked
    :ivar phone_home: digits with the area code, an extension after ``#``: ``0223456789#12``
    :ivar zip_code: three, five or six digits; the first three agree with the district
    :ivar ticket_by_post: 是否寄發准考證; False means the candidate prints it (Q17)
    :ivar accommodation: what the candidate asks for (R250), reviewed by staff
    """

    chinese_name: str
    english_name: str | None
    birth_on: date
    foreign: bool
    id_number: str
    phone_home: str | None
    phone_mobile: str | None
    emergency_name: str | None
    emergency_relation: str | None
    emergency_phone: str | None
    email: str | None
    zip_code: str | None
    county: str | None
    district: str | None
    address_rest: str | None
    dialect: str
    background: Background
    occupation: Occupation
    education: Education
    ticket_by_post: bool = False
    materials_to_leader: bool = True
    ticket_to_leader: bool = True
    score_to_leader: bool = True
    accommodation: str | None = None
