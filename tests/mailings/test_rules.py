"""Who is mailed what, from which day, and what can be sent again: tables beside the clauses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.mailings.kinds import KINDS, MailingKind, Way
from app.mailings.rules import (
    Person,
    Sending,
    check_can_ask_resend,
    check_can_post,
    check_can_return,
    check_gets,
    destination,
    is_missing,
    owes_postage,
    pack,
)
from app.mailings.states import ResendCause
from app.registration.choices import MailTo
from app.registration.states import ReviewState

MATERIALS, TICKET = MailingKind.MATERIALS, MailingKind.TICKET
SCORE, CERTIFICATE = MailingKind.SCORE_REPORT, MailingKind.CERTIFICATE
EVERYTHING = Person(True, ReviewState.APPROVED, True, True, True, True)
DAY = timedelta(days=1)
TEST_ON = date(2023, 9, 2)  # Saturday
POSTED_ON = date(2023, 8, 11)  # Friday
CHASE_AFTER = date(2023, 12, 22)  # Friday, two weeks after Friday 8 December


def kinds_for(person: Person) -> set[MailingKind]:
    return {kind for kind in MailingKind if check_gets(kind, person)}


def test_whoever_has_everything_gets_everything() -> None:
    assert kinds_for(EVERYTHING) == set(MailingKind)


@pytest.mark.parametrize(
    ("lacking", "left_out"),
    [
        ({"complete": False}, set(MailingKind)),
        ({"review": ReviewState.RETURNED}, {MATERIALS}),
        ({"review": ReviewState.PENDING}, set()),
        ({"ticket_by_post": False}, {TICKET}),
        ({"ticket_issued": False}, {TICKET}),
        ({"published": False}, {SCORE}),
        ({"certified": False}, {CERTIFICATE}),
    ],
)
@pytest.mark.requirement("R132", "R140", "R153", "R171")
def test_what_somebody_lacks_keeps_back_one_kind_of_post(
    lacking: dict[str, object], left_out: set[MailingKind]
) -> None:
    assert kinds_for(replace(EVERYTHING, **lacking)) == set(MailingKind) - left_out


@pytest.mark.requirement("R132", "R153", "R171")
def test_tickets_and_reports_go_promptly_and_certificates_registered() -> None:
    assert {kind: facts.way for kind, facts in KINDS.items()} == {
        MATERIALS: Way.ORDINARY,
        TICKET: Way.PROMPT,
        SCORE: Way.PROMPT,
        CERTIFICATE: Way.REGISTERED,
    }


@pytest.mark.parametrize(
    ("posted_on", "today", "possible"),
    [
        (date(2023, 5, 4), date(2023, 5, 10), False),  # Thursday, the day before
        (date(2023, 5, 5), date(2023, 5, 10), True),  # Friday, the day itself
        (date(2023, 5, 10), date(2023, 5, 10), True),
        (date(2023, 5, 11), date(2023, 5, 10), False),  # tomorrow
    ],
)
@pytest.mark.requirement("R014")
def test_materials_are_posted_from_their_day_on_and_not_in_the_future(
    posted_on: date, today: date, possible: bool
) -> None:
    first_day = date(2023, 5, 5)

    decision = check_can_post(MATERIALS, posted_on=posted_on, first_day=first_day, today=today)

    assert bool(decision) is possible
    assert possible or decision.field == "posted_on"


@pytest.mark.parametrize(
    ("returned_on", "possible"),
    [
        (POSTED_ON - DAY, False),
        (POSTED_ON, True),
        (date(2023, 8, 20), True),
        (date(2023, 8, 21), False),
    ],
)
def test_a_letter_comes_back_between_its_posting_and_today(returned_on: date, possible: bool) -> None:
    decision = check_can_return(Sending(SCORE, POSTED_ON), returned_on=returned_on, today=date(2023, 8, 20))

    assert bool(decision) is possible


@pytest.mark.parametrize("sending", [Sending(SCORE, None), Sending(SCORE, POSTED_ON, returned_on=POSTED_ON)])
def test_what_was_not_posted_or_is_back_does_not_come_back(sending: Sending) -> None:
    assert not check_can_return(sending, returned_on=POSTED_ON, today=POSTED_ON)


def can_ask(sending: Sending, *, ticked: bool = True, today: date = TEST_ON) -> bool:
    return bool(check_can_ask_resend(sending, ticket_by_post=ticked, test_on=TEST_ON, today=today))


@pytest.mark.parametrize("kind", list(MailingKind))
@pytest.mark.requirement("R174")
def test_all_kinds_can_be_asked_for_again_once_after_posting(kind: MailingKind) -> None:
    assert can_ask(Sending(kind, POSTED_ON))
    assert not can_ask(Sending(kind, None))
    assert not can_ask(Sending(kind, POSTED_ON, asked=True))


@pytest.mark.parametrize("kind", [MATERIALS, SCORE, CERTIFICATE])
@pytest.mark.requirement("R174")
def test_what_came_back_can_be_asked_for_again(kind: MailingKind) -> None:
    assert can_ask(Sending(kind, POSTED_ON, returned_on=POSTED_ON))
    assert can_ask(Sending(kind, POSTED_ON), ticked=False, today=TEST_ON + DAY)


@pytest.mark.requirement("R140")
def test_no_second_ticket_without_the_tick_or_after_a_return_or_after_the_test() -> None:
    assert not can_ask(Sending(TICKET, POSTED_ON), ticked=False)
    assert not can_ask(Sending(TICKET, POSTED_ON, returned_on=POSTED_ON))
    assert can_ask(Sending(TICKET, POSTED_ON), today=TEST_ON)
    assert not can_ask(Sending(TICKET, POSTED_ON), today=TEST_ON + DAY)


@pytest.mark.requirement("R174")
def test_only_the_offices_own_mistakes_are_at_its_cost() -> None:
    assert {cause for cause in ResendCause if not owes_postage(cause)} == {ResendCause.OFFICE}


@pytest.mark.requirement("R172")
def test_a_certificate_is_asked_after_when_two_weeks_are_over() -> None:
    posted = Sending(CERTIFICATE, date(2023, 12, 8))
    back = replace(posted, returned_on=date(2023, 12, 20))

    assert not is_missing(posted, chase_after=CHASE_AFTER, today=CHASE_AFTER)
    assert is_missing(posted, chase_after=CHASE_AFTER, today=CHASE_AFTER + DAY)
    assert is_missing(None, chase_after=CHASE_AFTER, today=CHASE_AFTER + DAY)
    assert not is_missing(back, chase_after=CHASE_AFTER, today=CHASE_AFTER + DAY)


@pytest.mark.requirement("R244", "R252")
def test_post_goes_where_it_was_chosen_to_go_and_home_without_a_group() -> None:
    assert destination(MailTo.LEADER, in_group=True) == MailTo.LEADER
    assert destination(MailTo.SELF, in_group=True) == MailTo.SELF
    assert destination(MailTo.LEADER, in_group=False) == MailTo.SELF


@pytest.mark.requirement("R244")
def test_the_kinds_follow_the_three_choices() -> None:
    assert {kind: facts.choice_field for kind, facts in KINDS.items()} == {
        MATERIALS: "materials_to",
        TICKET: "ticket_to",
        SCORE: "score_to",
        CERTIFICATE: "score_to",
    }


def test_one_address_is_one_parcel() -> None:
    rows = [("school", "甲"), ("home", "乙"), ("school", "丙")]

    assert pack(rows) == [["甲", "丙"], ["乙"]]
