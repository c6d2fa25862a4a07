"""An applicant's own refund cases: the form to be signed, and taking it back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Redirection

from app.accounts.policy import applicant_required, current_account
from app.accounts.throttle import count_pdf
from app.core.downloads import attachment
from app.core.translation import reader_language
from app.payments.refunds import queries, services
from app.payments.refunds.content import refund_form_content
from app.payments.refunds.form_pdf import build_refund_form
from app.payments.refunds.subjects import find_subject
from app.web import current_actor

bp = Blueprint("refunds", __name__, url_prefix="/refunds")


@bp.get("/<public_id>/form.pdf")
@applicant_required
def form(public_id: str) -> Response:
    case = queries.get_case_of(public_id, current_account().id)
    count_pdf(current_account().id)
    return attachment(
        build_refund_form(refund_form_content(case, language=reader_language())),
        mimetype="application/pdf",
        name=f"退費申請書-{case.number}.pdf",
        plain_name=f"refund-{case.number}.pdf",
    )


@bp.post("/<public_id>/withdraw")
@applicant_required
def withdraw(public_id: str) -> Redirection:
    case = services.withdraw_request(public_id, current_account().id, actor=current_actor())
    flash(_l("已撤回退費申請。"), "done")
    subject = find_subject(case.order)
    path = f"{subject.page_path}/refund" if subject else "/"
    return redirect(request.script_root + path, 303)
