from dataclasses import replace
from datetime import date

import pytest

from app.core.messages import Message
from app.payments.status import EXEMPT, payment_status
from app.registration.states import CancelReason, FormState, ReviewState
from app.registration.status import RegistrationFacts, Standing, Step, Tag, overview, standing, timeline
from tests.conftest import taipei

DRAFT = RegistrationFacts(
    form_state=FormState.DRAFT,
    review_state=ReviewState.PENDING,
    ended=None,
    payment=EXEMPT,
    same_day_submission=False,
    submitted_at=None,
    closes_on=date(2023, 6, 9),
    materials_from=date(2023, 5, 5),
    ticket_opens_at=taipei("2023-08-11 09:00"),
    ticket_by_post=False,
    test_on=date(2023, 9, 2),
    score_opens_at=taipei("2023-11-17 09:00"),
    certificate_from=date(2023, 12, 8),
    certificate_chase_after=date(2023, 12, 22),
)
FREE = replace(DRAFT, form_state=FormState.SUBMITTED, submitted_at=taipei("2023-05-01 09:00"))
APPROVED = replace(FREE, review_state=ReviewState.APPROVED)


def owing(now: str, *, received: int = 0) -> RegistrationFacts:
    """Return the facts of one who submitted on Monday 1 May and owes NT$250 until Sunday 7 May."""
    paid_at = taipei("2023-05-02 12:00") if received >= 250 else None
    payment = payment_status(
        amount_twd=250, applied_twd=received, last_day=date(2023, 5, 7), paid_at=paid_at, now=taipei(now)
    )
    return replace(FREE, payment=payment)


@pytest.mark.requirement("Q13")
@pytest.mark.parametrize(
    ("facts", "now", "label", "answer", "step"),
    [
        (DRAFT, "2023-05-01 09:00", "待送出", "請在 112 年 6 月 9 日（五）23:59 前檢查並送出", Step.REVIEW),
        (DRAFT, "2023-06-09 23:59", "待送出", "23:59 前檢查並送出", Step.REVIEW),
        (replace(DRAFT, ended=CancelReason.CLOSED), "2023-06-10 00:00", "已取消", "截止前沒有送出", None),
        (
            replace(DRAFT, same_day_submission=True),
            "2023-05-01 23:50",
            "待送出",
            "今天 23:59 前",
            Step.REVIEW,
        ),
        (
            owing("2023-05-04 09:00"),
            "2023-05-04 09:00",
            "待繳費",
            "5 月 7 日（日）23:59 前繳費，還有 3 天",
            Step.PAY,
        ),
        (owing("2023-05-07 23:59"), "2023-05-07 23:59", "待繳費", "今天是最後一天", Step.PAY),
        (owing("2023-05-08 00:00"), "2023-05-08 00:00", "逾期未繳費", "請電洽總試務中心", None),
        (
            replace(owing("2023-05-08 00:00"), can_withdraw=True),
            "2023-06-09 23:59",
            "逾期未繳費",
            "請先取消這份報名，就可以馬上重新報名",
            Step.CANCEL,
        ),
        (
            replace(owing("2023-05-08 00:00"), can_withdraw=True),
            "2023-06-10 00:00",
            "逾期未繳費",
            "報名已截止，不能重新報名",
            None,
        ),
        (owing("2023-05-04 09:00", received=100), "2023-05-04 09:00", "尚未繳足", "還有 3 天", Step.PAY),
        (owing("2023-05-04 09:00", received=250), "2023-05-04 09:00", "已繳費，資料審核中", "報名完成", None),
        (FREE, "2023-05-01 09:00", "待審中", "您現在不必做任何事", None),
        (replace(FREE, review_state=ReviewState.RETURNED), "2023-05-01 09:00", "待補正", "請補正", None),
        (APPROVED, "2023-08-11 08:59:59", "報名完成", "准考證 112 年 8 月 11 日（五）09:00 起", None),
        (APPROVED, "2023-08-11 09:00", "報名完成", "請下載准考證", Step.TICKET),
        (APPROVED, "2023-09-02 23:59", "報名完成", "請下載准考證", Step.TICKET),
        (APPROVED, "2023-09-03 00:00", "報名完成", "成績 112 年 11 月 17 日（五）09:00 起公布", None),
        (APPROVED, "2023-11-17 09:00", "報名完成", "成績請看報名進度", None),
        (
            replace(FREE, ended=CancelReason.UNPAID),
            "2023-06-09 12:00",
            "已取消",
            "沒有在期限內繳費",
            Step.AGAIN,
        ),
        (replace(FREE, ended=CancelReason.UNPAID), "2023-06-10 00:00", "已取消", "沒有在期限內繳費", None),
        (
            replace(DRAFT, ended=CancelReason.NOT_SUBMITTED),
            "2023-05-02 00:00",
            "已取消",
            "當天送出",
            Step.AGAIN,
        ),
    ],
)
def test_one_sentence_says_where_it_stands_and_what_to_do(
    facts: RegistrationFacts, now: str, label: str, answer: str, step: Step | None
) -> None:
    found = standing(facts, taipei(now))

    assert (str(found.label), found.step) == (label, step)
    assert answer in str(found.answer)


