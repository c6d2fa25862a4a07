"""Sealing: what is stored tells nothing, opens only in its own row, and is still found."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from app.core.crypto import Keyring

RING = Keyring(active=1, keys={1: b"a" * 32}, index_key=b"i" * 32)


def test_a_sealed_value_opens_in_its_place() -> None:
    assert RING.unseal(RING.seal("A258188812", "t|id|row1"), "t|id|row1") == "A258188812"


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealed = RING.seal("A258188812", "t|id|row1")

    with pytest.raises(InvalidTag):
        RING.unseal(sealed, "t|id|row2")


def test_an_altered_value_does_not_open() -> None:
    sealed = bytearray(RING.seal("A258188812", "t|id|row1"))
    sealed[-1] ^= 1

    with pytest.raises(InvalidTag):
        RING.unseal(bytes(sealed), "t|id|row1")


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert RING.seal("A258188812", "t|id|row1") != RING.seal("A258188812", "t|id|row1")


@pytest.mark.requirement("P003")
def test_an_older_key_still_opens_what_it_sealed() -> None:
    sealed = RING.seal("A258188812", "t|id|row1")
    rotated = Keyring(active=2, keys={1: b"a" * 32, 2: b"b" * 32}, index_key=b"i" * 32)

    assert rotated.unseal(sealed, "t|id|row1") == "A258188812"
    assert rotated.seal("A258188812", "t|id|row1")[1] == 2


def test_the_blind_index_is_equal_for_equal_values_and_bound_to_key_and_purpose() -> None:
    other_key = Keyring(active=1, keys=RING.keys, index_key=b"j" * 32)

    assert RING.blind("national-id", "A258188812") == RING.blind("national-id", "A258188812")
    assert len(RING.blind("national-id", "A258188812")) == 32
    assert RING.blind("national-id", "A258188812") != RING.blind("passport", "A258188812")
    assert RING.blind("national-id", "A258188812") != other_key.blind("national-id", "A258188812")
