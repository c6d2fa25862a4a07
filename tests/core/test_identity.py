from datetime import date

import pytest

from app.core.errors import InvalidValue
from app.core.identity import (
    IdentityNumber,
    IdKind,
    is_dummy_id,
    is_valid_id,
    mask_birth,
    mask_email,
    mask_id,
    mask_name,
    mask_phone,
    normalise_id,
    parse_identity,
)
from tests.vectors import TAIWAN

KINDS = {"national": IdKind.NATIONAL, "resident_new": IdKind.RESIDENT, "resident_old": IdKind.RESIDENT_OLD}


@pytest.mark.requirement("R239")
@pytest.mark.parametrize("case", TAIWAN["id"]["valid"], ids=lambda case: case["input"])
def test_right_numbers_are_taken_as_what_they_are(case):
    kind = KINDS[case["kind"]]

    number = parse_identity(case["input"], nationality_foreign=kind is not IdKind.NATIONAL)

    assert is_valid_id(case["input"])
    assert (number.kind, number.value) == (kind, case["input"])


@pytest.mark.parametrize("case", TAIWAN["id"]["invalid"], ids=lambda case: case["input"] or "empty")
def test_wrong_numbers_are_not_valid_as_they_stand(case):
    assert not is_valid_id(case["input"])


@pytest.mark.parametrize(
    "text",
    [case["input"] for case in TAIWAN["id"]["invalid"] if "hyphen" not in case["reason"]],
)
def test_wrong_numbers_are_refused_for_nationals(text):
    with pytest.raises(InvalidValue):
        parse_identity(text, nationality_foreign=False)


@pytest.mark.parametrize("pair", TAIWAN["id"]["undetected_typos"], ids=lambda pair: pair["right"])
def test_some_typing_slips_pass_the_check_so_the_number_must_be_shown_again(pair):
    assert is_valid_id(pair["right"])
    assert is_valid_id(pair["typo_that_also_passes"])


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        *((case["input"], case["output"]) for case in TAIWAN["id"]["normalise"]),
        ("A-123456789", "A123456789"),
        ("’A123 456–789", "A123456789"),
        ("", ""),
    ],
)
def test_numbers_are_folded_to_one_form(text, normal):
    assert normalise_id(text) == normal


@pytest.mark.requirement("R239")
@pytest.mark.parametrize(
    ("text", "foreign", "sentence"),
    [
        ("", False, "請填寫身分證統一編號"),
        ("", True, "請填寫居留證統一證號或護照號碼"),
        ("A12345678", False, "身分證字號應為 10 碼，您填了 9 碼，請對照證件再輸入一次"),
        ("A1234567890", False, "身分證字號應為 10 碼，您填了 11 碼，請對照證件再輸入一次"),
        ("1123456789", False, "身分證字號第一碼應為英文字母，請對照證件再輸入一次"),
        ("A323456789", False, "身分證字號第二碼應為 1 或 2，請對照證件再輸入一次"),
        ("A12345678X", False, "身分證字號後 8 碼應為數字，請對照證件再輸入一次"),
        ("A123456788", False, "身分證字號最後一碼對不起來，請對照證件再輸入一次"),
        ("A802733035", True, "居留證統一證號最後一碼對不起來，請對照證件再輸入一次"),
        (
            "Al23456789",
            False,
            "號碼裡有英文字母 O、I 或 L；您要填的是不是 A123456789？請對照證件改正",
        ),
        (
            "A8O2733034",
            True,
            "號碼裡有英文字母 O、I 或 L；您要填的是不是 A802733034？請對照證件改正",
        ),
        (
            "A258188812",
            True,
            "這是國民身分證的號碼，請把國籍改為「本國」，或改填居留證或護照號碼",
        ),
        (
            "A802733034",
            False,
            "這是外籍人士的居留證號碼，請把國籍改為「外籍人士」，或改填身分證統一編號",
        ),
        (
            "FC18595089",
            False,
            "這是外籍人士的居留證號碼，請把國籍改為「外籍人士」，或改填身分證統一編號",
        ),
        ("P123", True, "護照號碼應為 5 到 20 個英文字母和數字，請對照護照再輸入一次"),
        ("PASSPORT", True, "護照號碼應為 5 到 20 個英文字母和數字，請對照護照再輸入一次"),
        ("P12345678901234567890", True, "護照號碼應為 5 到 20 個英文字母和數字，請對照護照再輸入一次"),
    ],
)
def test_the_sentence_says_what_to_do(text, foreign, sentence):
    with pytest.raises(InvalidValue) as refusal:
        parse_identity(text, nationality_foreign=foreign)

    assert str(refusal.value.message) == sentence


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("c1234567", "C1234567"),
        ("P1234567A", "P1234567A"),
        ("12345", "12345"),
        ("AL23456789", "AL23456789"),  # with 1 for L a national ID, which a foreigner would not give
        ("X" * 19 + "1", "X" * 19 + "1"),
    ],
)
def test_a_foreigner_may_give_a_passport_number(text, value):
    assert parse_identity(text, nationality_foreign=True) == IdentityNumber(IdKind.PASSPORT, value)


@pytest.mark.parametrize("text", ["H875565750", "J888786264", "K896110051", "AA13452811", "BB21494933"])
@pytest.mark.parametrize("foreign", [True, False])
def test_residents_who_are_no_foreigners_may_choose_either_nationality(text, foreign):
    assert parse_identity(text, nationality_foreign=foreign).value == text


def test_the_customary_dummy_is_told_apart():
    assert is_dummy_id("A123456789")
    assert not is_dummy_id("A258188812")


def test_an_identity_number_prints_masked():
    number = parse_identity("A258188812", nationality_foreign=False)

    assert str(number) == "A******812"
    assert "58188" not in repr(number)


@pytest.mark.parametrize(
    ("value", "masked"),
    [("A123456789", "A******789"), ("C1234567", "C****567"), ("12345", "1***5"), ("7", "*"), ("", "*")],
)
def test_ids_show_their_ends_only(value, masked):
    assert mask_id(value) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王○明"),
        ("王明", "王○"),
        ("明", "明"),
        ("歐陽小明", "歐○○明"),
        ("尤瑪‧達陸", "尤○‧○陸"),
        ("葛\U000e0100小城", "葛\U000e0100○城"),
        ("劉𠊎𢫦", "劉○𢫦"),
        ("John Smith", "J*** S***"),
        ("", ""),
    ],
)
def test_names_show_their_first_and_last_character_only(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("digits", "masked"),
    [("0912345678", "0912***678"), ("033456789", "0334**789"), ("1234567", "*******"), ("", "")],
)
def test_phones_show_their_ends_only(digits, masked):
    assert mask_phone(digits) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [("amy@example.tw", "a***@e***.tw"), ("b@school.ntpc.edu.tw", "b***@s***.tw")],
)
def test_e_mail_addresses_show_first_letters_and_country(address, masked):
    assert mask_email(address) == masked


def test_birth_dates_show_no_year():
    assert mask_birth(date(2004, 2, 3)) == "****-02-03"
