from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidValue
from app.core.roc_dates import (
    date_message,
    ensure_birth_date,
    format_birth_both,
    format_instant,
    format_roc,
    format_roc_document,
    format_roc_long,
    minguo_reading,
    parse_birth_date,
    parse_date,
    roc_year,
    weekday_zh,
)
from tests.vectors import TAIWAN

TODAY = date(2023, 4, 10)
SEPTEMBER_2 = date(2004, 9, 2)


@pytest.mark.requirement("R237")
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("93年9月1日", date(2004, 9, 1)),  # the brochure's cut-off
        *((case["input"], date.fromisoformat(case["iso"])) for case in TAIWAN["roc_date"]["valid"]),
        ("一一二年五月一日", date(2023, 5, 1)),
        ("一百一十二年十二月三十一日", date(2023, 12, 31)),
        ("一百零二年十月廿日", date(2013, 10, 20)),
        ("民國八〇年十一月卅日", date(1991, 11, 30)),
        ("二〇〇四年九月二日", SEPTEMBER_2),
        ("民國 93 年 9 月 2 日（星期四）", SEPTEMBER_2),
        ("93/9/2 星期四", SEPTEMBER_2),
        ("中華民國93年9月2日", SEPTEMBER_2),
        ("西元2004年9月2日", SEPTEMBER_2),
        ("民國0930902", SEPTEMBER_2),
        ("ROC 93.09.02", SEPTEMBER_2),
        ("93–9–2", SEPTEMBER_2),
        ("2004-09-02 00:00:00", SEPTEMBER_2),
        ("2004/9/2 上午 12:00:00", SEPTEMBER_2),
        (" '93/9/2\u200b\n", SEPTEMBER_2),
        ("民前1/12/31", date(1911, 12, 31)),
    ],
)
def test_every_spelling_in_use_is_read(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize("text", [case["input"] for case in TAIWAN["roc_date"]["invalid"]])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(InvalidValue):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "請填寫日期，例如 93/9/2"),
        ("　", "請填寫日期，例如 93/9/2"),
        ("94/2/29", "94 年 2 月只有 28 天，沒有 29 日，請再確認日期"),
        ("93/13/2", "月份要在 1 到 12 之間，您填了 13；請依年、月、日的順序寫"),
        ("93/9/0", "93 年 9 月只有 30 天，沒有 0 日，請再確認日期"),
        ("0/1/1", "沒有民國 0 年；民國元年請寫 1，例如 1/1/1"),
        ("93/9", "「93/9」少了一部分，請寫出年、月、日，例如 93/9/2"),
        ("9392", "看不出「9392」是哪一天，請用 / 分開年、月、日，例如 93/9/2"),
        ("38232", "看不出「38232」是哪一天，請用 / 分開年、月、日，例如 93/9/2"),
        ("9/2/2004", "請依年、月、日的順序寫，例如 93/9/2 或 2004/9/2"),
        ("明天", "看不懂日期「明天」，請改寫成 93/9/2 或 2004/9/2"),
        ("西元93年9月2日", "西元 93 年不對；若是民國 93 年，請寫 93/9/2"),
        ("2093/9/2", "西元 2093 年不對；若是民國 93 年，請寫 93/9/2"),
        ("0093/9/2", "西元 93 年不對；若是民國 93 年，請寫 93/9/2"),
        ("民國2004年9月2日", "民國 2004 年不對；若是西元 2004 年，請寫 2004/9/2"),
        ("193/9/2", "年份 193 不對；請寫民國年如 93/9/2，或西元年如 2004/9/2"),
        ("1700/1/1", "年份 1700 不對；請寫民國年如 93/9/2，或西元年如 2004/9/2"),
        ("九百九十九年一月一日", "年份 999 不對；請寫民國年如 93/9/2，或西元年如 2004/9/2"),
        ("²004/9/2x", "看不懂日期「²004/9/2x」，請改寫成 93/9/2 或 2004/9/2"),
    ],
)
def test_the_sentence_says_what_to_write_instead(text, sentence):
    with pytest.raises(InvalidValue) as refusal:
        parse_date(text)

    assert str(refusal.value.message) == sentence


