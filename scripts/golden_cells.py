"""Golden sheets about single cells: each row has one thing wrong with it, or one thing to be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from scripts.golden_parts import Cell, Golden, List, converted, pupil, separated, typed, xlsx

Columns = Sequence[tuple[str, str]]
SPELLING, DATE, WORD = "repaired.spelling", "repaired.date_spelling", "repaired.other_word"
ZERO, AREA = "repaired.leading_zero", "doubtful.area_code"
NEAR, UNREADABLE, ADDRESS = "wrong.near_miss", "wrong.unreadable", "repaired.address"
SEVERAL, MISSING = "wrong.several", "wrong.missing"
FUTURE, CENTURY, SERIAL = "wrong.future_date", "doubtful.excel_century", "repaired.serial_date"


def _each(columns: Columns, first: int, key: str, cells: Sequence[Any]) -> List:
    return List(columns, [pupil(first + number, **{key: cell}) for number, cell in enumerate(cells)])


def minguo_dates(columns: Columns) -> Golden:
    spellings = [
        *("103/9/2", "103/09/02", "103.9.2", "103-9-2", "2014/9/2", "2014-09-02"),
        *(
            Cell(written, "103/9/2", DATE)
            for written in (
                "１０３／９／２",
                "民國103年9月2日",
                "民國 103 年 9 月 2 日(二)",
                "103年9月2日",
                "一百零三年九月二日",
                "一〇三年九月二日",
                "1030902",
                "R103/9/2",
                "中華民國103年9月2日",
                "西元2014年9月2日",
                "20140902",
                "103年9月2號",
                "103、9、2",
            )
        ),
        Cell("105/2/30", None, UNREADABLE),
        Cell("103/13/2", None, NEAR, ("103/2/13",)),
        Cell("2/9/2014", None, SEVERAL, ("103/9/2", "103/2/9")),
        Cell("1O3/9/2", None, NEAR, ("103/9/2",)),
        Cell("民國2014年9月2日", None, NEAR, ("103/9/2",)),
        Cell("103/9", None, UNREADABLE, ()),
        Cell("9392", None, UNREADABLE, ()),
        Cell("120/9/2", None, FUTURE),
        Cell("五月三日", None, UNREADABLE, ()),
    ]
    table = _each(columns, 200, "birth_on", spellings)
    return Golden("minguo_dates.xlsx", xlsx({"名單": table.grid()}), table.expected())


def excel_dates(columns: Columns) -> Golden:
    dates = [
        Cell(date(2014, 9, 2), "103/9/2"),
        Cell(date(1993, 9, 2), "1993/9/2", CENTURY, ("93/9/2", "1993/9/2")),
        Cell(date(1993, 9, 2), "82/9/2"),  # its format shows 82/9/2
        Cell(date(2030, 5, 6), "2030/5/6", FUTURE, ("30/5/6",)),
        Cell(41884, "103/9/2", SERIAL),
        Cell(34214, "1993/9/2", CENTURY, ("93/9/2", "1993/9/2")),
        Cell(1030902, "103/9/2", DATE),
        Cell(20140902, "103/9/2", DATE),
        Cell(date(2025, 3, 4), "2025/3/4", CENTURY, ("25/3/4", "2025/3/4")),
        Cell(True, "True", UNREADABLE),
    ]
    table = _each(columns, 230, "birth_on", dates)

    def show_minguo(sheet: Worksheet) -> None:
        sheet.cell(4, 5).number_format = "[$-404]e/m/d;@"

    return Golden("excel_dates.xlsx", xlsx({"名單": table.grid()}, finish=show_minguo), table.expected())


def typed_in_libreoffice(columns: Columns) -> list[Golden]:
    """Minguo years of three digits become days of the second century, by the Julian calendar."""
    dates = [
        Cell("103/9/2"),
        Cell("103.10.15", "103/10/15"),
        Cell("100/2/28"),
        Cell("104/2/29", None, UNREADABLE),  # there in the Julian year 104, not in 2015
        Cell("105/2/29", "105/2/29"),
        Cell("99/5/6", "1999/5/6", CENTURY, ("99/5/6", "1999/5/6")),
    ]
    grid = _each(columns, 240, "birth_on", dates).grid()
    expected = _each(columns, 240, "birth_on", dates).expected()
    lost = [replace(cell, text="00:00:00", mark=UNREADABLE) for cell in dates[:4]]
    old = _each(columns, 240, "birth_on", [*lost, *dates[4:]]).expected()
    return [
        Golden(f"typed_in_libreoffice.{extension}", typed(grid, extension), rows)
        for extension, rows in (("ods", expected), ("xlsx", expected), ("xls", old))
    ]


def lost_zeros(columns: Columns) -> Golden:
    phones = [
        Cell(912345678, "0912-345-678", ZERO),
        Cell(34123456, "03-412-3456", AREA, ("03-412-3456",)),
        Cell(886912345678, "0912-345-678", SPELLING),
        Cell(4123456, None, "wrong.area_code", ("03-412-3456",)),
        Cell("9.12E+08", None, UNREADABLE, ()),
        Cell(91234567, None, UNREADABLE, ()),
        "0912345678",
        Cell("912345678", "0912-345-678", ZERO),
    ]
    table = _each(columns, 240, "phone_mobile", phones)
    people = [{**person, "zip_code": Cell(320, "320")} for person in table.people]
    wider = List([*columns, ("郵遞區號", "zip_code"), ("地址", "address")], people)
    return Golden("lost_zeros.xlsx", xlsx({"名單": wider.grid()}), wider.expected())


def full_width(columns: Columns) -> Golden:
    people = [
        pupil(250, id_number=Cell("Ａ２５８１８８８１２　", "A258188812", SPELLING)),
        pupil(251, phone_mobile=Cell("０９１２－３４５－６７８", "0912-345-678", SPELLING)),
        pupil(252, birth_on=Cell("１０３／９／２", "103/9/2", DATE)),
        pupil(253, chinese_name=Cell("ＪＯＨＮ　ＳＭＩＴＨ", "JOHN SMITH", SPELLING)),
        pupil(254, chinese_name=Cell("伊斯坦大．貝雅夫", "伊斯坦大‧貝雅夫", SPELLING)),
        pupil(255, education=Cell("小學（含）以下", "小學(含)以下", SPELLING)),
    ]
    table = List(columns, people)
    return Golden("full_width.xls", converted(xlsx({"名單": table.grid()}), "xls"), table.expected())


def line_breaks(columns: Columns) -> Golden:
    people = [
        pupil(260, chinese_name=Cell("王\n小明", "王小明", SPELLING)),
        pupil(261, chinese_name=Cell("李　小華", "李小華", SPELLING)),
        pupil(262, id_number=Cell("B111154182\u200b", "B111154182", SPELLING)),
        pupil(263, id_number=Cell("c226-775-981\u00a0", "C226775981", SPELLING)),
        pupil(264, id_number=Cell("'D114229080", "D114229080", SPELLING)),
        pupil(265, phone_mobile=Cell(" 0912-345-678 ", "0912-345-678")),
        pupil(266, dialect=Cell("四縣 ", "四縣")),
        pupil(267, birth_on=Cell("103/9/2\n", "103/9/2")),
        pupil(268, chinese_name=Cell("陳小美(轉學)", None, "doubtful.near_miss", ("陳小美",))),
        pupil(269, chinese_name=Cell("明\ue000", None, UNREADABLE, ())),
    ]
    table = List(columns, people)
    return Golden("line_breaks.xlsx", xlsx({"名單": table.grid()}), table.expected())


def simplified(columns: Columns) -> Golden:
    people = [
        pupil(270, dialect=Cell("四县", None, NEAR, ("四縣",))),
        pupil(271, dialect=Cell("海陆腔", None, NEAR, ("海陸",))),
        pupil(272, education=Cell("高中职", None, NEAR, ("高中職",))),
        pupil(273, occupation=Cell("学生", None, NEAR, ("學生",))),
        pupil(274, background=Cell("父母均为客家人", None, NEAR, ("父母均為客家人",))),
        pupil(275, foreign=Cell("本国", None, NEAR, ("本國",))),
        pupil(276, dialect=Cell("四縣腔", "四縣", WORD)),
        pupil(277, dialect=Cell("北四縣", "四縣", WORD)),
        pupil(278, dialect=Cell("南四縣", None, NEAR, ("四縣",))),
        pupil(279, dialect=Cell("大浦", None, NEAR, ("大埔",))),
        pupil(280, dialect=Cell("國語", None, UNREADABLE, ())),
        pupil(281, education=Cell("國小三年級", "小學(含)以下", WORD)),
        pupil(282, occupation=Cell("教師", "教", WORD)),
        pupil(283, occupation=Cell("軍公教", None, SEVERAL, ("軍", "公", "教"))),
        pupil(284, background=Cell("客家人", None, SEVERAL, ("父母均為客家人", "父或母為客家人"))),
        pupil(285, dialect=Cell(None, None, MISSING, ())),
    ]
    table = List(columns, people)
    return Golden("simplified.xlsx", xlsx({"名單": table.grid()}), table.expected())


def parents(columns: Columns) -> Golden:
    """A list without the pupils' own telephones: parents, some with two numbers in a cell."""
    kept = [each for each in columns if each[1] != "phone_mobile"]
    taken = {"emergency_relation": Cell(None, "家長")}

    def one(serial: int, phone: Any, text: str | None = None) -> dict[str, Any]:
        own = Cell(None, text or str(phone), "repaired.for_all")
        return pupil(
            serial,
            emergency_phone=phone,
            **{"+phone_mobile": own, "+emergency_relation": taken["emergency_relation"]},
        )

    people = [
        one(290, "0912-345-678"),
        one(291, "0922333444"),
        pupil(
            292,
            emergency_phone=Cell(
                "0912-345-678/0922-333-444", None, UNREADABLE, ("0912-345-678", "0922-333-444")
            ),
            **{
                "+phone_mobile": Cell(None, None, UNREADABLE),
                "+emergency_relation": taken["emergency_relation"],
            },
        ),
        pupil(
            293,
            emergency_phone=Cell("03-4123456、0912345678", None, UNREADABLE, ("03-412-3456", "0912-345-678")),
            **{
                "+phone_mobile": Cell(None, None, UNREADABLE),
                "+emergency_relation": taken["emergency_relation"],
            },
        ),
        one(294, Cell("(03)412-3456", "(03)412-3456"), "(03)412-3456"),
        one(295, Cell("03-4123456 分機 12", "03-412-3456#12", SPELLING), "03-412-3456#12"),
    ]
    table = List([*kept, ("家長姓名", "emergency_name"), ("家長電話", "emergency_phone")], people)
    return Golden(
        "parents.csv",
        separated(table.grid(), encoding="utf-8-sig"),
        table.expected(),
        {},
        {"emergency_relation": "家長"},
    )


