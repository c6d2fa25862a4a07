"""The desk for additional sessions: 增開考區 and 到校施測 are opened or refused (R039, R040)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin import services
from app.admin.extra_session_forms import GrantForm, RefuseForm
from app.admin.paging import SIZE, asked_page
from app.core import clock
from app.core.errors import DomainError
from app.exams.queries import places_left
from app.groups import extra_session_queries as queries
from app.groups.extra_session_models import ExtraSession
from app.groups.extra_session_pages import STATE_TAGS, request_rows
from app.groups.extra_session_rules import ExtraSessionState
from app.groups.services import grant_extra_session, refuse_extra_session
from app.web import current_actor

bp = Blueprint("extra_sessions", __name__, url_prefix="/sessions")


@bp.get("/")
@permission_required(Permission.SEATING)
def index() -> str:
    wanted = request.args.get("state")
    state = ExtraSessionState(wanted) if wanted in set(ExtraSessionState) else ExtraSessionState.WAITING
    counts = queries.count_requests()
    page = asked_page(counts[state])
    return render_template(
        "admin/extra_sessions.html",
        requests=queries.list_requests(state, offset=page.offset, limit=SIZE),
        counts=counts,
        state=state,
        tags=STATE_TAGS,
        page=page,
        url_of=lambda number: url_for(".index", state=state, page=number),
    )


@bp.route("/<public_id>", methods=["GET", "POST"])
@permission_required(Permission.SEATING)
def show(public_id: str) -> Any:
    """Show one request; what is posted opens the session as it is typed."""
    asked = services.look_at_extra_session(public_id, actor=current_actor())
    form = GrantForm(asked)
    if form.validate_on_submit():
        try:
            offering = grant_extra_session(
                public_id,
                area=form.area.value,
                site=form.site.value,
                capacity=form.capacity.value,
                reply=form.note.value,
                actor=current_actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("已增開%(area)s考區，並通知團報負責人。", area=offering.area), "success")
            return redirect(url_for(".show", public_id=public_id), 303)
    return _page(asked, form, RefuseForm(formdata=None))


@bp.post("/<public_id>/refuse")
@permission_required(Permission.SEATING)
def refuse(public_id: str) -> Any:
    asked = services.look_at_extra_session(public_id, actor=current_actor())
    form = RefuseForm()
    if not form.validate_on_submit():
        return _page(asked, GrantForm(asked, formdata=None), form)
    refuse_extra_session(public_id, form.reply.value, actor=current_actor())
    flash(_("已回覆團報負責人，這件申請結案。"), "success")
    return redirect(url_for(".index"), 303)


def _page(asked: ExtraSession, form: GrantForm, refuse_form: RefuseForm) -> tuple[str, int]:
    left = places_left(asked.exam_round.offerings, clock.now())
    page = render_template(
        "admin/extra_session.html",
        asked=asked,
        tag=STATE_TAGS[asked.state],
        rows=[*request_rows(asked), (_("帳號"), asked.account.email)],
        areas=[(each, left[each.id]) for each in asked.exam_round.offerings],
        form=form,
        refuse_form=refuse_form,
    )
    return page, max(form.status_code, refuse_form.status_code)
