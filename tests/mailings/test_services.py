"""Batches: who is in them, where they go, when they may be posted; what comes back and goes again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.errors import IllegalTransition, InvalidValue, NotFound, Refused
from app.exams.queries import get_round
from app.groups.queries import list_members
from app.mailings import own_data, queries, services, waiting
from app.mailings.kinds import MailingKind
from app.mailings.models import MailingBatch, MailingItem, MailingParcel
from app.mailings.rules import Person, check_gets
from app.mailings.states import ResendCause, ResendState, ReturnReason
from app.registration.choices import MailTo
from app.registration.contact import Contact
from app.registration.models import Registration
from app.registration.services import change_contact, return_registration
from app.registration.states import FormState
from app.results.services import revoke_certificate
from tests.factories.mailings import (
    FIRST_NUMBER,
    MATERIALS_DAY,
    make_batch,
    make_mailed_group,
    make_person,
    make_posted,
    post,
    seat,
)
from tests.factories.registrations import NATIONAL_1, make_draft, make_paid, make_submitted
from tests.factories.results import ABSENT, FAILS, PASSES, make_published
from tests.factories.seating import AREA
from tests.mailbox import Mailbox

At = Callable[[str], None]
MATERIALS, TICKET = MailingKind.MATERIALS, MailingKind.TICKET
SCORE, CERTIFICATE = MailingKind.SCORE_REPORT, MailingKind.CERTIFICATE
MULTI_4 = "multi-112-04"
pytestmark = pytest.mark.usefixtures("app")


def waiting_for(kind: MailingKind, area: str | None = None) -> list[int]:
    people = waiting.list_waiting(db.session, get_round(NATIONAL_1).id, kind, area)
    return [each.registration.id for each in people]


def counts(kind: MailingKind) -> dict[str, int]:
    return waiting.count_waiting(get_round(NATIONAL_1))[kind]


def cancel(registration: Registration) -> None:
    with transaction():
        registration.form_state = FormState.CANCELLED


def come_back(parcel: MailingParcel, on: str = "2023-05-20") -> None:
    services.return_parcel(
        parcel.public_id, returned_on=date.fromisoformat(on), reason=ReturnReason.UNCLAIMED, actor=SYSTEM
    )


@pytest.mark.requirement("R014")
def test_materials_wait_for_complete_registrations_only() -> None:
    complete, _draft, _unpaid = make_person(), make_draft(), make_submitted()
    returned = make_paid()
    return_registration(returned.public_id, ["請補證明"], actor=SYSTEM)

    assert waiting_for(MATERIALS) == [complete.id]
    assert counts(MATERIALS) == {AREA: 1}


@pytest.mark.requirement("R132", "R140")
def test_paper_tickets_wait_for_those_who_ticked_once_they_are_issued() -> None:
    ticked = make_person(ticket_by_post=True)
    make_person(ticket_by_post=False)
    assert waiting_for(TICKET) == []

    seat()

    assert waiting_for(TICKET) == [ticked.id]
    assert counts(TICKET) == {AREA: 1}


@pytest.mark.requirement("R153", "R171")
def test_reports_wait_for_everybody_and_certificates_for_those_who_passed() -> None:
    passed, failed, absent = make_published({"徐玉蘭": PASSES, "彭秀英": FAILS, "黃𠊎堃": ABSENT})

    assert waiting_for(SCORE) == [passed.id, failed.id, absent.id]
    assert waiting_for(CERTIFICATE) == [passed.id]


@pytest.mark.requirement("R171")
def test_a_revoked_certificate_is_not_mailed() -> None:
    [passed] = make_published({"徐玉蘭": PASSES})
    number = db.session.scalars(sa.text("SELECT number FROM certificates")).one()
    revoke_certificate(number, reason="冒名", actor=SYSTEM)

    assert passed.id not in waiting_for(CERTIFICATE)


def test_the_database_and_the_rule_agree_on_everybody() -> None:
    make_published({"徐玉蘭": PASSES, "彭秀英": FAILS})
    for ticked in (True, False):
        make_person(ticket_by_post=ticked)
    make_draft()
    return_registration(make_paid().public_id, ["請補證明"], actor=SYSTEM)
    everybody = db.session.scalars(sa.select(Registration)).all()

    for kind, one in product(MailingKind, everybody):
        person: Person = waiting.find_person(one)
        assert (one.id in waiting_for(kind)) == bool(check_gets(kind, person)), (kind, one.chinese_name)


@pytest.mark.requirement("R251")
def test_members_whose_post_goes_to_the_leader_share_a_parcel() -> None:
    group = make_mailed_group(4)
    alone = make_person()

    batch = make_batch()

    to_leader, own = sorted(queries.list_parcels(batch), key=lambda each: -len(each.items))
    assert (to_leader.recipient, to_leader.organisation) == ("彭秀英", "銅鑼國小")
    assert [item.registration_id for item in to_leader.items] == [each.id for each in list_members(group)]
    assert [item.registration_id for item in own.items] == [alone.id]


@pytest.mark.requirement("R244", "R251")
def test_a_member_may_have_one_thing_sent_home_and_the_other_to_the_leader() -> None:
    make_mailed_group(4, materials_to=MailTo.SELF, ticket_by_post=True)
    seat()

    assert len(queries.list_parcels(make_batch(MATERIALS))) == 4
    [tickets] = queries.list_parcels(make_batch(TICKET))
    assert len(tickets.items) == 4


def test_two_groups_are_two_parcels() -> None:
    make_mailed_group(4)
    make_mailed_group(4, name="九湖國小")

    parcels = queries.list_parcels(make_batch())

    assert {each.organisation for each in parcels} == {"銅鑼國小", "九湖國小"}


@pytest.mark.requirement("R252")
def test_an_individuals_post_goes_to_the_own_address() -> None:
    registration = make_person(street="中正路12號")

    [parcel] = queries.list_parcels(make_batch())

    assert parcel.group is None
    assert (parcel.recipient, parcel.zip_code, parcel.place, parcel.street) == (
        registration.chinese_name,
        "366",
        "苗栗縣銅鑼鄉",
        "中正路12號",
    )


def test_parcels_are_in_the_order_of_their_postcodes() -> None:
    for code in ("900", "106", "366"):
        make_person(zip_code=code)

    parcels = queries.list_parcels(make_batch())

    assert [(each.position, each.zip_code) for each in parcels] == [(1, "106"), (2, "366"), (3, "900")]


def test_a_batch_stays_as_it_was_made() -> None:
    registration = make_person()
    batch = make_batch()

    changed = Contact(
        mobile="0912345678",
        phone=None,
        email="new@example.tw",
        zip_code="100",
        county="臺北市",
        district="中正區",
        street="忠孝西路1號",
    )
    change_contact(registration.public_id, registration.account_id, changed, actor=SYSTEM)

    [parcel] = queries.list_parcels(batch)
    assert (parcel.zip_code, parcel.street) == ("366", "中正路12號")


def test_nobody_is_in_two_batches() -> None:
    make_person()
    make_batch()

    assert waiting_for(MATERIALS) == []
    with pytest.raises(Refused, match="沒有等候寄發的考生"):
        make_batch()


def test_the_database_holds_that_everybody_is_sent_a_kind_once() -> None:
    registration = make_person()
    [parcel] = queries.list_parcels(make_batch())
    other = make_person()
    [second] = queries.list_parcels(make_batch())

    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.add(MailingItem(parcel=second, registration=registration, kind=MATERIALS))
    assert (parcel.id, other.id) != (second.id, registration.id)


def test_a_batch_of_one_area_leaves_the_others_waiting() -> None:
    here, elsewhere = make_person(area=AREA), make_person(area="臺北")

    batch = make_batch(area=AREA)

    assert [each.items[0].registration_id for each in queries.list_parcels(batch)] == [here.id]
    assert waiting_for(MATERIALS) == [elsewhere.id]
    assert counts(MATERIALS) == {"臺北": 1}


def test_who_is_in_a_dissolved_batch_waits_again() -> None:
    registration = make_person()
    batch = make_batch()

    services.dissolve_batch(batch.public_id, actor=SYSTEM)

    assert waiting_for(MATERIALS) == [registration.id]
    with pytest.raises(NotFound):
        queries.get_batch(batch.public_id)


def test_a_posted_batch_is_neither_dissolved_nor_posted_again(at: At) -> None:
    make_person()
    [parcel] = make_posted()
    at("2023-05-06 09:00")

    with pytest.raises(IllegalTransition):
        services.dissolve_batch(parcel.batch.public_id, actor=SYSTEM)
    with pytest.raises(IllegalTransition):
        services.post_batch(parcel.batch.public_id, posted_on=date(2023, 5, 6), actor=SYSTEM)


@pytest.mark.parametrize(
    ("kind", "day", "day_before"),
    [
        (MATERIALS, "2023-05-05", "2023-05-04"),
        (TICKET, "2023-08-11", "2023-08-10"),
        (SCORE, "2023-11-17", "2023-11-16"),
        (CERTIFICATE, "2023-12-08", "2023-12-07"),
    ],
)
@pytest.mark.requirement("R014", "R018", "R132", "R153", "R171")
def test_nothing_is_marked_as_posted_before_its_day(
    kind: MailingKind, day: str, day_before: str, at: At
) -> None:
    make_published({"徐玉蘭": PASSES})
    with transaction() as session:
        session.execute(sa.update(Registration).values(ticket_by_post=True))
    batch = make_batch(kind)
    at("2024-01-31 09:00")

    with pytest.raises(Refused, match="不能登錄更早的日期"):
        post(batch, date.fromisoformat(day_before))
    post(batch, date.fromisoformat(day))

    assert queries.get_batch(batch.public_id).posted_on == date.fromisoformat(day)


@pytest.mark.requirement("R034", "R014")
def test_a_multi_round_goes_by_its_own_days(at: At) -> None:
    exam_round = get_round(MULTI_4)
    at(f"{exam_round.registration_opens_on} 09:00")
    make_person(round_code=MULTI_4, area=exam_round.offerings[0].area)
    batch = make_batch(round_code=MULTI_4)

    with pytest.raises(Refused):
        post(batch, date.fromordinal(exam_round.materials_from.toordinal() - 1))
    post(batch, exam_round.materials_from)

    assert batch.posted_on == exam_round.materials_from != get_round(NATIONAL_1).materials_from


def test_a_batch_is_not_posted_tomorrow(at: At) -> None:
    make_person()
    batch = make_batch()
    at(MATERIALS_DAY)

    with pytest.raises(Refused, match="不能在今天以後"):
        services.post_batch(batch.public_id, posted_on=date(2023, 5, 6), actor=SYSTEM)


def test_registered_parcels_are_numbered_in_the_order_of_their_labels() -> None:
    make_published({"徐玉蘭": PASSES, "彭秀英": PASSES})

    parcels = make_posted(CERTIFICATE)

    assert [each.registered_number for each in parcels] == [FIRST_NUMBER, "00123510001217"]


def test_registered_post_without_a_number_is_not_posted(at: At) -> None:
    make_published({"徐玉蘭": PASSES})
    batch = make_batch(CERTIFICATE)
    at("2023-12-08 17:00")

    with pytest.raises(InvalidValue, match="請填第一件的掛號號碼"):
        services.post_batch(batch.public_id, posted_on=date(2023, 12, 8), actor=SYSTEM)


def test_a_registered_number_can_be_corrected_but_not_doubled() -> None:
    make_published({"徐玉蘭": PASSES, "彭秀英": PASSES})
    first, second = make_posted(CERTIFICATE)

    services.change_registered_number(second.public_id, "00123610001217", actor=SYSTEM)
    with pytest.raises(InvalidValue, match="另一件已經用了"):
        services.change_registered_number(second.public_id, FIRST_NUMBER, actor=SYSTEM)

    assert queries.find_parcel("00123610001217").id == second.id
    assert first.registered_number == FIRST_NUMBER


def test_who_has_cancelled_since_is_taken_out_when_a_batch_is_posted() -> None:
    gone, stays = make_person(chinese_name="徐玉蘭"), make_person(chinese_name="彭秀英")
    batch = make_batch()
    cancel(gone)

    assert [item.registration_id for item in waiting.list_dropped(batch)] == [gone.id]
    post(batch, date(2023, 5, 5))

    assert [each.items[0].registration_id for each in queries.list_parcels(batch)] == [stays.id]


def test_a_batch_of_whom_nobody_is_left_is_not_posted() -> None:
    registration = make_person()
    batch = make_batch()
    cancel(registration)

    with pytest.raises(Refused, match="請把它拆掉"):
        post(batch, date(2023, 5, 5))
    assert len(queries.list_parcels(batch)) == 1


def test_the_candidate_is_told_when_something_was_posted(mailbox: Mailbox) -> None:
    make_published({"徐玉蘭": PASSES})

    make_posted(CERTIFICATE)

    mail = mailbox.last()
    assert mail.to == "yulan@example.tw"
    assert "合格證書 1 份已在 112 年 12 月 8 日（五）以掛號寄到考生的通訊地址" in mail.text
    assert FIRST_NUMBER in mail.text


@pytest.mark.requirement("R135")
def test_who_waits_for_a_paper_ticket_is_told_to_print_one_if_it_does_not_come(mailbox: Mailbox) -> None:
    make_person(ticket_by_post=True)
    seat()

    make_posted(TICKET)

    assert "考前還沒收到的話，請自行到報名網站下載列印准考證" in mailbox.last().text


def test_the_leader_and_the_members_are_told_each_once(mailbox: Mailbox) -> None:
    make_mailed_group(4, email="child@example.tw")

    make_posted()

    told = [mail for mail in mailbox.all() if mail.subject.startswith("教材已寄出")]
    assert sorted(mail.to for mail in told) == ["child@example.tw", "hsiuying@example.tw"]
    assert all("教材 4 份" in mail.text and "團報負責人的地址" in mail.text for mail in told)


@pytest.mark.requirement("R140", "R174")
def test_what_came_back_is_told_with_what_to_do(mailbox: Mailbox, at: At) -> None:
    make_person(ticket_by_post=True)
    seat()
    [materials], [ticket] = make_posted(MATERIALS), make_posted(TICKET)
    at("2023-08-25 09:00")

    come_back(materials)
    assert "請先登入確認通訊地址，再申請重寄" in mailbox.last().text
    come_back(ticket, "2023-08-24")
    assert "不予補寄，請自行到報名網站下載列印准考證" in mailbox.last().text


@pytest.mark.requirement("R174")
def test_what_is_asked_for_again_goes_with_the_next_batch_to_the_new_address(
    at: At, mailbox: Mailbox
) -> None:
    registration = make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    come_back(parcel)

    resend = services.ask_resend(
        parcel.public_id, ResendCause.MOVED, account_id=registration.account_id, actor=SYSTEM
    )
    assert (resend.state, waiting_for(MATERIALS)) == (ResendState.ASKED, [])
    services.bill_resend(resend.public_id, postage_twd=44, actor=SYSTEM)
    assert "郵資是 NT$44" in mailbox.last().text
    assert waiting_for(MATERIALS) == []
    services.receive_postage(resend.public_id, actor=SYSTEM)
    assert waiting_for(MATERIALS) == [registration.id]
    assert counts(MATERIALS) == {AREA: 1}

    [again] = make_posted()

    assert again.items[0].resend_id == resend.id
    assert waiting_for(MATERIALS) == []


def test_what_is_to_go_again_waits_again_when_its_batch_is_dissolved(at: At) -> None:
    registration = make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    resend = services.ask_resend(parcel.public_id, ResendCause.OFFICE, actor=SYSTEM)
    services.waive_postage(resend.public_id, note="標籤貼錯", actor=SYSTEM)
    batch = make_batch()

    services.dissolve_batch(batch.public_id, actor=SYSTEM)

    assert waiting_for(MATERIALS) == [registration.id]


@pytest.mark.requirement("R174")
def test_the_office_bears_the_postage_of_its_own_mistake(at: At, mailbox: Mailbox) -> None:
    make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    resend = services.ask_resend(parcel.public_id, ResendCause.OFFICE, actor=SYSTEM)

    services.waive_postage(resend.public_id, note="標籤貼錯", actor=SYSTEM)

    assert (resend.state, resend.postage_twd) == (ResendState.READY, None)
    assert "免付郵資" in mailbox.last().text


def test_a_refused_request_may_be_made_again(at: At, mailbox: Mailbox) -> None:
    make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    first = services.ask_resend(parcel.public_id, ResendCause.OFFICE, actor=SYSTEM)
    with pytest.raises(Refused, match="已經申請過"):
        services.ask_resend(parcel.public_id, ResendCause.MOVED, actor=SYSTEM)

    services.refuse_resend(first.public_id, note="郵局已投遞成功", actor=SYSTEM)
    assert "郵局已投遞成功" in mailbox.last().text
    db.session.expire_all()

    assert services.ask_resend(parcel.public_id, ResendCause.MOVED, actor=SYSTEM).id != first.id


@pytest.mark.requirement("R140")
def test_a_ticket_that_came_back_is_not_sent_again(at: At) -> None:
    registration = make_person(ticket_by_post=True)
    seat()
    [ticket] = make_posted(TICKET)
    at("2023-08-25 09:00")
    come_back(ticket, "2023-08-24")

    with pytest.raises(Refused, match="不予補寄") as refusal:
        services.ask_resend(
            ticket.public_id, ResendCause.UNCLAIMED, account_id=registration.account_id, actor=SYSTEM
        )
    assert refusal.value.clause == "拾、三、(三)"


def test_nobody_asks_for_somebody_elses_post() -> None:
    make_person()
    other = make_person()
    parcels = make_posted()
    theirs = next(each for each in parcels if each.items[0].registration_id != other.id)

    with pytest.raises(NotFound):
        services.ask_resend(theirs.public_id, ResendCause.MOVED, account_id=other.account_id, actor=SYSTEM)


@pytest.mark.requirement("R174")
def test_a_parcel_of_a_group_goes_again_as_a_whole(at: At) -> None:
    group = make_mailed_group(4)
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    come_back(parcel)

    resend = services.ask_resend(
        parcel.public_id, ResendCause.UNCLAIMED, account_id=group.account_id, actor=SYSTEM
    )
    services.waive_postage(resend.public_id, note="郵局退錯", actor=SYSTEM)

    [again] = make_posted()
    assert len(again.items) == 4
    assert again.organisation == "銅鑼國小"


def test_the_counts_of_the_desk(at: At) -> None:
    make_person()
    [parcel] = make_posted()
    make_person()
    batch = make_batch()
    make_person()
    at("2023-05-25 09:00")
    come_back(parcel)

    kinds = queries.count_kinds(get_round(NATIONAL_1))

    found = kinds[MATERIALS]
    assert (found.waiting, found.prepared, found.posted, found.returned) == (1, 1, 1, 1)
    assert queries.count_batch(batch).parcels == 1


def test_every_act_is_on_record_without_personal_data(at: At) -> None:
    make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    come_back(parcel)

    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action.startswith("mailing."))).all()

    assert [each.action for each in entries] == [
        "mailing.make_batch",
        "mailing.post_batch",
        "mailing.return_parcel",
    ]
    assert "徐玉蘭" not in str([each.details for each in entries])


def test_own_data_tell_what_was_mailed_where(at: At) -> None:
    registration = make_person()
    [parcel] = make_posted()
    at("2023-05-25 09:00")
    services.ask_resend(parcel.public_id, ResendCause.MOVED, actor=SYSTEM)
    db.session.expire_all()

    mailed, asked = own_data._mailings(db.session.get_one(Account, registration.account_id))

    [record] = mailed.records
    assert record["address"] == "366 苗栗縣銅鑼鄉中正路12號"
    assert record["posted_on"] == date(2023, 5, 5)
    assert [each["cause"] for each in asked.records] == [ResendCause.MOVED]


def test_a_round_can_be_made_into_a_batch_in_a_number_of_queries_that_grows_only_with_what_is_written(
    count_queries: Callable[[], object], app: Flask
) -> None:
    make_person()
    with count_queries() as few:
        waiting.list_waiting(db.session, get_round(NATIONAL_1).id, MATERIALS, None)
    make_mailed_group(4)
    with count_queries() as many:
        waiting.list_waiting(db.session, get_round(NATIONAL_1).id, MATERIALS, None)

    assert len(many) == len(few)


def test_no_batch_is_left_behind_when_nobody_waits() -> None:
    with pytest.raises(Refused):
        make_batch()

    assert db.session.scalars(sa.select(MailingBatch)).all() == []
