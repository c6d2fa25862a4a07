"""A candidate as a form or a row of a sheet gives them: typed values, every one already checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.core.identity import IdentityNumber
from app.registration.choices import Background, Education, MailTo, Occupation

if TYPE_CHECKING:
    # A type only: the enum lives beside its tables, which a pure module must not load.
    from app.exams.choices import Dialect


@dataclass(frozen=True, slots=True)
class CandidateData:
    """What is asked about one candidate (R235-R250).

    :ivar chinese_name: for foreigners the name as their document has it
    :ivar english_name: None: not given
    :ivar mobile: digits as dialled within Taiwan; None: not given; at least one of the two phones is
    :ivar phone: digits with the area code, an extension after ``#``: ``0223456789#12``; None: not given
    :ivar zip_code: 3, 5 or 6 digits, of which the first three agree with the district
    :ivar street: the address from the village or road on
    :ivar emergency_phone: in the form of `phone`
    :ivar ticket_by_post: sent by the office; False: printed by the candidate
    :ivar accommodation: the special arrangements asked for (R253); None: none
    """

    chinese_name: str
    english_name: str | None
    is_foreign: bool
    identity: IdentityNumber
    birth_on: date
    mobile: str | None
    phone: str | None
    email: str
    zip_code: str
    county: str
    district: str
    street: str
    emergency_name: str
    emergency_relation: str
    emergency_phone: str
    dialect: Dialect
    background: Background
    occupation: Occupation
    education: Education
    ticket_by_post: bool = False
    materials_to: MailTo = MailTo.SELF
    ticket_to: MailTo = MailTo.SELF
    score_to: MailTo = MailTo.SELF
    accommodation: str | None = None
