"""The desk for what people said of the portal: the trend and the words (S026)."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin.paging import SIZE, asked_page
from app.site import surveys, words

bp = Blueprint("satisfaction", __name__, url_prefix="/satisfaction")


@bp.get("/")
@permission_required(Permission.NEWS)
def index() -> str:
    page = asked_page(surveys.count_comments())
    return render_template(
        "admin/satisfaction.html",
        trend=surveys.monthly_trend(),
        comments=surveys.list_comments(limit=SIZE, offset=page.offset),
        occasions=words.OCCASIONS,
        page=page,
        url_of=lambda number: url_for(".index", page=number),
    )
