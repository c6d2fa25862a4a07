"""What applicants write, read into what is kept."""

from __future__ import annotations

import pytest

from app.cases.readers import read_contact_phone, read_identity, read_line, read_text, read_ticket_number
from app.core.errors import InvalidValue


@pytest.mark.requirement("W008")
@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("039-2345678", "0392345678"),  # the manual's samples (W008)
        ("02-23979298", "0223979298"),
        ("02-23979298#888", "0223979298#888"),
        ("0912-345-678", "0912345678"),
        ("０２－２３９７９２９８", "0223979298"),
    ],
)
def test_a_phone_is_read_in_the_manuals_spellings(typed: str, digits: str) -> None:
    assert read_contact_phone(typed) == digits


@pytest.mark.requirement("W008")
@pytest.mark.parametrize("typed", ["09123456789", "12345", "039-23456789", "02-2397", "abc", "0912"])
def test_a_number_that_nobody_can_call_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue):
        read_contact_phone(typed)


@pytest.mark.requirement("W009")
def test_a_thousand_characters_are_accepted_and_one_more_is_not() -> None:
    read = read_text(1000)

    assert len(read("𠊎" * 1000)) == 1000
    with pytest.raises(InvalidValue, match="最多 1000 個字，您寫了 1001 個字"):
        read("客" * 1001)


def test_a_line_break_of_a_browser_counts_once() -> None:
    assert read_text(3)("客\r\n語") == "客\n語"


def test_a_line_is_cleaned_of_what_cannot_be_seen() -> None:
    assert read_line(20)("  銅鑼\u200b 國小\t三年級 ") == "銅鑼 國小 三年級"


@pytest.mark.parametrize("typed", ["A258188812", "ａ２５８１８８８１２", "300000000"])
def test_an_identity_is_of_a_citizen_or_a_foreigner(typed: str) -> None:
    assert read_identity(typed).value


def test_a_wrong_check_digit_is_no_passport() -> None:
    with pytest.raises(InvalidValue, match="最後一碼"):
        read_identity("A258188813")


def test_a_ticket_number_is_folded() -> None:
    assert read_ticket_number(" １１２０５０２０００１ ") == "11205020001"
