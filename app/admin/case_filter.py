"""The filters of the case desk: inbox, unit and kind, in the address of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.admin.case_words import BOXES
from app.admin.chips import Chip, chip_row, tally
from app.admin.queries.cases import CaseFilter
from app.cases.kind_types import Unit
from app.cases.kinds import KINDS, UNIT_NAMES
from app.cases.states import BOX_STATES, Box, CaseState

CaseKey = tuple[CaseState, str | None, str]  # state, unit, kind: by what the desk counts


def read_filter(args: Mapping[str, str]) -> CaseFilter:
    """Return the filter that an address asks for; what it does not know filters nothing."""
    box, unit, kind = (args.get(name) for name in ("box", "unit", "kind"))
    return CaseFilter(
        Box(box) if box in set(Box) else Box.WAITING,
        unit if unit in set(Unit) else None,
        kind if kind in KINDS else None,
    )


def filter_url(wanted: CaseFilter, **more: Any) -> str:
    """Return the address of an inbox as filtered; `more` replaces or adds arguments."""
    arguments: dict[str, Any] = {"box": wanted.box.value, "unit": wanted.unit, "kind": wanted.kind, **more}
    return url_for("admin.cases.index", **arguments)


def matches(key: CaseKey, wanted: CaseFilter) -> bool:
    state, unit, kind = key
    return state in BOX_STATES[wanted.box] and wanted.unit in (None, unit) and wanted.kind in (None, kind)


def chip_rows(counts: Mapping[CaseKey, int], wanted: CaseFilter) -> list[tuple[Any, Sequence[Chip]]]:
    """Return (title, chips) per row; each chip counts what the other rows leave (W022)."""
    boxes = [
        (
            label,
            filter_url(wanted, box=box.value),
            sum(
                number
                for key, number in counts.items()
                if matches(key, CaseFilter(box, wanted.unit, wanted.kind))
            ),
            box == wanted.box,
        )
        for box, label in BOXES.items()
    ]
    in_units = tally(
        (key[1] or "", number)
        for key, number in counts.items()
        if matches(key, CaseFilter(wanted.box, None, wanted.kind))
    )
    of_kinds = tally(
        (key[2], number)
        for key, number in counts.items()
        if matches(key, CaseFilter(wanted.box, wanted.unit))
    )
    kinds = [(kind.key, kind.name) for kind in KINDS.values()]
    return [
        (_l("案件"), boxes),
        (
            _l("單位"),
            chip_row(
                in_units,
                UNIT_NAMES.items(),
                wanted.unit,
                lambda unit: filter_url(wanted, unit=unit),
                every=_l("全部單位"),
            ),
        ),
        (
            _l("項目"),
            chip_row(
                of_kinds, kinds, wanted.kind, lambda kind: filter_url(wanted, kind=kind), every=_l("全部項目")
            ),
        ),
    ]
