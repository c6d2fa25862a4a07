"""Single members: added by form, changed, removed."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import current_account
from app.core import clock
from app.core.errors import DomainError
from app.core.identity import mask_id
from app.core.roc_dates import format_roc
from app.groups import queries, services
from app.groups.forms import MemberForm
from app.groups.models import Group
from app.groups.views.room import (
    bp,
    find_refusal,
    get_my_group,
    get_my_open_group,
    leader_required,
    show_alone,
)
from app.registration.models import Registration
from app.web import current_actor


@bp.get("/of/<public_id>")
@leader_required
def of_member(public_id: str) -> ResponseReturnValue:
    """Lead from a member's registration to the group that it is in."""
    group = queries.get_group_of(public_id, current_account().id)
    return redirect(url_for(".show", public_id=group.public_id, _anchor="members"), 303)


@bp.route("/<public_id>/members/new", methods=["GET", "POST"])
@leader_required
def new_member(public_id: str) -> ResponseReturnValue:
    group = get_my_group(public_id)
    refusal = find_refusal(group)
    show_alone(refusal)
    form = MemberForm(group, today=clock.today())
    if refusal is not None:
        form.refuse(refusal)
    elif form.validate_on_submit():
        try:
            member = services.add_member(
                public_id, current_account().id, form.candidate(), actor=current_actor()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已新增 %(name)s。", name=member.chinese_name), "done")
            return redirect(_page_after(member, group), 303)
    return _form_page(form, group, None)


@bp.route("/<public_id>/members/<member_id>/edit", methods=["GET", "POST"])
@leader_required
def edit_member(public_id: str, member_id: str) -> ResponseReturnValue:
    group = get_my_group(public_id)
    refusal = find_refusal(group)
    show_alone(refusal)
    member = queries.get_member(group, member_id)
    form = MemberForm(group, today=clock.today(), member=member)
    if refusal is not None:
        form.refuse(refusal)
    elif form.validate_on_submit():
        try:
            changed = services.change_member(
                public_id, current_account().id, member_id, form.candidate(), actor=current_actor()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已更新 %(name)s 的資料。", name=form.chinese_name.value), "done")
            return redirect(_page_after(changed, group), 303)
    return _form_page(form, group, member)


@bp.get("/<public_id>/members/<member_id>/remove")
@leader_required
def ask_to_remove(public_id: str, member_id: str) -> str:
    group = get_my_open_group(public_id)
    member = queries.get_member(group, member_id)
    facts = [
        (_l("中文姓名"), member.chinese_name),
        (_l("身分證統一編號"), mask_id(member.id_number)),
        (_l("出生日期"), format_roc(member.birth_on)),
        (_l("報考腔調"), member.dialect.value),
    ]
    return render_template(
        "groups/remove.html", group=group, member=member, facts=facts, track=current_account().track
    )


@bp.post("/<public_id>/members/<member_id>/remove")
@leader_required
def remove_member(public_id: str, member_id: str) -> ResponseReturnValue:
    member = services.remove_member(public_id, current_account().id, member_id, actor=current_actor())
    flash(_l("已移除 %(name)s。", name=member.chinese_name), "done")
    return redirect(url_for(".show", public_id=public_id, _anchor="members"), 303)


def _page_after(member: Registration, group: Group) -> str:
    """Return where to go on: who asks for special arrangements names aids and sends proof next (R253)."""
    if member.accommodation_sealed is not None:
        return url_for("arrangements.arrangement", public_id=member.public_id)
    return url_for(".show", public_id=group.public_id, _anchor="members")


def _form_page(form: MemberForm, group: Group, member: Registration | None) -> ResponseReturnValue:
    page = render_template(
        "groups/member.html", form=form, group=group, member=member, track=current_account().track
    )
    return page, form.status_code
