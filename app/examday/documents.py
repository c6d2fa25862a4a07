"""What proves at the door who somebody is (拾伍、一; R179); pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from app.core.messages import Message
from app.exams.age_line import first_free_birth_date
from app.registration.choices import Education

# Nine years of school that begin at six end before the sixteenth birthday.
PUPILS_UNDER = 16
PUPILS = (Education.PRIMARY, Education.JUNIOR_HIGH)


class IdDocument(StrEnum):
    """The originals that are accepted; the last one from pupils only."""

    NATIONAL_ID = "national_id"
    NHI_CARD = "nhi_card"
    DRIVING_LICENCE = "driving_licence"
    PASSPORT = "passport"
    RESIDENT_CERTIFICATE = "resident_certificate"
    STUDENT_CARD = "student_card"


DOCUMENT_NAMES = {
    IdDocument.NATIONAL_ID: Message("國民身分證"),
    IdDocument.NHI_CARD: Message("健保卡（有相片）"),
    IdDocument.DRIVING_LICENCE: Message("駕駛執照"),
    IdDocument.PASSPORT: Message("護照"),
    IdDocument.RESIDENT_CERTIFICATE: Message("居留證"),
    IdDocument.STUDENT_CARD: Message("學生證或在學證明"),
}


def is_pupil(education: Education, birth_on: date, test_on: date) -> bool:
    """Return whether somebody goes to primary or junior high school on the test day.

    The schooling that was stated is not enough, because for a grown-up it is the last school attended:
    a pupil has also not had the sixteenth birthday.
    """
    return education in PUPILS and birth_on > first_free_birth_date(test_on, PUPILS_UNDER)


def accepted_documents(education: Education, birth_on: date, test_on: date) -> tuple[IdDocument, ...]:
    """Return what this person may show: everybody the five, pupils also a student card (R179)."""
    everybody = tuple(each for each in IdDocument if each != IdDocument.STUDENT_CARD)
    return tuple(IdDocument) if is_pupil(education, birth_on, test_on) else everybody
