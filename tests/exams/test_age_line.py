from datetime import date

import pytest

from app.exams.age_line import first_free_birth_date, last_paying_birth_date

NATIONAL_REFERENCE = date(2023, 9, 2)  # first national test day, for both national rounds


@pytest.mark.requirement("R074", "R075", "R077")
@pytest.mark.parametrize(
    ("reference_on", "last_paying", "first_free"),
    [
        (NATIONAL_REFERENCE, date(2004, 9, 1), date(2004, 9, 2)),  # printed
        (date(2023, 4, 15), date(2004, 4, 14), date(2004, 4, 15)),  # multi-session round 4
        (date(2023, 3, 1), date(2004, 2, 29), date(2004, 3, 1)),  # born in a leap year
        (date(2023, 2, 28), date(2004, 2, 27), date(2004, 2, 28)),
        (date(2024, 2, 29), date(2005, 2, 28), date(2005, 3, 1)),  # tested on a leap day
        (date(2024, 1, 1), date(2004, 12, 31), date(2005, 1, 1)),
    ],
)
def test_the_line_lies_between_two_neighbouring_birth_dates(reference_on, last_paying, first_free):
    assert last_paying_birth_date(reference_on, 19) == last_paying
    assert first_free_birth_date(reference_on, 19) == first_free


def test_a_negative_age_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="negative"):
        first_free_birth_date(NATIONAL_REFERENCE, -1)
