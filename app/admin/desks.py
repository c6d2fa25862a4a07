"""The rail of the staff's pages: which desks there are and how much waits at each."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.policy import current_holding, may_open
from app.admin.queries.cases import sight_of
from app.admin.queries.waiting import Waiting, count_waiting
from app.core import clock

# Endpoint of the desk's first page, its name, and which count of Waiting stands beside it.
_DESKS = (
    ("admin.index", _l("今天"), None),
    ("admin.review.index", _l("資格審查"), "review"),
    ("admin.amendments.index", _l("身分資料更正"), "amendments"),
    ("admin.arrangements.index", _l("特殊需求"), "arrangements"),
    ("admin.groups.index", _l("團體"), "groups"),
    ("admin.extra_sessions.index", _l("增開考區"), "extra_sessions"),
    ("admin.seating.index", _l("試場排座"), "seating"),
    ("admin.examday.index", _l("認證當天"), None),
    ("admin.results.index", _l("成績"), None),
    ("admin.mailings.index", _l("郵寄"), "mailings"),
    ("admin.phone_scores.look_up", _l("電話查詢成績"), None),
    ("admin.payments.index", _l("繳費"), None),
    ("admin.refunds.index", _l("退費"), "refunds"),
    ("admin.cases.index", _l("案件"), "cases"),
    ("admin.news.index", _l("公告"), None),
    ("admin.documents.index", _l("文件下載"), None),
    ("admin.dates.index", _l("日期調整"), None),
    ("admin.satisfaction.index", _l("滿意度"), None),
    ("admin.staff.index", _l("試務人員"), None),
    ("admin.audit.index", _l("稽核紀錄"), None),
)


def rail() -> dict[str, Any]:
    """Return what the staff's pages need: `desks` one may enter, `waiting`, and `may_open` for buttons."""
    waiting = count_waiting(clock.today(), sight_of(current_holding()))
    desks = [_entry(*desk, waiting) for desk in _DESKS if may_open(desk[0])]
    return {"waiting": waiting, "desks": desks, "may_open": may_open}


def _entry(
    endpoint: str, label: Any, counted: str | None, waiting: Waiting
) -> tuple[Any, str, int | None, bool]:
    count = getattr(waiting, counted) if counted else None
    active = request.blueprint == endpoint.rpartition(".")[0]
    return label, url_for(endpoint), count, active
