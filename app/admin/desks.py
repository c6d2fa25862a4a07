"""The rail of the staff's pages: which desks there are and how much waits at each."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from app.admin.queries.waiting import Waiting, count_waiting
from app.core import clock

# Endpoint of the desk's first page, its name, and which count of Waiting stands beside it.
_DESKS = (
    ("admin.index", _l("今天"), None),
    ("admin.review.index", _l("資格審查"), "review"),
    ("admin.amendments.index", _l("身分資料更正"), "amendments"),
    ("admin.groups.index", _l("團體"), "groups"),
    ("admin.seating.index", _l("試場排座"), "seating"),
    ("admin.results.index", _l("成績"), None),
    ("admin.payments.index", _l("繳費"), None),
    ("admin.refunds.index", _l("退費"), "refunds"),
    ("admin.cases.index", _l("案件"), "cases"),
    ("admin.news.index", _l("公告"), None),
    ("admin.documents.index", _l("文件下載"), None),
    ("admin.dates.index", _l("日期調整"), None),
    ("admin.satisfaction.index", _l("滿意度"), None),
)


def rail() -> dict[str, Any]:
    """Return what layout_admin.html needs: `desks` and, for pages that tell more, `waiting`."""
    waiting = count_waiting(clock.today())
    return {"waiting": waiting, "desks": [_entry(*desk, waiting) for desk in _DESKS]}


def _entry(
    endpoint: str, label: Any, counted: str | None, waiting: Waiting
) -> tuple[Any, str, int | None, bool]:
    count = getattr(waiting, counted) if counted else None
    active = request.blueprint == endpoint.rpartition(".")[0]
    return label, url_for(endpoint), count, active
