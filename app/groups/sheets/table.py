"""The rows of people in a matched workbook, apart from everything else that stands in such lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from app.core.cells import cell_text
from app.core.errors import InvalidValue
from app.core.messages import N_, Listing, Message
from app.core.spreadsheets import Cell, Row, Sheet, Workbook
from app.core.text import compact
from app.groups.sheets.columns import COLUMN_OF, COLUMNS, is_blank
from app.groups.sheets.layout import headings_at
from app.groups.sheets.proposals import SHEET_STRIDE, Matching, list_layouts, place_of_key
from app.groups.sheets.rows import FromAbove, SheetRow
from app.groups.sheets.spellings import DITTO
from app.groups.sheets.synonyms import heading_key

_SAMPLES = 3
_MOST_NAMED = 12
_SHORTEST_ID = 8
# What may be merged over several pupils, or stand for all of them by a ditto mark; a name never.
_SHARED = frozenset(column.key for column in COLUMNS if column.choice) | {
    "round_name",
    "area",
    "address",
    "zip_code",
    "phone_home",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
    "email",
}
# A row that has none of these is no person: a drop-down prefilled for hundreds of rows, say.
_TELLING = frozenset(column.key for column in COLUMNS if not column.choice and not column.locked)
_NAME = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U000323af‧·•．・ 　]{2,6}|[A-Za-z][A-Za-z ,.'-]+")
_NOTE = re.compile(
    "(?:總?[合共小]計|總計|總人數|人數|註|備註|附註|注意|說明|填表|製表|承辦|經辦|主任|校長|導師|單位|以上|以下空白|聯絡人|"
    "報名人數|審核|核章|※|＊|\\*|【|total).*",
    re.I,
)


class _Kind(Enum):
    PERSON = "person"
    NOTHING = "nothing"  # blank, headings once more, our example
    OTHER = "other"  # totals, notes, half a row: not read, but told


@dataclass(frozen=True, slots=True)
class _Part:
    """One sheet of a matching.

    :ivar columns: where our columns stand in this sheet
    :ivar headings: what they are called there
    :ivar not_names: what in the column of names is no name: its heading, our example
    :ivar first_number: what is added to its row numbers
    """

    sheet: Sheet
    heading_row: int
    columns: Mapping[str, int]
    headings: Mapping[str, str]
    not_names: frozenset[Cell]
    first_number: int


def table_rows(workbook: Workbook, matching: Matching) -> Iterator[SheetRow]:
    """Return the rows of people below the headings, in order.

    Left out are blank rows, headings repeated on every page, our example, totals and notes; a row in which
    only drop-downs or blue columns are filled is no person either. What is merged over several rows, or
    taken over by a ditto mark, belongs to all of them, but never a name or a number. Hidden rows are
    given as such. Rows of further sheets are numbered from `SHEET_STRIDE` on.
    """
    for part in _parts(workbook, matching):
        for row, cells in _rows_of(part):
            if _kind_of(row, cells, part) is _Kind.PERSON:
                yield SheetRow(part.first_number + row.number, cells, row.number in part.sheet.hidden)


def heading_samples(workbook: Workbook, matching: Matching) -> list[tuple[str, tuple[str, ...]]]:
    """Return every heading from column A on with the first values that stand below it."""
    sheet = _sheet(workbook, matching.sheet)
    below = [row for row in sheet.rows[:200] if row.number > matching.heading_row]
    samples = []
    for position, heading in enumerate(matching.headings):
        texts = (cell_text(row.cells[position]) for row in below if position < len(row.cells))
        samples.append((heading, tuple([text for text in texts if text][:_SAMPLES])))
    return samples


def table_notes(workbook: Workbook, matching: Matching) -> tuple[Message, ...]:
    """Return what the leader should know about the file as a whole: what was not read, and why."""
    notes = []
    parts = _parts(workbook, matching)
    if len(parts) > 1:
        names = Listing(part.sheet.name for part in parts)
        notes.append(Message("讀了這些工作表：%(names)s", {"names": names}))
    others = _other_lists(workbook, {part.sheet.name for part in parts})
    if others:
        text = N_("沒有讀這些工作表：%(names)s。裡面若有考生，請把標題改成一樣，或另外上傳")
        notes.append(Message(text, {"names": Listing(others)}))
    hidden, left_out = [], []
    for part in parts:
        for row, cells in _rows_of(part):
            kind = _kind_of(row, cells, part)
            if kind is _Kind.OTHER:
                left_out.append(_place(part, row, len(parts)))
            elif kind is _Kind.PERSON and row.number in part.sheet.hidden:
                hidden.append(_place(part, row, len(parts)))
    if hidden:
        text = N_("有 %(count)s 列在檔案裡是隱藏的（第 %(rows)s 列），先不匯入；要一起匯入，請逐列選取")
        notes.append(Message(text, {"count": len(hidden), "rows": _named(hidden)}))
    if left_out:
        text = N_("第 %(rows)s 列看起來不是考生（合計、備註或不完整的列），沒有讀")
        notes.append(Message(text, {"rows": _named(left_out)}))
    notes += _doubled(matching)
    return tuple(notes)


def _doubled(matching: Matching) -> list[Message]:
    """Return which headings stand there twice, and which one is read."""
    names = [heading_key(heading) for heading in matching.headings]
    return [
        Message(
            "標題「%(heading)s」有 %(count)s 欄，讀的是 %(column)s 欄",
            {
                "heading": matching.headings[position],
                "count": names.count(names[position]),
                "column": column_letters(position),
            },
        )
        for position in sorted(matching.columns.values())
        if names[position] and names.count(names[position]) > 1
    ]


def column_letters(position: int) -> str:
    """Return the letters over a column, counted from 0: A, …, Z, AA."""
    first, last = divmod(position, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)


def _parts(workbook: Workbook, matching: Matching) -> list[_Part]:
    names = [heading_key(heading) for heading in matching.headings]
    first = _sheet(workbook, matching.sheet)
    parts = [_part(first, matching.heading_row, matching.columns, matching.headings, 0)]
    for order, (name, row) in enumerate(matching.more, start=1):
        sheet = _sheet(workbook, name)
        headings = headings_at(sheet, row, {})
        there = [heading_key(heading.text) for heading in headings]
        columns = {key: _same_heading(names, position, there) for key, position in matching.columns.items()}
        for key, place in columns.items():
            columns[key] = place_of_key(headings, key) if place is None else place
        found = {key: place for key, place in columns.items() if place is not None}
        texts = [heading.text for heading in headings]
        parts.append(_part(sheet, row, found, texts, order * SHEET_STRIDE))
    return parts


def _part(
    sheet: Sheet, heading_row: int, columns: Mapping[str, int], headings: Sequence[str], first_number: int
) -> _Part:
    names = {key: headings[at] if at < len(headings) else "" for key, at in columns.items()}
    heading = names.get("chinese_name", "")
    not_names = frozenset(
        {heading, *heading.split()[-1:], heading_key(heading), COLUMN_OF["chinese_name"].example}
    )
    return _Part(sheet, heading_row, columns, names, not_names, first_number)


def _same_heading(names: list[str], position: int, there: list[str]) -> int | None:
    """Return where a heading stands in another sheet; of headings of one name the one in the same turn."""
    turn = names[:position].count(names[position])
    places = [place for place, name in enumerate(there) if name == names[position]]
    return places[turn] if turn < len(places) else None


def _rows_of(part: _Part) -> Iterator[tuple[Row, dict[str, Cell]]]:
    """Return the rows below the headings with their cells by column, shared ones filled in."""
    columns = list(part.columns.items())
    shared = [(key, at) for key, at in columns if key in _SHARED]
    merged = _Merged(part, shared)
    before: dict[str, Cell] = {}
    for row in part.sheet.rows:
        if row.number <= part.heading_row:
            continue
        written, length = row.cells, len(row.cells)
        cells = {key: written[at] if at < length else None for key, at in columns}
        if merged.exist:
            merged.fill(row, cells)
        for key, _ in shared:
            mark = cells[key]
            if mark in DITTO and isinstance(above := before.get(key), str):
                cells[key] = FromAbove(above, str(mark))
        yield row, cells
        if not is_blank(cells.get("chinese_name")):  # a blank row or a note between does not count
            before = cells


class _Merged:
    """Fills cells that are merged over several rows with what stands in the first of them."""

    def __init__(self, part: _Part, shared: list[tuple[str, int]]) -> None:
        self._starting: dict[int, list[tuple[str, int, int]]] = {}
        self._open: dict[str, tuple[int, Cell]] = {}
        for each in part.sheet.merged:
            for key, at in shared:
                if each.top < each.bottom and each.left <= at <= each.right:
                    self._starting.setdefault(each.top, []).append((key, each.left, each.bottom))
        self.exist = bool(self._starting)

    def fill(self, row: Row, cells: dict[str, Cell]) -> None:
        for key, left, bottom in self._starting.get(row.number, ()):
            self._open[key] = (bottom, row.cells[left] if left < len(row.cells) else None)
        for key, (bottom, value) in self._open.items():
            if row.number <= bottom and is_blank(cells[key]):
                cells[key] = value


def _kind_of(row: Row, cells: Mapping[str, Cell], part: _Part) -> _Kind:
    number = cells.get("id_number")
    if type(number) is str and len(number) >= _SHORTEST_ID and cells.get("chinese_name") is not None:
        # The short way: nearly every row.
        ours = cells["chinese_name"] in part.not_names and (
            _repeats_headings(cells, part) or _is_example(cells)
        )
        return _Kind.NOTHING if ours else _Kind.PERSON
    telling = [key for key, cell in cells.items() if key in _TELLING and not is_blank(cell)]
    if not telling:
        return _Kind.OTHER if _has_note(row) else _Kind.NOTHING
    if _repeats_headings(cells, part):
        return _Kind.NOTHING
    if len(telling) <= 2 and _has_note(row):
        return _Kind.OTHER
    if len(telling) == 1 and not _is_name(telling[0], cells):
        return _Kind.OTHER
    return _Kind.PERSON


def _is_name(key: str, cells: Mapping[str, Cell]) -> bool:
    return key in ("id_number", "birth_on") or (
        key == "chinese_name" and bool(_NAME.fullmatch(cell_text(cells[key])))
    )


def _repeats_headings(cells: Mapping[str, Cell], part: _Part) -> bool:
    same = filled = 0
    for key in ("chinese_name", "id_number", "birth_on", "phone_mobile", "dialect", "phone_home"):
        cell = cells.get(key)
        if cell is None:
            continue
        filled += 1
        if type(cell) is str and _is_heading(cell, part.headings[key]):
            same += 1
        elif filled - same > 1:
            return False
    return same >= 2 or (same == 1 and filled == 1)


def _is_heading(cell: str, heading: str) -> bool:
    # The heading of a group stands before it: 學生資料 姓名.
    name = heading_key(cell)
    return bool(name) and heading_key(heading).endswith(name)


def _is_example(cells: Mapping[str, Cell]) -> bool:
    return all(cells.get(key) == COLUMN_OF[key].example for key in ("chinese_name", "id_number"))


def _has_note(row: Row) -> bool:
    return any(isinstance(cell, str) and _NOTE.fullmatch(compact(cell)) for cell in row.cells)


def _other_lists(workbook: Workbook, read: set[str]) -> list[str]:
    return [
        layout.sheet.name
        for layout in list_layouts(workbook, {})
        if layout.sheet.name not in read and layout.sheet.rows[-1].number > layout.row
    ]


def _place(part: _Part, row: Row, parts: int) -> str:
    return f"{part.sheet.name} {row.number}" if parts > 1 else str(row.number)


def _named(places: list[str]) -> Listing:
    more = ("…",) if len(places) > _MOST_NAMED else ()
    return Listing((*places[:_MOST_NAMED], *more))


def _sheet(workbook: Workbook, name: str) -> Sheet:
    sheet = workbook.find_sheet(name)
    if sheet is None:
        raise InvalidValue(Message("檔案裡沒有工作表「%(name)s」，請重新上傳", {"name": name}))
    return sheet
