"""The groups desk: a group as its leader sees it, and one decision for all its members."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin import services
from app.admin.chips import Chip, chip_row, tally
from app.admin.labels import GROUP_TAGS, PAYMENT_TAG_KINDS, REVIEW_TAGS
from app.admin.paging import asked_page
from app.admin.queries import groups
from app.core import clock
from app.core.identity import mask_email, mask_id, mask_name, mask_phone
from app.groups.forms import KIND_LABELS
from app.groups.models import Group
from app.groups.queries import list_members
from app.groups.states import GroupState
from app.payments.queries import status_of
from app.registration.models import Registration
from app.registration.services import approve_registrations
from app.registration.states import ReviewState
from app.web import current_actor

bp = Blueprint("groups", __name__, url_prefix="/groups")

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
        **_words(),
    )


@bp.get("/<public_id>")
@permission_required(Permission.LOOK_UP)
def show(public_id: str) -> str:
    group = services.look_at_group(public_id, actor=current_actor())
    members = list_members(group)
    return render_template(
        "admin/group.html",
        group=group,
        members=members,
        payment=status_of(group.order, now=clock.now()),
        leader_name=mask_name(group.leader_name),
        leader_phone=mask_phone(group.leader_phone.partition("#")[0]),
        leader_email=mask_email(group.leader_email),
        waiting=len(_waiting(members)),
        approved=sum(each.review_state == ReviewState.APPROVED for each in members),
        paying=sum(bool(each.fee_twd) for each in members),
        **_words(),
    )


@bp.route("/<public_id>/approve", methods=["GET", "POST"])
@permission_required(Permission.REVIEW)
def approve(public_id: str) -> Any:
    group = groups.get_group(public_id)
    waiting = _waiting(list_members(group))
    if request.method == "GET" and waiting:
        return render_template("admin/group_approve.html", group=group, waiting=len(waiting))
    approved = approve_registrations([each.public_id for each in waiting], actor=current_actor())
    if approved:
        flash(_("已通過「%(name)s」的 %(count)s 位考生。", name=group.name, count=approved), "success")
    else:
        flash(_("「%(name)s」目前沒有待審的考生。", name=group.name), "message")
    return _back_to(group)


def _back_to(group: Group) -> Response:
    return redirect(url_for(".show", public_id=group.public_id), 303)


def _waiting(members: Any) -> list[Registration]:
    return [each for each in members if each.is_complete and each.review_state == ReviewState.PENDING]


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


def _words() -> dict[str, Any]:
    return {
        "group_tags": GROUP_TAGS,
        "group_kinds": KIND_LABELS,
        "payment_tag_kinds": PAYMENT_TAG_KINDS,
        "review_tags": REVIEW_TAGS,
        "mask_name": mask_name,
        "mask_id": mask_id,
    }
