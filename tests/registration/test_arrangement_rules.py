"""When special arrangements are asked for, and what an answer must say."""

from datetime import date

import pytest

from app.core.errors import InvalidValue
from app.registration import arrangement_rules as rules
from app.registration.arrangement_rules import ArrangementState
from app.registration.states import FormState

GRANTED, PARTLY, REFUSED = ArrangementState.GRANTED, ArrangementState.PARTLY, ArrangementState.REFUSED


@pytest.mark.requirement("R185", "R253")
@pytest.mark.parametrize(
    ("state", "asked", "may"),
    [
        (FormState.DRAFT, True, True),
        (FormState.DRAFT, False, False),
        (FormState.SUBMITTED, True, False),
        (FormState.CANCELLED, True, False),
    ],
)
def test_aids_and_proof_are_given_at_registration(state, asked, may):
    assert bool(rules.check_can_describe(state, asked=asked)) is may


@pytest.mark.parametrize(
    ("state", "asked", "today", "may"),
    [
        (FormState.SUBMITTED, True, date(2023, 9, 2), True),
        (FormState.SUBMITTED, True, date(2023, 9, 3), False),
        (FormState.SUBMITTED, False, date(2023, 5, 1), False),
        (FormState.DRAFT, True, date(2023, 5, 1), False),
        (FormState.CANCELLED, True, date(2023, 5, 1), False),
    ],
)
def test_the_office_answers_what_was_sent_until_the_exam_day(state, asked, today, may):
    decision = rules.check_can_decide(state, asked=asked, today=today, test_on=date(2023, 9, 2))

    assert bool(decision) is may


@pytest.mark.parametrize(
    ("state", "arrangement", "reply", "field"),
    [
        (GRANTED, "可使用助聽器", None, None),
        (GRANTED, None, None, "arrangement"),
        (PARTLY, "可使用助聽器", None, "reply"),
        (PARTLY, None, "沒有升降桌", "arrangement"),
        (PARTLY, "可使用助聽器", "沒有升降桌", None),
        (REFUSED, None, None, "reply"),
        (REFUSED, None, "請補診斷證明", None),
        (ArrangementState.WAITING, None, None, "state"),
    ],
)
def test_an_answer_says_what_is_provided_and_why_not_all(state, arrangement, reply, field):
    decision = rules.check_answer(state, arrangement=arrangement, reply=reply)

    assert (bool(decision), decision.field) == (field is None, field)


def test_what_is_provided_is_one_short_line():
    assert rules.read_arrangement(" 可使用\n助聽器　") == "可使用 助聽器"
    with pytest.raises(InvalidValue, match="最多 60 個字"):
        rules.read_arrangement("字" * 61)
