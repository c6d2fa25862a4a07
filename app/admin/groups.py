"""The groups desk: the groups of all leaders, and each as its leader sees it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import fresh_sign_in_required, permission_required
from app.admin import group_pages, services
from app.admin.chips import Chip, chip_row, tally
from app.admin.forms import UnmaskForm
from app.admin.group_pages import Shown
from app.admin.labels import GROUP_TAGS
from app.admin.paging import asked_page
from app.admin.queries import groups
from app.core import clock
from app.groups.models import Group
from app.groups.queries import list_members
from app.groups.services import approve_members
from app.groups.states import GroupState
from app.payments.queries import status_of
from app.web import current_actor

bp = Blueprint("groups", __name__, url_prefix="/groups")

_LONGEST_SOUGHT = 60
_STATES = [(state.value, label) for state, (_kind, label) in GROUP_TAGS.items()]


@bp.get("/")
@permission_required(Permission.LOOK_UP)
def index() -> str:
    counts = groups.count_groups()
    state, exam_round = _wanted()
    total = sum(
        number
        for (each_state, code, _name), number in counts.items()
        if state in (None, each_state) and exam_round in (None, code)
    )
    page = asked_page(total)
    lines = groups.list_groups(GroupState(state) if state else None, exam_round, page=page)
    return render_template(
        "admin/groups.html",
        lines=[(line, status_of(line.group.order, now=clock.now())) for line in lines],
        chip_rows=_chip_rows(counts, state, exam_round),
        page=page,
        url_of=lambda number: _url(state, exam_round, page=number),
        **group_pages.words(),
    )


@bp.get("/<public_id>")
@permission_required(Permission.LOOK_UP)
def show(public_id: str) -> str:
    group = services.look_at_group(public_id, actor=current_actor())
    return _page(group, Shown(state=request.args.get("state")))


@bp.route("/<public_id>/search", methods=["GET", "POST"])
@permission_required(Permission.LOOK_UP)
def search(public_id: str) -> Any:
    """Look for a member by name or number: posted, so that neither stands in an address or its log."""
    sought = request.form.get("sought", "").strip()[:_LONGEST_SOUGHT]
    if not sought:
        return redirect(url_for(".show", public_id=public_id), 303)
    group = services.look_at_group(public_id, searched=True, actor=current_actor())
    return _page(group, Shown(sought=sought))


@bp.post("/<public_id>/unmask")
@permission_required(Permission.UNMASK)
@permission_required(Permission.LOOK_UP)
@fresh_sign_in_required
def unmask(public_id: str) -> Any:
    form = UnmaskForm()
    if not form.validate_on_submit():
        return _page(services.look_at_group(public_id, actor=current_actor()), Shown(), form=form), 422
    # Shown at once and nowhere else: an address that shows persons in full could be opened again.
    group = services.unmask_group(public_id, reason=form.stated, actor=current_actor())
    return _page(group, Shown(), form=form, unmasked=True)


@bp.route("/<public_id>/approve", methods=["GET", "POST"])
@permission_required(Permission.REVIEW)
def approve(public_id: str) -> Any:
    group = groups.get_group(public_id)
    waiting = group_pages.list_waiting(list_members(group))
    if request.method == "GET" and waiting:
        return render_template("admin/group_approve.html", group=group, waiting=len(waiting))
    approved = approve_members(public_id, [each.public_id for each in waiting], actor=current_actor())
    if approved:
        flash(_("已通過「%(name)s」的 %(count)s 位考生。", name=group.name, count=approved), "success")
    else:
        flash(_("「%(name)s」目前沒有待審的考生。", name=group.name), "message")
    return redirect(url_for(".show", public_id=group.public_id), 303)


def _page(group: Group, shown: Shown, *, form: UnmaskForm | None = None, unmasked: bool = False) -> str:
    # Only its own page has asked to see persons in full; a search that is posted has not.
    form = form or UnmaskForm(formdata=None)
    return render_template(
        "admin/group.html", **group_pages.facts_of(group, shown, form=form, unmasked=unmasked)
    )


def _wanted() -> tuple[str | None, str | None]:
    state = request.args.get("state")
    return (state if state in set(GroupState) else None), request.args.get("round") or None


def _url(state: str | None, exam_round: str | None, **more: Any) -> str:
    return url_for(".index", state=state, round=exam_round, **more)


def _chip_rows(
    counts: dict[tuple[str, str, str], int], state: str | None, exam_round: str | None
) -> list[tuple[Any, list[Chip]]]:
    rounds = list(dict.fromkeys((code, name) for _state, code, name in counts))
    states = tally((key[0], number) for key, number in counts.items() if exam_round in (None, key[1]))
    in_rounds = tally((key[1], number) for key, number in counts.items() if state in (None, key[0]))
    return [
        (
            _l("團體狀態"),
            chip_row(states, _STATES, state, lambda value: _url(value, exam_round), every=_l("全部")),
        ),
        (
            _l("梯次"),
            chip_row(in_rounds, rounds, exam_round, lambda value: _url(state, value), every=_l("全部梯次")),
        ),
    ]
