"""The template for LibreOffice, and the template with the present members filled in."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort

from app.accounts.policy import current_account
from app.accounts.throttle import count_pdf
from app.core.downloads import attachment
from app.groups import services
from app.groups.models import Group
from app.groups.sheets.template_ods import build_template_ods
from app.groups.sheets.template_sheet import build_template
from app.groups.views.room import bp, get_my_group, leader_required
from app.web import current_actor

_BUILDERS: dict[str, tuple[Callable[..., bytes], str]] = {
    "xlsx": (build_template, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": (build_template_ods, "application/vnd.oasis.opendocument.spreadsheet"),
}


@bp.get("/<public_id>/template.ods")
@leader_required
def template_ods(public_id: str) -> Response:
    group, suffix = get_my_group(public_id), "ods"
    content = build_template_ods(services.template_facts(group))
    return _file(group, content, suffix, name=f"匯入範例.{suffix}", plain="template")


@bp.get("/<public_id>/members.<suffix>")
@leader_required
def current_list(public_id: str, suffix: str) -> Response:
    if suffix not in _BUILDERS:
        abort(404)
    account, group = current_account(), get_my_group(public_id)
    count_pdf(account.id)
    filled = services.take_out_members(public_id, account.id, suffix=suffix, actor=current_actor())
    build, _mimetype = _BUILDERS[suffix]
    content = build(filled.facts, filled.rows)
    return _file(group, content, suffix, name=f"目前名單.{suffix}", plain="members")


def _file(group: Group, content: bytes, suffix: str, *, name: str, plain: str) -> Response:
    return attachment(
        content,
        mimetype=_BUILDERS[suffix][1],
        # By round and area: teachers with several groups must not mix the files up.
        name=f"{group.exam_round.name}_{group.offering.area}_{name}",
        plain_name=f"{plain}-{group.exam_round.code}.{suffix}",
    )
