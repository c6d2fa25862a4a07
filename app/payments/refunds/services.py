"""The verbs of a refund: opened, asked for, proposed, decided, paid out. Each holds the order's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import db, transaction
from app.core.errors import InvalidValue, NotFound, Refused
from app.core.messages import Message
from app.exams.queries import find_current_year
from app.payments.models import Order, RefundCase, RefundProof
from app.payments.queries import get_order_for_update
from app.payments.refunds import letters, queries, rules
from app.payments.refunds.ledger import ReceiptFacts, Unneeded, unneeded_parts
from app.payments.refunds.proofs import ProofFile
from app.payments.refunds.rules import RefundAmount, RefundReason, refund_amount
from app.payments.refunds.states import RefundEvent, RefundState, next_state
from app.payments.refunds.subjects import Member, Subject, find_subject
from app.payments.refunds.through_gateway import check_can_repay
from app.payments.signals import refund_granted

# The brochure's own figure, for a portal into which no year has been loaded.
_BROCHURE_DEDUCTION_TWD = 58


@dataclass(frozen=True, slots=True)
class Payee:
    """Who gets the money order, and where it is posted (R107)."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """What an applicant asks for.

    :ivar members: keys of the registrations concerned
    :ivar postmarked_on: of an application that has arrived on paper; None: it still has to be posted
    """

    reason: RefundReason
    members: Sequence[str]
    payee: Payee
    explanation: str = ""
    proof: ProofFile | None = None
    postmarked_on: date | None = field(default=None)


def open_office_cases(order: Order, *, actor: Actor) -> list[RefundCase]:
    """Open a case for every unneeded part of an order's receipts that has none, and return the new ones.

    To be called under the order's lock, in the transaction that recorded the receipt or ended the
    order. What does not cover the deduction is closed at once (R101, R102, Q21).
    """
    known = {case.receipt_id for case in order.refunds}
    facts = [ReceiptFacts(each.id, each.amount_twd, each.outcome) for each in order.receipts]
    parts = [part for part in unneeded_parts(order.needed_twd, facts) if part.receipt_id not in known]
    if not parts:
        return []
    subject = find_subject(order)
    return [_open_office_case(order, part, subject, actor) for part in parts]


def submit_request(order_id: int, request: RefundRequest, *, actor: Actor) -> RefundCase:
    """Open a case at the applicant's wish, or for an application that came on paper (R103-R105).

    :raises Refused: when nothing was paid, it is too late, the reason is not open, or a member has a case
    :raises InvalidValue: when the reason needs a proof or nobody is chosen
    """
    with transaction() as session:
        order = get_order_for_update(session, order_id)
        subject = find_subject(order)
        if subject is None:
            raise NotFound(Message("找不到這筆費用的報名"))
        members = _members_of(order, subject, request)
        amount = refund_amount(request.reason, sum(member.fee_twd for member in members), deduction_twd())
        deadlines = queries.deadlines_of(subject)
        case = _new_case(
            order,
            subject,
            amount,
            reason=request.reason,
            subjects=[member.key for member in members],
            explanation=request.explanation,
            apply_by=deadlines.apply_by,
            postmarked_on=request.postmarked_on,
        )
        _set_payee(case, request.payee)
        if request.proof is not None:
            case.proof = RefundProof(name=request.proof.name, mimetype=request.proof.mimetype)
            case.proof.content = request.proof.content
        session.flush()
        _record("request", case, actor, amount_twd=case.amount_twd, members=len(members))
        letters.send_requested(case, subject)
    return case


def withdraw_request(public_id: str, account_id: int, *, actor: Actor) -> RefundCase:
    """Take an application back as long as nobody has proposed anything; doing it twice changes nothing.

    :raises NotFound: when the account has no such case
    :raises Refused: when the office started it
    """
    with transaction() as session:
        queries.get_case_of(public_id, account_id)
        case = queries.get_case_for_update(session, public_id)
        if case.state == RefundState.WITHDRAWN:
            return case
        if case.by_office:
            raise Refused(Message("這件退費由總試務中心主動辦理，不用撤回"))
        case.state = next_state(case.state, RefundEvent.WITHDRAW)
        _record("withdraw", case, actor)
    return case


def record_application(
    public_id: str, *, postmarked_on: date | None, payee: Payee, has_paper_proof: bool, actor: Actor
) -> RefundCase:
    """Record what the envelope and the signed form say, before anything is proposed.

    :param postmarked_on: None for a case of the office, to which nobody applies
    :param has_paper_proof: a proof lies in the envelope, kept in the office's files
    """
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        _check_waiting(case)
        if postmarked_on is not None and postmarked_on > clock.today():
            raise InvalidValue(Message("郵戳日期不能晚於今天"), field="postmarked_on")
        case.postmarked_on = postmarked_on
        case.paper_proof = has_paper_proof
        _set_payee(case, payee)
        day = postmarked_on.isoformat() if postmarked_on else None
        _record("record_application", case, actor, postmarked_on=day, paper_proof=has_paper_proof)
    return case


def propose(public_id: str, *, grant: bool, note: str, actor: Actor) -> RefundCase:
    """Propose to grant or to refuse; somebody else decides (R108).

    :raises Refused: when it cannot be granted: no postmark, too late, no proof, no payee; or not refused
    """
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        _check_outcome(case, grant=grant)
        case.state = next_state(case.state, RefundEvent.PROPOSE)
        case.proposed_grant, case.proposal_note = grant, note
        case.proposed_by_id, case.proposed_at = actor.account_id, clock.now()
        case.decided_by_id = case.decided_at = case.decision_note = None
        _record("propose", case, actor, grant=grant)
    return case


def decide(public_id: str, *, grant: bool, note: str, actor: Actor) -> RefundCase:
    """Grant or refuse what another person has proposed; the last word may differ from the proposal (R108).

    A granted refund ends the registrations it is for.

    :raises Refused: when the same person proposed it, or as `propose`
    """
    with transaction() as session:
        case = _proposed_case(session, public_id, actor)
        _check_outcome(case, grant=grant)
        case.state = next_state(case.state, RefundEvent.GRANT if grant else RefundEvent.REFUSE)
        case.decided_by_id, case.decided_at, case.decision_note = actor.account_id, clock.now(), note
        _record("grant" if grant else "refuse", case, actor, amount_twd=case.amount_twd)
        letters.send_decided(case, can_repay=bool(check_can_repay(case)))
        if grant:
            refund_granted.send(case, actor=actor)
    return case


def send_back(public_id: str, *, note: str, actor: Actor) -> RefundCase:
    """Give a proposal back to who made it, with what is missing."""
    with transaction() as session:
        case = _proposed_case(session, public_id, actor)
        case.state = next_state(case.state, RefundEvent.SEND_BACK)
        case.decided_by_id, case.decided_at, case.decision_note = actor.account_id, clock.now(), note
        _record("send_back", case, actor)
    return case


def record_payout(public_id: str, *, money_order_number: str, paid_on: date, actor: Actor) -> RefundCase:
    """Record the money order that was posted to the payee, and tell the applicant (R107).

    :raises InvalidValue: when another case has this number, or the day is to come
    """
    with transaction() as session:
        case = queries.get_case_for_update(session, public_id)
        if paid_on > clock.today():
            raise InvalidValue(Message("寄出日期不能晚於今天"), field="paid_on")
        if queries.find_by_money_order(money_order_number) is not None:
            message = Message("這個匯票號碼已經登錄在另一件退費，請再核對一次")
            raise InvalidValue(message, field="money_order_number")
        case.state = next_state(case.state, RefundEvent.PAY)
        case.money_order_number, case.paid_on = money_order_number, paid_on
        _record("pay", case, actor, amount_twd=case.amount_twd, money_order=money_order_number)
        letters.send_paid(case)
    return case


def move_pay_by(cases: Sequence[RefundCase], pay_by: date, *, actor: Actor) -> None:
    """Announce a later payday for cases that are not settled (R109), inside the open unit of work."""
    for case in cases:
        if not case.is_settled and case.pay_by is not None and case.pay_by < pay_by:
            case.pay_by = pay_by
            _record("move_pay_by", case, actor, pay_by=pay_by.isoformat())


def move_apply_by(cases: Sequence[RefundCase], apply_by: date, *, actor: Actor) -> None:
    """Give cases that are not settled a later last postmark (R009), inside the open unit of work."""
    for case in cases:
        if not case.is_settled and case.apply_by is not None and case.apply_by < apply_by:
            case.apply_by = apply_by
            _record("move_apply_by", case, actor, apply_by=apply_by.isoformat())


def deduction_twd() -> int:
    """Return the year's postage and administration."""
    year = find_current_year()
    return int(year.facts["refund"]["deduction"]) if year else _BROCHURE_DEDUCTION_TWD


