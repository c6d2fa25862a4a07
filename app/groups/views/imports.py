"""The sheet: its template, the upload, and what it did."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.policy import current_account
from app.accounts.throttle import TooManyAttempts, count_pdf, one_import
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import InvalidValue, Refused
from app.exams.places import OfferingFull
from app.groups import pages, queries, services
from app.groups.forms import SheetForm
from app.groups.guide_pdf import build_guide
from app.groups.models import SheetImport
from app.groups.sheets.template_sheet import build_template
from app.groups.views.room import bp, get_my_group, get_my_open_group, leader_required
from app.web import current_actor

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/<public_id>/template.xlsx")
@leader_required
def template(public_id: str) -> Response:
    group = get_my_group(public_id)
    content = build_template(services.template_facts(group))
    # Named by round and area: teachers with several groups must not mix the files up.
    name = f"{group.exam_round.name}_{group.offering.area}_匯入範例.xlsx"
    return send_file(BytesIO(content), _XLSX, as_attachment=True, download_name=name)


@bp.get("/guide.pdf")
@leader_required
def guide() -> Response:
    """Hand out the printed guide to the sheet (R228)."""
    count_pdf(current_account().id)
    return attachment(
        build_guide(pages.import_guide(clock.now())),
        mimetype="application/pdf",
        name="匯入說明.pdf",
        plain_name="import-guide.pdf",
    )


@bp.route("/<public_id>/import", methods=["GET", "POST"])
@leader_required
def import_members(public_id: str) -> ResponseReturnValue:
    group, form, headers = get_my_open_group(public_id), SheetForm(), {}
    if form.validate_on_submit():
        upload = form.sheet.data
        try:
            stored = _import(public_id, upload.filename or "", upload.read())
        except (InvalidValue, OfferingFull, Refused) as refusal:
            form.refuse_sheet(refusal)
        except TooManyAttempts as refusal:
            form.refuse_sheet(refusal)
            headers = {"Retry-After": str(refusal.retry_after_seconds)}
        else:
            return redirect(url_for(".show_import", public_id=public_id, import_id=stored.public_id), 303)
    page = render_template(
        "groups/import.html",
        group=group,
        form=form,
        imports=queries.list_imports(group),
        track=current_account().track,
    )
    return page, 429 if headers else 422 if form.errors else 200, headers


def _import(public_id: str, name: str, content: bytes) -> SheetImport:
    account = current_account()
    with one_import(account.id):
        return services.import_sheet(public_id, account.id, name, content, actor=current_actor())


@bp.get("/<public_id>/imports/<import_id>")
@leader_required
def show_import(public_id: str, import_id: str) -> str:
    group = get_my_group(public_id)
    stored = queries.get_import(group, import_id)
    now = clock.now()
    [facts] = pages.facts_of_all([group], now)
    return render_template(
        "groups/import_result.html",
        group=group,
        stored=stored,
        report=pages.report_of(stored),
        can_change=pages.can_change(facts, now),
        member_count=facts.member_count,
        form=SheetForm(formdata=None),
        most_shown=pages.MOST_REFUSALS_SHOWN,
        track=current_account().track,
    )
