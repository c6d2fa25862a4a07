"""The desk for identity data: what candidates ask to have corrected, and the correction (R141, R142)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin import services
from app.admin.amendment_forms import AmendForm, DeclineForm
from app.admin.case_facts import person_sections
from app.admin.queries import amendments
from app.core import clock
from app.core.errors import DomainError
from app.core.identity import mask_name
from app.registration.models import Registration
from app.registration.queries import find_waiting_amendment
from app.registration.services import amend_identity, decline_amendment, route_of
from app.registration.states import AmendmentState
from app.web import current_actor

bp = Blueprint("amendments", __name__, url_prefix="/amendments")


@bp.get("/")
@permission_required(Permission.CORRECT)
def index() -> str:
    state = AmendmentState.ON_SITE if request.args.get("at") == "site" else AmendmentState.OPEN
    return render_template(
        "admin/amendments.html",
        requests=amendments.list_waiting(state),
        counts=amendments.count_waiting(),
        state=state,
        mask_name=mask_name,
    )


@bp.route("/<public_id>", methods=["GET", "POST"])
@permission_required(Permission.CORRECT)
def amend(public_id: str) -> Any:
    """Show one registration with what is asked for; what is typed replaces what stands, the rest stays."""
    registration = services.look_at_registration(public_id, actor=current_actor())
    form = AmendForm(today=clock.today(), was_foreign=registration.is_foreign)
    if form.validate_on_submit():
        try:
            changed = amend_identity(
                public_id,
                form.change(),
                reason=form.reason.data,
                office_error=form.is_office_error,
                fee_accepted=form.fee_accepted.data,
                seen=form.seen_document,
                actor=current_actor(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            name = mask_name(registration.chinese_name)
            flash(_("已更正 %(name)s 的 %(count)s 項資料。", name=name, count=len(changed)), "success")
            return redirect(url_for(".index"), 303)
    return _page(registration, form, DeclineForm(formdata=None))


@bp.post("/<public_id>/decline")
@permission_required(Permission.CORRECT)
def decline(public_id: str) -> Any:
    registration = services.look_at_registration(public_id, actor=current_actor())
    form = DeclineForm()
    if not form.validate_on_submit():
        today = clock.today()
        return _page(
            registration, AmendForm(today=today, was_foreign=registration.is_foreign, formdata=None), form
        )
    decline_amendment(public_id, form.reply.data, actor=current_actor())
    flash(_("已回覆考生，這件申請結案。"), "success")
    return redirect(url_for(".index"), 303)


def _page(registration: Registration, form: AmendForm, decline_form: DeclineForm) -> tuple[str, int]:
    page = render_template(
        "admin/amendment.html",
        registration=registration,
        waiting=find_waiting_amendment(registration),
        on_site=route_of(registration, clock.today(), office_error=False) == AmendmentState.ON_SITE,
        sections=person_sections(registration, unmasked=False)[:1],
        form=form,
        decline_form=decline_form,
        name=mask_name(registration.chinese_name),
    )
    return page, 422 if form.errors or decline_form.errors else 200
