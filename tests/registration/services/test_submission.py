from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app.config import ROOT
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Refused
from app.exams import queries as exams
from app.exams.models import PlaceHold
from app.exams.places import OfferingFull
from app.payments.models import Order
from app.payments.services import record_message
from app.registration.services import save_draft, submit_registration
from app.registration.states import FormState, ReviewState
from tests.conftest import taipei
from tests.factories.accounts import make_account
from tests.factories.orders import make_attempt, paid_message
from tests.factories.registrations import (
    FREE,
    NATIONAL_1,
    NATIONAL_2,
    PAYS,
    make_candidate,
    make_draft,
    make_paid,
    make_submitted,
    pay,
)
from tests.mailbox import Mailbox

At = Callable[[str], None]
MULTI = "multi-112-08"


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> None:
    """Every test here works on the database."""


def test_submitting_opens_the_order_of_the_brochures_example(mailbox: Mailbox) -> None:
    registration = make_submitted()  # on 112-05-01

    order = registration.order
    assert (order.amount_twd, f"{order.last_day}", order.deadline_clause) == (
        250,
        "2023-05-07",
        "捌、二、(四)5",
    )
    assert order.page_path == f"/registrations/{registration.public_id}/pay"
    assert (registration.form_state, registration.review_state) == (FormState.SUBMITTED, ReviewState.PENDING)
    assert not registration.is_complete
    mail = mailbox.last()
    assert mail.to == "yulan@example.tw"
    assert "112 年 5 月 7 日（日）23:59 前繳費 NT$250" in mail.text
    assert mail.links == [f"http://localhost/registrations/{registration.public_id}"]


def test_on_the_multi_track_three_days_are_given() -> None:
    assert f"{make_submitted(round_code=MULTI).order.last_day}" == "2023-05-03"


@pytest.mark.requirement("R079", "R212")
def test_who_is_free_is_complete_at_once_and_gets_no_bill(mailbox: Mailbox) -> None:
    registration = make_submitted(candidate=make_candidate(birth_on=FREE))

    assert registration.is_complete
    assert (registration.fee_twd, registration.order, registration.hold.until_at) == (0, None, None)
    assert db.session.scalar(sa.select(sa.func.count(Order.id))) == 0
    assert "免繳報名費" in mailbox.last().text


@pytest.mark.requirement("R080")
def test_the_fee_follows_the_birth_date_as_it_was_last_written() -> None:
    draft = make_draft(candidate=make_candidate(birth_on=FREE))
    changed = make_candidate(id_number=draft.id_number, birth_on=PAYS)
    save_draft(draft.account_id, NATIONAL_1, "苗栗", changed, actor=SYSTEM, public_id=draft.public_id)

    submitted = submit_registration(draft.public_id, draft.account_id, actor=SYSTEM)

    assert submitted.fee_twd == 250


def test_the_place_is_held_until_a_payment_could_still_be_reported() -> None:
    national, multi = make_submitted(), make_submitted(round_code=MULTI)

    assert national.hold.until_at == taipei("2023-05-11 00:00")
    assert multi.hold.until_at == taipei("2023-05-07 00:00")


def test_submitting_a_multi_draft_keeps_the_place_it_has() -> None:
    draft = make_draft(round_code=MULTI)
    hold = draft.hold

    submit_registration(draft.public_id, draft.account_id, actor=SYSTEM)

    assert draft.hold is hold
    assert db.session.scalar(sa.select(sa.func.count(PlaceHold.id))) == 1


@pytest.mark.requirement("R212")
def test_payment_keeps_the_place_for_good_and_completes() -> None:
    registration = make_submitted()

    pay(registration)

    assert registration.is_complete
    assert registration.hold.until_at is None


def test_a_payment_in_time_counts_although_it_is_reported_late(at: At) -> None:
    registration = make_submitted()
    attempt = make_attempt(registration.order)
    paid_at = taipei("2023-05-07 23:59:59")
    at("2023-05-10 08:00")

    record_message("ecpay", paid_message(attempt, at=paid_at), address=None, actor=SYSTEM)

    assert registration.is_complete
    assert registration.hold.until_at is None


def test_pressing_twice_changes_nothing(mailbox: Mailbox) -> None:
    registration = make_submitted()

    again = submit_registration(registration.public_id, registration.account_id, actor=SYSTEM)

    assert again.order_id == registration.order_id
    assert db.session.scalar(sa.select(sa.func.count(Order.id))) == 1
    assert len(mailbox.all()) == 1
    entries = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.action == "registration.submit")
    assert db.session.scalar(entries) == 1


@pytest.mark.requirement("R063")
def test_after_the_close_nothing_is_submitted(at: At) -> None:
    draft = make_draft()
    at("2023-06-10 00:00")

    with pytest.raises(Refused, match="截止"):
        submit_registration(draft.public_id, draft.account_id, actor=SYSTEM)

    assert draft.form_state == FormState.DRAFT


def test_a_full_area_refuses_the_submission_and_leaves_the_draft() -> None:
    draft = make_draft(make_account())
    make_paid()
    [offering] = [o for o in exams.get_round(NATIONAL_1).offerings if o.area == "苗栗"]
    db.session.execute(sa.text("UPDATE offerings SET capacity = 1 WHERE id = :id"), {"id": offering.id})
    db.session.commit()

    with pytest.raises(OfferingFull):
        submit_registration(draft.public_id, draft.account_id, actor=SYSTEM)

    db.session.refresh(draft)
    assert (draft.form_state, draft.order_id) == (FormState.DRAFT, None)


@pytest.mark.requirement("R074", "R075", "R076", "Q19")
@pytest.mark.parametrize("round_code", [NATIONAL_1, NATIONAL_2])
@pytest.mark.parametrize(
    ("birth_on", "fee_twd"),
    [
        (date(2004, 9, 1), 250),
        (date(2004, 9, 2), 0),
        (date(2004, 9, 17), 0),  # turns 19 on the day of the second round
    ],
)
def test_both_national_rounds_have_the_first_ones_line(round_code: str, birth_on: date, fee_twd: int) -> None:
    registration = make_submitted(candidate=make_candidate(birth_on=birth_on), round_code=round_code)

    assert registration.fee_twd == fee_twd


@pytest.mark.requirement("R002")
def test_the_address_in_a_mail_is_the_one_that_is_set(
    app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = "https://hakka.sce.ntnu.edu.tw/hakka"
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], base_url=published))

    registration = make_submitted()

    assert mailbox.last().links == [f"{published}/registrations/{registration.public_id}"]


@pytest.mark.requirement("R002")
def test_the_published_address_is_written_into_no_page_and_no_module() -> None:
    written = [
        file.name
        for file in (ROOT / "app").rglob("*")
        if file.suffix in {".py", ".html", ".js", ".css"} and "ntnu.edu" in file.read_text(encoding="utf-8")
    ]

    assert written == []
