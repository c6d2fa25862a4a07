from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.accounts.models import Account, Realm
from app.core import clock
from app.core.actors import SYSTEM, Actor
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import NotFound, Refused
from app.exams import queries as exams
from app.exams.models import Offering
from app.exams.places import OfferingFull
from app.groups import queries
from app.groups.models import Group
from app.groups.services import (
    add_member,
    cancel_group,
    cancel_lapsed_groups,
    change_group,
    change_member,
    create_group,
    remove_member,
    submit_group,
)
from app.groups.states import GroupKind, GroupState
from app.registration.choices import MailTo
from app.registration.services import AlreadyRegistered, return_registration
from app.registration.states import CancelReason, FormState
from tests.factories.accounts import make_account, make_leader
from tests.factories.groups import LEADER, SCHOOL, fill, make_group, make_submitted_group, pay_group
from tests.factories.ids import make_national_id
from tests.factories.registrations import FREE, make_candidate, make_submitted
from tests.mailbox import Mailbox

At = Callable[[str], None]
MULTI_7 = "multi-112-07"  # registration 112-04-01 to 05-31, 屏東

pytestmark = pytest.mark.usefixtures("app")


def _left(group: Group) -> int | None:
    return exams.places_left([group.offering], clock.now())[group.offering_id]


def _limit(group: Group, places: int) -> None:
    with transaction() as session:
        session.get_one(Offering, group.offering_id).capacity = places


def _taken_over(**changes: object) -> object:
    return make_candidate(email=LEADER.email, **{**LEADER.emergency, **LEADER.address, **changes})


# ---- making and changing ----


@pytest.mark.requirement("R215", "R216")
def test_a_group_keeps_what_was_written_and_seals_the_leaders_phone(actor: Actor) -> None:
    account = make_leader()

    group = create_group(account.id, "nat-112-01", "臺北", SCHOOL, GroupKind.SCHOOL, LEADER, actor=actor)

    db.session.expire_all()
    stored = queries.get_group(group.public_id, account.id)
    assert (stored.name, stored.kind, stored.offering.area) == (SCHOOL, GroupKind.SCHOOL, "臺北")
    assert stored.leader == LEADER
    assert LEADER.phone.encode() not in stored.leader_phone_sealed
    assert stored.hold is None


@pytest.mark.requirement("R194", "R214")
def test_an_account_may_have_many_groups() -> None:
    account = make_leader()

    first, second = make_group(account), make_group(account, round_code="nat-112-02", area="苗栗")

    assert [group.id for group in queries.list_groups(account.id)] == [second.id, first.id]


@pytest.mark.requirement("R013", "R062")
@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2023-04-09 23:59", False),
        ("2023-04-10 00:00", True),
        ("2023-06-09 23:59", True),
        ("2023-06-10 00:00", False),
    ],
)
def test_groups_are_made_in_the_registration_period_only(at: At, now: str, is_open: bool) -> None:
    at(now)

    if is_open:
        make_group()
    else:
        with pytest.raises(Refused):
            make_group()


def test_an_individual_account_and_the_other_track_are_refused() -> None:
    for account in (make_account(), make_leader(realm=Realm.MULTI)):
        with pytest.raises(Refused):
            make_group(account)


def test_somebody_elses_group_is_not_there() -> None:
    group, stranger = make_group(), make_leader()

    with pytest.raises(NotFound):
        queries.get_group(group.public_id, stranger.id)
    with pytest.raises(NotFound):
        add_member(group.public_id, stranger.id, make_candidate(), actor=SYSTEM)
    with pytest.raises(NotFound):
        submit_group(group.public_id, stranger.id, actor=SYSTEM)
    with pytest.raises(NotFound):
        cancel_group(group.public_id, stranger.id, actor=SYSTEM)


def test_a_new_leader_reaches_the_members_who_took_the_leaders_data_over() -> None:
    group = make_group()
    taking = add_member(group.public_id, group.account_id, _taken_over(), actor=SYSTEM)
    own = add_member(group.public_id, group.account_id, make_candidate(), actor=SYSTEM)
    after = replace(LEADER, name="徐文雄", email="new@school.tw", street="松江路1號")

    change_group(group.public_id, group.account_id, SCHOOL, GroupKind.SCHOOL, after, actor=SYSTEM)

    assert (taking.emergency_name, taking.email, taking.street) == ("徐文雄", "new@school.tw", "松江路1號")
    assert (own.emergency_name, own.email, own.street) == ("徐春梅", "yulan@example.tw", "中正路12號")


