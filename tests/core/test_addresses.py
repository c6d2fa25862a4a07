import pytest

from app.core.addresses import (
    COUNTIES,
    Address,
    all_districts,
    districts_of,
    find_zip3,
    parse_address,
    parse_zip,
)
from app.core.errors import InvalidValue
from tests.vectors import TAIWAN

NORMALISE = TAIWAN["address"]["normalise"]


def notes_of(address: Address) -> list[str]:
    return [str(note) for note in address.notes]


@pytest.mark.parametrize(
    "case", [case for case in NORMALISE if case["output"]], ids=lambda case: case["input"]
)
def test_addresses_come_out_in_their_official_form(case):
    expected = case["output"]

    address = parse_address(case["input"])

    assert address == Address(
        zip3=expected["zip3"],
        zip=expected.get("zip", expected["zip3"]),
        county=expected["county"],
        district=expected["district"],
        rest=expected["rest"],
    )
    assert bool(address.notes) is ("message" in expected)


@pytest.mark.parametrize(("name", "counties"), TAIWAN["address"]["ambiguous_districts"].items())
def test_a_district_of_several_counties_needs_its_county(name, counties):
    assert {one.county for one in all_districts() if one.name == name} == set(counties)

    with pytest.raises(InvalidValue, match=f"都有{name}，請寫出縣市"):
        parse_address(f"{name}中山路1號")


@pytest.mark.parametrize(
    ("text", "printed", "notes"),
    [
        ("臺北縣板橋市文化路1號", "220 新北市板橋區文化路1號", ["縣市已改用現在的名稱：新北市板橋區"]),
        ("高雄縣三民鄉1號", "849 高雄市那瑪夏區1號", ["縣市已改用現在的名稱：高雄市那瑪夏區"]),
        ("高雄市三民區1號", "807 高雄市三民區1號", []),
        ("彰化縣員林鎮1號", "510 彰化縣員林市1號", ["縣市已改用現在的名稱：彰化縣員林市"]),
        ("臺中縣霧峰鄉1號", "413 臺中市霧峰區1號", ["縣市已改用現在的名稱：臺中市霧峰區"]),
        ("臺灣省嘉義縣阿里山鄉1鄰", "605 嘉義縣阿里山鄉1鄰", []),
        ("屏東縣霧台鄉1號", "902 屏東縣霧臺鄉1號", []),
        ("雲林縣台西鄉台西路1號", "636 雲林縣臺西鄉台西路1號", []),
        ("臺中市大里區中興路1號", "412 臺中市大里區中興路1號", []),
        ("大里區中興路1號", "412 臺中市大里區中興路1號", ["已補上縣市：臺中市"]),
        ("300 東區光復路1號", "300 新竹市東區光復路1號", ["已補上縣市：新竹市"]),
        ("(106)　臺北市　大安區　和平東路１號", "106 臺北市大安區和平東路1號", []),
        ("10610臺北市大安區1號", "10610 臺北市大安區1號", []),
        ("100 臺北市大安區1號", "106 臺北市大安區1號", ["郵遞區號與地址不符，已改為 106"]),
    ],
)
def test_what_is_changed_in_reading_is_pointed_out(text, printed, notes):
    address = parse_address(text)

    assert str(address) == printed
    assert notes_of(address) == notes


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "請填寫地址，例如 106 臺北市大安區和平東路一段162號"),
        ("和平東路一段162號", "請從縣市開始寫地址，例如 臺北市大安區和平東路一段162號"),
        ("臺北市和平東路1號", "看不出臺北市的哪一個鄉鎮市區，請接在縣市後面寫出來，例如 臺北市大安區"),
        ("臺北市大里區1號", "看不出臺北市的哪一個鄉鎮市區，請接在縣市後面寫出來，例如 臺北市大安區"),
        ("106 臺北市大安區", "請在鄉鎮市區後面寫出路名和門牌號碼"),
        ("100 大里區1號", "郵遞區號與大里區不符，請寫出縣市"),
        ("999 臺北市大安區1號", "沒有 999 開頭的郵遞區號，請再確認"),
        ("臺北市大安區" + "路" * 101, "地址最多 100 個字，請寫短一點"),
        (
            "東區光復路二段1號",
            "新竹市、臺中市、嘉義市、臺南市都有東區，請寫出縣市",
        ),
    ],
)
def test_the_sentence_says_what_to_write_instead(text, sentence):
    with pytest.raises(InvalidValue) as refusal:
        parse_address(text)

    assert str(refusal.value.message) == sentence


@pytest.mark.parametrize("text", ["106", "10610", "106209", "１０６"])
def test_postcodes_have_three_five_or_six_digits(text):
    assert parse_zip(text).startswith("106")


@pytest.mark.parametrize("text", ["", "1", "1062", "1062090", "abc", "000"])
def test_other_postcodes_are_refused(text):
    with pytest.raises(InvalidValue):
        parse_zip(text)


def test_the_lists_are_those_of_the_post_office():
    assert len(COUNTIES) == 22
    assert len(all_districts()) == 371
    assert "大安區" in districts_of("臺北市")
    assert districts_of("亞特蘭提斯") == ()


def test_no_county_or_district_begins_with_the_name_of_another():
    names = {one.name for one in all_districts()} | set(COUNTIES)

    assert not [(one, other) for one in names for other in names if one != other and other.startswith(one)]


def test_a_postcode_belongs_to_county_and_district_together():
    assert find_zip3("新竹市", "東區") == "300"
    assert find_zip3("臺中市", "東區") == "401"
    assert find_zip3("臺北市", "東區") is None


@pytest.mark.parametrize("district", all_districts(), ids=lambda one: one.county + one.name)
def test_every_district_is_found_in_an_address(district):
    address = parse_address(f"{district.county}{district.name}中山路1號")

    assert (address.zip3, address.district, address.rest) == (district.zip3, district.name, "中山路1號")
