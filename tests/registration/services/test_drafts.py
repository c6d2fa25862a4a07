from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import AccountKind, Realm
from app.core.actors import SYSTEM, Actor
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import NotFound, Refused
from app.exams import queries as exams
from app.exams.choices import Dialect
from app.exams.models import Offering
from app.exams.places import OfferingFull
from app.registration import queries
from app.registration.models import Registration
from app.registration.services import AlreadyRegistered, save_draft, submit_registration
from app.registration.states import CancelReason, FormState
from tests.conftest import taipei
from tests.factories.accounts import make_account
from tests.factories.ids import make_national_id
from tests.factories.registrations import (
    FREE,
    NATIONAL_1,
    NATIONAL_2,
    make_candidate,
    make_draft,
    make_submitted,
)
from tests.mailbox import Mailbox

PayWhileCancelling = Callable[[Registration], None]
At = Callable[[str], None]
MULTI = "multi-112-08"  # 苗栗, registration 1 May to 30 June


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> None:
    """Every test here works on the database."""


def places_left(round_code: str) -> int | None:
    [offering, *_] = exams.get_round(round_code).offerings
    return exams.places_left([offering], taipei("2023-05-01 09:00"))[offering.id]


def set_capacity(round_code: str, places: int) -> None:
    [offering, *_] = exams.get_round(round_code).offerings
    db.session.execute(
        sa.text("UPDATE offerings SET capacity = :n WHERE id = :id"), {"n": places, "id": offering.id}
    )
    db.session.commit()


@pytest.mark.requirement("S023")
def test_a_draft_keeps_what_was_written_and_seals_what_identifies(actor: Actor) -> None:
    account = make_account()
    candidate = make_candidate(id_number="A200000003", chinese_name="黃𠊎堃", mobile="0912345678")

    draft = save_draft(account.id, NATIONAL_1, "苗栗", candidate, actor=actor)

    assert (draft.chinese_name, draft.id_number, draft.birth_on) == (
        "黃𠊎堃",
        "A200000003",
        candidate.birth_on,
    )
    assert (draft.form_state, draft.exam_round.code, draft.offering.area) == (
        FormState.DRAFT,
        NATIONAL_1,
        "苗栗",
    )
    assert b"A200000003" not in draft.id_sealed
    assert b"0912345678" not in draft.mobile_sealed


def test_a_draft_is_changed_in_place() -> None:
    draft = make_draft()
    changed = make_candidate(id_number=draft.id_number, dialect=Dialect.HAILU, phone="037981234", mobile=None)

    again = save_draft(draft.account_id, NATIONAL_2, "臺北", changed, actor=SYSTEM, public_id=draft.public_id)

    assert again.id == draft.id
    assert (again.exam_round.code, again.offering.area) == (NATIONAL_2, "臺北")
    assert (again.dialect, again.phone, again.mobile) == (Dialect.HAILU, "037981234", None)


@pytest.mark.requirement("R013", "R062")
@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2023-04-09 23:59:59", False),
        ("2023-04-10 00:00:00", True),
        ("2023-06-09 23:59:59", True),
        ("2023-06-10 00:00:00", False),
    ],
)
def test_drafts_are_taken_in_the_registration_period_only(at: At, now: str, is_open: bool) -> None:
    at(now)

    if is_open:
        assert make_draft().form_state == FormState.DRAFT
    else:
        with pytest.raises(Refused):
            make_draft()


def test_a_group_account_and_the_other_track_are_refused() -> None:
    leader, multi = make_account(kind=AccountKind.GROUP), make_account(realm=Realm.MULTI)

    for account in (leader, multi):
        with pytest.raises(Refused):
            make_draft(account)


def test_an_area_that_the_round_does_not_have_is_refused() -> None:
    with pytest.raises(NotFound) as caught:
        make_draft(area="金門")

    assert caught.value.field == "area"


def test_somebody_elses_draft_cannot_be_changed() -> None:
    draft = make_draft()

    with pytest.raises(NotFound):
        save_draft(
            make_account().id, NATIONAL_1, "苗栗", make_candidate(), actor=SYSTEM, public_id=draft.public_id
        )


@pytest.mark.requirement("R067", "R069")
def test_a_submitted_registration_cannot_be_changed() -> None:
    submitted = make_submitted()

    with pytest.raises(Refused, match="不能再修改"):
        save_draft(
            submitted.account_id,
            NATIONAL_1,
            "苗栗",
            make_candidate(),
            actor=SYSTEM,
            public_id=submitted.public_id,
        )


# ---- one person, one registration (R020, R036) ----


