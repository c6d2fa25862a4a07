"""Each column of a leader's sheet reads its cells, or says what to write instead."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.addresses import Address
from app.core.errors import InvalidValue
from app.core.spreadsheets import Cell, Unknown
from app.exams.choices import Dialect
from app.groups.sheets import options
from app.groups.sheets.cell_readers import RowContext
from app.groups.sheets.columns import COLUMNS, Column
from app.registration.choices import Background, Education, Occupation

TODAY = date(2023, 5, 1)
BY_KEY = {column.key: column for column in COLUMNS}


def read(key: str, cell: Cell, **row: object) -> object:
    return BY_KEY[key].clean(cell, context=RowContext(TODAY, row)).value


def refusal(key: str, cell: Cell, **row: object) -> str:
    with pytest.raises(InvalidValue) as caught:
        read(key, cell, **row)
    return str(caught.value.message)


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("chinese_name", " 黃𠊎堃 ", "黃𠊎堃"),
        ("chinese_name", "伊斯坦大．貝雅夫", "伊斯坦大‧貝雅夫"),
        ("english_name", "Huang,  Ngai-Kun", "Huang, Ngai-Kun"),
        ("english_name", "Ｈｕａｎｇ", "Huang"),
        ("english_name", "Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("birth_on", "93/9/2", date(2004, 9, 2)),
        ("birth_on", "0930902", date(2004, 9, 2)),
        ("birth_on", 930902, date(2004, 9, 2)),
        ("birth_on", date(2004, 9, 2), date(2004, 9, 2)),
        ("phone_mobile", 912345678, "0912345678"),
        ("phone_home", "02-2503-1234 分機 12", "0225031234#12"),
        ("emergency_relation", "母", "母"),
        ("email", "hong@example.com ", "hong@example.com"),
        ("email", "hong@EXAMPLE.com", "hong@example.com"),
        ("zip_code", 104, "104"),
        ("zip_code", "106209", "106209"),
        ("accommodation", "自備助聽器", "自備助聽器"),
    ],
)
def test_a_cell_is_read(key: str, cell: Cell, value: object):
    assert read(key, cell) == value


@pytest.mark.parametrize(
    ("key", "cell", "sentence"),
    [
        ("chinese_name", date(2004, 9, 2), "當成了日期"),
        ("chinese_name", True, "TRUE 或 FALSE"),
        ("english_name", "黃𠊎堃", "請用英文字母"),
        ("birth_on", "93/13/2", "月份"),
        ("birth_on", date(2025, 9, 2), "不能在今天以後"),
        ("phone_mobile", "AB", "只填數字"),
        ("phone_home", "2503-1234", "區碼"),
        ("email", "hong@", "name@example.com"),
        ("email", "黃@example.com", "name@example.com"),
        ("english_name", "H" * 61, "60"),
        ("zip_code", "10", "郵遞區號"),
        ("address", "臺北市", "鄉鎮市區"),
        ("emergency_relation", "親" * 21, "最多 20 個字"),
        ("accommodation", "字" * 501, "最多 500 個字"),
    ],
)
def test_a_wrong_cell_gets_a_sentence(key: str, cell: Cell, sentence: str):
    assert sentence in refusal(key, cell)


@pytest.mark.requirement("R229")
@pytest.mark.parametrize("blank", [None, "", "　", "\u200b", "#N/A"])
@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_a_blank_cell_is_refused_exactly_where_it_is_required(column: Column, blank: Cell):
    if column.required:
        assert refusal(column.key, blank) == f"請填寫{column.heading}"
    else:
        assert read(column.key, blank) is None


@pytest.mark.parametrize("key", ["chinese_name", "birth_on", "address", "dialect"])
def test_a_formula_without_result_is_refused_even_where_blank_would_do(key: str):
    assert "公式沒有結果" in refusal(key, Unknown.NO_RESULT)


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("foreign", "本國", False),
        ("foreign", "外籍人士", True),
        ("foreign", "外籍", True),
        ("dialect", "四縣", "四縣"),
        ("dialect", "海陸腔", "海陸"),
        ("dialect", "北四縣", "四縣"),
        ("background", "父或母為客家人", Background.ONE_PARENT),
        ("occupation", "學 生", Occupation.STUDENT),
        ("education", "國（初）中", Education.JUNIOR_HIGH),
        ("education", "國小", Education.PRIMARY),
        ("ticket_by_post", "是，由總試務中心寄發", True),
        ("ticket_by_post", "是", True),
        ("ticket_by_post", "否", False),
        ("materials_to_leader", "團報負責人地址", True),
        ("score_to_leader", "個人通訊地址", False),
    ],
)
def test_a_choice_is_understood_in_its_usual_spellings(key: str, written: str, value: object):
    assert read(key, written) == value


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("dialect", "南四縣"),
        ("dialect", "國語"),
        ("foreign", "越南"),
        ("education", "幼兒園"),
        ("occupation", "公教"),
    ],
)
def test_another_word_is_refused_with_the_list(key: str, written: str):
    assert refusal(key, written) == "請從選單選一項：" + "、".join(BY_KEY[key].options)


@pytest.mark.requirement("R238", "R244", "R246", "R247", "R248", "R249")
@pytest.mark.parametrize(
    ("key", "printed"),
    [
        ("foreign", "本國 外籍人士"),
        ("dialect", "四縣 海陸 大埔 饒平 詔安"),
        ("background", "父母均為客家人 父或母為客家人 閩南人 原住民 其他"),
        ("occupation", "軍 公 教 商 農 工 學生 服務業 自由業 家管 其他"),
        ("education", "小學(含)以下 國(初)中 高中職 大專校院 研究所(含)以上"),
        ("ticket_by_post", "否，自行下載列印 是，由總試務中心寄發"),
        ("ticket_to_leader", "團報負責人地址 個人通訊地址"),
    ],
)
def test_the_drop_downs_offer_the_brochures_words(key: str, printed: str):
    assert BY_KEY[key].options == tuple(printed.split())


@pytest.mark.requirement("R055", "R245")
def test_the_dialects_are_those_of_the_exam():
    assert tuple(Dialect) == options.DIALECTS


@pytest.mark.requirement("R238", "R239")
@pytest.mark.parametrize(
    ("number", "foreign", "value"),
    [
        ("b231127030", False, "B231127030"),
        ("A800000014", True, "A800000014"),
        ("C1234567", True, "C1234567"),  # a passport
        ("C1234567", None, "C1234567"),  # the nationality is wrong itself and gets its own error
        ("B231127030", None, "B231127030"),
    ],
)
def test_the_identity_number_is_read_by_nationality(number: str, foreign: bool | None, value: str):
    row = {} if foreign is None else {"foreign": foreign}

    assert read("id_number", number, **row) == value


@pytest.mark.parametrize(
    ("number", "foreign", "sentence"),
    [
        ("B231127031", False, "最後一碼對不起來"),
        ("B23112703", False, "10 碼"),
        ("C1234567", False, "10 碼"),
        ("B231127030", True, "國籍改為「本國」"),
        ("A123456789", False, "範例的號碼"),
    ],
)
def test_a_wrong_identity_number_gets_a_sentence(number: str, foreign: bool, sentence: str):
    assert sentence in refusal("id_number", number, foreign=foreign)


@pytest.mark.parametrize(
    ("zip_code", "written", "expected"),
    [
        (None, "臺北市中山區長安東路二段15號", "104"),
        ("104", "台北市中山區長安東路二段15號", "104"),
        ("104105", "臺北市中山區長安東路二段15號", "104105"),
        ("106", "臺北市中山區長安東路二段15號", "104"),  # the district decides
        ("106", "104 臺北市中山區長安東路二段15號", "104"),
    ],
)
def test_the_address_takes_the_postcode_beside_it(zip_code: str | None, written: str, expected: str):
    assert read("address", written, zip_code=zip_code) == Address(
        "104", expected, "臺北市", "中山區", "長安東路二段15號"
    )


# The blue columns have no example, and the identity number's is the one that nobody has.
EXAMPLES = [column for column in COLUMNS if not column.locked and column.key != "id_number"]


@pytest.mark.parametrize("column", EXAMPLES, ids=lambda column: column.key)
def test_every_example_can_be_read(column: Column):
    assert read(column.key, column.example) is not None
