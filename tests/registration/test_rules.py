from datetime import date

import pytest

from app.registration import rules
from app.registration.states import CancelReason, FormState
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


@pytest.mark.parametrize(
    ("now", "expected"), [("2023-06-09 23:59:59", None), ("2023-06-10 00:00", CancelReason.CLOSED)]
)
def test_a_national_draft_lapses_when_registration_closes(now: str, expected: CancelReason | None) -> None:
    assert lapse(DRAFT, now) is expected


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
