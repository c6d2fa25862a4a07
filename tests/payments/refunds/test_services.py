"""A refund from the first word to the money order, and the money that comes wrong by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.actors import SYSTEM, Actor
from app.core.db import db
from app.core.errors import IllegalTransition, InvalidValue, NotFound, Refused
from app.payments.models import Order, RefundCase
from app.payments.refunds.queries import ledger_of, list_cases
from app.payments.refunds.rules import RefundReason
from app.payments.refunds.services import (
    RefundRequest,
    decide,
    propose,
    record_application,
    record_payout,
    send_back,
    submit_request,
    withdraw_request,
)
from app.payments.refunds.standing import case_standing
from app.payments.refunds.states import RefundState
from app.payments.services import record_message
from app.registration.models import Registration
from app.registration.services import cancel_lapsed_registrations, cancel_registration
from app.registration.states import CancelReason, FormState
from tests.factories.groups import make_submitted_group, pay_group
from tests.factories.orders import make_attempt, make_order, paid_message
from tests.factories.refunds import PAYEE, PROOF, make_notice, make_request
from tests.factories.registrations import make_paid, make_submitted
from tests.mailbox import Mailbox

At = Callable[[str], None]


def report(body: bytes) -> None:
    record_message("ecpay", body, address=None, actor=SYSTEM)


def only_case(order: Order) -> RefundCase:
    [case] = list_cases(order)
    return case


def grant(case: RefundCase, clerk: Actor, decider: Actor) -> RefundCase:
    record_application(
        case.public_id,
        postmarked_on=None if case.by_office else clock.today(),
        payee=PAYEE,
        has_paper_proof=False,
        actor=clerk,
    )
    propose(case.public_id, grant=True, note="", actor=clerk)
    return decide(case.public_id, grant=True, note="", actor=decider)


@pytest.mark.requirement("R101")
def test_late_money_opens_a_case_by_itself(app: Flask, at: At) -> None:
    registration = make_submitted()
    attempt = make_attempt(registration.order)
    at("2023-05-08 00:00")

    report(paid_message(attempt))

    case = only_case(registration.order)
    assert (case.reason, case.basis_twd, case.amount_twd) == (RefundReason.LATE, 250, 192)
    assert case.state == RefundState.WAITING
    assert (case.payee_name, case.payee_phone) == ("徐玉蘭", "0912345678")
    assert case.payee_address == "366 苗栗縣銅鑼鄉中正路12號"
    assert case.pay_by == date(2023, 10, 31)


def test_the_same_report_twice_opens_one_case(app: Flask, at: At) -> None:
    attempt = make_attempt(make_order())
    at("2023-05-08 00:00")
    body = paid_message(attempt)

    report(body)
    report(body)

    assert db.session.scalar(sa.select(sa.func.count(RefundCase.id))) == 1


@pytest.mark.requirement("R102")
def test_a_second_payment_is_an_overpayment(app: Flask) -> None:
    registration = make_submitted()
    first, second = make_attempt(registration.order), make_attempt(registration.order)

    report(paid_message(first))
    report(paid_message(second))

    case = only_case(registration.order)
    assert (case.reason, case.amount_twd) == (RefundReason.OVERPAID, 192)
    assert ledger_of(registration.order).mistakes == ()


@pytest.mark.requirement("R102", "Q21")
def test_fifty_too_much_is_told_and_closed_without_a_refund(app: Flask, mailbox: Mailbox) -> None:
    order = make_order()

    report(paid_message(make_attempt(order), TradeAmt="300"))

    case = only_case(order)
    assert (case.state, case.basis_twd, case.amount_twd) == (RefundState.CLOSED, 50, 0)
    assert order.refundable_twd == 0
    assert "多繳了 NT$50" in mailbox.last().text
    assert str(case_standing(case).sentence) == "NT$50 扣除郵資及行政費後沒有餘額"


def test_money_for_a_withdrawn_registration_goes_back(app: Flask) -> None:
    registration = make_submitted()
    attempt = make_attempt(registration.order)
    cancel_registration(registration.public_id, registration.account_id, actor=SYSTEM)

    report(paid_message(attempt))

    assert only_case(registration.order).reason == RefundReason.OVERPAID


@pytest.mark.requirement("Q22")
def test_money_after_the_registration_has_lapsed_goes_back(app: Flask, at: At) -> None:
    registration = make_submitted()
    attempt = make_attempt(registration.order)
    at("2023-05-20 09:00")
    cancel_lapsed_registrations()

    report(paid_message(attempt))

    assert only_case(registration.order).payee_name == "徐玉蘭"


@pytest.mark.requirement("R105", "R106")
def test_who_cannot_come_asks_with_a_proof_and_is_told_what_to_post(app: Flask, mailbox: Mailbox) -> None:
    case = make_request()

    assert (case.state, case.amount_twd, case.deduction_twd) == (RefundState.WAITING, 192, 58)
    assert case.proof.content == PROOF.content
    assert PROOF.content not in case.proof.content_sealed
    letter = mailbox.last()
    assert "預計退還 NT$192" in letter.text
    assert "112 年 9 月 30 日（六）前掛號寄到「106209" in letter.text


@pytest.mark.requirement("R105")
def test_another_reason_without_proof_is_refused(app: Flask) -> None:
    with pytest.raises(InvalidValue, match="證明文件"):
        make_request(proof=None)


@pytest.mark.requirement("R103", "R178")
def test_a_postponement_is_refunded_in_full_but_only_after_its_notice(app: Flask) -> None:
    registration = make_paid()
    with pytest.raises(Refused, match="公告"):
        make_request(registration, reason=RefundReason.POSTPONED, proof=None)
    make_notice()

    case = make_request(registration, reason=RefundReason.POSTPONED, proof=None)

    assert (case.amount_twd, case.deduction_twd) == (250, 0)


def test_a_notice_about_another_area_opens_nothing(app: Flask) -> None:
    registration = make_paid(area="苗栗")
    make_notice(area="臺北")

    with pytest.raises(Refused, match="公告"):
        make_request(registration, reason=RefundReason.POSTPONED)


def test_nobody_asks_twice_but_a_withdrawn_application_can_be_made_anew(app: Flask) -> None:
    registration = make_paid()
    case = make_request(registration)
    with pytest.raises(Refused, match="已經申請過"):
        make_request(registration)

    withdraw_request(case.public_id, registration.account_id, actor=SYSTEM)
    withdraw_request(case.public_id, registration.account_id, actor=SYSTEM)

    assert make_request(registration).state == RefundState.WAITING


def test_anothers_case_is_not_found(app: Flask) -> None:
    case = make_request()

    with pytest.raises(NotFound):
        withdraw_request(case.public_id, make_paid().account_id, actor=SYSTEM)


@pytest.mark.parametrize(("day", "open_"), [("2023-09-30 23:59", True), ("2023-10-01 00:00", False)])
def test_one_asks_until_the_end_of_the_month_of_the_test(app: Flask, at: At, day: str, open_: bool) -> None:
    registration = make_paid()
    at(day)

    if open_:
        assert make_request(registration).apply_by == date(2023, 9, 30)
    else:
        with pytest.raises(Refused, match="郵戳為憑"):
            make_request(registration)


@pytest.mark.requirement("R005", "R106")
def test_an_application_on_paper_counts_by_its_postmark(app: Flask, at: At) -> None:
    registration = make_paid()
    at("2023-10-03 09:00")

    case = make_request(registration, postmarked_on=date(2023, 9, 30), proof=None)

    assert case.postmarked_on == date(2023, 9, 30)
    with pytest.raises(Refused, match="郵戳為憑"):
        make_request(make_paid_late(), postmarked_on=date(2023, 10, 1))


def make_paid_late() -> Registration:
    with clock.fixed(clock.now() - timedelta(days=150)):
        return make_paid()


def test_nothing_is_granted_before_the_form_has_arrived(app: Flask, clerk: Actor) -> None:
    case = make_request()

    with pytest.raises(Refused, match="郵戳"):
        propose(case.public_id, grant=True, note="", actor=clerk)


@pytest.mark.requirement("R108")
def test_two_persons_grant_a_refund_and_the_registration_ends(
    app: Flask, clerk: Actor, decider: Actor, mailbox: Mailbox
) -> None:
    registration = make_paid()
    case = make_request(registration)
    record_application(
        case.public_id, postmarked_on=clock.today(), payee=PAYEE, has_paper_proof=True, actor=clerk
    )
    propose(case.public_id, grant=True, note="證明齊全", actor=clerk)
    with pytest.raises(Refused, match="不同的人"):
        decide(case.public_id, grant=True, note="", actor=clerk)

    decide(case.public_id, grant=True, note="", actor=decider)

    assert case.state == RefundState.GRANTED
    db.session.refresh(registration)
    assert registration.form_state == FormState.CANCELLED
    assert registration.cancel_reason == CancelReason.REFUNDED
    assert registration.hold.until_at is not None
    assert "已核准" in mailbox.last().subject
    assert "112 年 10 月 31 日" in mailbox.last().text


def test_a_refusal_says_why_and_changes_nothing(
    app: Flask, clerk: Actor, decider: Actor, mailbox: Mailbox
) -> None:
    registration = make_paid()
    case = make_request(registration)
    propose(case.public_id, grant=False, note="證明不足", actor=clerk)

    decide(case.public_id, grant=False, note="診斷證明的日期與認證日不符", actor=decider)

    db.session.refresh(registration)
    assert registration.form_state == FormState.SUBMITTED
    assert "診斷證明的日期與認證日不符" in mailbox.last().text
    assert ledger_of(registration.order).applied_twd == 250


@pytest.mark.requirement("R101", "R102")
def test_money_that_came_late_cannot_be_refused(app: Flask, at: At, clerk: Actor, decider: Actor) -> None:
    order = make_order()
    attempt = make_attempt(order)
    at("2023-05-08 00:00")
    report(paid_message(attempt))
    case = only_case(order)

    with pytest.raises(Refused, match="一定要退還"):
        propose(case.public_id, grant=False, note="", actor=clerk)
    enter_payee(case, clerk)
    propose(case.public_id, grant=True, note="", actor=clerk)
    with pytest.raises(Refused, match="一定要退還"):
        decide(case.public_id, grant=False, note="", actor=decider)

    assert ledger_of(order).mistakes == ()


def enter_payee(case: RefundCase, clerk: Actor) -> None:
    record_application(case.public_id, postmarked_on=None, payee=PAYEE, has_paper_proof=False, actor=clerk)


def test_a_proposal_goes_back_to_be_completed(app: Flask, clerk: Actor, decider: Actor) -> None:
    case = make_request()
    propose(case.public_id, grant=False, note="", actor=clerk)

    send_back(case.public_id, note="請補郵戳", actor=decider)

    assert case.state == RefundState.WAITING
    assert case.decision_note == "請補郵戳"


@pytest.mark.requirement("R107")
def test_the_money_order_is_recorded_once_and_the_payee_told(
    app: Flask, clerk: Actor, decider: Actor, mailbox: Mailbox
) -> None:
    case = grant(make_request(), clerk, decider)

    record_payout(case.public_id, money_order_number="A1234567", paid_on=clock.today(), actor=clerk)

    assert case.state == RefundState.PAID
    assert "匯票號碼 A1234567" in mailbox.last().text
    ledger = ledger_of(case.order)
    assert (ledger.applied_twd, ledger.refundable_twd, ledger.refunded_twd) == (0, 0, 250)
    other = grant(make_request(), clerk, decider)
    with pytest.raises(InvalidValue, match="匯票號碼"):
        record_payout(other.public_id, money_order_number="A1234567", paid_on=clock.today(), actor=clerk)
    with pytest.raises(IllegalTransition):
        record_payout(case.public_id, money_order_number="A7654321", paid_on=clock.today(), actor=clerk)


def test_refunded_money_is_no_longer_to_be_refunded(app: Flask, at: At, clerk: Actor, decider: Actor) -> None:
    registration = make_submitted()
    attempt = make_attempt(registration.order)
    at("2023-05-08 00:00")
    report(paid_message(attempt))
    case = only_case(registration.order)
    assert registration.order.refundable_twd == 250

    grant(case, clerk, decider)
    record_payout(case.public_id, money_order_number="B1234567", paid_on=clock.today(), actor=clerk)

    db.session.expire_all()
    assert registration.order.refundable_twd == 0
    assert ledger_of(registration.order).refunded_twd == 250


def test_a_leader_asks_for_some_members_and_later_for_others(
    app: Flask, clerk: Actor, decider: Actor
) -> None:
    group = make_submitted_group(paying=3, free=1)
    pay_group(group)
    make_notice()
    members = [member.key for member in subject_members(group.order)]

    first = submit_request(
        group.order_id, RefundRequest(RefundReason.POSTPONED, members[:2], PAYEE), actor=SYSTEM
    )

    assert (first.amount_twd, len(members)) == (500, 3)
    with pytest.raises(InvalidValue, match="勾選"):
        submit_request(
            group.order_id, RefundRequest(RefundReason.POSTPONED, members[1:], PAYEE), actor=SYSTEM
        )
    second = submit_request(
        group.order_id,
        RefundRequest(RefundReason.OTHER, members[2:], PAYEE, "喪假", PROOF),
        actor=SYSTEM,
    )
    assert second.amount_twd == 192
    grant(first, clerk, decider)
    states = db.session.scalars(
        sa.select(Registration.form_state)
        .where(Registration.public_id.in_(members))
        .order_by(Registration.id)
    ).all()
    assert states == [FormState.CANCELLED, FormState.CANCELLED, FormState.SUBMITTED]
    assert ledger_of(group.order).mistakes == ()


def subject_members(order: Order) -> list:
    from app.payments.refunds.subjects import find_subject

    return find_subject(order).paying


def test_members_who_apply_together_bear_the_deduction_once(app: Flask) -> None:
    group = make_submitted_group(paying=4, free=0)
    pay_group(group)
    members = [member.key for member in subject_members(group.order)]

    case = submit_request(
        group.order_id, RefundRequest(RefundReason.OTHER, members, PAYEE, "停課", PROOF), actor=SYSTEM
    )

    assert (case.basis_twd, case.amount_twd) == (1000, 942)


def test_the_books_can_be_checked_by_a_command(app: Flask) -> None:
    make_request()
    report(paid_message(make_attempt(make_order()), TradeAmt="300"))

    result = app.test_cli_runner().invoke(args=["payments", "check"])

    assert result.exit_code == 0, result.output
    assert "received NT$550 = applied NT$250 + refundable NT$250 + refunded NT$50" in result.output


def test_the_command_fails_when_a_dollar_is_missing(app: Flask) -> None:
    report(paid_message(make_attempt(make_order()), TradeAmt="300"))
    db.session.execute(sa.delete(RefundCase))
    db.session.expire_all()

    result = app.test_cli_runner().invoke(args=["payments", "check"])

    assert result.exit_code == 1
    assert "unneeded" in result.output