# ---- members ----


@pytest.mark.requirement("R223")
def test_members_are_added_changed_and_removed() -> None:
    group = make_group()
    candidate = make_candidate()
    member = add_member(group.public_id, group.account_id, candidate, actor=SYSTEM)

    changed = replace(candidate, chinese_name="尤瑪‧達陸", materials_to=MailTo.LEADER)
    change_member(group.public_id, group.account_id, member.public_id, changed, actor=SYSTEM)
    assert [m.chinese_name for m in queries.list_members(group)] == ["尤瑪‧達陸"]

    remove_member(group.public_id, group.account_id, member.public_id, actor=SYSTEM)
    assert queries.list_members(group) == []
    add_member(group.public_id, group.account_id, candidate, actor=SYSTEM)
    assert queries.count_members(group) == 1


def test_a_member_of_another_group_cannot_be_reached_through_mine() -> None:
    account = make_leader()
    mine, other = make_group(account), fill(make_group(account), free=1)
    [member] = queries.list_members(other)

    with pytest.raises(NotFound):
        remove_member(mine.public_id, account.id, member.public_id, actor=SYSTEM)


@pytest.mark.requirement("R020", "R036")
def test_a_person_is_in_one_group_and_nothing_is_told_about_others() -> None:
    number = make_national_id()
    make_submitted(candidate=make_candidate(id_number=number))
    group = make_group()

    with pytest.raises(AlreadyRegistered) as refusal:
        add_member(group.public_id, group.account_id, make_candidate(id_number=number), actor=SYSTEM)

    assert "洽總試務中心" in str(refusal.value.message)
    assert queries.count_members(group) == 0


def test_a_person_in_another_group_of_the_same_leader_is_told_with_its_name() -> None:
    account, candidate = make_leader(), make_candidate()
    first = make_group(account, name="臺北市大安國小")
    add_member(first.public_id, account.id, candidate, actor=SYSTEM)
    second = make_group(account)

    with pytest.raises(AlreadyRegistered, match=r"「臺北市大安國小」.*先從那裡移除"):
        add_member(second.public_id, account.id, candidate, actor=SYSTEM)
    with pytest.raises(AlreadyRegistered, match="已在這個團體的名單中"):
        add_member(first.public_id, account.id, candidate, actor=SYSTEM)


# ---- submission ----


def test_a_member_who_was_registered_elsewhere_meanwhile_is_named_at_submission() -> None:
    group, candidate = fill(make_group(), free=3), make_candidate(chinese_name="鍾曉琪")
    add_member(group.public_id, group.account_id, candidate, actor=SYSTEM)
    make_submitted(candidate=candidate)

    with pytest.raises(AlreadyRegistered, match="受理鍾曉琪的證號") as refusal:
        submit_group(group.public_id, group.account_id, actor=SYSTEM)

    assert "梯次" not in str(refusal.value)
    assert (group.state, group.order) == (GroupState.OPEN, None)


@pytest.mark.requirement("R072", "R073")
@pytest.mark.parametrize(
    ("kind", "too_few"), [(GroupKind.FAMILY, 1), (GroupKind.SCHOOL, 3), (GroupKind.COMMUNITY, 3)]
)
def test_a_group_is_submitted_with_the_minimum_of_its_kind(kind: GroupKind, too_few: int) -> None:
    group = fill(make_group(kind=kind), free=too_few)

    with pytest.raises(Refused):
        submit_group(group.public_id, group.account_id, actor=SYSTEM)
    fill(group, free=1)
    submit_group(group.public_id, group.account_id, actor=SYSTEM)

    assert group.state == GroupState.SUBMITTED


def test_one_order_pays_for_the_members_who_pay(mailbox: Mailbox) -> None:
    group = make_submitted_group(paying=2, free=3)

    assert group.order is not None
    assert (group.order.amount_twd, group.order.last_day.isoformat()) == (500, "2023-05-07")
    assert [(line.title, line.quantity, line.unit_twd) for line in group.order.lines] == [
        ("報名費（民國93年9月1日以前出生）", 2, 250),
        ("免繳報名費（民國93年9月2日以後出生）", 3, 0),
    ]
    assert SCHOOL not in group.order.title
    assert group.order.page_path == f"/groups/{group.public_id}/pay"
    assert {member.order_id for member in queries.list_members(group)} == {group.order.id}
    assert (mailbox.last().to, mailbox.last().subject) == (LEADER.email, f"請繳費：{SCHOOL}")
    assert "NT$500" in mailbox.last().text


