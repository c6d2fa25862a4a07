from datetime import date

import pytest

from app.registration import rules
from app.registration.states import AmendmentState, CancelReason, FormState
from tests.conftest import taipei

DRAFT, SUBMITTED, CANCELLED = FormState.DRAFT, FormState.SUBMITTED, FormState.CANCELLED


def lapse(form_state: FormState, now: str, **facts: object) -> CancelReason | None:
    values = {
        "same_day_submission": False,
        "created_at": taipei("2023-05-01 09:00"),
        "closes_on": date(2023, 6, 9),
        "unpaid_last_day": None,
    }
    return rules.find_lapse(form_state=form_state, now=taipei(now), **{**values, **facts})


@pytest.mark.requirement("R064", "R209")
@pytest.mark.parametrize(
    ("chosen", "now", "expected"),
    [
        ("2023-05-01 00:00", "2023-05-01 23:59:59", None),
        ("2023-05-01 23:50", "2023-05-01 23:59:59", None),
        ("2023-05-01 23:50", "2023-05-02 00:00", CancelReason.NOT_SUBMITTED),
        ("2023-05-01 09:00", "2023-05-20 12:00", CancelReason.NOT_SUBMITTED),
    ],
)
def test_a_multi_draft_lapses_at_the_end_of_the_day_it_was_chosen(
    chosen: str, now: str, expected: CancelReason | None
) -> None:
    assert lapse(DRAFT, now, same_day_submission=True, created_at=taipei(chosen)) is expected


@pytest.mark.requirement("R065")
@pytest.mark.parametrize(
    ("now", "expected"), [("2023-06-09 23:59:59", None), ("2023-06-10 00:00", CancelReason.CLOSED)]
)
def test_a_national_draft_lapses_when_registration_closes(now: str, expected: CancelReason | None) -> None:
    assert lapse(DRAFT, now) is expected


@pytest.mark.requirement("R088", "R089")
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Submitted Monday 1 May, payable to Sunday 7 May; a store may report until Wednesday 10 May.
        ("2023-05-07 23:59:59", None),
        ("2023-05-08 00:00", None),
        ("2023-05-10 23:59:59", None),
        ("2023-05-11 00:00", CancelReason.UNPAID),
    ],
)
def test_an_unpaid_registration_lapses_when_no_payment_can_be_reported_any_more(
    now: str, expected: CancelReason | None
) -> None:
    assert lapse(SUBMITTED, now, unpaid_last_day=date(2023, 5, 7)) is expected


@pytest.mark.parametrize("form_state", [SUBMITTED, CANCELLED])
def test_what_owes_nothing_or_is_cancelled_does_not_lapse(form_state: FormState) -> None:
    assert lapse(form_state, "2023-12-31 12:00", same_day_submission=True) is None


def test_the_place_is_kept_as_long_as_the_registration() -> None:
    assert rules.kept_until(date(2023, 5, 7)) == taipei("2023-05-11 00:00")


@pytest.mark.parametrize(
    ("individual", "same_track", "expected"),
    [(True, True, True), (False, True, False), (True, False, False), (False, False, False)],
)
def test_only_an_individual_account_of_the_track_registers_candidates(
    individual: bool, same_track: bool, expected: bool
) -> None:
    assert bool(rules.check_can_register(individual=individual, same_track=same_track)) is expected


@pytest.mark.parametrize(
    ("form_state", "lapsed", "expected"),
    [
        (DRAFT, None, True),
        (DRAFT, CancelReason.NOT_SUBMITTED, False),
        (SUBMITTED, None, False),
        (SUBMITTED, CancelReason.UNPAID, False),
        (CANCELLED, None, False),
    ],
)
def test_only_a_living_draft_can_be_changed(
    form_state: FormState, lapsed: CancelReason | None, expected: bool
) -> None:
    assert bool(rules.check_can_change(form_state, lapsed)) is expected


@pytest.mark.parametrize(
    ("form_state", "facts", "expected"),
    [
        (DRAFT, {}, True),
        (DRAFT, {"registration_open": False}, True),
        (SUBMITTED, {"owes": True}, True),
        (SUBMITTED, {"owes": True, "registration_open": False}, True),
        (SUBMITTED, {}, True),  # free of charge, registration still open
        (SUBMITTED, {"registration_open": False}, False),
        (SUBMITTED, {"has_receipts": True}, False),
        (SUBMITTED, {"has_receipts": True, "owes": True}, False),
        (DRAFT, {"in_group": True}, False),
        (CANCELLED, {}, False),
    ],
)
def test_who_can_withdraw(form_state: FormState, facts: dict[str, bool], expected: bool) -> None:
    usual = {"in_group": False, "has_receipts": False, "registration_open": True, "owes": False}

    assert bool(rules.check_can_cancel(form_state, **{**usual, **facts})) is expected


@pytest.mark.parametrize(
    ("form_state", "complete", "expected"),
    [(SUBMITTED, True, True), (SUBMITTED, False, False), (DRAFT, False, False), (CANCELLED, True, False)],
)
def test_only_a_complete_registration_is_reviewed(
    form_state: FormState, complete: bool, expected: bool
) -> None:
    assert bool(rules.check_can_review(form_state, complete=complete)) is expected


