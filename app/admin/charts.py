"""How the year is going, as pictures; each with a sentence and a table that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin.chart_svg import Bar, Words, draw_columns, draw_rows, read_tokens
from app.admin.chips import Chip
from app.admin.queries.charts import BY
from app.core.messages import Message
from app.core.roc_dates import day_message
from app.core.translation import translate
from app.exams.choices import Track
from app.exams.words import TRACK_NAMES

bp = Blueprint("charts", __name__, url_prefix="/charts")

# What each picture is called, and what stands in its first column.
_TITLES = {
    "days": (_l("每天送出的報名"), _l("日期")),
    "rounds": (_l("各梯次的報名人數"), _l("梯次")),
    "areas": (_l("各考區的報名人數"), _l("考區")),
    "dialects": (_l("各腔調的報名人數"), _l("腔調")),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with all that is said about it.

    :ivar sentence: what it shows, for those who do not see it
    :ivar heading: of the first column of its table
    :ivar rows: (label, individual, in groups, total) each
    """

    title: Any
    sentence: Message
    url: str
    heading: Any
    rows: list[tuple[Any, int, int, int]]


@bp.get("/<name>.svg")
@permission_required(Permission.REVIEW)
def picture(name: str) -> Response:
    bars = BY[name](asked_track()) if name in BY else []
    if not bars:
        abort(404)
    words = Words(str(translate(_TITLES[name][0])), _("個人"), _("團體"))
    draw = draw_columns if name == "days" else draw_rows
    labels = [f"{bar.key.month}/{bar.key.day}" if name == "days" else str(translate(bar.key)) for bar in bars]
    response = Response(draw(bars, labels, words, _colours()), mimetype="image/svg+xml")
    # Opened by itself a picture is a page, whose colours are inside it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def list_charts() -> list[Chart]:
    """Return the charts of the track that is asked for; those of which nothing is known yet have no rows."""
    return [_chart(name, BY[name](asked_track())) for name in _TITLES]


def asked_track() -> Track | None:
    """Return the track that the address names, or None for both."""
    asked = request.args.get("track")
    return Track(asked) if asked in set(Track) else None


def track_chips() -> list[Chip]:
    """Return the filter by track."""
    chosen = asked_track()
    tracks = [(None, _l("全部")), *TRACK_NAMES.items()]
    return [
        (label, url_for("admin.index", track=track, _anchor="charts"), None, track == chosen)
        for track, label in tracks
    ]


def _chart(name: str, bars: Sequence[Bar[Any]]) -> Chart:
    title, heading = _TITLES[name]
    return Chart(
        title=title,
        sentence=_sentence(bars),
        url=url_for("admin.charts.picture", name=name, track=asked_track()),
        heading=heading,
        rows=[(_named(bar.key), bar.individual, bar.members, bar.total) for bar in bars],
    )


def _sentence(bars: Sequence[Bar[Any]]) -> Message:
    if not bars:
        return Message("還沒有人送出報名")
    top = max(bars, key=lambda bar: bar.total)
    values = {"total": sum(bar.total for bar in bars), "top": _named(top.key), "most": top.total}
    if not isinstance(top.key, date):
        return Message("共 %(total)s 份報名，最多的是%(top)s，有 %(most)s 份", values)
    days = {"first": _named(bars[0].key), "last": _named(bars[-1].key)}
    return Message(
        "%(first)s至 %(last)s送出 %(total)s 份報名，最多的一天是 %(top)s，有 %(most)s 份", values | days
    )


def _named(key: Any) -> Any:
    return day_message(key) if isinstance(key, date) else key


@cache
def _read_colours(theme: Path) -> tuple[dict[str, str], dict[str, str]]:
    return read_tokens(theme.read_text(encoding="utf-8"))


def _colours() -> tuple[dict[str, str], dict[str, str]]:
    return _read_colours(Path(str(current_app.static_folder), "css", "theme.css"))
