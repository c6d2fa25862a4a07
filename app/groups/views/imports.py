"""The sheet: its template, its printed guide, and the workbench on which an upload is mended."""

from __future__ import annotations

from io import BytesIO

from flask import send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.policy import current_account
from app.accounts.throttle import count_pdf
from app.core import clock
from app.core.downloads import attachment
from app.groups import pages
from app.groups.guide_pdf import build_guide
from app.groups.models import Group
from app.groups.services.facts import template_facts
from app.groups.sheets.template_sheet import build_template
from app.groups.staging.room import Access
from app.groups.staging.views import workbench_routes
from app.groups.views.room import bp, get_my_group, leader_required

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/<public_id>/template.xlsx")
@leader_required
def template(public_id: str) -> Response:
    group = get_my_group(public_id)
    content = build_template(template_facts(group))
    # Named by round and area: teachers with several groups must not mix the files up.
    name = f"{group.exam_round.name}_{group.offering.area}_匯入範例.xlsx"
    return send_file(BytesIO(content), _XLSX, as_attachment=True, download_name=name)


@bp.get("/guide.pdf")
@leader_required
def guide() -> Response:
    """Hand out the printed guide to the sheet (R228)."""
    count_pdf(current_account().id)
    return attachment(
        build_guide(pages.import_guide(clock.now())),
        mimetype="application/pdf",
        name="匯入說明.pdf",
        plain_name="import-guide.pdf",
    )


def _crumbs(group: Group) -> list[tuple[str, str]]:
    return [
        (_("我的團體"), url_for("groups.index")),
        (group.name, url_for("groups.show", public_id=group.public_id)),
    ]


OWN = Access(
    prefix="groups",
    guard=leader_required,
    get_group=get_my_group,
    account_id=lambda: current_account().id,
    layout="layout.html",
    crumbs=_crumbs,
)

workbench_routes(bp, OWN)
