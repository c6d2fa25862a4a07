from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.errors import InvalidValue, NotFound, Refused
from app.core.uploads import Document
from app.groups.models import Group
from app.groups.queries import list_members
from app.groups.services import add_member, create_group, submit_group
from app.groups.states import GroupKind
from app.registration import queries
from app.registration.models import Registration
from app.registration.services import (
    answer_correction,
    return_registration,
    void_uncorrected_registrations,
)
from app.registration.states import CancelReason, FormState, ReviewState
from tests.factories.accounts import make_account, make_leader
from tests.factories.registrations import FREE, NATIONAL_1, make_candidate, make_paid
from tests.factories.seating import LEADER
from tests.mailbox import Mailbox

At = Callable[[str], None]


@pytest.fixture
def returned(app: Flask) -> Registration:
    """A paid registration sent back on 1 May: to be made good by 8 May."""
    registration = make_paid()
    return return_registration(registration.public_id, ["姓名與證件不符", "請補證明"], actor=SYSTEM)


def answer(registration: Registration, text: str = "姓名應為徐玉蘭", *documents: Document) -> None:
    answer_correction(registration.public_id, registration.account_id, text, documents, actor=SYSTEM)


@pytest.mark.requirement("R068", "S003")
def test_the_letter_names_all_items_the_day_and_the_address(returned: Registration, mailbox: Mailbox) -> None:
    text = mailbox.last().text

    assert "・姓名與證件不符\n・請補證明" in text
    assert "112 年 5 月 8 日（一）23:59 前" in text
    assert f"/registrations/{returned.public_id}/correction" in text


def test_an_answer_goes_back_to_the_review_with_its_documents(returned: Registration, at: At) -> None:
    at("2023-05-08 23:59")

    answer(returned, "姓名應為徐玉蘭", Document("pdf", b"%PDF-1.7 card"))

    [correction] = queries.list_corrections(returned)
    assert returned.review_state == ReviewState.PENDING
    assert correction.answer == "姓名應為徐玉蘭"
    assert correction.files[0].content == b"%PDF-1.7 card"
    assert b"%PDF" not in correction.files[0].content_sealed


def test_an_answer_needs_a_word_or_a_document(returned: Registration) -> None:
    with pytest.raises(InvalidValue):
        answer(returned, "")


def test_nothing_is_answered_twice(returned: Registration) -> None:
    answer(returned)

    with pytest.raises(Refused):
        answer(returned)


def test_an_answer_to_somebody_elses_registration_is_not_found(returned: Registration) -> None:
    with pytest.raises(NotFound):
        answer_correction(returned.public_id, make_account().id, "我", [], actor=SYSTEM)


def test_after_the_last_day_nothing_is_taken_even_before_the_clock_has_run(
    returned: Registration, at: At
) -> None:
    at("2023-05-09 00:00")

    with pytest.raises(Refused, match="補正期限已過"):
        answer(returned)


@pytest.mark.requirement("R068")
def test_what_was_not_corrected_is_void_and_the_candidate_is_told(
    returned: Registration, at: At, mailbox: Mailbox
) -> None:
    at("2023-05-08 23:59")
    assert void_uncorrected_registrations() == 0

    at("2023-05-09 00:00")
    assert void_uncorrected_registrations() == 1

    assert (returned.form_state, returned.cancel_reason) == (FormState.CANCELLED, CancelReason.NOT_CORRECTED)
    assert returned.order.is_paid
    assert "視同未報名" in mailbox.last().text


def test_what_was_answered_is_not_void(returned: Registration, at: At) -> None:
    answer(returned)
    at("2023-05-09 00:00")

    assert void_uncorrected_registrations() == 0


def test_a_groups_member_is_void_alone_and_the_leader_is_told(app: Flask, at: At, mailbox: Mailbox) -> None:
    leader = make_leader(email="hsiuying@example.tw")
    group = make_group_of_two(leader)
    first, second = list_members(group)
    return_registration(first.public_id, ["請補證明"], actor=SYSTEM)
    assert {mail.to for mail in mailbox.all()[-2:]} == {first.email, leader.email}
    at("2023-05-09 00:00")

    void_uncorrected_registrations()

    assert (first.form_state, second.form_state) == (FormState.CANCELLED, FormState.SUBMITTED)
    assert {mail.to for mail in mailbox.all()[-2:]} == {first.email, leader.email}


def make_group_of_two(leader: Account) -> Group:
    group = create_group(leader.id, NATIONAL_1, "苗栗", "徐家", GroupKind.FAMILY, LEADER, actor=SYSTEM)
    for _ in range(2):
        add_member(group.public_id, leader.id, make_candidate(birth_on=FREE), actor=SYSTEM)
    submit_group(group.public_id, leader.id, actor=SYSTEM)
    return group
