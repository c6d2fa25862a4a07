"""The desk for special arrangements: who asks for what, the proof, and the answer (R185, R253).

Special data (security 0, P4): a permission of its own, and every look is on record.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin import services
from app.admin.arrangement_forms import ArrangementAnswerForm
from app.admin.paging import asked_page
from app.admin.queries import arrangements
from app.core.downloads import attachment
from app.core.errors import DomainError
from app.core.identity import mask_name
from app.core.uploads import MIMETYPES
from app.registration.pages import ARRANGEMENT_TAGS, arrangement_answer, arrangement_rows
from app.registration.services import decide_arrangement
from app.web import current_actor

bp = Blueprint("arrangements", __name__, url_prefix="/arrangements")


@bp.get("/")
@permission_required(Permission.ACCOMMODATION)
def index() -> str:
    answered = request.args.get("answered") == "yes"
    counts = arrangements.count_requests()
    page = asked_page(counts[answered])
    return render_template(
        "admin/arrangements.html",
        registrations=arrangements.list_requests(answered=answered, page=page),
        counts=counts,
        answered=answered,
        tags=ARRANGEMENT_TAGS,
        page=page,
        url_of=lambda number: url_for(".index", answered="yes" if answered else None, page=number),
        mask_name=mask_name,
    )


@bp.route("/<public_id>", methods=["GET", "POST"])
@permission_required(Permission.ACCOMMODATION)
def show(public_id: str) -> Any:
    registration = services.look_at_arrangement(public_id, actor=current_actor())
    form = ArrangementAnswerForm(registration.arrangement)
    if form.validate_on_submit():
        try:
            decide_arrangement(
                public_id,
                form.decision,
                provided=form.arrangement.value,
                reply=form.reply.value,
                actor=current_actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("已回覆 %(name)s 的申請。", name=mask_name(registration.chinese_name)), "success")
            return redirect(url_for(".index"), 303)
    page = render_template(
        "admin/arrangement.html",
        registration=registration,
        name=mask_name(registration.chinese_name),
        rows=arrangement_rows(registration),
        answer=arrangement_answer(registration),
        files=registration.arrangement.files if registration.arrangement else [],
        form=form,
    )
    return page, form.status_code


@bp.get("/<public_id>/files/<file_id>")
@permission_required(Permission.ACCOMMODATION)
def proof(public_id: str, file_id: str) -> Response:
    """Hand out a proof; only as a file to be saved, and on record."""
    found = services.take_arrangement_file(public_id, file_id, actor=current_actor())
    name = f"proof-{found.public_id}.{found.suffix}"
    return attachment(found.content, mimetype=MIMETYPES[found.suffix], name=name, plain_name=name)