def formulas(columns: Columns) -> Golden:
    people = [
        pupil(300, dialect=Cell('="四"&"縣"', "四縣")),
        pupil(301, phone_mobile=Cell('="09"&"12345678"', "0912345678")),
        pupil(302, birth_on=Cell("=DATE(2014,9,2)", "103/9/2", SERIAL)),
        pupil(303, dialect=Cell('=VLOOKUP("x",A1:B2,2,FALSE)', "#N/A", UNREADABLE)),
        pupil(304, dialect=Cell('=IF(1=1,"","x")', "", MISSING)),
    ]
    table = List(columns, people)
    return Golden("formulas.xlsx", converted(xlsx({"名單": table.grid()}), "xlsx"), table.expected())


def addresses(columns: Columns) -> Golden:
    def one(serial: int, address: Any, zip_code: Any = None, **own: Any) -> dict[str, Any]:
        return pupil(serial, address=address, zip_code=zip_code, **own)

    people = [
        one(310, "桃園市中壢區中山路1號", "320"),
        one(311, Cell("台北市大安區和平東路一段162號", "臺北市大安區和平東路一段162號", ADDRESS)),
        one(312, Cell("桃園縣中壢市中央西路1號", "桃園市中壢區中央西路1號", ADDRESS)),
        one(313, "106209 臺北市大安區和平東路一段162號"),
        one(314, Cell("大安區和平東路1號", "臺北市大安區和平東路1號", ADDRESS), "106"),
        one(
            315,
            Cell(
                "大安區和平東路1號", None, UNREADABLE, ("臺北市大安區和平東路1號", "臺中市大安區和平東路1號")
            ),
        ),
        one(316, Cell("台北市大安区和平东路1号", None, UNREADABLE, ("臺北市大安區和平東路1號",))),
        one(317, Cell("臺北市和平東路1號", None, UNREADABLE, ("臺北市大安區和平東路1號",)), "106"),
        one(318, "桃園市中壢區中山路1號", Cell("100", "320", ADDRESS)),
        one(
            319,
            Cell("桃園市中壢區中山路１號", "桃園市中壢區中山路1號", SPELLING),
            Cell("３２０", "320", SPELLING),
        ),
        one(320, "桃園市中壢區中山路1號", Cell("32", None, UNREADABLE)),
        one(321, None, Cell("320"), **{"+address": Cell(None, None, UNREADABLE)}),
        one(
            322,
            "桃園市中壢區中山路1號",
            None,
            email=Cell("a.b@gmial.com", None, "doubtful.near_miss", ("a.b@gmail.com",)),
        ),
        one(323, None, None, email=Cell("huang.gmail.com", None, UNREADABLE, ("huang@gmail.com",))),
        one(324, None, None, email=Cell("ｈｕａｎｇ@gmail.com", "huang@gmail.com", SPELLING)),
        one(325, None, None, email=Cell("無", "", WORD)),
    ]
    table = List([*columns, ("郵遞區號", "zip_code"), ("通訊地址", "address"), ("Email", "email")], people)
    return Golden("addresses.ods", converted(xlsx({"名單": table.grid()}), "ods"), table.expected())


