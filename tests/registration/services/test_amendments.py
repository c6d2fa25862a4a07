from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import InvalidValue, NotFound, Refused
from app.core.identity import parse_identity
from app.registration import queries
from app.registration.contact import Contact, IdentityChange
from app.registration.models import Registration
from app.registration.services import (
    AlreadyRegistered,
    amend_identity,
    ask_amendment,
    change_contact,
    decline_amendment,
)
from app.registration.states import AmendmentState
from app.tickets.queries import find_valid_seat
from app.tickets.services import assign_round
from tests.factories.ids import make_national_id
from tests.factories.registrations import (
    FREE,
    NATIONAL_1,
    make_candidate,
    make_draft,
    make_paid,
    make_submitted,
)
from tests.factories.seating import AREA, load_example_venues, make_approved
from tests.mailbox import Mailbox

At = Callable[[str], None]


@pytest.fixture
def paid(app: Flask) -> Registration:
    return make_paid()


def contact_of(registration: Registration) -> Contact:
    return Contact(
        mobile=registration.mobile,
        phone=registration.phone,
        email=registration.email,
        zip_code=registration.zip_code,
        county=registration.county,
        district=registration.district,
        street=registration.street,
    )


def amend(registration: Registration, *, office_error: bool = False, **changes: object) -> list[str]:
    fee_accepted = bool(changes.pop("fee_accepted", False))
    seen = changes.pop("seen", None)
    return amend_identity(
        registration.public_id,
        IdentityChange(**changes),
        reason="核對身分證影本",
        office_error=office_error,
        fee_accepted=fee_accepted,
        seen=seen,
        actor=SYSTEM,
    )


def last_entry(action: str) -> AuditEntry:
    query = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc()).limit(1)
    return db.session.scalars(query).one()


@pytest.mark.requirement("R143")
def test_contact_data_change_long_after_the_close_and_both_addresses_are_told(
    paid: Registration, at: At, mailbox: Mailbox
) -> None:
    at("2023-08-30 12:00")
    contact = replace(contact_of(paid), email="lan@example.tw", mobile="0987654321")

    changed = change_contact(paid.public_id, paid.account_id, contact, actor=SYSTEM)

    assert sorted(changed) == ["email", "mobile"]
    assert (paid.email, paid.mobile) == ("lan@example.tw", "0987654321")
    assert {mail.to for mail in mailbox.all()[-2:]} == {"yulan@example.tw", "lan@example.tw"}


def test_the_log_keeps_digests_and_never_the_values(paid: Registration) -> None:
    contact = replace(contact_of(paid), mobile="0987654321")

    change_contact(paid.public_id, paid.account_id, contact, actor=SYSTEM)

    details = last_entry("registration.change_contact").details
    assert details["before"]["mobile"] != details["after"]["mobile"]
    assert "0987654321" not in str(details)


def test_what_stays_the_same_is_no_change_and_no_letter(paid: Registration, mailbox: Mailbox) -> None:
    letters = len(mailbox.all())

    assert change_contact(paid.public_id, paid.account_id, contact_of(paid), actor=SYSTEM) == []
    assert len(mailbox.all()) == letters


def test_a_draft_is_changed_in_its_form(app: Flask) -> None:
    draft = make_draft()

    with pytest.raises(Refused, match="直接修改報名表"):
        change_contact(draft.public_id, draft.account_id, contact_of(draft), actor=SYSTEM)


@pytest.mark.requirement("R137", "R141", "R142")
@pytest.mark.parametrize(
    ("now", "office_error", "expected"),
    [
        ("2023-06-09 23:59", False, AmendmentState.OPEN),
        ("2023-06-10 00:00", False, AmendmentState.ON_SITE),
        ("2023-08-18 23:59", True, AmendmentState.OPEN),
        ("2023-08-19 00:00", True, AmendmentState.ON_SITE),
    ],
)
def test_a_request_says_where_it_is_done(
    paid: Registration, at: At, now: str, office_error: bool, expected: AmendmentState
) -> None:
    at(now)

    request = ask_amendment(
        paid.public_id, paid.account_id, "蘭誤為藍", office_error=office_error, actor=SYSTEM
    )

    assert request.state == expected


