"""The groups desk, third part: a member goes on alone, a group gets another leader (decision 21)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirection

from app.accounts.permissions import Permission
from app.accounts.policy import fresh_sign_in_required, permission_required
from app.admin import services
from app.admin.group_forms import EVIDENCE, MoveForm, ReassignForm
from app.admin.group_pages import masked_leader, words
from app.admin.groups import bp
from app.core.errors import DomainError
from app.core.forms import RefusableForm
from app.core.identity import mask_name
from app.groups.models import Group
from app.groups.queries import count_members, get_member
from app.groups.services import move_member, plan_move, plan_reassignment, reassign_leader
from app.groups.services.moving import check_can_move
from app.groups.services.reassigning import check_can_reassign
from app.registration.models import Registration
from app.web import current_actor, translate

_EVIDENCE_NAMES = dict(EVIDENCE)


@bp.route("/<public_id>/members/<member_id>/move", methods=["GET", "POST"])
@permission_required(Permission.GROUPS)
def move(public_id: str, member_id: str) -> ResponseReturnValue:
    """Ask to whom a member goes, then show what will happen; nothing is changed here."""
    group, member = _look_at_member(public_id, member_id)
    if refusal := _refusal_of(lambda: check_can_move(group, member)):
        return _refused(group, refusal)
    form = MoveForm()
    if not form.validate_on_submit() or _is_edited():
        return _move_page(group, member, form)
    try:
        plan = plan_move(public_id, member_id, form.email.value)
    except DomainError as error:
        form.refuse(error)
        return _move_page(group, member, form)
    return render_template(
        "admin/group_move_confirm.html",
        group=group,
        member=member,
        plan=plan,
        form=form,
        evidence=_EVIDENCE_NAMES[form.evidence.data],
        typed=_typed(form),
        **words(),
    )


@bp.post("/<public_id>/members/<member_id>/moved")
@permission_required(Permission.GROUPS)
@fresh_sign_in_required
def do_move(public_id: str, member_id: str) -> ResponseReturnValue:
    form = MoveForm()
    if not form.validate_on_submit():
        return redirect(url_for(".move", public_id=public_id, member_id=member_id), 303)
    try:
        member = move_member(
            public_id,
            member_id,
            form.email.value,
            evidence=form.evidence.data,
            reason=form.reason.data,
            actor=current_actor(),
        )
    except DomainError as error:
        group, member = _look_at_member(public_id, member_id)
        form.refuse(error)
        return _move_page(group, member, form)
    name = mask_name(member.chinese_name)
    flash(_("已把 %(name)s 移出團體，改為個人報名；考生和團報負責人都會收到信。", name=name), "success")
    return redirect(url_for("admin.review.case", public_id=member.public_id), 303)


@bp.route("/<public_id>/leader", methods=["GET", "POST"])
@permission_required(Permission.GROUPS)
def reassign(public_id: str) -> ResponseReturnValue:
    """Ask who leads from now on, then show what will happen; nothing is changed here."""
    group = services.look_at_group(public_id, actor=current_actor())
    if refusal := _refusal_of(lambda: check_can_reassign(group)):
        return _refused(group, refusal)
    form = ReassignForm()
    if not form.validate_on_submit() or _is_edited():
        return _reassign_page(group, form)
    try:
        plan = plan_reassignment(public_id, form.email.value, form.leader(group))
    except DomainError as error:
        form.refuse(error)
        return _reassign_page(group, form)
    return render_template(
        "admin/group_leader_confirm.html",
        group=group,
        plan=plan,
        leader=form.leader(group),
        same_address=form.same_address.data,
        old_leader=mask_name(group.leader_name),
        evidence=_EVIDENCE_NAMES[form.evidence.data],
        reason=form.reason.data,
        typed=_typed(form),
    )


@bp.post("/<public_id>/leader/changed")
@permission_required(Permission.GROUPS)
@fresh_sign_in_required
def do_reassign(public_id: str) -> ResponseReturnValue:
    form = ReassignForm()
    group = services.look_at_group(public_id, actor=current_actor())
    if not form.validate_on_submit():
        return redirect(url_for(".reassign", public_id=public_id), 303)
    try:
        reassign_leader(
            public_id,
            form.email.value,
            form.leader(group),
            evidence=form.evidence.data,
            reason=form.reason.data,
            actor=current_actor(),
        )
    except DomainError as error:
        form.refuse(error)
        return _reassign_page(group, form)
    flash(_("已更換「%(name)s」的負責人，新舊負責人都會收到信。", name=group.name), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


def _look_at_member(public_id: str, member_id: str) -> tuple[Group, Registration]:
    group = services.look_at_group(public_id, actor=current_actor())
    return group, get_member(group, member_id)


def _move_page(group: Group, member: Registration, form: MoveForm) -> ResponseReturnValue:
    page = render_template("admin/group_move.html", group=group, member=member, form=form, **words())
    return page, form.status_code


def _reassign_page(group: Group, form: ReassignForm) -> ResponseReturnValue:
    page = render_template(
        "admin/group_leader.html",
        group=group,
        members=count_members(group),
        leader_rows=masked_leader(group),
        form=form,
    )
    return page, form.status_code


def _is_edited() -> bool:
    """Return whether the page that asks once more leads back to what was typed."""
    return "edit" in request.form


def _typed(form: RefusableForm) -> list[tuple[str, Any]]:
    """Return what was typed, for the page that asks once more; a tick that is not set sends nothing."""
    return list(_sent(field.name for field in form))


def _sent(names: Iterable[str]) -> Iterable[tuple[str, Any]]:
    wanted = set(names) - {"csrf_token"}
    return ((name, value) for name, value in request.form.items(multi=True) if name in wanted)


def _refusal_of(check: Callable[[], None]) -> DomainError | None:
    try:
        check()
    except DomainError as refusal:
        return refusal
    return None


def _refused(group: Group, refusal: DomainError) -> Redirection:
    flash(translate(refusal.message), "error")
    return redirect(url_for(".show", public_id=group.public_id), 303)
