"""A member leaves a group and goes on alone: form, money, place, review and post (decision 21)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.emails import parse_email
from app.accounts.models import Account, Realm
from app.core import clock
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import InvalidValue, NotFound, Refused
from app.exams.models import PlaceHold
from app.groups import queries
from app.groups.models import Group
from app.groups.services import add_member, move_member, submit_group
from app.mailings import queries as mailings
from app.payments.models import Order, RefundCase
from app.payments.queries import status_of
from app.payments.refunds import services as refunds
from app.payments.refunds.queries import ledger_of, members_left
from app.payments.refunds.rules import RefundReason
from app.payments.refunds.services import Payee, RefundRequest
from app.payments.refunds.subjects import find_subject
from app.payments.status import PaymentKind
from app.registration import queries as registrations
from app.registration.choices import MailTo
from app.registration.models import Registration
from app.registration.services import approve_registrations, return_registration, submit_registration
from app.registration.states import FormState, ReviewState
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.groups import LEADER, fill, make_group, make_submitted_group, pay_group
from tests.factories.mailings import MATERIALS_DAY, make_batch, make_mailed_group, post
from tests.factories.refunds import make_notice
from tests.factories.registrations import PAYS, make_candidate, make_draft
from tests.mailbox import Mailbox

At = Callable[[str], None]
MULTI_7 = "multi-112-07"
pytestmark = pytest.mark.usefixtures("app")


def move(group: Group, member: Registration, account: Account) -> Registration:
    return move_member(
        group.public_id,
        member.public_id,
        parse_email(account.email),
        evidence="letter",
        reason="轉學",
        actor=SYSTEM,
    )


def first_of(group: Group, *, paying: bool) -> Registration:
    return next(each for each in queries.list_members(group) if (each.birth_on == PAYS) == paying)


def held(group: Group) -> int:
    query = sa.select(sa.func.sum(PlaceHold.places)).where(
        PlaceHold.offering_id == group.offering_id,
        sa.or_(PlaceHold.until_at.is_(None), PlaceHold.until_at > clock.now()),
    )
    return int(db.session.scalar(query) or 0)


def make_paid_group(**where: Any) -> Group:
    group = make_submitted_group(**where)
    pay_group(group)
    return group


# ---- before submission ----


@pytest.mark.requirement("R223")
def test_before_submission_the_member_becomes_a_draft_that_is_submitted_and_paid_alone() -> None:
    group, account = fill(make_group(), paying=2, free=3), make_account()
    member = first_of(group, paying=True)

    move(group, member, account)

    own = registrations.get_registration(member.public_id, account.id)
    assert (own.in_group, own.form_state, own.order) == (False, FormState.DRAFT, None)
    assert queries.count_members(group) == 4
    submitted = submit_registration(own.public_id, account.id, actor=SYSTEM)
    assert (submitted.own_order.account_id, submitted.order.amount_twd) == (account.id, submitted.fee_twd)
    submit_group(group.public_id, group.account_id, actor=SYSTEM)
    assert group.order.amount_twd == submitted.fee_twd


def test_the_leader_no_longer_has_the_registration() -> None:
    group = fill(make_group(), free=5)
    member = first_of(group, paying=False)

    move(group, member, make_account())

    with pytest.raises(NotFound):
        queries.get_member(group, member.public_id)
    with pytest.raises(NotFound):
        registrations.get_registration(member.public_id, group.account_id)


@pytest.mark.requirement("R064", "R218")
def test_a_multi_draft_takes_its_place_along_until_the_same_evening(at: At) -> None:
    at("2023-05-02 10:00")
    leader = make_leader(realm=Realm.MULTI)
    group = fill(make_group(leader, round_code=MULTI_7, area="屏東", places=6), free=5)
    before, until_at = held(group), group.hold.until_at

    own = move(group, queries.list_members(group)[0], make_account(realm=Realm.MULTI))

    assert (group.hold.places, own.hold.places, own.hold.until_at) == (5, 1, until_at)
    assert held(group) == before == 6


# ---- after payment ----


@pytest.mark.requirement("R225", "R227")
def test_after_payment_the_money_stays_on_the_bill_and_the_registration_is_complete() -> None:
    group, account = make_paid_group(paying=2, free=3), make_account()
    member, amount = first_of(group, paying=True), group.order.amount_twd

    own = move(group, member, account)

    db.session.expire_all()
    assert (own.in_group, own.is_complete, own.form_state) == (False, True, FormState.SUBMITTED)
    assert (own.order_id, own.own_order) == (group.order_id, None)
    assert (group.order.amount_twd, group.order.applied_twd) == (amount, amount)
    assert ledger_of(group.order).mistakes == ()
    assert db.session.scalar(sa.select(sa.func.count(Order.id))) == 1


def test_a_free_member_of_a_paid_group_is_complete_without_a_bill() -> None:
    group = make_paid_group(paying=2, free=3)

    own = move(group, first_of(group, paying=False), make_account())

    assert (own.order, own.is_exempt, own.is_complete) == (None, True, True)


def test_the_place_goes_along_and_not_one_more_is_held() -> None:
    group = make_paid_group(paying=1, free=4)
    before = held(group)

    own = move(group, first_of(group, paying=True), make_account())

    assert (own.hold.places, own.hold.until_at, group.hold.places) == (1, None, 4)
    assert held(group) == before == 5


def test_review_and_its_correction_go_along() -> None:
    group, account = make_paid_group(paying=1, free=4), make_account()
    [approved, returned, *_] = queries.list_members(group)
    approve_registrations([approved.public_id], actor=SYSTEM)
    return_registration(returned.public_id, ["請補寄證件"], actor=SYSTEM)

    own = [move(group, each, account) for each in (approved, returned)]

    assert [each.review_state for each in own] == [ReviewState.APPROVED, ReviewState.RETURNED]
    assert registrations.find_open_correction(own[1]).missing == ["請補寄證件"]


@pytest.mark.requirement("R244")
def test_what_came_from_the_leader_goes_to_the_candidate_from_now_on() -> None:
    group = make_group()
    taken_over = make_candidate(email=LEADER.email, materials_to=MailTo.LEADER, score_to=MailTo.LEADER)
    member = add_member(group.public_id, group.account_id, taken_over, actor=SYSTEM)
    account = make_account(email="own@example.tw")

    own = move(group, member, account)

    assert own.email == "own@example.tw"
    assert {own.materials_to, own.ticket_to, own.score_to} == {MailTo.SELF}


# ---- who is told ----


def test_both_are_told_and_the_leader_only_a_masked_name(mailbox: Mailbox) -> None:
    group, account = make_paid_group(paying=2, free=3), make_account(email="own@example.tw")
    member, before = first_of(group, paying=True), len(mailbox.all())

    move(group, member, account)

    mails = {mail.to: mail for mail in mailbox.all()[before:]}
    assert set(mails) == {"own@example.tw", member.email, LEADER.email, leader_of(group).email}
    assert "不用再繳" in mails["own@example.tw"].text
    assert f"/registrations/{member.public_id}" in mails["own@example.tw"].text
    assert "徐○蘭" in mails[LEADER.email].text
    assert member.chinese_name not in mails[LEADER.email].text
    assert "own@example.tw" not in mails[LEADER.email].text


def leader_of(group: Group) -> Account:
    return db.session.get_one(Account, group.account_id)


def test_it_is_on_record_with_reason_and_evidence_and_nothing_personal() -> None:
    group = make_paid_group(paying=2, free=3)
    member = first_of(group, paying=True)

    move(group, member, make_account(email="own@example.tw"))

    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "group.move_member")).one()
    assert (entry.subject_type, entry.subject_id) == ("groups", group.public_id)
    assert entry.details == {
        "member": member.public_id,
        "kind": "paid",
        "evidence": "letter",
        "reason": "轉學",
    }


def test_moving_twice_moves_once(mailbox: Mailbox) -> None:
    group, account = make_paid_group(paying=2, free=3), make_account()
    member = first_of(group, paying=True)
    move(group, member, account)
    sent = len(mailbox.all())

    move(group, member, account)

    assert len(mailbox.all()) == sent
    assert group.hold.places == 4
    entries = sa.select(sa.func.count()).where(AuditEntry.action == "group.move_member")
    assert db.session.scalar(entries) == 1


# ---- refusals ----


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: make_submitted_group(paying=1, free=4), "帳單"),
        (lambda: make_paid_group(paying=1, free=4), None),
        (lambda: make_submitted_group(paying=0, free=4), None),
    ],
)
def test_a_bill_that_is_not_paid_cannot_be_divided(make: Callable[[], Group], words: str | None) -> None:
    group = make()
    member = queries.list_members(group)[0]

    if words is None:
        assert not move(group, member, make_account()).in_group
    else:
        with pytest.raises(Refused, match=words):
            move(group, member, make_account())
        assert member.in_group


@pytest.mark.requirement("R192", "R195")
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: make_account(realm=Realm.MULTI), "請考生先註冊"),
        (lambda: make_account(realm=Realm.STAFF), "請考生先註冊"),
        (make_leader, "個人報名"),
        (lambda: make_account(kind=None), "個人報名"),
    ],
)
def test_only_an_individual_account_of_the_track_can_have_it(make: Callable[[], Account], words: str) -> None:
    group = fill(make_group(), free=5)

    with pytest.raises(Refused, match=words):
        move(group, queries.list_members(group)[0], make())


@pytest.mark.parametrize("column", ["verified_at", "disabled_at"])
def test_an_account_that_cannot_sign_in_can_have_nothing(column: str) -> None:
    group, account = fill(make_group(), free=5), make_account()
    with transaction():
        setattr(account, column, None if column == "verified_at" else clock.now())

    with pytest.raises(Refused, match="請考生先註冊"):
        move(group, queries.list_members(group)[0], account)


@pytest.mark.requirement("R036")
def test_an_account_that_has_a_form_of_the_person_cancels_it_first() -> None:
    group, account = make_group(), make_account()
    make_draft(account, make_candidate(id_number="A123456789"))
    person = make_candidate(id_number="A123456789")
    member = add_member(group.public_id, group.account_id, person, actor=SYSTEM)

    with pytest.raises(Refused, match="已有這位考生的報名"):
        move(group, member, account)


def test_nobody_leaves_on_the_day_of_the_test(at: At) -> None:
    group = make_paid_group(paying=1, free=4)
    at(f"{group.exam_round.test_on} 08:00")

    with pytest.raises(Refused, match="認證日起"):
        move(group, queries.list_members(group)[0], make_account())


# ---- the money afterwards ----


def apply(order: Order, member: Registration, **changes: Any) -> RefundCase:
    payee = Payee("徐玉蘭", "臺北市中山區長安東路二段15號", "0912345678")
    values = {"reason": RefundReason.POSTPONED, "members": [member.public_id], "payee": payee, **changes}
    return refunds.submit_request(order.id, RefundRequest(**values), actor=SYSTEM)


@pytest.mark.requirement("R103", "R106")
def test_a_refund_is_applied_for_on_paper_and_told_to_the_candidate_alone(mailbox: Mailbox) -> None:
    group, account = make_paid_group(paying=2, free=3), make_account(email="own@example.tw")
    own = move(group, first_of(group, paying=True), account)
    make_notice(area=group.offering.area)
    with pytest.raises(InvalidValue):
        apply(group.order, own)  # as the leader would, on the page
    sent = len(mailbox.all())

    case = apply(group.order, own, postmarked_on=date(2023, 5, 1))

    assert [mail.to for mail in mailbox.all()[sent:]] == ["own@example.tw"]
    assert case.subjects == [own.public_id]
    db.session.expire_all()
    assert own.public_id not in [each.key for each in members_left(find_subject(group.order), [case])]


def test_who_left_and_who_stays_do_not_apply_together() -> None:
    group = make_paid_group(paying=2, free=3)
    own = move(group, first_of(group, paying=True), make_account())
    stays = first_of(group, paying=True)
    make_notice(area=group.offering.area)

    with pytest.raises(InvalidValue, match="單獨申請"):
        apply(
            group.order,
            own,
            members=[own.public_id, stays.public_id],
            postmarked_on=date(2023, 5, 1),
        )


def test_with_a_refund_under_way_nobody_leaves() -> None:
    group = make_paid_group(paying=2, free=3)
    member = first_of(group, paying=True)
    make_notice(area=group.offering.area)
    apply(group.order, member)

    with pytest.raises(Refused, match="請先辦完退費"):
        move(group, member, make_account())


# ---- the pages afterwards ----


def test_the_candidate_sees_who_paid_and_nothing_of_the_others(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    group, account = make_paid_group(paying=2, free=3), make_account()
    own = move(group, first_of(group, paying=True), account)
    sign_in(account)

    page = client.page(f"/registrations/{own.public_id}")
    paid = client.get(f"/registrations/{own.public_id}/pay")
    refund = client.page(f"/registrations/{own.public_id}/refund", status=409)

    assert f"報名費在團體「{group.name}」的帳單上繳清" in page.main.get_text()
    assert (paid.status_code, paid.location) == (303, f"/registrations/{own.public_id}")
    assert "以掛號寄到總試務中心" in refund.main.get_text()
    assert client.get(f"/groups/{group.public_id}").status_code == 403


def test_the_leader_sees_the_others_and_their_own_refunds(
    client: CheckingClient, sign_in: Callable[[Account], None]
) -> None:
    group = make_paid_group(paying=2, free=3)
    own = move(group, first_of(group, paying=True), make_account())
    make_notice(area=group.offering.area)
    apply(group.order, own, postmarked_on=date(2023, 5, 1))
    sign_in(leader_of(group))

    page = client.page(f"/groups/{group.public_id}")
    refund = client.page(f"/groups/{group.public_id}/refund")

    assert len(page.select("#members tbody tr")) == 4
    assert own.public_id not in str(page)
    assert own.public_id not in str(refund)
    assert "已收到" not in refund.main.get_text()


def test_what_was_packed_for_the_leader_and_not_posted_goes_to_the_candidate(at: At) -> None:
    group = make_mailed_group(5)
    at(MATERIALS_DAY)
    batch = make_batch()
    own = move(group, queries.list_members(group)[0], make_account())

    post(batch, clock.today())
    again = make_batch()

    [to_leader], [to_self] = mailings.list_parcels(batch), mailings.list_parcels(again)
    assert len(to_leader.items) == 4
    assert (to_self.group, [item.registration_id for item in to_self.items]) == (None, [own.id])


def test_what_was_posted_to_the_leader_stays_the_leaders(at: At) -> None:
    group, account = make_mailed_group(5), make_account()
    at(MATERIALS_DAY)
    batch = make_batch()
    post(batch, clock.today())
    [parcel] = mailings.list_parcels(batch)

    move(group, queries.list_members(group)[0], account)

    assert mailings.get_own_parcel(parcel.public_id, group.account_id) is parcel
    with pytest.raises(NotFound):
        mailings.get_own_parcel(parcel.public_id, account.id)


def test_payment_stands_as_paid_for_who_left() -> None:
    group = make_paid_group(paying=2, free=3)
    own = move(group, first_of(group, paying=True), make_account())

    assert status_of(own.order, now=clock.now()).kind == PaymentKind.PAID
