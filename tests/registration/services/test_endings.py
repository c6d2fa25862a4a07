from collections.abc import Callable

import pytest
from flask import Flask

from app.core.actors import SYSTEM
from app.core.errors import NotFound, Refused
from app.registration.models import Registration
from app.registration.services import cancel_lapsed_registrations, cancel_registration
from app.registration.states import CancelReason, FormState
from tests.conftest import taipei
from tests.factories.accounts import make_account
from tests.factories.registrations import (
    FREE,
    make_candidate,
    make_draft,
    make_paid,
    make_submitted,
)
from tests.mailbox import Mailbox

At = Callable[[str], None]
MULTI = "multi-112-08"


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> None:
    """Every test here works on the database."""


def withdraw(registration: Registration) -> Registration:
    return cancel_registration(registration.public_id, registration.account_id, actor=SYSTEM)


def test_withdrawing_gives_the_place_back_and_ends_the_order(at: At) -> None:
    registration = make_submitted()
    at("2023-05-02 10:00")

    withdraw(registration)

    assert (registration.form_state, registration.cancel_reason) == (
        FormState.CANCELLED,
        CancelReason.WITHDRAWN,
    )
    assert registration.hold.until_at == taipei("2023-05-02 10:00")
    assert registration.order.cancelled_at == taipei("2023-05-02 10:00")


def test_withdrawing_twice_changes_nothing(at: At) -> None:
    registration = withdraw(make_draft())
    at("2023-05-03 10:00")

    withdraw(registration)

    assert registration.cancelled_at == taipei("2023-05-01 09:00")


def test_after_withdrawing_the_person_can_register_again() -> None:
    account, candidate = make_account(), make_candidate()
    withdraw(make_submitted(account, candidate))

    assert make_draft(account, candidate).form_state == FormState.DRAFT


def test_what_is_paid_is_refunded_instead() -> None:
    with pytest.raises(Refused, match="退費"):
        withdraw(make_paid())


def test_who_is_free_withdraws_until_registration_closes(at: At) -> None:
    registration = make_submitted(candidate=make_candidate(birth_on=FREE))
    at("2023-06-10 00:00")
    with pytest.raises(Refused, match="電洽"):
        withdraw(registration)
    at("2023-06-09 23:59")

    assert withdraw(registration).form_state == FormState.CANCELLED


def test_somebody_elses_registration_cannot_be_withdrawn() -> None:
    registration = make_draft()

    with pytest.raises(NotFound):
        cancel_registration(registration.public_id, make_account().id, actor=SYSTEM)


@pytest.mark.requirement("R064", "R088")
def test_the_clock_ends_what_was_left_lying_and_tells_the_candidate(at: At, mailbox: Mailbox) -> None:
    forgotten, unpaid = make_draft(round_code=MULTI), make_submitted(round_code=MULTI)
    paid, resting = make_paid(round_code=MULTI), make_draft()
    sent = len(mailbox.all())
    at("2023-05-07 00:00")

    ended = cancel_lapsed_registrations()

    assert ended == 2
    assert (forgotten.cancel_reason, unpaid.cancel_reason) == (
        CancelReason.NOT_SUBMITTED,
        CancelReason.UNPAID,
    )
    assert (paid.form_state, resting.form_state) == (FormState.SUBMITTED, FormState.DRAFT)
    assert [mail.subject for mail in mailbox.all()[sent:]] == ["報名已取消：多梯次認證(八)"] * 2
    assert cancel_lapsed_registrations() == 0


def test_one_that_is_paid_at_that_very_moment_does_not_keep_the_others_waiting(
    at: At, pay_while_cancelling: Callable[[Registration], None]
) -> None:
    paid, unpaid = make_submitted(), make_submitted()
    pay_while_cancelling(paid)
    at("2023-05-11 00:00")

    assert cancel_lapsed_registrations() == 1
    assert (paid.form_state, unpaid.form_state) == (FormState.SUBMITTED, FormState.CANCELLED)


@pytest.mark.requirement("R065")
def test_when_registration_closes_the_drafts_end(at: At, mailbox: Mailbox) -> None:
    draft = make_draft()
    at("2023-06-09 23:59:59")
    assert cancel_lapsed_registrations() == 0
    at("2023-06-10 00:00")

    assert cancel_lapsed_registrations() == 1
    assert draft.cancel_reason == CancelReason.CLOSED
    assert "報名已截止，您的報名表沒有送出" in mailbox.last().text


def test_nothing_is_ended_a_moment_too_early(at: At) -> None:
    make_submitted()
    at("2023-05-10 23:59:59")

    assert cancel_lapsed_registrations() == 0
