"""Which identity documents are accepted, and from whom a student card is."""

from __future__ import annotations

from datetime import date

import pytest

from app.examday.documents import IdDocument, accepted_documents
from app.registration.choices import Education

TEST_ON = date(2023, 9, 2)
EVERYBODY = (
    IdDocument.NATIONAL_ID,
    IdDocument.NHI_CARD,
    IdDocument.DRIVING_LICENCE,
    IdDocument.PASSPORT,
    IdDocument.RESIDENT_CERTIFICATE,
)


@pytest.mark.requirement("R179")
@pytest.mark.parametrize(
    ("education", "birth_on", "student_card"),
    [
        (Education.PRIMARY, date(2012, 5, 1), True),
        (Education.JUNIOR_HIGH, date(2009, 5, 1), True),
        # Sixteen on the test day is a pupil no more; a day younger still is.
        (Education.JUNIOR_HIGH, date(2007, 9, 3), True),
        (Education.JUNIOR_HIGH, date(2007, 9, 2), False),
        (Education.SENIOR_HIGH, date(2009, 5, 1), False),
        # The last school of a grown-up.
        (Education.PRIMARY, date(1950, 5, 1), False),
    ],
)
def test_a_student_card_is_accepted_from_pupils_only(
    education: Education, birth_on: date, student_card: bool
) -> None:
    accepted = accepted_documents(education, birth_on, TEST_ON)

    assert accepted[:5] == EVERYBODY
    assert (IdDocument.STUDENT_CARD in accepted) is student_card
