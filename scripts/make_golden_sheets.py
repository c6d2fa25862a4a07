"""Build the golden sheets: ``python -m scripts.make_golden_sheets`` from the project's folder.

Lists as school secretaries send them, from a tidy template to the worst; beside each lies what is expected
of every cell, written down here by hand and not by the reader. All persons are invented.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.template_sheet import build_template
from scripts.golden_mistakes import mistakes
from scripts.golden_parts import Cell, Golden, List, converted, pupil, pupils, separated, xlsx
from scripts.make_samples import FACTS, filled_template

# Headings of a list that lacks nothing; its columns in an order of its own.
OWN = (
    ("班級", ""),
    ("座號", ""),
    ("學生姓名", "chinese_name"),
    ("性別", ""),
    ("出生年月日", "birth_on"),
    ("身分證字號", "id_number"),
    ("國籍", "foreign"),
    ("手機", "phone_mobile"),
    ("報考腔調", "dialect"),
    ("身分別", "background"),
    ("職業", "occupation"),
    ("教育程度", "education"),
)
# What a class list usually has; the rest holds for all.
SHORT = (
    ("座號", ""),
    ("姓名", "chinese_name"),
    ("生日", "birth_on"),
    ("身份證號", "id_number"),
    ("電話", "phone_mobile"),
    ("腔調", "dialect"),
    ("考生身分", "background"),
)
SCHOOL = {"foreign": "本國", "occupation": "學生", "education": "小學(含)以下"}
PUPIL = {"foreign": "本國", "occupation": "學生"}
SPELLING, DATE, WORD = "repaired.spelling", "repaired.date_spelling", "repaired.other_word"
NEAR, UNREADABLE, ADDRESS = "wrong.near_miss", "wrong.unreadable", "repaired.address"


def main() -> None:
    """Write every golden sheet and its expectation anew."""
    for golden in (*tidy(), *texts(), *layouts(), *cells(), *wild(), mistakes()):
        golden.save()
        print(golden.name, len(golden.content))


def tidy() -> Iterator[Golden]:
    """Templates filled in as they should be."""
    people = pupils(0, 30)
    for person in people:
        del person["zip_code"], person["address"]
    keys = [column.key for column in COLUMNS if not column.locked]
    blue = {"round_name": FACTS.round_name, "area": FACTS.area}
    columns = [(column.label, column.key) for column in COLUMNS]
    rows = List(columns, [{**person, **blue} for person in people]).expected()
    filled = [{key: str(person[key]) for key in keys if key in person} for person in people]
    content = filled_template(FACTS, filled)
    yield Golden("tidy_template.xlsx", content, rows, {"certain": True, "heading_row": 1})
    yield Golden("tidy_template.ods", converted(content, "ods"), rows, {"certain": True})
    yield Golden("tidy_template.xls", converted(content, "xls"), rows, {"certain": True})
    yield Golden("template_with_example.xlsx", *_with_example(blue, columns), {"certain": True})


def _with_example(blue: dict[str, str], columns: list[tuple[str, str]]) -> tuple[bytes, list[dict[str, Any]]]:
    """Return a template with its example left in the first row and some choices filled down to row 39."""
    workbook = load_workbook(io.BytesIO(build_template(FACTS)))
    sheet = workbook.worksheets[0]
    people = [pupil(number, zip_code=None, address=None) for number in range(40, 44)]
    for position, column in enumerate(COLUMNS, start=1):
        if column.example:
            sheet.cell(2, position).value = column.example
        for row, person in enumerate(people, start=3):
            if column.key in person:
                sheet.cell(row, position).value = person[column.key]
        for row in range(7, 40):
            if column.key in ("foreign", "occupation", "education"):
                sheet.cell(row, position).value = column.example
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue(), List(columns, [person | blue for person in people], first_row=3).expected()


def texts() -> Iterator[Golden]:
    """Separated text in the encodings and with the signs that programs in Taiwan write."""
    own = List(OWN, pupils(50, 8))
    plain = [
        person
        for person in own.people
        if "𫣆" not in person["chinese_name"] and "𠊎" not in person["chinese_name"]
    ]
    big5 = List(OWN, plain)
    yield Golden("big5.csv", separated(big5.grid(), encoding="cp950"), big5.expected())
    yield Golden("big5_named.xls", separated(big5.grid(), encoding="cp950", separator="\t"), big5.expected())
    yield Golden("utf8_bom.csv", separated(own.grid(), encoding="utf-8-sig"), own.expected())
    yield Golden("semicolons.csv", separated(own.grid(), separator=";"), own.expected())
    yield Golden("utf16_tabs.tsv", separated(own.grid(), encoding="utf-16", separator="\t"), own.expected())
    # Excel has written the sheet out: zeros are gone, 93/9/2 is a Western day of the last century.
    people = [
        pupil(
            60,
            phone_mobile=Cell("912345678", "0912-345-678", "repaired.leading_zero"),
            birth_on=Cell("2014/9/2", "103/9/2"),
        ),
        pupil(
            61,
            phone_mobile=Cell("34123456", "03-412-3456", "doubtful.area_code", ("03-412-3456",)),
            birth_on=Cell("1993/9/2", "1993/9/2", "doubtful.excel_century", ("93/9/2", "1993/9/2")),
        ),
        pupil(62, birth_on=Cell("1030902", "103/9/2", DATE), phone_mobile='="0912345678"'),
    ]
    people[2]["phone_mobile"] = Cell('="0912345678"', "0912345678")
    excel = List(OWN, people)
    yield Golden("exported_by_excel.csv", separated(excel.grid(), encoding="cp950"), excel.expected())
    bare = List(
        [
            (f"_{key}", key)
            for key in ("座號", "chinese_name", "birth_on", "id_number", "phone_mobile", "dialect")
        ],
        [],
    )
    keys = ("座號", "chinese_name", "birth_on", "id_number", "phone_mobile", "dialect")
    people = pupils(70, 6)
    bare = List(
        [(key, "" if key == "座號" else key) for key in keys],
        people,
        first_row=1,
        for_all={"foreign": "本國"},
    )
    missing = ["background", "occupation", "education"]
    for person in people:
        person |= {f"+{key}": Cell(None, mark="wrong.missing") for key in missing}
    yield Golden(
        "no_headings.csv",
        separated(bare.grid()[1:]),
        bare.expected(),
        {"heading_row": 0, "certain": False, "missing": missing},
        {"foreign": "本國"},
    )


def layouts() -> Iterator[Golden]:
    """Headings, titles, merged cells, several sheets: where things stand."""
    own = List(OWN, pupils(80, 12))
    yield Golden("own_headings.xlsx", xlsx({"五年甲班": own.grid()}), own.expected(), {"certain": False})
    yield Golden("own_headings.xls", converted(xlsx({"五年甲班": own.grid()}), "xls"), own.expected())

    deep = List([("", ""), ("", ""), *SHORT, ("備註", "")], pupils(90, 6), first_row=13, for_all=SCHOOL)
    titles = [["桃園市中壢區大崙國民小學"], ["115 學年度客語能力認證報名名冊"], *[[None]] * 9]
    yield Golden(
        "titles_above.ods",
        converted(xlsx({"名冊": [*titles, *deep.grid()]}), "ods"),
        deep.expected(),
        {"heading_row": 12},
        SCHOOL,
    )

    yield _two_row_headings()
    yield from _merged_classes()
    yield from _several_classes()
    yield _notes_below()

    shown = List(OWN, pupils(130, 8), hidden=frozenset({4, 5, 9}))

    def hide(sheet: Worksheet) -> None:
        for row in shown.hidden:
            sheet.row_dimensions[row].hidden = True

    content = xlsx({"名單": shown.grid()}, finish=hide)
    yield Golden("hidden_rows.xlsx", content, shown.expected(), {}, {}, ("隱藏",))
    yield Golden("hidden_rows.ods", converted(content, "ods"), shown.expected(), {}, {}, ("隱藏",))

    english = List(
        [
            ("No.", ""),
            ("Name", "chinese_name"),
            ("Date of birth", "birth_on"),
            ("ID number", "id_number"),
            ("Nationality", "foreign"),
            ("Mobile phone", "phone_mobile"),
            ("E-mail", "email"),
            ("Dialect", "dialect"),
            ("考生身分", "background"),
            ("Occupation", "occupation"),
            ("Education", "education"),
        ],
        [
            pupil(
                140 + number,
                foreign=Cell("Taiwan", "本國", WORD),
                dialect=Cell(word, label, WORD),
                **{"No.": number + 1},
            )
            for number, (word, label) in enumerate((("Sixian", "四縣"), ("hailu", "海陸"), ("DAPU", "大埔")))
        ],
    )
    yield Golden("english_headings.xlsx", xlsx({"Class 5A": english.grid()}), english.expected())

    silent = List([("甲", "chinese_name"), ("乙", "birth_on"), ("丙", "id_number"), *OWN[6:]], pupils(150, 8))
    grid = silent.grid()
    grid[0][0] = "姓名"
    yield Golden("values_tell.xlsx", xlsx({"名單": grid}), silent.expected(), {"certain": False})


def _two_row_headings() -> Golden:
    groups = [None, "學生資料", None, None, None, "家長資料", None, None, "報考腔調", "身分別"]
    names = ["座號", "姓名", "生日", "身分證字號", "電話", "姓名", "關係", "電話", None, None]
    keys = (
        "",
        "chinese_name",
        "birth_on",
        "id_number",
        "phone_mobile",
        "emergency_name",
        "emergency_relation",
    )
    columns = list(zip(map(str, names), (*keys, "emergency_phone", "dialect", "background"), strict=True))
    table = List(columns, pupils(100, 8), first_row=4, for_all=SCHOOL)

    def merge(sheet: Worksheet) -> None:
        for place in ("A1:J1", "B2:E2", "F2:H2", "I2:I3", "J2:J3"):
            sheet.merge_cells(place)

    rows = [[person["座號"], *[person[key] for _, key in columns[1:]]] for person in table.people]
    grid = [["桃園市大崙國小報名表"], groups, names, *rows]
    return Golden(
        "two_row_headings.xlsx",
        xlsx({"報名表": grid}, finish=merge),
        table.expected(),
        {"heading_row": 3},
        SCHOOL,
    )


def _merged_classes() -> Iterator[Golden]:
    people = pupils(110, 9)
    for number, person in enumerate(people):
        word, first = ("四縣", 0) if number < 5 else ("海陸", 5)
        person["dialect"] = Cell(word if number == first else None, word)
        person["班級"] = "五甲" if number == 0 else None
    table = List([*OWN, ("通訊地址", "address")], people)
    for number, person in enumerate(people):
        person["address"] = Cell("桃園市中壢區公館路1號" if number == 0 else None, "桃園市中壢區公館路1號")

    def merge(sheet: Worksheet) -> None:
        for place in ("A2:A10", "I2:I6", "I7:I10", "M2:M10"):
            sheet.merge_cells(place)

    content = xlsx({"名單": table.grid()}, finish=merge)
    yield Golden("merged_classes.xlsx", content, table.expected())
    yield Golden("merged_classes.xls", converted(content, "xls"), table.expected())
    yield Golden("merged_classes.ods", converted(content, "ods"), table.expected())


def _several_classes() -> Iterator[Golden]:
    first, second, third = (List(OWN, pupils(160 + 10 * number, 4)) for number in range(3))
    turned = List(tuple(reversed(OWN)), third.people)
    contacts = [["姓名", "電話", "職稱"], ["張老師", "03-4123456", "導師"]]
    rows = [*first.expected(), *second.expected(offset=100_000), *turned.expected(offset=200_000)]
    sheets = {"五甲": first.grid(), "五乙": second.grid(), "五丙": turned.grid(), "導師": contacts}
    yield Golden(
        "several_classes.xlsx",
        xlsx(sheets),
        rows,
        {"sheet": "五甲", "more": [["五乙", 1], ["五丙", 1]]},
        {},
        ("五甲、五乙、五丙", "導師"),
    )


def _notes_below() -> Golden:
    people = pupils(120, 6)
    table = List(SHORT, people, for_all=SCHOOL, numbers=(4, 5, 6, 9, 10, 11))
    grid = table.grid()
    heading, rows = grid[0], grid[1:]
    everything = [
        ["平鎮區山豐國小 客語認證"],
        [None],
        heading,
        *rows[:3],
        ["平鎮區山豐國小 客語認證（第 2 頁）"],
        heading,
        *rows[3:],
        [None],
        ["合計", "6 人"],
        ["備註：", "報名費由學校統一繳交"],
        [None, "承辦人：張老師", None, None, "03-4123456"],
        ["※ 請於 3/15 前送回教務處"],
    ]
    return Golden(
        "notes_below.xlsx",
        xlsx({"山豐國小": everything}),
        table.expected(),
        {"heading_row": 3},
        SCHOOL,
        ("不是考生",),
    )


def cells() -> Iterator[Golden]:
    """What keyboards and spreadsheets do to cells."""
    from scripts.golden_cells import (
        addresses,
        excel_dates,
        formulas,
        full_width,
        line_breaks,
        lost_zeros,
        minguo_dates,
        parents,
        simplified,
        typed_in_libreoffice,
    )

    for build in (
        minguo_dates,
        excel_dates,
        lost_zeros,
        full_width,
        line_breaks,
        simplified,
        parents,
        formulas,
        addresses,
    ):
        yield build(OWN)
    yield from typed_in_libreoffice(OWN)


def wild() -> Iterator[Golden]:
    """A family, and the worst a school secretary could send."""
    from scripts.golden_cells import adults, ditto, worst

    yield adults()
    yield ditto(OWN)
    yield worst()


if __name__ == "__main__":
    main()
