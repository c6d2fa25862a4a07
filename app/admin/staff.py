"""The desk for the staff's own accounts: who there is, what each may do, who is invited (W017, W018)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts import grants, second_factor, staff
from app.accounts.models import Account
from app.accounts.permissions import PERMISSION_NAMES, Permission
from app.accounts.policy import current_account, fresh_sign_in_required, permission_required
from app.accounts.roles import ROLES, STATE_NAMES, StaffState
from app.admin.chips import chip_row
from app.admin.queries import staff as reads
from app.admin.staff_forms import InviteForm, RolesForm
from app.cases.kinds import UNIT_NAMES
from app.core import clock
from app.core.errors import DomainError
from app.web import current_actor, translate

bp = Blueprint("staff", __name__, url_prefix="/staff")
manages = permission_required(Permission.STAFF)

STATE_TAGS = {StaffState.INVITED: "waiting", StaffState.ACTIVE: "done", StaffState.DISABLED: "neutral"}


@bp.get("/")
@manages
def index() -> str:
    asked, search = request.args.get("state"), request.args.get("email", "").strip()
    state = StaffState(asked) if asked in set(StaffState) else None
    return render_template(
        "admin/staff/index.html",
        lines=reads.list_staff(state, search, now=clock.now()),
        chips=chip_row(
            reads.count_states(),
            STATE_NAMES.items(),
            state,
            lambda value: url_for(".index", state=value, email=search or None),
            every=_l("全部"),
        ),
        search=search,
        state=state,
        **_words(),
    )


@bp.route("/invite", methods=["GET", "POST"])
@manages
@fresh_sign_in_required
def invite() -> Any:
    form = InviteForm()
    if form.validate_on_submit():
        try:
            account = staff.invite(
                form.email.data, form.pairs(), note=form.note.value or "", actor=current_actor()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已寄出邀請，請對方在 7 天內開啟信裡的連結。"), "success")
            return _back(account.public_id)
    page = render_template("admin/staff/invite.html", form=form, **_words())
    return page, form.status_code


@bp.get("/<public_id>")
@manages
def show(public_id: str) -> Any:
    return _page(grants.get_staff(public_id), RolesForm(formdata=None))


@bp.post("/<public_id>/roles")
@manages
@fresh_sign_in_required
def grant(public_id: str) -> Any:
    form = RolesForm()
    if not form.validate_on_submit():
        return _page(grants.get_staff(public_id), form)
    try:
        grants.grant_roles(public_id, form.pairs(), note=form.note.value or "", actor=current_actor())
    except DomainError as error:
        form.refuse(error)
        return _page(grants.get_staff(public_id), form)
    flash(_l("已授予角色；這個人要重新登入才會生效。"), "success")
    return _back(public_id)


@bp.post("/<public_id>/roles/<grant_id>/remove")
@manages
@fresh_sign_in_required
def remove(public_id: str, grant_id: str) -> Response:
    return _do(
        public_id,
        lambda: grants.remove_grant(public_id, grant_id, actor=current_actor()),
        _l("已移除角色，這個人的登入都已經結束。"),
    )


@bp.post("/<public_id>/invitation")
@manages
@fresh_sign_in_required
def invite_again(public_id: str) -> Response:
    return _do(
        public_id,
        lambda: staff.invite_again(public_id, actor=current_actor()),
        _l("已重寄邀請，之前的連結都作廢了。"),
    )


@bp.route("/<public_id>/disable", methods=["GET", "POST"])
@manages
@fresh_sign_in_required
def disable(public_id: str) -> Any:
    """Ask, then close the account or withdraw its invitation."""
    if request.method == "GET":
        account = grants.get_staff(public_id)
        return render_template("admin/staff/disable.html", account=account, state=staff.standing_of(account))
    return _do(
        public_id,
        lambda: staff.disable(public_id, actor=current_actor()),
        _l("已停用，這個人的登入都已經結束。"),
    )


@bp.post("/<public_id>/enable")
@manages
@fresh_sign_in_required
def enable(public_id: str) -> Response:
    return _do(
        public_id, lambda: staff.enable(public_id, actor=current_actor()), _l("已啟用，角色和停用前一樣。")
    )


@bp.post("/<public_id>/second-factor/ask")
@manages
@fresh_sign_in_required
def ask_for_reset(public_id: str) -> Response:
    return _do(
        public_id,
        lambda: second_factor.ask_for_reset(public_id, actor=current_actor()),
        _l("已申請重設，請另一位系統管理人員在 24 小時內到這一頁確認。"),
    )


@bp.post("/<public_id>/second-factor/confirm")
@manages
@fresh_sign_in_required
def confirm_reset(public_id: str) -> Response:
    return _do(
        public_id,
        lambda: second_factor.confirm_reset(public_id, actor=current_actor()),
        _l("已重設兩步驟驗證，這個人下次登入時要重新設定。"),
    )


def _page(account: Account, form: RolesForm) -> Any:
    factor = second_factor.find_second_factor(account)
    page = render_template(
        "admin/staff/show.html",
        account=account,
        state=staff.standing_of(account),
        own=account.id == current_account().id,
        invited_until=reads.find_invitation(account, now=clock.now()),
        history=grants.list_history(account),
        permissions=[
            name
            for permission, name in PERMISSION_NAMES.items()
            if grants.holding_of(account).allows(permission)
        ],
        factor=factor,
        reset_open=factor is not None and second_factor.is_reset_open(factor),
        reset_is_own=factor is not None and factor.reset_asked_by_id == current_account().id,
        form=form,
        **_words(),
    )
    return page, form.status_code


def _do(public_id: str, act: Callable[[], None], done: Any) -> Response:
    try:
        act()
        flash(done, "success")
    except DomainError as refusal:
        flash(translate(refusal.message), "error")
    return _back(public_id)


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id), 303)


def _words() -> dict[str, Any]:
    return {
        "roles": {role.value: facts for role, facts in ROLES.items()},
        "duties": {role.value: facts.duty for role, facts in ROLES.items()},
        "units": UNIT_NAMES,
        "state_names": STATE_NAMES,
        "state_tags": STATE_TAGS,
    }