def _open_office_case(order: Order, part: Unneeded, subject: Subject | None, actor: Actor) -> RefundCase:
    amount = refund_amount(part.reason, part.basis_twd, deduction_twd())
    case = _new_case(order, subject, amount, reason=part.reason, receipt_id=part.receipt_id)
    if not amount.amount_twd:
        case.state = RefundState.CLOSED
    if subject is not None:
        _set_payee(case, Payee(subject.applicant_name, subject.address, subject.phone))
    db.session.flush()
    _record("open", case, actor, amount_twd=case.amount_twd, basis_twd=case.basis_twd)
    return case


def _new_case(
    order: Order, subject: Subject | None, amount: RefundAmount, *, reason: RefundReason, **values: object
) -> RefundCase:
    case = RefundCase(
        order=order,
        round_id=subject.exam_round.id if subject else None,
        area=subject.area if subject else None,
        reason=reason,
        state=RefundState.WAITING,
        basis_twd=amount.basis_twd,
        deduction_twd=amount.deduction_twd,
        amount_twd=amount.amount_twd,
        opened_at=clock.now(),
        pay_by=queries.deadlines_of(subject).pay_by if subject else None,
        **{"subjects": [], "explanation": "", **values},
    )
    db.session.add(case)
    return case


def _members_of(order: Order, subject: Subject, request: RefundRequest) -> list[Member]:
    on_paper = request.postmarked_on is not None
    left = [
        each for each in queries.members_left(subject, order.refunds) if on_paper or each.account_id is None
    ]
    rules.check_can_request(
        paid=order.is_paid,
        anyone_left=bool(left),
        judged_on=request.postmarked_on or clock.today(),
        apply_by=queries.deadlines_of(subject).apply_by,
    ).raise_if_refused()
    if request.reason not in rules.offered_reasons(queries.noticed_reasons(subject)):
        raise Refused(Message("這個原因要等公告發布後才能申請"), clause=rules.AMOUNT_CLAUSE, field="reason")
    if rules.RULES[request.reason].needs_proof and request.proof is None and not on_paper:
        raise InvalidValue(Message("這個原因要附證明文件，請選擇檔案"), field="proof")
    members = [member for member in left if member.key in set(request.members)]
    if not members or len(members) < len(set(request.members)):
        raise InvalidValue(Message("請勾選要退費的考生；已申請過的不能再選"), field="members")
    if len(members) > 1 and any(member.account_id for member in members):
        raise InvalidValue(Message("已移出團體的考生要單獨申請，請分開登錄"), field="members")
    return members


def _set_payee(case: RefundCase, payee: Payee) -> None:
    case.payee_name, case.payee_address, case.payee_phone = payee.name, payee.address, payee.phone


def _check_waiting(case: RefundCase) -> None:
    if case.state != RefundState.WAITING:
        raise Refused(Message("這件退費已經送核，不能再修改；要修改請先退回"))


def _check_outcome(case: RefundCase, *, grant: bool) -> None:
    if not grant:
        rules.check_can_refuse(case.reason).raise_if_refused()
        return
    rules.check_can_grant(
        case.reason, has_proof=case.has_proof, postmarked_on=case.postmarked_on, apply_by=case.apply_by
    ).raise_if_refused()
    if not case.payee_name or not case.payee_address:
        raise Refused(Message("請先填寫匯票受款人和收件地址"), field="payee_name")


def _proposed_case(session: Session, public_id: str, actor: Actor) -> RefundCase:
    case = queries.get_case_for_update(session, public_id)
    rules.check_can_decide(proposed_by=case.proposed_by_id, decides=actor.account_id).raise_if_refused()
    return case


def _record(verb: str, case: RefundCase, actor: Actor, **details: object) -> None:
    audit.record(f"refund.{verb}", case, actor, reason=case.reason.value, **details)