def test_a_free_group_is_complete_at_once(mailbox: Mailbox) -> None:
    group = make_submitted_group(paying=0, free=4)

    assert group.order is None
    assert all(member.is_complete for member in queries.list_members(group))
    assert group.hold is not None
    assert group.hold.until_at is None
    assert mailbox.last().subject == f"團體報名完成：{SCHOOL}"


@pytest.mark.requirement("R227")
def test_a_paid_group_is_complete_and_keeps_its_places(at: At) -> None:
    group = make_submitted_group(paying=1, free=3)
    assert not any(member.is_complete for member in queries.list_members(group))

    pay_group(group)

    assert all(member.is_complete for member in queries.list_members(group))
    at("2023-06-30 09:00")
    assert _left(group) == 1200 - 4


def test_submitting_twice_changes_nothing(at: At) -> None:
    group = make_submitted_group()
    order = group.order
    at("2023-05-02 09:00")

    submit_group(group.public_id, group.account_id, actor=SYSTEM)

    assert (group.order, _left(group)) == (order, 1200 - 4)


@pytest.mark.requirement("R067", "R069", "R225")
def test_nothing_of_a_submitted_group_can_be_changed() -> None:
    group = make_submitted_group()
    member = queries.list_members(group)[0]
    mine = (group.public_id, group.account_id)

    with pytest.raises(Refused):
        add_member(*mine, make_candidate(), actor=SYSTEM)
    with pytest.raises(Refused):
        change_member(*mine, member.public_id, make_candidate(), actor=SYSTEM)
    with pytest.raises(Refused):
        remove_member(*mine, member.public_id, actor=SYSTEM)
    with pytest.raises(Refused):
        change_group(*mine, "別的學校", GroupKind.SCHOOL, LEADER, actor=SYSTEM)


@pytest.mark.requirement("R063")
def test_a_group_is_not_submitted_after_the_close(at: At) -> None:
    group = fill(make_group(), free=4)
    at("2023-06-10 00:00")

    with pytest.raises(Refused):
        submit_group(group.public_id, group.account_id, actor=SYSTEM)


def test_a_group_that_does_not_fit_stays_open_as_it_was() -> None:
    group = fill(make_group(), free=4)
    _limit(group, 3)

    with pytest.raises(OfferingFull):
        submit_group(group.public_id, group.account_id, actor=SYSTEM)

    db.session.expire_all()
    assert (group.state, group.order, _left(group)) == (GroupState.OPEN, None, 3)


def test_every_step_is_on_record(actor: Actor) -> None:
    group = make_group()
    fill(group, free=4)
    submit_group(group.public_id, group.account_id, actor=actor)

    actions = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_id == group.public_id).order_by(AuditEntry.id)
    ).all()

    assert actions == ["group.create", *["group.add_member"] * 4, "group.submit"]


# ---- multi rounds: places are held from the start ----


def _multi(places: int | None = None) -> Group:
    return make_group(round_code=MULTI_7, area="屏東", places=places)


@pytest.mark.requirement("R218", "R219")
def test_a_multi_group_holds_its_places_until_midnight(at: At) -> None:
    group = _multi(10)

    assert _left(group) == 590
    at("2023-05-01 23:59")
    assert _left(group) == 590
    at("2023-05-02 00:00")
    assert _left(group) == 600


def test_without_a_number_a_multi_group_holds_the_minimum() -> None:
    assert _left(_multi()) == 596


@pytest.mark.requirement("R218")
def test_more_places_than_are_left_are_refused() -> None:
    first = _multi(10)
    _limit(first, 12)

    with pytest.raises(OfferingFull):
        _multi(3)


def test_the_number_of_places_can_be_changed_but_not_below_the_members() -> None:
    group = fill(_multi(10), free=5)
    values = (group.public_id, group.account_id, SCHOOL, GroupKind.SCHOOL, LEADER)

    change_group(*values, places=5, actor=SYSTEM)
    assert _left(group) == 595
    with pytest.raises(Refused):
        change_group(*values, places=4, actor=SYSTEM)


def test_places_grow_with_the_members_and_shrink_at_submission() -> None:
    group = fill(_multi(4), free=5)
    assert _left(group) == 595
    change_group(group.public_id, group.account_id, SCHOOL, GroupKind.SCHOOL, LEADER, places=20, actor=SYSTEM)

    submit_group(group.public_id, group.account_id, actor=SYSTEM)

    assert _left(group) == 595


