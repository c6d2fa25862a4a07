from datetime import date, datetime

import pytest

from app.core.cells import birth_date_cell, cell_text, id_cell, name_cell, phone_cell
from app.core.errors import InvalidValue
from tests.vectors import TAIWAN

IMPORT = TAIWAN["import"]
TODAY = date(2023, 4, 10)
PHONE_KINDS = {"toll-free": "toll_free"}


def value_of(case: dict) -> object:
    """Return the cell as a spreadsheet reader hands it over."""
    if case.get("cell_type") == "date":
        return datetime.fromisoformat(case["input"])
    return case["input"]


def named(case: dict) -> str:
    return f"{case['input']} ({case.get('cell_type', 'any')})"


BIRTH_DATES = IMPORT["birth_date"]
# Written for the reading alone: on the vectors' own today this child is not born yet.
UNBORN = "113/2/29"


@pytest.mark.parametrize(
    "case", [case for case in BIRTH_DATES if case["output"] and case["input"] != UNBORN], ids=named
)
def test_birth_dates_of_text_number_and_date_cells_are_read(case):
    cell = birth_date_cell(value_of(case), today=TODAY)

    assert cell.value == date.fromisoformat(case["output"])
    assert bool(cell.notes) is ("message" in case)


@pytest.mark.parametrize("case", [case for case in BIRTH_DATES if not case["output"]], ids=named)
def test_cells_without_a_birth_date_are_refused(case):
    with pytest.raises(InvalidValue):
        birth_date_cell(value_of(case), today=TODAY)


def test_a_birth_date_after_today_is_refused_and_taken_once_it_has_come():
    with pytest.raises(InvalidValue, match="今天以後"):
        birth_date_cell(UNBORN, today=TODAY)

    assert birth_date_cell(UNBORN, today=date(2024, 2, 29)).value == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("value", "note"),
    [
        (
            date(1993, 9, 2),
            "這一格是日期格式，讀成西元 1993-09-02；若您填的是民國年，應為民國 93 年 9 月 2 日，請確認",
        ),
        (38232, "這一格是數字，已依試算表的日期讀成民國 93 年 9 月 2 日，請確認"),
        (38232.5, "這一格是數字，已依試算表的日期讀成民國 93 年 9 月 2 日，請確認"),  # noon
    ],
)
def test_a_doubtful_reading_is_pointed_out(value, note):
    cell = birth_date_cell(value, today=TODAY)

    assert [str(message) for message in cell.notes] == [note]


@pytest.mark.parametrize(
    ("value", "roc_format"),
    [
        (date(1993, 9, 2), True),  # the author saw 82/9/2
        (date(1929, 9, 2), False),
        (date(2000, 9, 2), False),
        (date(1992, 2, 29), False),  # 民國 92 had no 29 February
    ],
)
def test_a_date_cell_that_cannot_be_misread_has_no_note(value, roc_format):
    assert birth_date_cell(value, today=TODAY, roc_format=roc_format).notes == ()


@pytest.mark.parametrize("value", [9_999, 60_001, 20040902.5, True, None, float("nan"), float("inf"), "#N/A"])
def test_numbers_that_are_no_day_are_refused(value):
    with pytest.raises(InvalidValue):
        birth_date_cell(value, today=TODAY)


def test_a_future_date_cell_suggests_its_minguo_reading():
    with pytest.raises(InvalidValue, match="若是民國 25 年 9 月 2 日，請填 25/09/02"):
        birth_date_cell(datetime(2025, 9, 2), today=TODAY)  # noqa: DTZ001 - as readers hand them over


@pytest.mark.parametrize("case", [case for case in IMPORT["id"] if case["output"]], ids=named)
def test_identity_numbers_are_read(case):
    foreigners_number = case["output"].startswith("A8")

    assert id_cell(case["input"], foreign=foreigners_number).value.value == case["output"]


@pytest.mark.parametrize("case", [case for case in IMPORT["id"] if not case["output"]], ids=named)
def test_cells_without_an_identity_number_are_refused(case):
    with pytest.raises(InvalidValue):
        id_cell(case["input"], foreign=False)


@pytest.mark.parametrize("case", [case for case in IMPORT["phone"] if case["output"]], ids=named)
def test_phone_numbers_of_text_and_number_cells_are_read(case):
    expected = case["output"]

    cell = phone_cell(case["input"])

    assert cell.value.digits == expected["digits"]
    assert cell.value.extension == expected.get("ext", "")
    assert cell.value.kind == PHONE_KINDS.get(expected["kind"], expected["kind"])
    assert bool(cell.notes) is ("message" in case)
    assert any("請確認" in str(note) for note in cell.notes) is ("confirm" in case.get("message", ""))


@pytest.mark.parametrize("case", [case for case in IMPORT["phone"] if not case["output"]], ids=named)
def test_cells_without_a_phone_number_are_refused(case):
    with pytest.raises(InvalidValue):
        phone_cell(case["input"])


@pytest.mark.parametrize(
    ("value", "digits"),
    [(912345678.0, "0912345678"), (886912345678, "0912345678"), ("912345678", "0912345678")],
)
def test_numbers_of_phones_may_come_as_floats_or_with_country_code(value, digits):
    assert phone_cell(value).value.digits == digits


@pytest.mark.parametrize("value", [0, -912345678, 23456789, 9.5, True])
def test_number_cells_that_are_no_phone_are_refused(value):
    with pytest.raises(InvalidValue):
        phone_cell(value)


@pytest.mark.parametrize("case", IMPORT["name"], ids=lambda case: ascii(case["input"]))
def test_names_are_read_or_refused(case):
    if case["output"] is None:
        with pytest.raises(InvalidValue, match="自造字"):
            name_cell(case["input"])
    else:
        assert name_cell(case["input"]).value == case["output"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  四縣腔 ", "四縣腔"),
        (106.0, "106"),
        (106209, "106209"),
        (1.5, "1.5"),
        ("#N/A", ""),
        (date(2004, 9, 2), "2004-09-02"),
        (datetime(2004, 9, 2, 8, 30), "2004-09-02"),  # noqa: DTZ001 - as readers hand them over
    ],
)
def test_any_cell_can_be_read_as_text(value, text):
    assert cell_text(value) == text
