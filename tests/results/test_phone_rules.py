"""Whether a caller is who they say."""

from datetime import date

import pytest

from app.results.phone_rules import Answers, Known, has_answered, is_named

KNOWN = Known("徐玉蘭", date(1985, 8, 15), "A123456789", ("0912345678", "037981234#12"))


@pytest.mark.requirement("R154")
@pytest.mark.parametrize(
    ("id_ending", "phone", "right"),
    [
        ("6789", "0912-345-678", True),
        ("６７８９", "０９１２３４５６７８", True),
        ("6789", "(037) 981-234", True),
        ("6789", "037981234#99", True),
        ("6788", "0912345678", False),
        ("789", "0912345678", False),
        ("56789", "0912345678", False),
        ("", "0912345678", False),
        ("6789", "0912345679", False),
        ("6789", "5678", False),
        ("6789", "", False),
        ("6789", "#12", False),
    ],
)
def test_both_questions_must_be_answered_right(id_ending, phone, right):
    assert has_answered(KNOWN, Answers(id_ending, phone)) is right


@pytest.mark.parametrize(
    ("name", "birth_on", "right"),
    [
        ("徐玉蘭", date(1985, 8, 15), True),
        ("徐 玉 蘭", date(1985, 8, 15), True),
        ("徐玉藍", date(1985, 8, 15), False),
        ("徐玉蘭", date(1985, 8, 16), False),
    ],
)
def test_a_person_is_named_by_name_and_birth_date_together(name, birth_on, right):
    assert is_named(KNOWN, name=name, birth_on=birth_on) is right