def adults() -> Golden:
    """A family and its guests: residents of other countries, their own addresses and wishes."""
    own = {
        "occupation": "服務業",
        "education": "大專校院",
        "ticket_by_post": Cell("是", "是，由總試務中心寄發", WORD),
        "materials_to_leader": Cell("個人", "個人通訊地址", WORD),
    }
    people = [
        pupil(330, birth_on="70/5/6", **own),
        pupil(
            331,
            birth_on="1985-05-06",
            **own | {"foreign": "外籍人士", "id_number": "A802733034", "chinese_name": "Nguyen Thi Hoa"},
        ),
        pupil(
            332,
            birth_on="75/1/1",
            **own | {"foreign": "外籍人士", "id_number": "C1234567", "english_name": "Le Van An"},
        ),
        pupil(
            333,
            birth_on="80/1/1",
            **own | {"foreign": Cell("本國", None, NEAR, ("外籍人士",)), "id_number": "A802733034"},
        ),
        pupil(334, birth_on="80/2/2", **own | {"foreign": Cell("外籍人士", None, NEAR, ("本國",))}),
        pupil(
            335,
            birth_on="80/3/3",
            **own | {"foreign": Cell("越南", None, NEAR, ("外籍人士",)), "id_number": "A908844734"},
        ),
        pupil(
            336,
            birth_on="80/4/4",
            **own
            | {
                "address": None,
                "zip_code": None,
                "materials_to_leader": Cell("個人通訊地址", None, UNREADABLE, ("團報負責人地址",)),
            },
        ),
        pupil(
            337,
            birth_on="80/5/5",
            **own | {"emergency_relation": Cell(None, None, UNREADABLE, ("父", "母", "祖父", "祖母"))},
        ),
        pupil(338, birth_on="80/6/6", **own | {"accommodation": "聽覺障礙，自備助聽器"}),
        pupil(
            339,
            birth_on="80/7/7",
            **own | {"accommodation": Cell("無", "", WORD), "english_name": Cell("無", "", WORD)},
        ),
    ]
    from app.groups.sheets.columns import COLUMNS

    columns = [(column.heading, column.key) for column in COLUMNS if not column.locked]
    table = List(columns, people)
    return Golden("adults.xlsx", xlsx({"家庭": table.grid()}), table.expected(), {"certain": True})


