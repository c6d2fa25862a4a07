"""Signed statements: only what we signed is read, and only as we signed it."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.signing import Signer, Statement

STATEMENT = Statement("S", "112101060001", 2, date(2023, 11, 17), "E-835")
OLD, NEW = bytes(range(32)), bytes(range(1, 33))
SIGNER = Signer(1, {1: OLD})


def test_a_signed_statement_is_read_back() -> None:
    assert SIGNER.read(SIGNER.sign(STATEMENT)) == STATEMENT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("S.", "C."),
        ("112101060001", "112101060002"),
        (".2.", ".1."),
        ("20231117", "20231118"),
        ("E-835", "E-935"),
    ],
)
def test_a_statement_that_was_altered_is_not_read(old: str, new: str) -> None:
    assert SIGNER.read(SIGNER.sign(STATEMENT).replace(old, new, 1)) is None


@pytest.mark.parametrize(
    "text", ["", "假", "S.1.1.20231117..1." + "A" * 86, "S.1.1.20231399..1." + "A" * 86, "\0", "A" * 9000]
)
def test_what_is_no_statement_is_not_read(text: str) -> None:
    assert SIGNER.read(text) is None


def test_another_portals_signature_is_not_ours() -> None:
    assert SIGNER.read(Signer(1, {1: NEW}).sign(STATEMENT)) is None


def test_after_a_change_of_keys_older_documents_are_still_known() -> None:
    printed = SIGNER.sign(STATEMENT)
    renewed = Signer(2, {2: NEW, 1: OLD})

    assert renewed.read(printed) == STATEMENT
    assert renewed.read(renewed.sign(STATEMENT)) == STATEMENT
    assert SIGNER.read(renewed.sign(STATEMENT)) is None


def test_words_and_names_do_not_fit_into_a_statement() -> None:
    with pytest.raises(ValueError, match="digits and capitals"):
        SIGNER.sign(Statement("S", "112101060001", 1, date(2023, 11, 17), "徐玉蘭"))