def test_after_midnight_a_multi_group_can_neither_be_changed_nor_submitted(at: At) -> None:
    group = fill(_multi(4), free=4)
    at("2023-05-02 00:00")

    with pytest.raises(Refused):
        add_member(group.public_id, group.account_id, make_candidate(), actor=SYSTEM)
    with pytest.raises(Refused):
        submit_group(group.public_id, group.account_id, actor=SYSTEM)


# ---- endings ----


def test_withdrawing_ends_members_order_and_places() -> None:
    group = make_submitted_group()
    members = queries.list_members(group)

    cancel_group(group.public_id, group.account_id, actor=SYSTEM)

    assert (group.state, group.cancel_reason) == (GroupState.CANCELLED, CancelReason.WITHDRAWN)
    assert {member.form_state for member in members} == {FormState.CANCELLED}
    assert group.order is not None
    assert group.order.cancelled_at is not None
    assert _left(group) == 1200


def test_a_paid_group_is_refunded_instead() -> None:
    group = make_submitted_group()
    pay_group(group)

    with pytest.raises(Refused):
        cancel_group(group.public_id, group.account_id, actor=SYSTEM)


@pytest.mark.requirement("R088", "R089")
def test_the_clock_ends_an_unpaid_group_and_tells_the_leader(at: At, mailbox: Mailbox) -> None:
    group = make_submitted_group()
    at("2023-05-10 23:59")
    assert cancel_lapsed_groups() == 0
    at("2023-05-11 00:00")

    assert cancel_lapsed_groups() == 1
    assert cancel_lapsed_groups() == 0

    assert (group.state, group.cancel_reason) == (GroupState.CANCELLED, CancelReason.UNPAID)
    assert (mailbox.last().to, mailbox.last().subject) == (LEADER.email, f"團體報名已取消：{SCHOOL}")


@pytest.mark.requirement("R064", "R219")
def test_the_clock_ends_a_multi_group_that_was_not_submitted(at: At) -> None:
    group = fill(_multi(4), free=2)
    at("2023-05-02 00:00")

    assert cancel_lapsed_groups() == 1
    assert group.cancel_reason == CancelReason.NOT_SUBMITTED


def test_paid_and_free_groups_are_left_alone(at: At) -> None:
    paid, free = make_submitted_group(), make_submitted_group(paying=0, free=4)
    pay_group(paid)
    at("2023-06-30 09:00")

    assert cancel_lapsed_groups() == 0
    assert {paid.state, free.state} == {GroupState.SUBMITTED}


def test_the_people_of_a_lapsed_group_can_register_again(at: At) -> None:
    group = fill(make_group(), paying=3)
    number = make_national_id()
    add_member(
        group.public_id, group.account_id, make_candidate(id_number=number, birth_on=FREE), actor=SYSTEM
    )
    submit_group(group.public_id, group.account_id, actor=SYSTEM)
    at("2023-05-11 00:00")

    registration = make_submitted(candidate=make_candidate(id_number=number))

    assert registration.form_state == FormState.SUBMITTED


def test_when_a_member_is_returned_the_leader_is_told_as_well(mailbox: Mailbox) -> None:
    group = make_submitted_group(free=4, paying=0)
    member = queries.list_members(group)[0]
    sent = len(mailbox.all())

    return_registration(member.public_id, ["姓名與證件不同"], actor=SYSTEM)

    letters = mailbox.all()[sent:]
    leader = db.session.get_one(Account, group.account_id)
    assert {letter.to for letter in letters} == {member.email, leader.email}
    assert all("・姓名與證件不同" in letter.text for letter in letters)


def test_each_try_with_somebody_elses_number_is_on_record() -> None:
    number = make_national_id()
    make_submitted(candidate=make_candidate(id_number=number))
    group = fill(make_group(), free=1)
    [member] = queries.list_members(group)
    theirs = make_candidate(id_number=number)

    with pytest.raises(AlreadyRegistered):
        add_member(group.public_id, group.account_id, theirs, actor=SYSTEM)
    with pytest.raises(AlreadyRegistered):
        change_member(group.public_id, group.account_id, member.public_id, theirs, actor=SYSTEM)

    tries = sa.select(AuditEntry.subject_id).where(AuditEntry.action == "registration.refused_number")
    assert db.session.scalars(tries).all() == [str(group.account_id)] * 2
