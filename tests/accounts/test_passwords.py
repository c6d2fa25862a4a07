import time
import unicodedata

import pytest

from app.accounts import passwords
from app.accounts.passwords import APPLICANT_MINIMUM, STAFF_MINIMUM
from app.core.errors import InvalidValue


def refusal(password, *, email="lin.meihua@example.tw", minimum=APPLICANT_MINIMUM):
    try:
        passwords.check_password(password, email=email, minimum=minimum)
    except InvalidValue as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("password", "minimum", "sentence"),
    [
        ("tung-bloss", APPLICANT_MINIMUM, None),
        ("tung-blos", APPLICANT_MINIMUM, "密碼太短，請至少輸入 10 個字元"),
        ("tung-blossom", STAFF_MINIMUM, None),
        ("tung-blosso", STAFF_MINIMUM, "密碼太短，請至少輸入 12 個字元"),
        ("油桐花開滿山坡白如雪", APPLICANT_MINIMUM, None),
        ("tung blossom " * 9 + "x" * 11, APPLICANT_MINIMUM, None),
        ("tung blossom " * 9 + "x" * 12, APPLICANT_MINIMUM, "密碼太長，請縮短到 128 個字元以內"),
    ],
)
def test_only_the_length_of_a_password_is_prescribed(password, minimum, sentence):
    assert refusal(password, minimum=minimum) == sentence


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "PASSWORD123",
        "1234567890",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "abababababab",
        "hakka2023hakka",
        "客語認證客語認證客語",
        "lin.meihua2023",
        "lin.meihua@example.tw",
        "admin admin admin",
        "ji32k7au4a83",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password):
    assert "太容易被猜到" in refusal(password)


@pytest.mark.parametrize("password", ["dragon football banana summer", "hakka-mountain-song", "9f3k-2x7q-b"])
def test_a_common_word_among_others_is_no_reason_to_refuse(password):
    assert refusal(password) is None


def test_a_hash_opens_with_its_password_only():
    kept = passwords.hash_password("tung-blossom-in-may")

    assert kept.startswith("$argon2id$")
    assert passwords.verify_password(kept, "tung-blossom-in-may")
    assert not passwords.verify_password(kept, "tung-blossom-in-June")
    assert not passwords.needs_rehash(kept)


def test_a_password_is_the_same_composed_or_decomposed():
    kept = passwords.hash_password(unicodedata.normalize("NFD", "Café-Müller-Hoà"))

    assert passwords.verify_password(kept, unicodedata.normalize("NFC", "Café-Müller-Hoà"))


def cpu_seconds(kept):
    """The shortest of three, so that the machine's other work does not count."""
    times = []
    for _ in range(3):
        started = time.process_time()
        passwords.verify_password(kept, "not-the-password")
        times.append(time.process_time() - started)
    return min(times)


def test_without_a_hash_nothing_opens_and_it_takes_as_long():
    kept = passwords.hash_password("tung-blossom-in-may")

    assert not passwords.verify_password(None, "tung-blossom-in-may")
    assert cpu_seconds(None) > cpu_seconds(kept) / 2


def test_a_password_of_more_than_a_kilobyte_is_not_even_hashed():
    kept = passwords.hash_password("tung-blossom-in-may")

    assert not passwords.verify_password(kept, "花" * 400)
