"""Results for those whom they concern, and the page that the code on a document leads to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for

from app.accounts.models import AccountKind
from app.accounts.policy import (
    applicant_required,
    current_account,
    find_current_account,
    kind_required,
    open_to_all,
)
from app.accounts.throttle import count_pdf
from app.core import clock
from app.core.decisions import Decision
from app.core.downloads import attachment
from app.core.errors import NotFound, Refused
from app.core.messages import Message
from app.core.translation import reader_language
from app.exams.models import Round
from app.exams.queries import list_rounds
from app.groups.models import Group
from app.groups.queries import get_group
from app.registration.models import Registration
from app.registration.queries import get_registration
from app.results import pages, queries
from app.results.certificate_pdf import build_certificates
from app.results.content import certificate_contents, report_contents
from app.results.report_pdf import build_reports
from app.results.rules import check_certificate_open, check_result_open
from app.results.verification import check_document

bp = Blueprint("results", __name__)


@bp.get("/pass-marks")
@open_to_all
def pass_marks() -> str:
    """Show what passing takes in each round whose marks have been announced (R057, R058)."""
    announced = queries.list_announced_marks(list_rounds(), clock.today())
    return render_template("results/pass_marks.html", announced=announced, rows_of=pages.mark_rows)


@bp.get("/registrations/<public_id>/result")
@applicant_required
def show(public_id: str) -> Any:
    registration = _mine(public_id)
    decision = result_decision(registration.exam_round)
    back = url_for("registration.show", public_id=public_id)
    if not decision:
        return _explain(decision.reason, back)
    return render_template(
        "results/show.html",
        registration=registration,
        result=pages.result_page(_standing(registration), registration.exam_round, clock.now()),
        back=back,
    )


@bp.get("/registrations/<public_id>/score.pdf")
@applicant_required
def score_report(public_id: str) -> Any:
    registration = _mine(public_id)
    decision = result_decision(registration.exam_round)
    if not decision:
        return _explain(decision.reason, url_for("registration.show", public_id=public_id))
    return _reports([_standing(registration)], registration.exam_round)


@bp.get("/registrations/<public_id>/certificate.pdf")
@applicant_required
def certificate(public_id: str) -> Any:
    registration = _mine(public_id)
    exam_round = registration.exam_round
    standing = queries.find_standing(registration)
    decision = check_certificate_open(
        result_decision(exam_round),
        passed=standing is not None and standing.passed,
        in_force=standing is not None and standing.certificate is not None,
        opens_on=exam_round.certificate_from,
        now=clock.now(),
    )
    if not decision or standing is None:
        return _explain(decision.reason, url_for("registration.show", public_id=public_id))
    count_pdf(current_account().id)
    content = build_certificates(
        certificate_contents([standing], base_url=base_url(), language=reader_language())
    )
    return attachment(
        content,
        mimetype="application/pdf",
        name="合格證書.pdf",
        plain_name=f"certificate-{exam_round.code}.pdf",
    )


@bp.get("/groups/<public_id>/results")
@kind_required(AccountKind.GROUP)
def group_results(public_id: str) -> Any:
    group = _my_group(public_id)
    decision = result_decision(group.exam_round)
    if not decision:
        return _explain(decision.reason, url_for("groups.show", public_id=public_id))
    standings = queries.list_group_standings(group.id)
    return render_template("results/group.html", group=group, rows=pages.group_rows(standings))


@bp.get("/groups/<public_id>/scores.pdf")
@kind_required(AccountKind.GROUP)
def group_reports(public_id: str) -> Any:
    group = _my_group(public_id)
    decision = result_decision(group.exam_round)
    standings = queries.list_group_standings(group.id) if decision else []
    if not standings:
        reason = Message("這個團體沒有成績單") if decision else decision.reason
        return _explain(reason, url_for("groups.show", public_id=public_id))
    return _reports(standings, group.exam_round)


@bp.get("/verify-document")
@open_to_all
def verify_document() -> Response:
    """Tell anyone who scans a document whether we printed it, and whether it is in force."""
    code = request.args.get("d")
    outcome = None if code is None else check_document(code)
    page = make_response(render_template("results/verify.html", outcome=outcome))
    page.headers["Cache-Control"] = "no-store"
    return page


@bp.app_context_processor
def offer_group_results() -> dict[str, Any]:
    """Give a leader's group page the way to the results, where the switch is on and they are out."""
    account = find_current_account()
    if account is None or account.kind != AccountKind.GROUP or not leaders_may_see():
        return {}
    return {"group_results_url": _group_results_url}


def base_url() -> str:
    """Return where people reach the portal, without a slash at the end."""
    address: str = current_app.extensions["settings"].base_url
    return address.rstrip("/")


def result_decision(exam_round: Round) -> Decision:
    """Return whether a round's results can be seen now."""
    published = queries.find_publication(exam_round.id) is not None
    return check_result_open(published=published, opens_at=exam_round.score_opens_at, now=clock.now())


def leaders_may_see() -> bool:
    """Return whether group leaders see their members' results (R155)."""
    switch: str = current_app.extensions["settings"].leader_results
    return switch == "on"


def _group_results_url(group: Group) -> str | None:
    return (
        url_for("results.group_results", public_id=group.public_id)
        if result_decision(group.exam_round)
        else None
    )


def _mine(public_id: str) -> Registration:
    return get_registration(public_id, current_account().id)


def _my_group(public_id: str) -> Group:
    group = get_group(public_id, current_account().id)
    if not leaders_may_see():
        raise Refused(Message("團報負責人不能查詢團員的成績。成績單會寄給每位考生"))
    return group


def _standing(registration: Registration) -> queries.Standing:
    standing = queries.find_standing(registration)
    if standing is None:
        raise NotFound(Message("這份報名沒有成績。有疑問請電洽總試務中心"))
    return standing


def _reports(standings: list[queries.Standing], exam_round: Round) -> Response:
    count_pdf(current_account().id)
    return attachment(
        build_reports(
            report_contents(standings, exam_round, base_url=base_url(), language=reader_language())
        ),
        mimetype="application/pdf",
        name=f"成績單-{exam_round.name}.pdf",
        plain_name=f"score-{exam_round.code}.pdf",
    )


def _explain(message: Message, back: str) -> tuple[str, int]:
    return render_template("results/not_yet.html", message=message, back=back), 409
