from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.core.clock import TAIPEI
from app.groups.rules import check_group_size
from app.groups.standing import GroupFacts, Standing, Step, group_standing
from app.groups.states import GroupKind
from app.payments.fees import FeeTotal
from app.payments.status import EXEMPT, PaymentStatus, payment_status
from app.registration.states import CancelReason, FormState, ReviewState
from app.registration.status import RegistrationFacts

NOW = datetime(2023, 5, 1, 1, 0, tzinfo=UTC)
REGISTRATION = RegistrationFacts(
    form_state=FormState.DRAFT,
    review_state=ReviewState.PENDING,
    ended=None,
    payment=EXEMPT,
    same_day_submission=False,
    submitted_at=None,
    closes_on=date(2023, 6, 9),
    materials_from=date(2023, 5, 5),
    ticket_opens_at=datetime(2023, 8, 11, 1, 0, tzinfo=UTC),
    ticket_by_post=False,
    test_on=date(2023, 9, 2),
    score_opens_at=datetime(2023, 11, 17, 1, 0, tzinfo=UTC),
    certificate_from=date(2023, 12, 8),
    certificate_chase_after=date(2023, 12, 22),
)


def _owes(applied: int = 0) -> PaymentStatus:
    return payment_status(
        amount_twd=250,
        applied_twd=applied,
        last_day=date(2023, 5, 7),
        paid_at=NOW if applied else None,
        now=NOW,
    )


def _standing(members: int = 38, *, now: datetime = NOW, **changes: object) -> Standing:
    size = check_group_size(GroupKind.SCHOOL, members, {"family": 2, "group": 4})
    facts = GroupFacts(replace(REGISTRATION, **changes), FeeTotal(members, 0, 0), size)
    return group_standing(facts, now)


@pytest.mark.parametrize(
    ("members", "step", "answer"),
    [
        (0, Step.FILL, "名單還是空的，請匯入或新增考生。請在 112 年 6 月 9 日（五）23:59 前送出。"),
        (3, Step.FILL, "團體報名至少需有 4 人，還差 1 人。請在 112 年 6 月 9 日（五）23:59 前送出。"),
        (4, Step.SUBMIT, "名單有 4 人，還沒送出。請在 112 年 6 月 9 日（五）23:59 前送出。"),
    ],
)
def test_an_open_group_says_what_is_missing(members: int, step: Step, answer: str) -> None:
    standing = _standing(members)

    assert (str(standing.label), standing.step, str(standing.answer)) == ("填寫報名表中", step, answer)


def test_a_multi_group_is_to_be_submitted_today() -> None:
    assert "今天 23:59 前送出" in str(_standing(same_day_submission=True).answer)


def test_an_open_group_after_the_close_has_missed_it() -> None:
    missed = _standing(ended=CancelReason.CLOSED, now=datetime(2023, 6, 10, 0, 0, tzinfo=TAIPEI))

    assert (str(missed.label), missed.step) == ("已取消", None)


@pytest.mark.requirement("R227")
@pytest.mark.parametrize(
    ("changes", "label", "step"),
    [
        ({"payment": _owes()}, "待繳費", Step.PAY),
        ({"payment": _owes(250)}, "已繳費，資料審核中", None),
        ({}, "待審中", None),
        ({"review_state": ReviewState.APPROVED}, "報名完成", None),
        ({"ended": CancelReason.UNPAID}, "已取消", Step.AGAIN),
    ],
)
def test_a_submitted_group_stands_as_its_registration_does(
    changes: dict[str, object], label: str, step: Step | None
) -> None:
    standing = _standing(**{"form_state": FormState.SUBMITTED, "submitted_at": NOW, **changes})

    assert (str(standing.label), standing.step) == (label, step)


def test_tickets_of_an_approved_group_are_offered_once_open() -> None:
    changes = {"form_state": FormState.SUBMITTED, "review_state": ReviewState.APPROVED, "submitted_at": NOW}
    opens_at = REGISTRATION.ticket_opens_at

    assert _standing(now=opens_at, **changes).step == Step.TICKETS
    assert _standing(now=opens_at.replace(hour=0, minute=59, second=59), **changes).step is None