@pytest.mark.requirement("R036")
def test_ones_own_duplicate_is_told_as_it_stands(at: At) -> None:
    account, candidate = make_account(), make_candidate()
    own = make_draft(account, candidate)

    with pytest.raises(AlreadyRegistered, match="還沒送出的全國認證第一梯次報名表") as caught:
        make_draft(account, candidate)
    submit_registration(own.public_id, account.id, actor=SYSTEM)  # payable to 7 May
    with pytest.raises(AlreadyRegistered, match="已經報名全國認證第一梯次，請打開"):
        make_draft(account, candidate)
    at("2023-05-08 00:00")
    with pytest.raises(AlreadyRegistered, match=r"逾期未繳費.*先打開那一份，按「取消這份報名」"):
        make_draft(account, candidate)

    assert (caught.value.field, caught.value.same_account) == ("id_number", True)
    assert caught.value.other is own


@pytest.mark.requirement("R020")
def test_one_national_round_a_year() -> None:
    account, number = make_account(), make_national_id()
    make_draft(account, make_candidate(id_number=number))

    with pytest.raises(AlreadyRegistered, match="每人限報一梯次"):
        make_draft(account, make_candidate(id_number=number), round_code=NATIONAL_2)


@pytest.mark.requirement("R020")
def test_of_somebody_elses_registration_nothing_is_told_but_it_is_counted() -> None:
    number = make_national_id()
    make_submitted(candidate=make_candidate(id_number=number, chinese_name="徐玉蘭"))
    curious = make_account()

    with pytest.raises(AlreadyRegistered) as caught:
        make_draft(curious, make_candidate(id_number=number), round_code=NATIONAL_2)

    assert "梯次" not in str(caught.value)
    assert (caught.value.same_account, caught.value.other) == (False, None)
    [entry] = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "registration.refused_number")
    )
    assert (entry.subject_type, entry.subject_id) == ("account", str(curious.id))


def test_a_draft_may_not_take_over_another_ones_number() -> None:
    account, number = make_account(), make_national_id()
    make_draft(account, make_candidate(id_number=number))
    other = make_draft(account)

    with pytest.raises(AlreadyRegistered):
        save_draft(
            account.id,
            NATIONAL_1,
            "苗栗",
            make_candidate(id_number=number),
            actor=SYSTEM,
            public_id=other.public_id,
        )


@pytest.mark.requirement("R035")
def test_a_person_may_sit_several_multi_rounds_and_a_national_one() -> None:
    number, multi = make_national_id(), make_account(realm=Realm.MULTI)

    drafts = [
        make_draft(multi, make_candidate(id_number=number), round_code="multi-112-07", area="屏東"),
        make_draft(multi, make_candidate(id_number=number), round_code=MULTI),
        make_draft(candidate=make_candidate(id_number=number)),
    ]

    assert [draft.national_year for draft in drafts] == [None, None, 112]


def test_a_draft_of_somebody_else_keeps_nobody_out_and_who_submits_first_is_registered() -> None:
    candidate = make_candidate()
    careless, person = make_draft(candidate=candidate), make_draft(candidate=candidate)

    submit_registration(person.public_id, person.account_id, actor=SYSTEM)

    with pytest.raises(AlreadyRegistered, match="無法自動受理") as caught:
        submit_registration(careless.public_id, careless.account_id, actor=SYSTEM)
    assert caught.value.same_account is False
    assert (person.form_state, careless.form_state) == (FormState.SUBMITTED, FormState.DRAFT)


def test_a_lapsed_draft_of_ones_own_keeps_nobody_out_and_its_end_is_told(at: At, mailbox: Mailbox) -> None:
    account, candidate = make_account(realm=Realm.MULTI), make_candidate()
    at("2023-05-01 23:50")
    old = make_draft(account, candidate, round_code=MULTI)
    at("2023-05-02 00:00")

    new = make_draft(account, candidate, round_code=MULTI)

    assert new.form_state == FormState.DRAFT
    assert (old.form_state, old.cancel_reason) == (FormState.CANCELLED, CancelReason.NOT_SUBMITTED)
    assert mailbox.last().subject == "報名已取消：多梯次認證(八)"


def test_one_paid_while_it_lapses_still_counts_and_a_stranger_learns_nothing(
    at: At, pay_while_cancelling: PayWhileCancelling
) -> None:
    candidate = make_candidate()
    unpaid = make_submitted(candidate=candidate)
    pay_while_cancelling(unpaid)
    at("2023-05-11 00:00")

    with pytest.raises(AlreadyRegistered, match="無法自動受理"):
        make_draft(candidate=candidate)

    assert unpaid.form_state == FormState.SUBMITTED