@given(st.text(max_size=30) | st.from_regex(r"[0-9一二十百元前民國R./年月日 -]{0,14}", fullmatch=True))
def test_no_text_gets_past_the_sentences(text):
    try:
        parse_date(text)
    except InvalidValue as refusal:
        assert str(refusal.message)  # noqa: PT017 - the other outcome, a date, is as good


@given(st.dates(date(1850, 1, 1), date(2049, 12, 31)))
def test_what_is_printed_can_be_read_again(day):
    assert parse_date(format_roc(day)) == day
    assert parse_date(format_roc_long(day)) == day
    assert parse_date(format_roc_document(day)) == day


@pytest.mark.requirement("R042")
@pytest.mark.parametrize(
    ("text", "day"),
    [("112/4/10", TODAY), ("1903/4/10", date(1903, 4, 10)), ("93/9/2", SEPTEMBER_2)],
)
def test_birth_dates_up_to_today_and_120_years_back_are_taken(text, day):
    assert parse_birth_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("112/4/11", "出生日期不能在今天以後，請檢查年份，再對照證件填一次"),
        ("2025/9/2", "出生日期不能在今天以後，請檢查年份，再對照證件填一次"),
        ("1903/4/9", "出生日期太早（西元 1903 年），請確認填的是民國年還是西元年"),
        ("1899/12/31", "出生日期太早（西元 1899 年），請確認填的是民國年還是西元年"),
    ],
)
def test_impossible_birth_dates_are_refused(text, sentence):
    with pytest.raises(InvalidValue) as refusal:
        parse_birth_date(text, TODAY)

    assert str(refusal.value.message) == sentence


def test_nobody_was_born_before_1900_even_if_120_would_allow_it():
    with pytest.raises(InvalidValue, match="太早"):
        ensure_birth_date(date(1899, 12, 31), date(2019, 1, 1))


def test_120_years_are_counted_on_a_leap_day_too():
    assert ensure_birth_date(date(1904, 2, 29), date(2024, 2, 29)) == date(1904, 2, 29)


@pytest.mark.parametrize(
    ("western", "meant"),
    [
        (date(1993, 9, 2), SEPTEMBER_2),
        (date(2093, 9, 2), SEPTEMBER_2),
        (date(2025, 9, 2), date(1936, 9, 2)),
        (date(1992, 2, 29), None),  # 民國 92, 2003, had no 29 February
    ],
)
def test_minguo_reading_of_a_western_year(western, meant):
    assert minguo_reading(western) == meant


@pytest.mark.requirement("W043", "Q20")
@pytest.mark.parametrize("case", TAIWAN["roc_date"]["format"], ids=lambda case: case["iso"])
def test_dates_are_printed_as_documents_have_them(case):
    day = date.fromisoformat(case["iso"])

    assert format_roc(day) == case["roc"]
    assert format_roc_document(day) == case["long"]
    assert weekday_zh(day) == case["weekday"]


def test_dates_are_printed_as_pages_have_them():
    assert format_roc_long(date(2023, 9, 2)) == "112 年 9 月 2 日（六）"
    assert format_birth_both(SEPTEMBER_2) == "2004-09-02 = 民國 93 年 9 月 2 日"
    assert format_roc(date(1911, 12, 31)) == "前1/12/31"
    assert str(date_message(SEPTEMBER_2)) == "民國 93 年 9 月 2 日"


@pytest.mark.requirement("W043")
@pytest.mark.parametrize(
    ("instant", "printed"),
    [
        (datetime(2023, 8, 11, 1, 0, tzinfo=UTC), "112 年 8 月 11 日（五）09:00"),
        (datetime(2023, 8, 11, 15, 59, tzinfo=UTC), "112 年 8 月 11 日（五）23:59"),
        (datetime(2023, 8, 11, 16, 0, tzinfo=UTC), "112 年 8 月 12 日（六）00:00"),
    ],
)
def test_instants_are_printed_in_taipei_time(instant, printed):
    assert format_instant(instant) == printed


@pytest.mark.parametrize(
    ("day", "year"), [(date(2023, 1, 1), 112), (date(1912, 1, 1), 1), (date(1911, 1, 1), 0)]
)
def test_the_minguo_year_counts_from_1912(day, year):
    assert roc_year(day) == year
