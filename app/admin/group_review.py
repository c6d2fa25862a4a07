"""The groups desk, second part: chosen members are approved, or asked for what is missing, at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirection

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin.forms import ReturnForm
from app.admin.groups import bp
from app.admin.queries import groups
from app.core import clock
from app.core.errors import DomainError
from app.core.identity import mask_name
from app.groups.models import Group
from app.groups.services import approve_members, list_chosen, return_members
from app.registration.models import Registration
from app.registration.rules import correction_deadline
from app.registration.states import ReviewState
from app.web import current_actor, translate

_ASKED, _CONFIRMED = "asked", "confirmed"


@bp.post("/<public_id>/members/approve")
@permission_required(Permission.REVIEW)
def approve_picked(public_id: str) -> ResponseReturnValue:
    """Ask once, with the names; the same address approves when that page is confirmed."""
    group = groups.get_group(public_id)
    try:
        picked = _picked(group)
        if not picked:
            return _back_to(group)
        if request.form.get("step") != _CONFIRMED:
            return render_template("admin/group_pick.html", group=group, **_names(picked))
        approved = approve_members(public_id, _ids(picked), actor=current_actor())
    except DomainError as refusal:
        flash(translate(refusal.message), "error")
        return _back_to(group)
    flash(_("已通過「%(name)s」的 %(count)s 位考生。", name=group.name, count=approved), "success")
    return _back_to(group)


@bp.post("/<public_id>/members/return")
@permission_required(Permission.REVIEW)
def return_picked(public_id: str) -> ResponseReturnValue:
    """Ask what is missing, then show the letter, then send it: one address, three steps."""
    group, step = groups.get_group(public_id), request.form.get("step")
    form = ReturnForm() if step else ReturnForm(formdata=None)
    try:
        picked = _picked(group)
        waiting = [each for each in picked if each.review_state == ReviewState.PENDING]
        if not waiting:
            if picked:
                flash(_("勾選的考生都已經通知過，不用再通知。"), "message")
            return _back_to(group)
        if not step or not form.validate_on_submit():
            return _return_page(group, picked, waiting, form)
        if step != _CONFIRMED:
            return _confirm_page(group, waiting, form)
        asked = return_members(public_id, _ids(waiting), form.missing, actor=current_actor())
    except DomainError as refusal:
        flash(translate(refusal.message), "error")
        return _back_to(group)
    flash(_("已請 %(count)s 位考生補正，一封信寄給團報負責人。", count=asked), "success")
    return _back_to(group)


def _return_page(
    group: Group, picked: Sequence[Registration], waiting: Sequence[Registration], form: ReturnForm
) -> ResponseReturnValue:
    page = render_template(
        "admin/group_return.html",
        group=group,
        form=form,
        left_out=len(picked) - len(waiting),
        **_names(waiting),
    )
    return page, 422 if form.errors else 200


def _confirm_page(group: Group, waiting: Sequence[Registration], form: ReturnForm) -> str:
    return render_template(
        "admin/group_return_confirm.html",
        group=group,
        missing=form.missing,
        typed=[(name, value) for name, value in request.form.items(multi=True) if name in form],
        last_day=correction_deadline(clock.today(), group.exam_round.test_on),
        **_names(waiting),
    )


def _picked(group: Group) -> list[Registration]:
    ids = request.form.getlist("picked")
    if not ids:
        flash(_("還沒有勾選任何考生。請先勾選，再按要做的事。"), "warning")
        return []
    return list_chosen(group, ids)


def _names(picked: Sequence[Registration]) -> dict[str, Any]:
    return {"picked": _ids(picked), "names": [mask_name(each.chinese_name) for each in picked]}


def _ids(picked: Sequence[Registration]) -> list[str]:
    return [each.public_id for each in picked]


def _back_to(group: Group) -> Redirection:
    return redirect(url_for(".show", public_id=group.public_id, _anchor="members"), 303)