@pytest.mark.requirement("R089")
def test_an_unpaid_registration_keeps_the_person_out_until_no_payment_can_follow(at: At) -> None:
    account, number = make_account(), make_national_id()
    unpaid = make_submitted(account, make_candidate(id_number=number))  # payable to 7 May
    at("2023-05-10 23:59:59")
    with pytest.raises(AlreadyRegistered):
        make_draft(account, make_candidate(id_number=number))
    at("2023-05-11 00:00")

    make_draft(account, make_candidate(id_number=number))

    assert (unpaid.form_state, unpaid.cancel_reason) == (FormState.CANCELLED, CancelReason.UNPAID)
    assert unpaid.order.cancelled_at == taipei("2023-05-11 00:00")


def test_a_draft_may_take_over_the_number_of_a_lapsed_one(at: At) -> None:
    account, number = make_account(realm=Realm.MULTI), make_national_id()
    at("2023-05-02 09:00")
    kept = make_draft(account, round_code=MULTI)
    at("2023-05-01 09:00")
    lapsed = make_draft(account, make_candidate(id_number=number), round_code=MULTI)
    at("2023-05-02 10:00")

    changed = make_candidate(id_number=number)
    save_draft(account.id, MULTI, "苗栗", changed, actor=SYSTEM, public_id=kept.public_id)

    assert (kept.id_number, lapsed.form_state) == (number, FormState.CANCELLED)


# ---- places (R064, R065) ----


@pytest.mark.requirement("R064")
def test_a_multi_draft_holds_a_place_until_midnight() -> None:
    before = places_left(MULTI)

    draft = make_draft(round_code=MULTI)

    assert draft.hold.until_at == taipei("2023-05-02 00:00")
    assert before is None or places_left(MULTI) == before - 1


def test_a_multi_draft_that_moves_to_another_area_moves_its_place() -> None:
    exam_round = exams.get_round(MULTI)
    db.session.add(Offering(exam_round=exam_round, position=2, area="頭份", capacity=1))
    db.session.commit()
    draft = make_draft(round_code=MULTI)
    old = draft.hold

    changed = make_candidate(id_number=draft.id_number)
    save_draft(draft.account_id, MULTI, "頭份", changed, actor=SYSTEM, public_id=draft.public_id)

    assert old.until_at == taipei("2023-05-01 09:00")
    assert (draft.hold.offering.area, draft.hold.until_at) == ("頭份", taipei("2023-05-02 00:00"))


def test_a_national_draft_holds_none() -> None:
    assert make_draft().hold is None


def test_the_last_place_goes_to_one(at: At) -> None:
    set_capacity(MULTI, 1)
    make_draft(round_code=MULTI)

    with pytest.raises(OfferingFull) as caught:
        make_draft(round_code=MULTI)

    assert caught.value.field == "area"
    at("2023-05-02 00:00")
    assert make_draft(round_code=MULTI).hold is not None


@pytest.mark.requirement("R064", "R209")
def test_after_midnight_a_multi_draft_can_neither_be_changed_nor_submitted(at: At) -> None:
    at("2023-05-01 23:50")
    draft = make_draft(round_code=MULTI)
    at("2023-05-02 00:00")

    with pytest.raises(Refused, match="當天"):
        save_draft(draft.account_id, MULTI, "苗栗", make_candidate(), actor=SYSTEM, public_id=draft.public_id)
    with pytest.raises(Refused, match="當天"):
        submit_registration(draft.public_id, draft.account_id, actor=SYSTEM)


def test_changing_a_draft_of_a_free_candidate_recomputes_nothing_before_submission() -> None:
    draft = make_draft(candidate=make_candidate(birth_on=FREE))

    assert draft.fee_twd is None


@pytest.mark.requirement("R056")
def test_a_person_may_choose_another_dialect_in_another_round() -> None:
    number, account = make_national_id(), make_account(realm=Realm.MULTI)

    drafts = [
        make_draft(account, make_candidate(id_number=number, dialect=dialect), round_code=code, area=area)
        for dialect, code, area in ((Dialect.SIXIAN, "multi-112-07", "屏東"), (Dialect.ZHAOAN, MULTI, "苗栗"))
    ]

    assert [draft.dialect for draft in drafts] == [Dialect.SIXIAN, Dialect.ZHAOAN]


@pytest.mark.requirement("R207", "R210")
def test_one_account_registers_a_person_in_several_rounds_and_several_people_in_one() -> None:
    number, account = make_national_id(), make_account(realm=Realm.MULTI)

    make_draft(account, make_candidate(id_number=number), round_code="multi-112-07", area="屏東")
    make_draft(account, make_candidate(id_number=number), round_code=MULTI)
    make_draft(account, make_candidate(), round_code=MULTI)

    kept = queries.list_registrations(account.id)
    assert sorted(each.exam_round.code for each in kept) == ["multi-112-07", MULTI, MULTI]
    assert len({each.id_number for each in kept}) == 2
