"""What of the review queue is looked at: read from the address, written into it, offered as chips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.admin.chips import Chip, chip_row, tally
from app.admin.labels import REVIEW_TAGS
from app.admin.queries.reviews import ReviewCount, ReviewFilter
from app.registration.states import ReviewState

_STATES = [(state.value, label) for state, (_kind, label) in REVIEW_TAGS.items()]
_KINDS = [("individual", _l("個人報名")), ("group", _l("團體報名"))]


def read_filter(args: Mapping[str, str]) -> ReviewFilter:
    """Return the filter that an address asks for; what it does not know filters nothing."""
    state, kind = args.get("state"), args.get("kind")
    return ReviewFilter(
        state=state if state in set(ReviewState) else ReviewState.PENDING.value,
        round=args.get("round") or None,
        area=args.get("area") or None,
        kind=kind if kind in dict(_KINDS) else None,
    )


def filter_args(wanted: ReviewFilter) -> dict[str, str]:
    """Return the filter as arguments of an address; those that say nothing are left out."""
    args = {name: value for name, value in asdict(wanted).items() if value is not None}
    if wanted.state == ReviewState.PENDING:
        del args["state"]
    return args


def count_matching(counts: Sequence[ReviewCount], wanted: ReviewFilter) -> int:
    return sum(each.registrations for each in counts if _matches(each, wanted))


def chip_rows(counts: Sequence[ReviewCount], wanted: ReviewFilter) -> list[tuple[Any, Sequence[Chip]]]:
    """Return (title, chips) per row; each chip counts what the other rows leave."""
    rounds = list(dict.fromkeys((each.round, each.round_name) for each in counts))
    areas = [(area, area) for area in dict.fromkeys(each.area for each in counts)]
    return [
        (_l("審查狀態"), _row("state", _STATES, counts, wanted)),
        (_l("報名方式"), _row("kind", _KINDS, counts, wanted, every=_l("個人與團體"))),
        (_l("梯次"), _row("round", rounds, counts, wanted, every=_l("全部梯次"))),
        (_l("考區"), _row("area", areas, counts, wanted, every=_l("全部考區"))),
    ]


def _row(
    name: str,
    labels: Sequence[tuple[str, Any]],
    counts: Sequence[ReviewCount],
    wanted: ReviewFilter,
    *,
    every: Any = None,
) -> Sequence[Chip]:
    others = replace(wanted, **{name: None})
    sums = tally((getattr(each, name), each.registrations) for each in counts if _matches(each, others))

    def url_of(value: str | None) -> str:
        return url_for("admin.review.index", **filter_args(replace(wanted, **{name: value})))

    return chip_row(sums, labels, getattr(wanted, name), url_of, every=every)


def _matches(count: ReviewCount, wanted: ReviewFilter) -> bool:
    return all(value is None or getattr(count, name) == value for name, value in asdict(wanted).items())
