"""The groups desk, fourth part: doing a leader's work at the leader's wish, on record (decision 21).

Who enters says on whose word; from then on, until signing out, this group's pages for the leader's work are
open. Each act is recorded by the service that does it, with the member of staff as its actor.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, TypeVar, cast

from flask import current_app, flash, redirect, render_template, send_file, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin import services
from app.admin.group_forms import ForLeaderForm
from app.admin.groups import bp
from app.admin.queries import groups
from app.groups.models import Group
from app.groups.services import template_facts
from app.groups.services.guards import check_open
from app.groups.sheets.template_sheet import build_template
from app.groups.staging.room import Access
from app.groups.staging.views import workbench_routes
from app.web import current_actor

View = TypeVar("View", bound=Callable[..., Any])

_ENTERED = "for_leader"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What can be done for a leader: endpoint, label, hint. A page that is not part of this portal is not offered.
TASKS = [
    ("admin.groups.import_members", _l("匯入考生"), _l("上傳負責人提供的名單，逐格檢查後加入團體。")),
    ("admin.groups.template", _l("下載匯入範例"), _l("這個團體專用的表格，可以寄給負責人填寫。")),
]


def for_leader_required(view: View) -> View:
    """Open a view of ``/admin/groups/<public_id>/…`` to staff who may act for leaders and have said on whose
    word; others are asked first.
    """

    @permission_required(Permission.GROUPS)
    @wraps(view)
    def guarded(public_id: str, *args: Any, **kwargs: Any) -> Any:
        if not has_entered(public_id):
            return redirect(url_for("admin.groups.enter", public_id=public_id), 303)
        return view(public_id, *args, **kwargs)

    return cast(View, guarded)


def has_entered(public_id: str) -> bool:
    """Return whether this sign-in session has said on whose word it acts for the group's leader."""
    return public_id in session.get(_ENTERED, [])


@bp.route("/<public_id>/for-leader/enter", methods=["GET", "POST"])
@permission_required(Permission.GROUPS)
def enter(public_id: str) -> ResponseReturnValue:
    group, form = groups.get_group(public_id), ForLeaderForm()
    check_open(group)
    if has_entered(public_id):
        return redirect(url_for(".for_leader", public_id=public_id), 303)
    if form.validate_on_submit():
        services.open_for_leader(
            public_id, channel=form.channel.data, reason=form.reason.data, actor=current_actor()
        )
        session[_ENTERED] = [*session.get(_ENTERED, []), public_id]
        return redirect(url_for(".for_leader", public_id=public_id), 303)
    return render_template("admin/group_enter.html", group=group, form=form), form.status_code


@bp.get("/<public_id>/for-leader")
@for_leader_required
def for_leader(public_id: str) -> str:
    group = groups.get_group(public_id)
    tasks = [
        (url_for(endpoint, public_id=public_id), label, hint)
        for endpoint, label, hint in TASKS
        if endpoint in current_app.view_functions
    ]
    return render_template("admin/group_for_leader.html", group=group, tasks=tasks)


@bp.post("/<public_id>/for-leader/leave")
@permission_required(Permission.GROUPS)
def leave(public_id: str) -> ResponseReturnValue:
    group = groups.get_group(public_id)
    session[_ENTERED] = [each for each in session.get(_ENTERED, []) if each != public_id]
    flash(_("已結束代「%(name)s」的負責人處理。", name=group.name), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.get("/<public_id>/for-leader/template.xlsx")
@for_leader_required
def template(public_id: str) -> Response:
    group = groups.get_group(public_id)
    return send_file(
        BytesIO(build_template(template_facts(group))),
        _XLSX,
        as_attachment=True,
        download_name=_template_name(group),
    )


def _template_name(group: Group) -> str:
    return f"{group.exam_round.name}_{group.offering.area}_匯入範例.xlsx"


def _crumbs(group: Group) -> list[tuple[str, str]]:
    return [
        (_("團體"), url_for("admin.groups.index")),
        (group.name, url_for("admin.groups.show", public_id=group.public_id)),
        (_("代負責人處理"), url_for("admin.groups.for_leader", public_id=group.public_id)),
    ]


workbench_routes(
    bp,
    Access(
        prefix="admin.groups",
        guard=for_leader_required,
        get_group=groups.get_group,
        account_id=lambda: None,
        layout="layout_admin.html",
        crumbs=_crumbs,
        for_staff=True,
    ),
)
