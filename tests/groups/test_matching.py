"""Which column of a school's own sheet is which, and which of its rows are people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import InvalidValue
from app.core.spreadsheets import Cell, Merged, Row, Sheet, Workbook
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.matching import (
    SHEET_STRIDE,
    Matching,
    check_mark_of,
    heading_samples,
    propose_matching,
    table_notes,
    table_rows,
)
from app.groups.sheets.synonyms import IGNORED, PHONE, column_of_heading
from app.groups.sheets.template_layout import MARK_SHEET
from scripts.make_samples import FACTS

FULL = [column.heading for column in COLUMNS]
LIST = ["姓名", "生日", "身分證字號", "手機", "腔調", "身分別"]
PERSON: list[Cell] = ["黃大宏", "103/9/2", "B231127030", "0912345678", "四縣", "其他"]
OTHER: list[Cell] = ["邱小美", "103/9/3", "A258188812", "0912345679", "海陸", "其他"]


def sheet(*rows: Sequence[Cell], name: str = "名單", visible: bool = True, **more: Any) -> Sheet:
    filled = (Row(number, tuple(row)) for number, row in enumerate(rows, start=1) if any(row))
    return Sheet(name, visible, tuple(filled), **more)


def matched(*sheets: Sheet, **remembered: str) -> Matching:
    return propose_matching(Workbook(sheets), remembered=remembered)


def names(*sheets: Sheet) -> list[tuple[int, Cell]]:
    workbook = Workbook(sheets)
    return [
        (row.number, row.cells["chinese_name"]) for row in table_rows(workbook, propose_matching(workbook))
    ]


@pytest.mark.requirement("R228")
@pytest.mark.parametrize(
    ("headings", "key"),
    [
        ("姓名 學生姓名 中文姓名* 考生姓名 姓　名 姓名(中文) Name 班級座號姓名 姓名(座號)", "chinese_name"),
        ("生日 出生年月日 出生年月日(民國) 出生日期(例:93/9/2) Birthday", "birth_on"),
        ("身分證字號 身份證號 身　分　證　字　號 身分證統一編號(居留證號) ID", "id_number"),
        ("手機 行動電話 學生手機號碼 聯絡電話(手機)", "phone_mobile"),
        ("市話 家用電話 電話(宅) 住家電話", "phone_home"),
        ("電話 聯絡電話 連絡電話", PHONE),
        ("家長姓名 監護人 緊急聯絡人姓名 法定代理人姓名 爸爸 媽媽姓名", "emergency_name"),
        ("家長電話 監護人手機 緊急聯絡人電話 緊急連絡人手機 爸爸電話 媽媽手機 阿公電話", "emergency_phone"),
        ("關係 稱謂 與學生之關係", "emergency_relation"),
        ("Email E-mail 電子郵件 電子信箱 家長信箱", "email"),
        ("住址 通訊地址 聯絡地址 地址(含郵遞區號)", "address"),
        ("腔調 報考腔別 報考客語腔調 腔調(四縣/海陸)", "dialect"),
        ("英文姓名 護照英文姓名", "english_name"),
        ("考生身分 身份別 族群", "background"),
        ("性別 座號 班級 備註 家長職業 出生地 導師姓名 學校名稱 報名費", IGNORED),
        ("血壓 喜歡的顏色", None),
    ],
)
def test_headings_are_known_by_the_names_that_schools_use(headings: str, key: str | None):
    for heading in headings.split(" "):
        assert column_of_heading(heading)[0] == key, heading


def test_order_and_extra_columns_do_not_matter():
    matching = matched(sheet(["座號", *reversed(LIST), "備註"], [1, *reversed(PERSON), ""]))

    assert {key: matching.headings[place] for key, place in matching.columns.items()} == {
        "chinese_name": "姓名",
        "birth_on": "生日",
        "id_number": "身分證字號",
        "phone_mobile": "手機",
        "dialect": "腔調",
        "background": "身分別",
    }
    assert [column.key for column in matching.missing()] == ["education"]
    assert not matching.certain


def test_our_own_headings_leave_nothing_to_ask():
    assert matched(sheet(["座號", *FULL], [1, *[None] * 2, *PERSON])).certain
    assert not matched(sheet([*FULL, "喜歡的顏色"], [None, None, *PERSON])).certain
    assert not matched(sheet([*FULL, "地址"], [None, None, *PERSON])).certain


def test_a_remembered_heading_goes_before_what_it_looks_like():
    rows = (["大名", "電話", *LIST[1:]], ["黃大宏", "x", *PERSON[1:]])

    matching = matched(sheet(*rows), 大名="chinese_name", 電話="")

    assert matching.columns["chinese_name"] == 0
    assert "phone_home" not in matching.columns


def test_values_tell_what_headings_do_not():
    people = [PERSON, OTHER, ["徐子涵", "103/9/4", "B111154182", "0912345670", "大埔", "其他"]]

    matching = matched(sheet(["姓名", "生日", "乙", "丙", "丁", "戊"], *people))

    assert {key: matching.headings[place] for key, place in matching.columns.items()} == {
        "chinese_name": "姓名",
        "birth_on": "生日",
        "id_number": "乙",
        "phone_mobile": "丙",
        "dialect": "丁",
        "background": "戊",
    }


def test_of_two_telephones_the_numbers_decide():
    people = [
        [*PERSON[:3], "03-4123456", "0912345678", *PERSON[4:]],
        [*OTHER[:3], "03-4123457", "0912345679", *OTHER[4:]],
    ]

    matching = matched(sheet([*LIST[:3], "電話", "聯絡電話", *LIST[4:]], *people))

    assert (matching.columns["phone_home"], matching.columns["phone_mobile"]) == (3, 4)


def test_what_is_natural_for_a_school_is_proposed_for_all():
    matching = matched(sheet(["大崙國小 海陸腔 報名表"], [*LIST[:4], "身分別"], [*PERSON[:4], "其他"]))

    assert matching.for_all == {
        "foreign": "本國",
        "occupation": "學生",
        "education": "小學(含)以下",
        "dialect": "海陸",
    }
    assert matching.missing() == ()
    assert not matching.certain


def test_a_matching_survives_being_stored():
    matching = matched(sheet(LIST, PERSON, name="甲"), sheet(LIST, OTHER, name="乙"))

    assert Matching.from_json(json.loads(json.dumps(matching.as_json()))) == matching


def test_sheets_with_the_same_headings_are_read_as_one_list():
    sheets = (
        sheet(LIST, PERSON, name="甲"),
        sheet(["乙班"], list(reversed(LIST)), list(reversed(OTHER)), name="乙"),
        sheet(["姓名", "電話"], ["張老師", "03-4123456"], name="導師"),
    )

    workbook = Workbook(sheets)
    matching = propose_matching(workbook)

    assert names(*sheets) == [(2, "黃大宏"), (SHEET_STRIDE + 3, "邱小美")]
    assert [matching.place_of(number) for number, _ in names(*sheets)] == [("甲", 2), ("乙", 3)]
    assert [str(note) for note in table_notes(workbook, matching)] == [
        "讀了這些工作表：甲、乙",
        "沒有讀這些工作表：導師。裡面若有考生，請把標題改成一樣，或另外上傳",
    ]


def test_sheets_with_other_words_for_the_same_are_read_as_one_list():
    words = ["學生姓名", "出生年月日", "身份證號", "聯絡電話", "報考腔調", "族群"]
    others = ["聯絡人", "電話", "生日"]  # no list of the same people

    first, second = sheet(LIST, PERSON, name="五忠"), sheet(words, OTHER, name="五孝")

    assert names(first, second, sheet(others, name="通訊錄")) == [(2, "黃大宏"), (SHEET_STRIDE + 2, "邱小美")]
    found = list(table_rows(workbook := Workbook((first, second)), propose_matching(workbook)))
    assert dict(found[1].cells) == dict(zip(found[0].cells, OTHER, strict=True))


def test_a_hidden_sheet_is_not_read_but_named():
    shown = sheet(["說明"], ["請看下一頁"], name="說明")

    with pytest.raises(InvalidValue, match="隱藏的工作表「名單」"):
        matched(shown, sheet(LIST, PERSON, visible=False))
    with pytest.raises(InvalidValue, match="找不到"):
        matched(shown)
    assert names(sheet(LIST, PERSON), sheet(LIST, OTHER, name="去年", visible=False)) == [(2, "黃大宏")]


def test_what_is_no_person_is_left_out_and_told():
    rows = [
        ["名冊"],
        LIST,
        PERSON,
        [None] * 6,
        LIST,
        OTHER,
        [None, None, None, None, "四縣", "其他"],
        ["黃𠊎堃", None, "A123456789"],
        ["合計", None, "2 人"],
        ["※ 請於三月前送回"],
        [None, None, None, "03-4123456"],
    ]

    workbook = Workbook((sheet(*rows),))
    notes = [str(note) for note in table_notes(workbook, propose_matching(workbook))]

    assert names(*workbook.sheets) == [(3, "黃大宏"), (6, "邱小美")]
    assert notes == ["第 9、10、11 列看起來不是考生（合計、備註或不完整的列），沒有讀"]


def test_a_row_with_little_more_than_a_name_is_still_a_person():
    assert names(sheet(LIST, PERSON, ["林小魚"], ["溫采潔", None, None, "0912345678"]))[1:] == [
        (3, "林小魚"),
        (4, "溫采潔"),
    ]


def test_hidden_rows_are_offered_as_hidden():
    workbook = Workbook((sheet(LIST, PERSON, OTHER, hidden=frozenset({3})),))
    matching = propose_matching(workbook)

    assert [(row.number, row.hidden) for row in table_rows(workbook, matching)] == [(2, False), (3, True)]
    assert "隱藏" in str(table_notes(workbook, matching)[0])


def test_a_merged_dialect_belongs_to_all_rows_and_a_merged_name_to_one():
    merged = (Merged(2, 4, 3, 4), Merged(2, 0, 3, 0))
    workbook = Workbook((sheet(LIST, PERSON, [None, *OTHER[1:4], None, "其他"], merged=merged),))

    rows = list(table_rows(workbook, propose_matching(workbook)))

    assert [(row.cells["chinese_name"], row.cells["dialect"]) for row in rows] == [
        ("黃大宏", "四縣"),
        (None, "四縣"),
    ]


def test_a_doubled_heading_is_told():
    workbook = Workbook((sheet([*LIST, "腔調"], [*PERSON, "海陸"]),))

    notes = table_notes(workbook, propose_matching(workbook))

    assert [str(note) for note in notes] == ["標題「腔調」有 2 欄，讀的是 E 欄"]


def test_every_heading_comes_with_the_first_values_below_it():
    workbook = Workbook((sheet(LIST, PERSON, OTHER),))

    samples = heading_samples(workbook, propose_matching(workbook))

    assert samples[0] == ("姓名", ("黃大宏", "邱小美"))
    assert [heading for heading, _ in samples] == LIST


@pytest.mark.requirement("R229")
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(FACTS, year=111), "這是 111 年度的匯入範例"),
        (replace(FACTS, area="高雄"), "「全國認證第一梯次」高雄考區"),
        (replace(FACTS, round_id="nat-112-02"), "這份檔案是"),
    ],
)
def test_a_template_of_something_else_is_named(facts: Any, expected: str):
    rows = (FULL, [facts.round_name, facts.area, *PERSON])

    with pytest.raises(InvalidValue, match=expected):
        check_mark_of(Workbook((sheet(*rows), sheet([facts.mark], name=MARK_SHEET))), FACTS)


@pytest.mark.parametrize("mark", [FACTS.mark, replace(FACTS, version=99).mark, "第三版"])
def test_this_rounds_template_and_ones_own_sheet_pass(mark: str):
    check_mark_of(Workbook((sheet(LIST, PERSON),)), FACTS)
    check_mark_of(Workbook((sheet(LIST, PERSON), sheet([mark], name=MARK_SHEET))), FACTS)
