import pytest

from app.core.errors import InvalidValue
from app.registration import readers


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("中正路12號", "中正路12號"),
        (" 苗栗縣銅鑼鄉中正路１２號 ", "中正路12號"),
        ("苗栗縣銅鑼鄉", None),
        ("", None),
        ("甲" * 100, "甲" * 100),
        ("甲" * 101, None),
    ],
)
def test_a_street_is_what_follows_the_district(written: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(InvalidValue):
            readers.read_street(written, district="苗栗縣銅鑼鄉")
    else:
        assert readers.read_street(written, district="苗栗縣銅鑼鄉") == expected


def test_tai_may_be_written_either_way() -> None:
    assert (
        readers.read_street("台北市大安區和平東路一段162號", district="臺北市大安區") == "和平東路一段162號"
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0912-345-678", "0912345678"),
        ("912345678", "0912345678"),
        ("02-2345-6789", None),
        ("0912345678#1", None),
    ],
)
def test_a_mobile_number_has_ten_digits(written: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(InvalidValue, match="手機"):
            readers.read_mobile(written)
    else:
        assert readers.read_mobile(written) == expected


def test_a_fixed_line_keeps_its_extension() -> None:
    assert readers.read_phone("（02）2345-6789 轉 12") == "0223456789#12"


@pytest.mark.requirement("R236")
@pytest.mark.parametrize(
    ("written", "ok"), [("WANG, SIAO-MING", True), ("François d'Arc", True), ("王小明", False)]
)
def test_an_english_name_has_latin_letters(written: str, ok: bool) -> None:
    if ok:
        assert readers.read_english_name(written) == written
    else:
        with pytest.raises(InvalidValue):
            readers.read_english_name(written)


def test_the_number_of_the_example_is_nobodys() -> None:
    with pytest.raises(InvalidValue, match="範例"):
        readers.read_own_identity("A123456789", foreign=False)


def test_a_request_keeps_its_lines_up_to_500_characters() -> None:
    assert readers.read_request(" 助聽器 \n輪椅座位 ") == "助聽器\n輪椅座位"
    with pytest.raises(InvalidValue, match="501"):
        readers.read_request("甲" * 501)