@pytest.mark.requirement("R044", "Q2")
@pytest.mark.parametrize(
    ("absent_on", "test_on", "expected"),
    [
        # The brochure's own example (肆、一※): absent at 111 multi (四), back in April 112.
        ("2022-04-23", "2022-04-23", True),
        ("2022-04-23", "2022-05-21", False),
        ("2022-04-23", "2023-03-18", False),
        ("2022-04-23", "2023-04-15", True),
        ("2022-04-01", "2023-03-31", False),
        ("2022-04-30", "2023-04-01", True),
        ("2023-12-23", "2024-11-30", False),
        ("2023-12-23", "2024-12-01", True),
        ("2024-02-29", "2025-02-01", True),
        ("2023-05-27", "2023-04-15", True),  # a round before the absence is not touched
    ],
)
def test_an_absence_is_counted_by_month(absent_on: str, test_on: str, expected: bool) -> None:
    decision = rules.check_not_absent(
        date.fromisoformat(test_on), [date.fromisoformat(absent_on)], first_round=None
    )

    assert bool(decision) is expected


def test_without_absences_nobody_is_kept_out() -> None:
    assert rules.check_not_absent(date(2023, 4, 15), [], first_round=None)


@pytest.mark.requirement("Q2")
def test_the_refusal_names_the_first_round_that_is_open_again() -> None:
    decision = rules.check_not_absent(date(2023, 3, 18), [date(2022, 4, 23)], first_round="多梯次認證(四)")

    assert "111 年 4 月 23 日（六）" in str(decision.reason)
    assert "最早可以報多梯次認證(四)" in str(decision.reason)


@pytest.mark.parametrize(
    ("today", "test_on", "expected"),
    [
        ("2023-05-01", "2023-09-02", "2023-05-08"),
        ("2023-08-26", "2023-09-02", "2023-09-01"),
        ("2023-09-01", "2023-09-02", "2023-09-01"),
        ("2023-09-03", "2023-09-02", "2023-09-03"),
    ],
)
def test_what_is_missing_is_due_in_a_week_but_before_the_test(
    today: str, test_on: str, expected: str
) -> None:
    found = rules.correction_deadline(date.fromisoformat(today), date.fromisoformat(test_on))

    assert found.isoformat() == expected


@pytest.mark.requirement("R068")
@pytest.mark.parametrize(
    ("form_state", "now", "expected"),
    [
        (SUBMITTED, "2023-05-08 23:59:59", None),
        (SUBMITTED, "2023-05-09 00:00", CancelReason.NOT_CORRECTED),
        (DRAFT, "2023-05-09 00:00", None),
        (CANCELLED, "2023-05-09 00:00", None),
    ],
)
def test_what_is_not_corrected_in_time_is_void(
    form_state: FormState, now: str, expected: CancelReason | None
) -> None:
    lapse = rules.find_lapse(
        form_state=form_state,
        same_day_submission=False,
        closes_on=date(2023, 6, 9),
        created_at=taipei("2023-05-01 09:00"),
        unpaid_last_day=None,
        correction_last_day=date(2023, 5, 8),
        now=taipei(now),
    )

    assert lapse == expected


@pytest.mark.parametrize(
    ("asked", "lapse", "form_state", "expected"),
    [
        (True, None, SUBMITTED, True),
        (False, None, SUBMITTED, False),
        (True, CancelReason.NOT_CORRECTED, SUBMITTED, False),
        (True, None, CANCELLED, False),
    ],
)
def test_only_what_is_asked_for_can_be_answered(
    asked: bool, lapse: CancelReason | None, form_state: FormState, expected: bool
) -> None:
    assert bool(rules.check_can_answer(asked=asked, lapse=lapse, form_state=form_state)) is expected


@pytest.mark.parametrize(("form_state", "expected"), [(DRAFT, False), (SUBMITTED, True), (CANCELLED, False)])
def test_contact_data_are_changed_after_submission(form_state: FormState, expected: bool) -> None:
    assert bool(rules.check_can_change_contact(form_state)) is expected


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize(
    ("today", "office_error", "expected"),
    [
        # Round (一): closes 01-03, tickets 01-09, test 01-14; the office's mistakes until the day before.
        ("2023-01-03", False, AmendmentState.OPEN),
        ("2023-01-04", False, AmendmentState.ON_SITE),
        ("2023-01-13", True, AmendmentState.OPEN),
        ("2023-01-14", True, AmendmentState.ON_SITE),
    ],
)
def test_where_identity_data_are_corrected(today: str, office_error: bool, expected: AmendmentState) -> None:
    route = rules.amendment_route(
        date.fromisoformat(today),
        office_error=office_error,
        registration_closes_on=date(2023, 1, 3),
        ticket_correction_until=date(2023, 1, 13),
    )

    assert route == expected


@pytest.mark.parametrize(
    ("form_state", "today", "expected"),
    [
        (SUBMITTED, "2023-09-02", True),
        (SUBMITTED, "2023-09-03", False),
        (DRAFT, "2023-05-01", False),
        (CANCELLED, "2023-05-01", False),
    ],
)
def test_a_correction_can_be_asked_for_until_the_test(
    form_state: FormState, today: str, expected: bool
) -> None:
    decision = rules.check_can_ask_amendment(
        form_state, today=date.fromisoformat(today), test_on=date(2023, 9, 2)
    )

    assert bool(decision) is expected


@pytest.mark.parametrize(
    ("route", "form_state", "today", "expected"),
    [
        (AmendmentState.OPEN, SUBMITTED, "2023-05-01", True),
        (AmendmentState.OPEN, DRAFT, "2023-05-01", False),
        (AmendmentState.ON_SITE, SUBMITTED, "2023-09-01", False),
        (AmendmentState.ON_SITE, SUBMITTED, "2023-09-02", True),
        (AmendmentState.ON_SITE, SUBMITTED, "2023-09-03", False),
    ],
)
def test_staff_correct_at_the_office_or_on_the_day_at_the_site(
    route: AmendmentState, form_state: FormState, today: str, expected: bool
) -> None:
    decision = rules.check_can_amend(
        route, form_state=form_state, today=date.fromisoformat(today), test_on=date(2023, 9, 2)
    )

    assert bool(decision) is expected
