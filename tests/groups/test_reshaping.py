"""Lists as they are laid out on paper: dates in three columns, ticks for the dialect, a class in halves."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.spreadsheets import Cell, Merged, Workbook
from app.groups.sheets.matching import SHEET_STRIDE, plain_lists, propose_matching, table_notes, table_rows
from tests.groups.test_matching import LIST, OTHER, PERSON, sheet

TWO_ROWS = (
    ["客語認證報名名冊", *[None] * 7],
    ["姓名", "身分證字號", "出生年月日", None, None, "腔調（請打勾）", None, "電話"],
    [None, None, "年", "月", "日", "四縣", "海陸", None],
)
MERGED = (
    Merged(1, 0, 1, 7),
    Merged(2, 0, 3, 0),
    Merged(2, 1, 3, 1),
    Merged(2, 2, 2, 4),
    Merged(2, 5, 2, 6),
    Merged(2, 7, 3, 7),
)


def people_in(*rows: list[Any], **more: Any) -> list[dict[str, Cell]]:
    workbook = plain_lists(Workbook((sheet(*rows, **more),)))
    return [dict(row.cells) for row in table_rows(workbook, propose_matching(workbook))]


@pytest.mark.requirement("R228")
@pytest.mark.parametrize("merged", [MERGED, ()], ids=["merged", "not merged"])
def test_dates_and_ticks_below_a_heading_of_their_own(merged: tuple[Merged, ...]):
    found = people_in(
        *TWO_ROWS,
        ["黃大宏", "B231127030", 103, 9, 2, "V", None, "0912345678"],
        ["邱小美", "A258188812", "103", "10", "12日", None, "✓", "0912345679"],
        merged=merged,
    )

    assert [(each["chinese_name"], each["birth_on"], each["dialect"]) for each in found] == [
        ("黃大宏", "103/9/2", "四縣"),
        ("邱小美", "103/10/12", "海陸"),
    ]
    assert found[0]["phone_mobile"] == "0912345678"


def test_dates_in_three_columns_of_the_one_row_of_headings():
    found = people_in(
        ["座號", "姓名", "出生年(民國)", "月", "日", "身分證字號"],
        [1, "黃大宏", 103, 9, 2, "B231127030"],
        [2, "邱小美", "103/10/12", None, None, "A258188812"],
        [3, "徐子涵", 103, 9, None, "H241159915"],
        [4, "葉柏翰", None, None, None, "F141159546"],
    )

    assert [each["birth_on"] for each in found] == ["103/9/2", "103/10/12", "103/9", None]


@pytest.mark.parametrize("tick", ["V", "v", "✓", "○", "1", "■", "四縣"])
def test_a_tick_is_whatever_is_no_refusal(tick: str):
    found = people_in(
        ["姓名", "四縣", "海陸", "大埔"], ["黃大宏", tick, "□", "X"], ["邱小美", tick, "V", None]
    )

    assert [each["dialect"] for each in found] == ["四縣", "四縣、海陸"]


def test_dialects_among_the_pupils_are_no_headings():
    found = people_in(
        ["姓名", "職業", "家中腔調", "報考腔調"],
        ["黃大宏", "學生", "四縣", "海陸"],
        ["邱小美", "學生", "海陸", "四縣"],
    )

    assert [each["dialect"] for each in found] == ["海陸", "四縣"]


@pytest.mark.requirement("R228")
@pytest.mark.parametrize("between", [[], [None]], ids=["side by side", "a column apart"])
def test_two_halves_of_a_class_are_both_read(between: list[Cell]):
    third: list[Cell] = ["徐子涵", "103/9/4", "H241159915", "0912345670", "四縣", "其他"]
    rows = (["三年甲班"], [*LIST, *between, *LIST], [*PERSON, *between, *OTHER], [*third])
    workbook = plain_lists(Workbook((sheet(*rows, merged=(Merged(1, 0, 1, 12),)),)))
    matching = propose_matching(workbook)

    found = [(row.number, row.cells["chinese_name"]) for row in table_rows(workbook, matching)]

    assert found == [(3, "黃大宏"), (4, "徐子涵"), (SHEET_STRIDE + 3, "邱小美")]
    right = "名單 (H–M)" if between else "名單 (G–L)"
    assert matching.place_of(SHEET_STRIDE + 3) == (right, 3)
    assert str(table_notes(workbook, matching)[0]) == f"讀了這些工作表：名單、{right}"


def test_a_parent_beside_the_pupil_is_no_second_half():
    headings = ["姓名", "身分證字號", "姓名", "電話"]

    found = people_in(headings, ["黃大宏", "B231127030", "黃明", "0912345678"])

    assert len(found) == 1


def test_a_table_stays_as_it_is():
    workbook = Workbook((sheet(LIST, PERSON, OTHER),))

    assert plain_lists(workbook) == workbook
