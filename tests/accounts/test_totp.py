"""Codes of an authenticator: RFC 6238's own vectors, and which are let in."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from app.accounts import totp

# RFC 6238, appendix B: SHA-1, the secret in ASCII; its eight digits end in our six.
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_standard(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)

    assert totp.code_of(SECRET, totp.step_at(at)) == code
    assert totp.matching_step(SECRET, code, at) == seconds // 30


@pytest.mark.parametrize(("steps_off", "let_in"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(steps_off, let_in):
    at = datetime.fromtimestamp(1_700_000_000, UTC)
    step = totp.step_at(at) + steps_off

    assert totp.matching_step(SECRET, totp.code_of(SECRET, step), at) == (step if let_in else None)


@pytest.mark.parametrize("typed", ["287 082", "２８７０８２", " 287082 "])
def test_spaces_and_full_width_digits_are_undone(typed):
    assert totp.matching_step(SECRET, typed, datetime.fromtimestamp(59, UTC)) == 1


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "abcdef", "二八七〇八二"])
def test_what_is_no_code_is_refused(typed):
    assert totp.matching_step(SECRET, typed, datetime.fromtimestamp(59, UTC)) is None


def test_a_recovery_code_has_64_bits_and_is_read_as_people_type_it():
    code = totp.new_recovery_code()

    assert len(code.replace("-", "")) * 4 == 64
    assert totp.read_recovery_code(f" {code.replace('-', ' ').upper()} ") == code
    assert totp.read_recovery_code("123456") is None
