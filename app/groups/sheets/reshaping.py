"""Lists as they are laid out on paper, laid out as a table: one pupil a row, one thing a column.

Birth dates in three columns for year, month and day; a column for each dialect, with a tick in one of them;
two halves of a class side by side. Rows keep their numbers and columns their letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from app.core.cells import cell_text
from app.core.spreadsheets import Cell, Merged, Row, Sheet, Workbook
from app.core.text import compact
from app.groups.sheets import options
from app.groups.sheets.spellings import NOTHING
from app.groups.sheets.synonyms import column_of_heading
from app.groups.sheets.table import column_letters

_SEARCHED_ROWS = 60
_DATE_PARTS = tuple(
    re.compile(rf"(?:出生|生日)?{era}{part}(?:\(.*\))?")
    for era, part in (("(?:民國)?", "年"), ("", "月"), ("", "日"))
)
_NOT_TICKED = NOTHING | {"□", "☐", "0", "否", "N", "n"}
_Join = Callable[[Sequence[Cell]], Cell]


def plain_lists(workbook: Workbook) -> Workbook:
    """Return the workbook with its lists as tables; sheets that are tables already stay as they are."""
    sheets = [half for sheet in workbook.sheets for half in _halves(_joined(sheet))]
    return Workbook(tuple(sheets))


def _joined(sheet: Sheet) -> Sheet:
    """Return a sheet with the columns of a date, or of ticks, made one."""
    for above, row in _heading_candidates(sheet):
        parts = list(_parts_of(row))
        if parts and _is_heading(row, above):
            return _with_joined(sheet, above, row, parts)
    return sheet


def _is_heading(row: Row, above: Row | None) -> bool:
    """Return whether a row is a row of headings, or the lower half of one: no pupil's name stands in it."""
    if _places_of_names(row):
        return True
    places = _places_of_names(above) if above is not None else []
    return bool(places) and not any(cell_text(row.cells[at]) for at in places if at < len(row.cells))


def _places_of_names(row: Row) -> list[int]:
    words = (cell_text(cell) for cell in row.cells)
    return [
        at
        for at, word in enumerate(words)
        # 學生 heads a column of names, and stands below 職業.
        if word and column_of_heading(word)[0] == "chinese_name" and not options.OCCUPATION.find_label(word)
    ]


def _heading_candidates(sheet: Sheet) -> Iterator[tuple[Row | None, Row]]:
    before: Row | None = None
    for row in sheet.rows[:_SEARCHED_ROWS]:
        yield (before if before is not None and before.number == row.number - 1 else None), row
        before = row


def _parts_of(row: Row) -> Iterator[tuple[int, int, str, _Join]]:
    """Yield first column, one past the last, the heading they get and how their cells become one."""
    words = [compact(cell_text(cell)) for cell in row.cells]
    for at in range(len(words) - 2):
        if all(part.fullmatch(word) for part, word in zip(_DATE_PARTS, words[at : at + 3], strict=True)):
            yield at, at + 3, "出生年月日", _one_date
            break
    labels = [options.DIALECT.find_label(word) if word else None for word in words]
    first = next((at for at, (one, other) in enumerate(pairwise(labels)) if one and other), None)
    if first is not None:
        end = next((at for at in range(first, len(labels)) if not labels[at]), len(labels))
        ticked = tuple(label for label in labels[first:end] if label)
        if len(set(ticked)) < len(ticked):
            return
        yield first, end, "報考腔調別", lambda cells: _ticked(cells, ticked)


def _one_date(cells: Sequence[Cell]) -> Cell:
    filled = [cell for cell in cells if cell_text(cell)]
    if len(filled) < 2:  # a whole date in one of them, or nothing
        return filled[0] if filled else None
    return "/".join(cell_text(cell).rstrip("年月日") for cell in filled)


def _ticked(cells: Sequence[Cell], labels: Sequence[str]) -> Cell:
    marked = [
        options.DIALECT.find_label(text) or label
        for label, text in zip(labels, map(cell_text, cells), strict=False)
        if text and text not in _NOT_TICKED
    ]
    return "、".join(marked) or None


def _with_joined(
    sheet: Sheet, above: Row | None, row: Row, parts: Sequence[tuple[int, int, str, _Join]]
) -> Sheet:
    """Return the sheet with the parts joined below their headings.

    Where the parts stand alone under the other headings, their row goes and their name moves up.
    """
    inside = {at for first, end, _, _ in parts for at in range(first, end)}
    alone = above is not None and not any(
        cell_text(cell) for at, cell in enumerate(row.cells) if at not in inside
    )
    headings = {first: heading for first, _, heading, _ in parts}
    rows: list[Row] = []
    for each in sheet.rows:
        cells = list(each.cells)
        if each is row or each.number == row.number:
            if alone:
                continue
            _set(cells, parts, headings)
        elif above is not None and alone and each.number == above.number:
            _set(cells, parts, headings)
        elif each.number > row.number:
            for first, end, _, join in parts:
                joined = join(cells[first:end])
                cells[first:end] = [joined, *[None] * (len(cells[first:end]) - 1)] if cells[first:end] else []
        rows.append(Row(each.number, tuple(cells)))
    return replace(sheet, rows=tuple(rows))


def _set(cells: list[Cell], parts: Sequence[tuple[int, int, str, _Join]], headings: dict[int, str]) -> None:
    for first, end, _, _ in parts:
        cells.extend([None] * (end - len(cells)))
        cells[first:end] = [headings[first], *[None] * (end - first - 1)]


def _halves(sheet: Sheet) -> list[Sheet]:
    """Return a sheet on which the same headings stand side by side as one sheet for each, from the left."""
    for _, row in _heading_candidates(sheet):
        width = _repeated_width(row)
        if width:
            blocks = -(-len(row.cells) // width)
            return [_block(sheet, row, block * width, width) for block in range(blocks)]
    return [sheet]


def _repeated_width(row: Row) -> int:
    """Return after how many columns a row of headings begins anew; 0: it does not."""
    words = [compact(cell_text(cell)) for cell in row.cells]
    for first, second in pairwise(_places_of_names(row)):
        width = second - first
        block, others = words[:width], words[width:]
        telling = sum(1 for word in block if word and column_of_heading(word)[0])
        if telling > 1 and all(word == block[at % width] for at, word in enumerate(others)):
            return width
    return 0


def _block(sheet: Sheet, headings: Row, first: int, width: int) -> Sheet:
    cut = (Row(row.number, row.cells[first : first + width]) for row in sheet.rows)
    rows = [row for row in cut if any(cell_text(cell) for cell in row.cells)]
    if first:  # titles stand over the first
        rows = [row for row in rows if row.number >= headings.number]
    merged = tuple(
        Merged(each.top, each.left - first, each.bottom, each.right - first)
        for each in sheet.merged
        if first <= each.left < first + width
    )
    last = min(first + width, len(headings.cells)) - 1
    name = f"{sheet.name} ({column_letters(first)}–{column_letters(last)})" if first else sheet.name
    return replace(sheet, name=name, rows=tuple(rows), merged=merged)
