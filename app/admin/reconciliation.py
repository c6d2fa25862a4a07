"""The reconciliation desk: what does not agree between files and portal, its owners, and day-end totals.

Files and money in suspense have modules of their own.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Redirection

from app.accounts.permissions import Permission
from app.accounts.policy import current_account, permission_required
from app.admin import services as looks
from app.admin.paging import asked_page
from app.admin.queries import reconciliation as desk
from app.admin.queries.refunds import names_of
from app.admin.reconciliation_forms import CloseForm
from app.admin.reconciliation_sheet import build_findings_sheet
from app.admin.reconciliation_words import (
    EMPTY_WORDS,
    GATEWAY_NAMES,
    KIND_ANSWERS,
    LINE_KIND_NAMES,
)
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import DomainError, InvalidValue
from app.core.roc_dates import format_roc, parse_date
from app.payments.models import Finding
from app.payments.reconciliation import services
from app.payments.reconciliation.queries import get_finding
from app.payments.reconciliation.sources import SOURCES
from app.payments.reconciliation.states import ACTION_NAMES, KIND_NAMES, FindingKind
from app.payments.words import METHOD_NAMES
from app.web import current_actor

bp = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")
reconciles = permission_required(Permission.RECONCILE)


@bp.get("/")
@reconciles
def index() -> str:
    kind, closed = _asked()
    counts = desk.count_findings(closed=closed)
    page = asked_page(counts.get(kind, 0))
    findings = desk.list_findings(kind, closed=closed, page=page)

    def url_of(value: str, **more: Any) -> str:
        return url_for(".index", kind=value, closed="yes" if closed else None, **more)

    undecided, _returning = desk.count_suspense()
    return render_template(
        "admin/reconciliation/index.html",
        kind=kind,
        closed=closed,
        answer=KIND_ANSWERS[kind],
        empty_text=EMPTY_WORDS[kind],
        findings=findings,
        orders=desk.orders_of(findings),
        staff=names_of([finding.owner_id for finding in findings]),
        chips=[
            (label, url_of(each.value), counts.get(each, 0), each is kind)
            for each, label in KIND_NAMES.items()
        ],
        undecided=undecided,
        page=page,
        url_of=lambda number: url_of(kind.value, page=number),
        **_words(),
    )


@bp.get("/findings.xlsx")
@reconciles
def sheet() -> Response:
    kind, closed = _asked()
    findings = desk.list_findings(kind, closed=closed, page=None)
    people = [account for finding in findings for account in (finding.owner_id, finding.closed_by_id)]
    return attachment(
        build_findings_sheet(findings, names_of(people)),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        name=f"對帳-{KIND_NAMES[kind]}.xlsx",
        plain_name=f"reconciliation-{kind.value}.xlsx",
    )


@bp.get("/findings/<public_id>")
@reconciles
def show(public_id: str) -> ResponseReturnValue:
    return _finding_page(looks.look_at_finding(public_id, actor=current_actor()), CloseForm())


@bp.post("/findings/<public_id>/own")
@reconciles
def own(public_id: str) -> Redirection:
    services.own_finding(public_id, account_id=current_account().id, actor=current_actor())
    flash(_l("這一筆由您承辦。"), "done")
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/findings/<public_id>/close")
@reconciles
def close(public_id: str) -> ResponseReturnValue:
    finding = get_finding(public_id)
    form = CloseForm()
    if form.validate_on_submit():
        try:
            services.close_finding(
                public_id,
                action=form.chosen,
                note=form.note.value or "",
                account_id=current_account().id,
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已結案。"), "done")
            return redirect(url_for(".index", kind=finding.kind.value), 303)
    return _finding_page(finding, form)


@bp.get("/totals")
@reconciles
def totals() -> str:
    last = clock.today()
    with suppress(InvalidValue):  # nothing was asked for, or no day: then up to today
        last = min(last, parse_date(request.args.get("until", "")))
    return render_template(
        "admin/reconciliation/totals.html",
        totals=desk.day_totals(last),
        last=last,
        until=format_roc(last),
        days=desk.DAYS_SHOWN,
        method_names=METHOD_NAMES,
        **_words(),
    )


def _asked() -> tuple[FindingKind, bool]:
    asked = request.args.get("kind")
    kind = FindingKind(asked) if asked in set(FindingKind) else FindingKind.NOT_IN_PORTAL
    return kind, request.args.get("closed") == "yes"


def _finding_page(finding: Finding, form: CloseForm) -> ResponseReturnValue:
    line = finding.line
    page = render_template(
        "admin/reconciliation/finding.html",
        finding=finding,
        line=line,
        receipt=finding.receipt or (line.receipt if line else None),
        orders=desk.orders_of([finding]),
        staff=names_of([finding.owner_id, finding.closed_by_id]),
        is_mine=finding.owner_id == current_account().id,
        form=form,
        answer=KIND_ANSWERS[finding.kind],
        action_names=ACTION_NAMES,
        line_kind_names=LINE_KIND_NAMES,
        method_names=METHOD_NAMES,
        **_words(),
    )
    return page, form.status_code


def _words() -> dict[str, Any]:
    return {"kind_names": KIND_NAMES, "gateway_names": GATEWAY_NAMES, "sources": SOURCES}