def test_asking_again_writes_over_what_waits(paid: Registration) -> None:
    for wish in ("蘭誤為藍", "生日應為 74/8/16"):
        ask_amendment(paid.public_id, paid.account_id, wish, office_error=False, actor=SYSTEM)

    assert [each.wish for each in queries.list_amendments(paid)] == ["生日應為 74/8/16"]


@pytest.mark.requirement("R141")
def test_a_correction_finishes_the_request_and_tells_the_candidate(
    paid: Registration, mailbox: Mailbox
) -> None:
    ask_amendment(paid.public_id, paid.account_id, "蘭誤為藍", office_error=False, actor=SYSTEM)

    assert amend(paid, chinese_name="徐玉藍") == ["chinese_name"]

    assert paid.chinese_name == "徐玉藍"
    assert queries.find_waiting_amendment(paid) is None
    assert "已更正您的身分資料" in mailbox.last().text
    assert "徐玉藍" not in str(last_entry("registration.amend").details)


def test_a_new_number_is_found_by_its_new_key_and_never_takes_another_persons_place(
    paid: Registration,
) -> None:
    taken = make_national_id()
    make_submitted(candidate=make_candidate(id_number=taken))
    free = make_national_id()

    with pytest.raises(AlreadyRegistered):
        amend(paid, identity=parse_identity(taken, nationality_foreign=False))
    amend(paid, identity=parse_identity(free, nationality_foreign=False))

    with pytest.raises(AlreadyRegistered):
        make_draft(candidate=make_candidate(id_number=free))


def test_a_correction_that_corrects_nothing_is_refused(paid: Registration) -> None:
    with pytest.raises(InvalidValue):
        amend(paid, chinese_name=paid.chinese_name)


@pytest.mark.requirement("P013")
def test_a_birth_date_that_changes_the_fee_has_to_be_accepted(paid: Registration) -> None:
    with pytest.raises(Refused, match="250 元變成 0 元"):
        amend(paid, birth_on=FREE)

    assert amend(paid, birth_on=FREE, fee_accepted=True) == ["birth_on"]
    assert paid.fee_twd == 250


@pytest.mark.requirement("R142")
def test_after_the_close_ones_own_mistake_waits_for_the_test_day(paid: Registration, at: At) -> None:
    at("2023-06-10 09:00")
    with pytest.raises(Refused, match="112 年 9 月 2 日"):
        amend(paid, chinese_name="徐玉藍")

    at("2023-09-02 08:30")
    with pytest.raises(InvalidValue, match="看過的證件"):
        amend(paid, chinese_name="徐玉藍")
    assert amend(paid, seen="passport", chinese_name="徐玉藍")
    assert last_entry("registration.amend").details["seen"] == "passport"


def test_a_corrected_ticket_gets_a_new_version_and_keeps_its_number(app: Flask) -> None:
    registration = make_approved()
    load_example_venues()
    assign_round(NATIONAL_1, AREA, actor=SYSTEM)
    ticket = find_valid_seat(registration).ticket
    number = ticket.number

    amend(registration, chinese_name="徐玉藍", office_error=True)

    assert (ticket.version, ticket.number) == (2, number)


def test_a_declined_request_is_answered_with_a_word(paid: Registration, mailbox: Mailbox) -> None:
    ask_amendment(paid.public_id, paid.account_id, "改成別人", office_error=False, actor=SYSTEM)

    decline_amendment(paid.public_id, "考生不能更換，請重新報名", actor=SYSTEM)

    assert "考生不能更換" in mailbox.last().text
    with pytest.raises(NotFound):
        decline_amendment(paid.public_id, "再一次", actor=SYSTEM)
