"""The desks: which there are, what can wait at each, and the rail that stands on every page of the staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.policy import current_holding, may_open
from app.admin.queries import waiting
from app.admin.queries.cases import sight_of
from app.core import clock


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waits at a desk, and the card that says so on the day's page.

    :ivar count: returns the query that counts it, given who asks and when
    :ivar note: what is counted, in a few words
    :ivar endpoint: where the card leads, with `arguments`; None: to the desk's first page
    :ivar ours: False: it is for somebody else to act
    """

    title: Any
    count: waiting.Count
    note: Any
    endpoint: str | None = None
    arguments: tuple[tuple[str, str], ...] = ()
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Desk:
    """One line of the rail; the number of what waits first stands beside its name."""

    endpoint: str
    name: Any
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A count on the day's page."""

    title: Any
    count: int
    note: Any
    url: str
    ours: bool


# A new desk is one line here, and one more in queries/waiting.py when something can wait at it.
DESKS = (
    Desk("admin.index", _l("今天")),
    Desk(
        "admin.review.index",
        _l("資格審查"),
        (
            Wait(_l("待審"), waiting.unreviewed, _l("報名表與繳費都完成")),
            Wait(
                _l("待補正"),
                waiting.returned,
                _l("已通知考生，等候補件"),
                arguments=(("state", "returned"),),
                ours=False,
            ),
        ),
    ),
    Desk(
        "admin.amendments.index",
        _l("身分資料更正"),
        (Wait(_l("身分資料更正"), waiting.amendments, _l("考生申請更正身分資料")),),
    ),
    Desk(
        "admin.arrangements.index",
        _l("特殊需求"),
        (Wait(_l("特殊需求"), waiting.arrangements, _l("等候回覆的申請")),),
    ),
    Desk(
        "admin.groups.index",
        _l("團體"),
        (
            Wait(
                _l("團體待審"),
                waiting.groups,
                _l("有團員等候審查的團體"),
                arguments=(("state", "submitted"),),
            ),
        ),
    ),
    Desk(
        "admin.extra_sessions.index",
        _l("增開考區"),
        (Wait(_l("增開考區"), waiting.extra_sessions, _l("團報負責人的申請")),),
    ),
    Desk(
        "admin.seating.index",
        _l("試場排座"),
        (Wait(_l("待排座"), waiting.unseated, _l("審查通過，還沒有座位")),),
    ),
    Desk("admin.examday.index", _l("認證當天")),
    Desk(
        "admin.results.index",
        _l("成績"),
        (Wait(_l("待公布成績"), waiting.unpublished_rounds, _l("考完、還沒公布成績的梯次")),),
    ),
    Desk(
        "admin.mailings.index",
        _l("郵寄"),
        (Wait(_l("重寄申請"), waiting.resends, _l("等候處理的重寄申請")),),
    ),
    Desk("admin.phone_scores.look_up", _l("電話查詢成績")),
    Desk(
        "admin.payments.index",
        _l("繳費"),
        (
            Wait(
                _l("無法入帳的通知"),
                waiting.unclear_notices,
                _l("最近 7 天，金流送來而對不上訂單"),
                endpoint="admin.payments.messages",
            ),
        ),
    ),
    Desk(
        "admin.reconciliation.index",
        _l("對帳"),
        (
            Wait(_l("對帳差異"), waiting.findings, _l("檔案和本站不一致，等候處理")),
            Wait(
                _l("用途不明的款項"),
                waiting.suspense,
                _l("收到了，還不知道是誰繳的"),
                endpoint="admin.reconciliation.suspense",
            ),
        ),
    ),
    Desk(
        "admin.refunds.index",
        _l("退費"),
        (Wait(_l("退費"), waiting.refunds, _l("待辦、待核定或待寄匯票")),),
    ),
    Desk(
        "admin.cases.index",
        _l("案件"),
        (Wait(_l("案件"), waiting.cases, _l("等候分派或接收")),),
    ),
    Desk("admin.news.index", _l("公告")),
    Desk("admin.documents.index", _l("文件下載")),
    Desk("admin.dates.index", _l("日期調整")),
    Desk("admin.satisfaction.index", _l("滿意度")),
    Desk("admin.staff.index", _l("試務人員")),
    Desk("admin.audit.index", _l("稽核紀錄")),
)


def rail() -> dict[str, Any]:
    """Return what the staff's pages need: `desks` one may enter, `may_open` for buttons, and for the
    day's page `cards`."""
    asked = waiting.Asked(clock.today(), sight_of(current_holding()))
    open_desks = [desk for desk in DESKS if may_open(desk.endpoint)]
    waits = [(desk, wait) for desk in open_desks for wait in desk.waits]
    counts = waiting.count_all([wait.count for _desk, wait in waits], asked)
    cards = [_card(desk, wait, count) for (desk, wait), count in zip(waits, counts, strict=True)]
    first = {desk: counts[index] for index, (desk, _wait) in reversed(list(enumerate(waits)))}
    desks = [_entry(desk, first.get(desk)) for desk in open_desks]
    return {"cards": cards, "desks": desks, "may_open": may_open}


def first_to_do(cards: Sequence[Card]) -> Card | None:
    """Return the first card with something that waits for the staff, or None."""
    return next((card for card in cards if card.ours and card.count), None)


def _card(desk: Desk, wait: Wait, count: int) -> Card:
    url = url_for(wait.endpoint or desk.endpoint, **dict(wait.arguments))
    return Card(wait.title, count, wait.note, url, wait.ours)


def _entry(desk: Desk, count: int | None) -> tuple[Any, str, int | None, bool]:
    active = request.blueprint == desk.endpoint.rpartition(".")[0]
    return desk.name, url_for(desk.endpoint), count, active
