import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from app.core.errors import InvalidValue
from app.core.phones import Phone, PhoneKind, format_phone, parse_phone, restore_leading_zero
from tests.vectors import TAIWAN


@pytest.mark.parametrize("digits", TAIWAN["phone"]["valid"])
def test_numbers_of_every_area_are_taken(digits):
    assert parse_phone(digits).digits == digits


@pytest.mark.parametrize("case", TAIWAN["phone"]["invalid"], ids=lambda case: case["input"])
def test_numbers_that_cannot_exist_are_refused(case):
    with pytest.raises(InvalidValue):
        parse_phone(case["input"])


def example_of(area: dict) -> tuple[str, int]:
    """Return a number of the area and its length; second and later digits as the numbering plan allows."""
    code = area["code"].partition("/")[0]
    first = {
        "082": "3",
        "089": "3",
        "0800": "1",
        "070": "1",
        "09": "1",
        "04": area.get("first_digit", "2")[0],
    }.get(code, "2")
    first = {"08": "7", "0826": "6", "06": "2"}.get(code, first)
    return (code + first + "345678901")[: area["total"]], area["total"]


@pytest.mark.requirement("R240", "W008")
@pytest.mark.parametrize(
    "area", TAIWAN["phone"]["areas"], ids=lambda area: f"{area['code']} {area['counties'][:1]}"
)
def test_the_length_belongs_to_the_area_code(area):
    digits, length = example_of(area)

    assert len(parse_phone(digits).digits) == length
    with pytest.raises(InvalidValue):
        parse_phone(digits[:-1])
    with pytest.raises(InvalidValue):
        parse_phone(digits + "1")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(02) 7749-8207", Phone("0277498207")),  # the office's own, as the brochure prints it
        ("0809-090-040", Phone("0809090040", kind=PhoneKind.TOLL_FREE)),
        ("+886-2-2345-6789 ext. 12", Phone("0223456789", "12")),
        ("02-2345-6789轉12", Phone("0223456789", "12")),
        ("０２–２３４５–６７８９＃１２", Phone("0223456789", "12")),
        ("0912345678#1", Phone("0912345678", "1", PhoneKind.MOBILE)),
        ("'0912.345.678", Phone("0912345678", kind=PhoneKind.MOBILE)),
    ],
)
def test_separators_country_code_and_extension_are_understood(text, phone):
    assert parse_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "請填寫電話號碼，例如 0912-345-678"),
        ("無", "電話號碼只填數字，例如 0912-345-678 或 02-2345-6789#12"),
        ("2345-6789", "市內電話請從區碼開始填，例如 02-2345-6789"),
        ("0912-345-67", "手機號碼應為 09 開頭的 10 碼，您填了 9 碼"),
        ("02-13984463", "沒有這個電話號碼，請檢查區碼和位數"),
        ("110", "沒有這個電話號碼，請檢查區碼和位數"),
        ("9.12E+08", "試算表把號碼改成了 9.12E+08，原來的數字已經不見，請重新填寫"),
        ("+81 90 1234 5678", "請填寫臺灣的電話號碼，例如 0912-345-678"),
        ("0912345678/0223456789", "一格只能填一支電話號碼"),
    ],
)
def test_the_sentence_says_what_to_write_instead(text, sentence):
    with pytest.raises(InvalidValue) as refusal:
        parse_phone(text)

    assert str(refusal.value.message) == sentence


@pytest.mark.parametrize(
    ("read", "number", "digits", "note"),
    [
        (parse_phone, "912345678", "0912345678", "已補上開頭的 0：0912-345-678"),
        (restore_leading_zero, "912345678", "0912345678", "已補上開頭的 0：0912-345-678"),
        (restore_leading_zero, "223456789", "0223456789", "已補上開頭的 0：02-2345-6789，請確認"),
    ],
)
def test_a_restored_zero_is_pointed_out(read, number, digits, note):
    phone = read(number)

    assert phone.digits == digits
    assert [str(message) for message in phone.notes] == [note]


@pytest.mark.parametrize(
    ("digits", "extension", "printed"),
    [
        ("0223456789", "12", "02-2345-6789 分機 12"),
        ("0912345678", "", "0912-345-678"),
        ("037123456", "", "037-123-456"),
        ("0800012345", "", "0800-012-345"),
        ("", "", ""),
    ],
)
def test_numbers_are_printed_in_groups(digits, extension, printed):
    assert format_phone(digits, extension) == printed


@pytest.mark.parametrize("digits", TAIWAN["phone"]["valid"])
def test_what_is_printed_or_stored_can_be_read_again(digits):
    phone = Phone(digits, "12", parse_phone(digits).kind)

    assert parse_phone(format_phone(digits, "12")) == phone
    assert parse_phone(str(phone)) == phone


@given(st.text(max_size=25) | st.from_regex(r"[+0-9()#轉 -]{0,20}", fullmatch=True))
def test_no_text_gets_past_the_sentences(text):
    try:
        assert parse_phone(text).digits.startswith("0")
    except InvalidValue as refusal:
        assert str(refusal.message)  # noqa: PT017 - the other outcome, a phone, is as good


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.from_regex(r"0[1-9][0-9]{7,9}", fullmatch=True))
def test_the_short_way_agrees_with_the_library(number: str):
    parsed = phonenumbers.parse(number, "TW")
    kind = {PhoneNumberType.MOBILE: PhoneKind.MOBILE, PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE}.get(
        phonenumbers.number_type(parsed)
    )

    try:
        found = parse_phone(number)
    except InvalidValue:
        assert kind is None
    else:
        assert kind is found.kind or found.kind in (PhoneKind.TOLL_FREE, PhoneKind.VOIP)
        assert found.digits == f"0{parsed.national_number}"
