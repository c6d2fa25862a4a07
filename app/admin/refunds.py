"""The refunds desk: applications and money that came wrong, from the envelope to the money order."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Redirection

from app.accounts.permissions import Permission
from app.accounts.policy import (
    current_account,
    fresh_sign_in_required,
    may_open,
    permission_required,
)
from app.admin import services
from app.admin.chips import chip_row
from app.admin.paging import asked_page
from app.admin.queries import refunds as desk
from app.admin.queries.payments import find_subject as find_owner
from app.admin.queries.payments import get_order
from app.admin.refund_acts import offered_batch
from app.admin.refund_forms import ApplicationForm, DecideForm, JudgeForm, PaperForm, PayoutForm
from app.admin.refund_papers import payout_frame, payout_rows
from app.core.downloads import attachment
from app.core.errors import DomainError, NotFound, Refused
from app.core.identity import mask_name
from app.core.messages import Message
from app.groups.models import Group
from app.payments.models import RefundCase
from app.payments.refunds import queries
from app.payments.refunds import services as refunds
from app.payments.refunds.pages import check_can_request
from app.payments.refunds.payout_list import build_payout_pdf, build_payout_sheet
from app.payments.refunds.rules import APPLICANTS_REASONS, RULES, offered_reasons
from app.payments.refunds.states import STATE_LABELS, RefundState
from app.payments.refunds.subjects import find_subject
from app.payments.refunds.through_gateway import check_can_repay
from app.web import current_actor

bp = Blueprint("refunds", __name__, url_prefix="/refunds")
prepares = permission_required(Permission.REFUNDS_PREPARE)
decides = permission_required(Permission.REFUNDS_DECIDE)
sees = permission_required(Permission.REFUNDS_PREPARE, Permission.REFUNDS_DECIDE)

STATE_TAGS = {
    RefundState.WAITING: "attention",
    RefundState.PROPOSED: "attention",
    RefundState.GRANTED: "attention",
    RefundState.SENDING: "waiting",
    RefundState.PAID: "done",
    RefundState.REFUSED: "neutral",
    RefundState.WITHDRAWN: "neutral",
    RefundState.CLOSED: "neutral",
}


@bp.get("/")
@sees
def index() -> str:
    asked = request.args.get("state")
    state = RefundState(asked) if asked in set(RefundState) else RefundState.WAITING
    counts = desk.count_by_state()
    page = asked_page(counts.get(state, 0))
    return render_template(
        "admin/refunds.html",
        state=state,
        cases=desk.list_cases(state, page=page),
        chips=chip_row(
            {each.value: number for each, number in counts.items()},
            [(each.value, label) for each, label in STATE_LABELS.items()],
            state.value,
            lambda value: url_for(".index", state=value),
        ),
        page=page,
        url_of=lambda number: url_for(".index", state=state.value, page=number),
        rules=RULES,
        to_pay=counts.get(RefundState.GRANTED, 0),
        mask_name=mask_name,
        batch=offered_batch(state),
    )


@bp.get("/<public_id>")
@sees
def show(public_id: str) -> ResponseReturnValue:
    return _case_page(services.look_at_refund(public_id, actor=current_actor()))


@bp.post("/<public_id>/application")
@prepares
def application(public_id: str) -> ResponseReturnValue:
    case = queries.get_case(public_id)
    form = ApplicationForm(case)
    if form.validate_on_submit():
        try:
            refunds.record_application(
                public_id,
                postmarked_on=None if case.by_office else form.postmarked_on.value,
                payee=form.payee(),
                has_paper_proof=form.paper_proof.data,
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已登錄申請書。"), "done")
            return _back_to(public_id)
    return _case_page(case, application=form)


@bp.post("/<public_id>/propose")
@prepares
def propose(public_id: str) -> ResponseReturnValue:
    form = JudgeForm()
    if not form.validate_on_submit():
        return _case_page(queries.get_case(public_id), judge=form)
    try:
        refunds.propose(
            public_id, grant=form.outcome.data == "grant", note=form.note.value or "", actor=current_actor()
        )
    except Refused as error:
        form.form_errors.append(error.message)
        return _case_page(queries.get_case(public_id), judge=form)
    flash(_l("已送請核定，請由另一位同仁核定。"), "done")
    return _back_to(public_id)


@bp.post("/<public_id>/decide")
@decides
def decide(public_id: str) -> ResponseReturnValue:
    form = DecideForm()
    if not form.validate_on_submit():
        return _case_page(queries.get_case(public_id), judge=form)
    outcome, note, actor = form.outcome.data, form.note.value or "", current_actor()
    try:
        if outcome == "send_back":
            refunds.send_back(public_id, note=note, actor=actor)
        else:
            refunds.decide(public_id, grant=outcome == "grant", note=note, actor=actor)
    except Refused as error:
        form.form_errors.append(error.message)
        return _case_page(queries.get_case(public_id), judge=form)
    done = {"grant": _l("已核准，申請人會收到通知。"), "refuse": _l("已不予核准，申請人會收到通知。")}
    flash(done.get(outcome, _l("已退回承辦人。")), "done")
    return _back_to(public_id)


@bp.post("/<public_id>/pay")
@prepares
def pay(public_id: str) -> ResponseReturnValue:
    form = PayoutForm()
    if form.validate_on_submit():
        try:
            refunds.record_payout(
                public_id,
                money_order_number=form.money_order_number.value,
                paid_on=form.paid_on.value,
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已登錄匯票，申請人會收到通知。"), "done")
            return _back_to(public_id)
    return _case_page(queries.get_case(public_id), payout=form)


@bp.get("/<public_id>/proof")
@sees
def proof(public_id: str) -> Response:
    case = services.look_at_refund(public_id, actor=current_actor())
    if case.proof is None:
        raise NotFound(Message("這件退費沒有上傳證明文件"))
    ending = case.proof.name.rpartition(".")[2]
    return attachment(
        case.proof.content,
        mimetype=case.proof.mimetype,
        name=f"證明文件-{case.number}.{ending}",
        plain_name=f"proof-{case.number}.{ending}",
    )


@bp.get("/list.xlsx")
@prepares
@fresh_sign_in_required
def payout_sheet() -> Response:
    rows = payout_rows(services.look_at_payouts(actor=current_actor()))
    return attachment(
        build_payout_sheet(rows),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        name="退費匯票清單.xlsx",
        plain_name="refund-money-orders.xlsx",
    )


@bp.get("/list.pdf")
@prepares
@fresh_sign_in_required
def payout_pdf() -> Response:
    rows = payout_rows(services.look_at_payouts(actor=current_actor()))
    return attachment(
        build_payout_pdf(payout_frame(), rows),
        mimetype="application/pdf",
        name="退費匯票清單.pdf",
        plain_name="refund-money-orders.pdf",
    )


@bp.route("/new/<order_id>", methods=["GET", "POST"])
@prepares
def paper(order_id: str) -> ResponseReturnValue:
    """Enter an application that came by post without one online; its postmark decides (R106)."""
    order = get_order(order_id)
    subject = find_subject(order)
    if subject is None:
        raise NotFound(Message("找不到這筆費用的報名"))
    members = queries.members_left(subject, queries.list_cases(order))
    if not members:
        check_can_request(order, subject, members).raise_if_refused()
    reasons = offered_reasons(queries.noticed_reasons(subject))
    form = PaperForm(subject=subject, members=members, reasons=reasons)
    if form.validate_on_submit():
        try:
            case = refunds.submit_request(order.id, form.request(), actor=current_actor())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已登錄書面申請。"), "done")
            return _back_to(case.public_id)
    page = render_template(
        "admin/refund_paper.html",
        form=form,
        order=order,
        members=members,
        deadlines=queries.deadlines_of(subject),
        missing_notices=[RULES[reason].label for reason in APPLICANTS_REASONS if reason not in reasons],
    )
    return page, 422 if form.errors or form.form_errors else 200


def _case_page(
    case: RefundCase,
    *,
    application: ApplicationForm | None = None,
    judge: JudgeForm | None = None,
    payout: PayoutForm | None = None,
) -> ResponseReturnValue:
    subject = find_subject(case.order)
    own = case.proposed_by_id == current_account().id
    page = render_template(
        "admin/refund.html",
        case=case,
        rule=RULES[case.reason],
        state_label=STATE_LABELS[case.state],
        state_kind=STATE_TAGS[case.state],
        names=[m.name for m in subject.members if m.key in case.subjects] if subject else [],
        applicant=subject.applicant_name if subject else None,
        owner_url=_owner_url(case),
        staff=desk.names_of([case.proposed_by_id, case.decided_by_id]),
        own_proposal=own,
        can_repay=check_can_repay(case).allowed,
        application=application or ApplicationForm(case),
        judge=judge or (DecideForm() if case.state == RefundState.PROPOSED else JudgeForm()),
        payout=payout or PayoutForm(),
    )
    return page, 422 if application or judge or payout else 200


def _owner_url(case: RefundCase) -> str | None:
    owner = find_owner(case.order)
    if owner is None:
        return None
    endpoint = "admin.groups.show" if isinstance(owner, Group) else "admin.review.case"
    return url_for(endpoint, public_id=owner.public_id) if may_open(endpoint) else None


def _back_to(public_id: str) -> Redirection:
    return redirect(url_for(".show", public_id=public_id), 303)