def ditto(columns: Columns) -> Golden:
    people = [
        pupil(340),
        pupil(341, dialect=Cell("〃", "四縣", WORD), background=Cell("同上", "父或母為客家人", WORD)),
        pupil(342, dialect=Cell("〃", "四縣", WORD), education=Cell("〃", "小學(含)以下", WORD)),
        pupil(343, dialect="詔安"),
    ]
    table = List(columns, people)
    return Golden("ditto.ods", converted(xlsx({"名單": table.grid()}), "ods"), table.expected())


def worst() -> Golden:
    """Two classes under each other, merged titles, Excel's dates, lost zeros, notes between: an old .xls."""
    columns = [
        ("NO", ""),
        ("學　生　姓　名", "chinese_name"),
        ("出生年月日\n(民國)", "birth_on"),
        ("身 份 證 字 號", "id_number"),
        ("連絡電話", "phone_mobile"),
        ("報考腔調(四縣/海陸/大埔/饒平/詔安)", "dialect"),
        ("身份別", "background"),
        ("學歷", "education"),
        ("備 註", ""),
    ]
    missing = {"foreign": "本國", "occupation": "學生"}
    people = [
        pupil(
            350,
            birth_on=Cell(date(1993, 9, 2), "1993/9/2", CENTURY, ("93/9/2", "1993/9/2")),
            phone_mobile=Cell(912345678, "0912-345-678", ZERO),
        ),
        pupil(351, chinese_name=Cell("林　 　靜", "林靜", SPELLING), dialect=Cell("海陸腔", "海陸", WORD)),
        pupil(
            352,
            id_number=Cell("ｃ２２６７７５９８１", "C226775981", SPELLING),
            education=Cell("國小", "小學(含)以下", WORD),
        ),
        pupil(
            353,
            birth_on=Cell("民國103.9.2", "103/9/2", DATE),
            phone_mobile=Cell(
                "0912-345-678\n0922-333-444", None, UNREADABLE, ("0912-345-678", "0922-333-444")
            ),
        ),
        pupil(
            354,
            id_number=Cell("D11422908O", None, "wrong.id_letter", ("D114229080",)),
            dialect=Cell("四县", None, NEAR, ("四縣",)),
        ),
        pupil(
            355,
            background=Cell("客家", None, SEVERAL, ("父母均為客家人", "父或母為客家人")),
            birth_on=Cell("103年9月", None, UNREADABLE),
        ),
    ]
    table = List(columns, people, for_all=missing, numbers=(4, 5, 6, 10, 11, 12))
    grid = table.grid()
    title = ["○○國中附設國小部　客語認證報名表"]
    everything = [
        title,
        [None, "班級：五年甲班", None, "導師：張老師"],
        *grid[:4],
        ["小計", "3人"],
        [None, "班級：五年乙班"],
        grid[0],
        *grid[4:],
        ["總計", "6人"],
        [None, "承辦人：", None, "主任：", None, "校長："],
    ]

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:I1")
        sheet.merge_cells("B8:D8")

    content = converted(xlsx({"Sheet1": everything}, finish=merge), "xls")
    return Golden("worst.xls", content, table.expected(), {"heading_row": 3}, missing)
