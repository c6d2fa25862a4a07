"""The applicant's refund page, the same for a candidate and for a leader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.decisions import Decision
from app.core.errors import DomainError, NotFound
from app.core.messages import Message
from app.core.money import format_twd
from app.exams.notices import list_notices
from app.payments.models import Order, RefundCase
from app.payments.refunds import queries, rules, services
from app.payments.refunds.forms import RefundForm
from app.payments.refunds.rules import RULES, RefundReason
from app.payments.refunds.standing import case_standing
from app.payments.refunds.subjects import Member, Subject, find_subject
from app.web import current_actor


def refund(order: Order | None, *, back_url: str, back_label: object) -> ResponseReturnValue:
    """Answer GET and POST of the refund page of an order; the caller has checked whose it is.

    GET shows the cases so far and, when one can apply, the form; POST opens a case (R101-R112).

    :raises NotFound: when nothing had to be paid
    """
    subject = find_subject(order) if order is not None else None
    if order is None or subject is None:
        raise NotFound(Message("這份報名不用繳費，沒有費用可以退"))
    # Who has left the group is no longer the leader's business.
    cases = [each for each in queries.list_cases(order) if not subject.own_account_of(each.subjects)]
    members = [each for each in queries.members_left(subject, cases) if each.account_id is None]
    reasons = rules.offered_reasons(queries.noticed_reasons(subject))
    decision = check_can_request(order, subject, members)
    form = RefundForm(subject=subject, members=members, reasons=reasons) if decision else None
    if form is not None and form.validate_on_submit():
        try:
            services.submit_request(order.id, form.request(), actor=current_actor())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已收到退費申請。請下載申請書，簽名後掛號寄出。"), "done")
            return redirect(request.path, 303)
    page = render_template(
        "payments/refund.html",
        form=form,
        decision=decision,
        subject=subject,
        members=members,
        reasons=reasons,
        hints=_hints(reasons, members),
        deadlines=queries.deadlines_of(subject),
        notices=list_notices(subject.exam_round.id, subject.area),
        cases=[_shown(case, subject) for case in cases],
        back_url=back_url,
        back_label=back_label,
    )
    return page, 422 if form is not None and (form.errors or form.form_errors) else 200


def check_can_request(order: Order, subject: Subject, members: Sequence[Member]) -> Decision:
    """Decide whether an applicant can ask for a refund now."""
    return rules.check_can_request(
        paid=order.is_paid,
        anyone_left=bool(members),
        judged_on=clock.today(),
        apply_by=queries.deadlines_of(subject).apply_by,
    )


def _hints(reasons: Sequence[RefundReason], members: Sequence[Member]) -> dict[str, Any]:
    """Return under each reason what comes back and what is needed."""
    kept = services.deduction_twd()
    hints = {}
    for reason in reasons:
        if len(members) > 1:
            whole = Message("全額退還") if not RULES[reason].deducts else None
            sentence = whole or Message("每份申請扣除郵資及行政費 %(kept)s", {"kept": format_twd(kept)})
        else:
            amount = rules.refund_amount(reason, sum(m.fee_twd for m in members), kept)
            sentence = amount.explanation
        if RULES[reason].needs_proof:
            sentence = Message("%(amount)s；須附證明文件，由主辦單位決定", {"amount": sentence})
        hints[reason.value] = sentence
    return hints


def _shown(case: RefundCase, subject: Subject) -> tuple[RefundCase, Any, Message, list[str], bool]:
    """Return a case with its standing, its reason, whom it is for, and whether it can be withdrawn."""
    names = [member.name for member in subject.members if member.key in set(case.subjects)]
    can_withdraw = not case.by_office and case.state == case.state.WAITING
    return case, case_standing(case), RULES[case.reason].label, names, can_withdraw
