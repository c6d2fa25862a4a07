from datetime import date

import pytest

from app.groups.school_age import expected_education, has_outgrown
from app.registration.choices import Education, Occupation

SPRING, SUMMER_HOLIDAYS, AUTUMN = date(2023, 5, 1), date(2023, 7, 31), date(2023, 8, 1)


@pytest.mark.requirement("R248")
@pytest.mark.parametrize(
    ("birth_on", "today", "expected"),
    [
        # Twelve by 1 September 2022: in the first year of junior high school from August 2022 on.
        (date(2010, 9, 1), SPRING, Education.JUNIOR_HIGH),
        (date(2010, 9, 2), SPRING, Education.PRIMARY),
        (date(2010, 9, 2), SUMMER_HOLIDAYS, Education.PRIMARY),
        (date(2010, 9, 2), AUTUMN, Education.JUNIOR_HIGH),
        (date(2007, 9, 1), SPRING, Education.SENIOR_HIGH),
        (date(2004, 9, 1), SPRING, Education.UNIVERSITY),
        (date(2018, 1, 1), SPRING, Education.PRIMARY),
        (date(2000, 9, 1), SPRING, Education.UNIVERSITY),
        (date(1999, 9, 1), SPRING, None),
    ],
)
def test_the_school_follows_from_the_birth_date(
    birth_on: date, today: date, expected: Education | None
) -> None:
    assert expected_education(birth_on, today) == expected


@pytest.mark.parametrize(
    ("education", "occupation", "outgrown"),
    [
        (Education.PRIMARY, Occupation.STUDENT, True),
        (Education.JUNIOR_HIGH, Occupation.STUDENT, False),
        (Education.SENIOR_HIGH, Occupation.STUDENT, False),
        (Education.PRIMARY, Occupation.OTHER, False),
    ],
)
def test_only_students_outgrow_their_school(
    education: Education, occupation: Occupation, outgrown: bool
) -> None:
    assert has_outgrown(education, occupation, date(2010, 9, 1), SPRING) == outgrown


def test_grown_ups_who_study_are_left_alone() -> None:
    assert not has_outgrown(Education.PRIMARY, Occupation.STUDENT, date(1950, 1, 1), SPRING)
