"""A filled-in score sheet, row by row: what is taken, and which cells are named."""

from __future__ import annotations

import pytest

from app.core.errors import InvalidValue
from app.core.spreadsheets import Cell, Row, Sheet, Workbook
from app.examday.incidents import list_incidents
from app.results.grading import PartPoints
from app.results.score_columns import HEADINGS, mark_of
from app.results.score_sheet import ScoreEntry, ScoreSheet, read_scores

CODE = "nat-112-01"
NAMES = {"112101060001": "徐○蘭", "112101060002": "黃○堃"}
FIRST = ("112101060001", "徐○蘭", "四縣", "第 01 試場")
SECOND = ("112101060002", "黃○堃", "四縣", "第 01 試場")
KNOWN = list_incidents([{"state": "已關機", "on_seat_or_body": 1, "at_designated_place": 0}])


def book(
    *rows: tuple[Cell, ...], headings: tuple[str, ...] = tuple(HEADINGS.values()), mark: str = mark_of(CODE)
) -> Workbook:
    filled = tuple(Row(number, row) for number, row in enumerate((headings, *rows), start=1))
    return Workbook((Sheet("成績", True, filled), Sheet("mark", False, (Row(1, (mark,)),))))


def read(workbook: Workbook, expected: dict[str, tuple[str, ...]] | None = None) -> ScoreSheet:
    return read_scores(
        workbook,
        round_code=CODE,
        names=NAMES,
        full=PartPoints(350, 450, 200),
        incidents=KNOWN,
        expected=expected or {},
    )


@pytest.mark.parametrize(
    ("cells", "entry"),
    [
        (("到考", 30, 35.5, 15, None), ScoreEntry(FIRST[0], PartPoints(300, 355, 150))),
        ((None, "30", "35.5", "15"), ScoreEntry(FIRST[0], PartPoints(300, 355, 150))),
        (("到考", 35, 45, 20, None), ScoreEntry(FIRST[0], PartPoints(350, 450, 200))),
        (("到考", 0, 0, 0, "d11"), ScoreEntry(FIRST[0], PartPoints(0, 0, 0), ("D11",))),
        (("缺考", None, None, None, None), ScoreEntry(FIRST[0], None)),
    ],
)
def test_a_right_row_becomes_an_entry(cells: tuple[Cell, ...], entry: ScoreEntry) -> None:
    result = read(book(FIRST + cells))

    assert (result.entries, result.errors) == ([entry], [])


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (("999", "徐○蘭", "", "", "到考", 1, 1, 1), "准考證號碼", "沒有這個准考證號碼"),
        ((FIRST[0], "黃○堃", "", "", "到考", 1, 1, 1), "姓名", "應為 徐○蘭"),
        ((*FIRST, "到考", 35.1, 1, 1), "聽力", "滿分是 35 分"),
        ((*FIRST, "到考", 1, 45.1, 1), "口語", "滿分是 45 分"),
        ((*FIRST, "到考", 1, 1, -1), "閱讀", "0 到 100"),
        ((*FIRST, "到考", 1, 1, 1.25), "閱讀", "一位小數"),
        ((*FIRST, "到考", 1, 1, None), "閱讀", "請填閱讀成績"),
        ((*FIRST, "遲到", 1, 1, 1), "出缺席", "「到考」或「缺考」"),
        ((*FIRST, "缺考", None, None, None, "D11"), "違規代碼", "缺考的考生不會有"),
        ((*FIRST, "到考", 1, 1, 1, "手機"), "違規代碼", "沒有「手機」"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(row: tuple[Cell, ...], column: str, sentence: str) -> None:
    result = read(book(row))

    [error] = result.errors
    assert (error.row, error.column) == (2, column)
    assert sentence in str(error.message)
    assert result.entries == []


def test_of_two_rows_with_one_number_the_first_counts() -> None:
    result = read(book((*FIRST, "到考", 30, 30, 15), (*FIRST, "到考", 10, 10, 5)))

    assert [entry.parts for entry in result.entries] == [PartPoints(300, 300, 150)]
    assert "第 2 列" in str(result.errors[0].message)


def test_people_without_any_entry_are_passed_over() -> None:
    result = read(book((*FIRST, None, None, None, None, None), (*SECOND, "缺考")))

    assert (result.blank, [entry.number for entry in result.entries]) == (1, [SECOND[0]])


@pytest.mark.parametrize(
    ("workbook", "sentence"),
    [
        (book(FIRST, mark="scores/1/nat-112-02"), "另一個梯次"),
        (book(FIRST, mark=""), "不是系統產生的成績表"),
        (Workbook((Sheet("mark", False, (Row(1, (mark_of(CODE),)),)),)), "找不到「成績」"),
        (book(FIRST, headings=("准考證號碼", "姓名")), "腔調"),
        (book(FIRST, headings=(*HEADINGS.values(), "聽力")), "聽力"),
    ],
)
def test_a_file_that_is_not_the_rounds_sheet_is_refused_whole(workbook: Workbook, sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        read(workbook)


@pytest.mark.requirement("R182", "R184")
@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        (("到考", 30, 35, 15, "D11、Z2"), ""),
        (("到考", 30, 35, 15, "Z2 D11 M1"), ""),
        (("到考", 30, 35, 15, "D11"), "登錄了 Z2"),
        (("到考", 30, 35, 15, None), "登錄了 D11、Z2"),
        (("缺考", None, None, None, None), "登錄了 D11、Z2"),
    ],
)
def test_a_row_carries_what_the_site_has_put_on_record(cells: tuple[Cell, ...], missing: str) -> None:
    result = read(book(FIRST + cells), {FIRST[0]: ("D11", "Z2")})

    assert [(each.column, missing in str(each.message)) for each in result.errors] == (
        [("違規代碼", True)] if missing else []
    )
    assert len(result.entries) == (0 if missing else 1)


def test_a_row_with_nothing_but_the_prepared_codes_is_passed_over() -> None:
    result = read(book((*FIRST, None, None, None, None, "D11、Z2")), {FIRST[0]: ("D11", "Z2")})

    assert (result.blank, result.entries, result.errors) == (1, [], [])