def lines(facts: RegistrationFacts, now: str) -> dict[str, tuple[Tag, str, str]]:
    items = timeline(facts, taipei(now))
    return {str(item.title): (item.kind, str(item.label), str(item.when or "")) for item in items}


@pytest.mark.requirement("R211")
def test_the_facts_of_the_status_page_stand_in_order() -> None:
    assert list(lines(DRAFT, "2023-05-01 09:00")) == [
        "報名表",
        "繳費",
        "資格審查",
        "教材寄送",
        "准考證",
        "認證",
        "成績單",
        "合格證書",
    ]


def test_before_submission_everything_lies_ahead() -> None:
    assert {kind for kind, _label, _when in list(lines(DRAFT, "2023-05-01 09:00").values())[1:]} == {
        Tag.NEUTRAL
    }


@pytest.mark.requirement("R211")
@pytest.mark.parametrize(
    ("facts", "now", "title", "expected"),
    [
        (FREE, "2023-05-01 10:00", "報名表", (Tag.DONE, "完成", "112 年 5 月 1 日（一）09:00")),
        (FREE, "2023-05-01 10:00", "繳費", (Tag.DONE, "免繳費", "")),
        (
            owing("2023-05-07 23:59"),
            "2023-05-07 23:59",
            "繳費",
            (Tag.ATTENTION, "待繳費", "112 年 5 月 7 日（日）23:59 截止"),
        ),
        (
            owing("2023-05-03 09:00", received=250),
            "2023-05-03 09:00",
            "繳費",
            (Tag.DONE, "完成", "112 年 5 月 2 日（二）12:00"),
        ),
        (owing("2023-05-03 09:00"), "2023-05-03 09:00", "資格審查", (Tag.NEUTRAL, "報名完成後審查", "")),
        (FREE, "2023-05-03 09:00", "資格審查", (Tag.WAITING, "待審", "")),
        (APPROVED, "2023-05-03 09:00", "資格審查", (Tag.DONE, "已通過", "")),
        (FREE, "2023-05-04 23:59", "教材寄送", (Tag.NEUTRAL, "尚未寄發", "112 年 5 月 5 日（五）起")),
        (FREE, "2023-05-05 00:00", "教材寄送", (Tag.WAITING, "陸續寄發中", "112 年 5 月 5 日（五）起")),
        (
            APPROVED,
            "2023-08-11 08:59:59",
            "准考證",
            (Tag.NEUTRAL, "尚未開放下載", "112 年 8 月 11 日（五）09:00 起開放下載"),
        ),
        (APPROVED, "2023-08-11 09:00", "准考證", (Tag.DONE, "可以下載", "")),
        (FREE, "2023-08-11 09:00", "准考證", (Tag.NEUTRAL, "資格審查通過後開放", "")),
        (APPROVED, "2023-09-02 09:00", "認證", (Tag.DONE, "今天", "112 年 9 月 2 日（六）")),
        (
            APPROVED,
            "2023-11-17 08:59:59",
            "成績單",
            (Tag.NEUTRAL, "尚未開放下載", "112 年 11 月 17 日（五）09:00 起開放下載"),
        ),
        (APPROVED, "2023-12-08 00:00", "合格證書", (Tag.WAITING, "陸續寄發中", "112 年 12 月 8 日（五）起")),
    ],
)
def test_each_fact_has_its_state_and_date(
    facts: RegistrationFacts, now: str, title: str, expected: tuple[Tag, str, str]
) -> None:
    assert lines(facts, now)[title] == expected


def test_after_the_deadline_the_page_says_how_long_a_report_is_waited_for() -> None:
    [payment] = [
        item
        for item in timeline(owing("2023-05-08 00:00"), taipei("2023-05-08 00:00"))
        if str(item.title) == "繳費"
    ]

    assert (payment.kind, payment.step) == (Tag.OVERDUE, None)
    assert "112 年 5 月 10 日（三）" in str(payment.note)


def test_of_a_cancelled_registration_nothing_is_to_come() -> None:
    assert timeline(replace(FREE, ended=CancelReason.WITHDRAWN), taipei("2023-05-03 09:00")) == []


@pytest.mark.parametrize(
    ("kinds", "sentence"),
    [
        ([Tag.WAITING, Tag.DONE], "都處理好了，現在不必做任何事。"),
        ([Tag.ATTENTION, Tag.DONE, Tag.NEUTRAL], "有 1 份報名等您處理。"),
        ([Tag.ATTENTION, Tag.OVERDUE], "有 1 份報名等您處理，另有 1 份繳費期限已過。"),
        ([Tag.OVERDUE, Tag.DONE], "有 1 份報名繳費期限已過，請看下面怎麼處理。"),
        ([Tag.NEUTRAL, Tag.DONE], "有 1 份報名已取消；其他的現在不必做任何事。"),
        ([Tag.NEUTRAL, Tag.NEUTRAL], "這裡的報名都已取消。"),
    ],
)
def test_the_list_opens_with_the_worst_of_them(kinds: list[Tag], sentence: str) -> None:
    assert str(overview([Standing(kind, Message("x"), Message("x")) for kind in kinds])) == sentence
