"""A filled-in score sheet becomes entries, or says which cells are wrong; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.cells import cell_text
from app.core.errors import InvalidValue
from app.core.messages import N_, Listing, Message
from app.core.spreadsheets import Row, Sheet, Workbook
from app.core.text import compact
from app.examday.incidents import PART_NAMES, Incident, Part, missing_codes, read_incidents
from app.results.grading import PartPoints
from app.results.points import format_points, parse_points
from app.results.score_columns import (
    ABSENT,
    ATTENDED,
    HEADINGS,
    MARK_SHEET,
    SCORES_SHEET,
    check_mark,
)

_FILLED_IN = ("attendance", "listening", "speaking", "reading", "incidents")


@dataclass(frozen=True, slots=True)
class ScoreEntry:
    """:ivar parts: None: absent"""

    number: str
    parts: PartPoints | None
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that cannot be taken, and what to do about it; `row` as the spreadsheet counts."""

    row: int
    number: str
    column: str
    written: str
    message: Message


@dataclass(slots=True)
class ScoreSheet:
    """:ivar blank: rows of people about whom nothing has been filled in yet"""

    entries: list[ScoreEntry] = field(default_factory=list)
    errors: list[WrongCell] = field(default_factory=list)
    blank: int = 0


def read_scores(
    workbook: Workbook,
    *,
    round_code: str,
    names: Mapping[str, str],
    full: PartPoints,
    incidents: Sequence[Incident],
    expected: Mapping[str, Sequence[str]],
) -> ScoreSheet:
    """Return the entries of a sheet and all its wrong cells, found in one pass.

    A row without any entry but the prepared codes is passed over, so that a sheet can be imported as it
    grows.

    :param names: the masked name per ticket number of whoever is expected in the round; a row whose
        name is another's has been moved against the numbers and is refused
    :param full: what each part is worth
    :param expected: per ticket number the codes that the site or the committee has put on record; a row
        that lacks one of them is refused
    :raises InvalidValue: if the file as a whole is not this round's score sheet
    """
    mark = workbook.find_sheet(MARK_SHEET)
    check_mark(cell_text(mark.rows[0].cells[0]) if mark and mark.rows else "", round_code)
    result, seen = ScoreSheet(), dict[str, int]()
    for row, cells in _rows(workbook):
        codes = expected.get(compact(cells["number"]), ())
        if _is_blank(cells, codes):
            result.blank += 1
            continue
        try:
            _check_person(cells, names, seen.setdefault(compact(cells["number"]), row), row)
            entry = _read_row(cells, full, incidents)
            _check_codes(entry, codes)
            result.entries.append(entry)
        except _Wrong as wrong:
            for key, message in wrong.cells:
                result.errors.append(WrongCell(row, cells["number"], HEADINGS[key], cells[key], message))
    return result


class _Wrong(Exception):
    def __init__(self, cells: list[tuple[str, Message]]) -> None:
        super().__init__()
        self.cells = cells


def _rows(workbook: Workbook) -> Iterator[tuple[int, dict[str, str]]]:
    sheet = workbook.find_sheet(SCORES_SHEET)
    if sheet is None or not sheet.rows:
        text = N_("找不到「%(sheet)s」工作表。請重新下載成績表，填好再匯入")
        raise InvalidValue(Message(text, {"sheet": SCORES_SHEET}))
    positions = _positions(sheet)
    for row in sheet.rows[1:]:
        yield row.number, {key: _cell(row, position) for key, position in positions.items()}


def _positions(sheet: Sheet) -> dict[str, int]:
    headings = [compact(cell_text(cell)) for cell in sheet.rows[0].cells]
    missing = [heading for heading in HEADINGS.values() if headings.count(heading) != 1]
    if missing:
        values = {"names": Listing(missing)}
        raise InvalidValue(Message("標題列的這些欄位少了或重複：%(names)s。請改回來再匯入", values))
    return {key: headings.index(heading) for key, heading in HEADINGS.items()}


def _cell(row: Row, position: int) -> str:
    return cell_text(row.cells[position]) if position < len(row.cells) else ""


def _check_person(cells: Mapping[str, str], names: Mapping[str, str], first_row: int, row: int) -> None:
    number = compact(cells["number"])
    if number not in names:
        raise _Wrong([("number", Message("這個梯次沒有這個准考證號碼，請對照試場名冊"))])
    if first_row != row:
        text = N_("這個號碼和第 %(row)s 列相同，以先出現的為準，請刪除這一列")
        raise _Wrong([("number", Message(text, {"row": first_row}))])
    if cells["name"] and compact(cells["name"]) != compact(names[number]):
        text = N_("姓名和號碼對不上（應為 %(name)s），可能排序時錯開了。請重新下載成績表再貼上")
        raise _Wrong([("name", Message(text, {"name": names[number]}))])


def _read_row(cells: Mapping[str, str], full: PartPoints, known: Sequence[Incident]) -> ScoreEntry:
    number = compact(cells["number"])
    attendance = compact(cells["attendance"]) or ATTENDED
    if attendance == ABSENT:
        _check_nothing_else(cells)
        return ScoreEntry(number, None)
    wrong: list[tuple[str, Message]] = []
    if attendance != ATTENDED:
        text = N_("請填「%(attended)s」或「%(absent)s」")
        wrong.append(("attendance", Message(text, {"attended": ATTENDED, "absent": ABSENT})))
    points: dict[str, int] = {}
    for part in Part:
        try:
            points[part.value] = _read_points(cells[part.value], part, full)
        except InvalidValue as error:
            wrong.append((part.value, error.message))
    codes: tuple[str, ...] = ()
    try:
        codes = tuple(incident.code for incident in read_incidents(cells["incidents"], known))
    except InvalidValue as error:
        wrong.append(("incidents", error.message))
    if wrong:
        raise _Wrong(wrong)
    return ScoreEntry(number, PartPoints(**points), codes)


def _is_blank(cells: Mapping[str, str], codes: Sequence[str]) -> bool:
    return not any(cells[key] for key in _FILLED_IN if key != "incidents") and (
        not cells["incidents"] or cells["incidents"] == str(Listing(codes))
    )


def _check_codes(entry: ScoreEntry, expected: Sequence[str]) -> None:
    missing = missing_codes(expected, entry.incidents)
    if missing:
        text = N_("試區登錄了 %(codes)s，請補上；登錄有誤請先到「認證當天」撤銷或更正")
        raise _Wrong([("incidents", Message(text, {"codes": Listing(missing)}))])


def _check_nothing_else(cells: Mapping[str, str]) -> None:
    wrong = [
        (key, Message("缺考的考生不會有成績或違規，請清除這一格，或把出缺席改為「到考」"))
        for key in _FILLED_IN[1:]
        if cells[key]
    ]
    if wrong:
        raise _Wrong(wrong)


def _read_points(written: str, part: Part, full: PartPoints) -> int:
    if not written:
        values = {"part": PART_NAMES[part]}
        raise InvalidValue(Message("請填%(part)s成績；沒有應試請在出缺席填「缺考」", values))
    points = parse_points(written)
    if points > full.of(part):
        text = N_("%(part)s滿分是 %(full)s 分，請再確認")
        raise InvalidValue(Message(text, {"part": PART_NAMES[part], "full": format_points(full.of(part))}))
    return points
