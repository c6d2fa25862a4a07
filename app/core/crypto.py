"""Encryption of what identifies a person, and the blind index by which it is still found (S023).

A citizen's number has about 5 x 10^8 possible values, so an unkeyed hash is reversed in minutes:
the value is sealed with AES-256-GCM for showing, and looked up by a keyed HMAC with another key.
"""

from __future__ import annotations

import functools
import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from app.core.ids import new_public_id

_FORMAT = 1


@dataclass(frozen=True)
class Keyring:
    """The keys in force.

    :ivar active: number (1..255) of the key that seals; all of them unseal
    :ivar keys: 32 bytes each
    :ivar index_key: 32 bytes; the key of the blind index
    """

    active: int
    keys: Mapping[int, bytes]
    index_key: bytes

    def seal(self, plain: str, place: str) -> bytes:
        """Return the ciphertext; it opens only with the same place (table, column, row)."""
        return self.seal_bytes(plain.encode(), place)

    def unseal(self, sealed: bytes, place: str) -> str:
        """Return the plain text; raises cryptography's InvalidTag when it was moved or altered."""
        return self.unseal_bytes(sealed, place).decode()

    def seal_bytes(self, plain: bytes, place: str) -> bytes:
        """Return the ciphertext of a file; as `seal`."""
        nonce = os.urandom(12)
        sealed = _cipher(self.keys[self.active]).encrypt(nonce, plain, place.encode())
        return bytes([_FORMAT, self.active]) + nonce + sealed

    def unseal_bytes(self, sealed: bytes, place: str) -> bytes:
        """Return a file as it was sealed; as `unseal`."""
        return _cipher(self.keys[sealed[1]]).decrypt(sealed[2:14], sealed[14:], place.encode())

    def blind(self, purpose: str, value: str) -> bytes:
        """Return 32 bytes that are equal exactly when purpose and value are equal."""
        return hmac.digest(self.index_key, f"{purpose}\0{value}".encode(), "sha256")


@functools.lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    # Made once: setting a key up takes longer than sealing a line of text.
    return AESGCM(key)


def keyring() -> Keyring:
    """Return the keyring of the running app."""
    ring: Keyring = current_app.extensions["keyring"]
    return ring


def column_sealer(table: str, public_id: str) -> Callable[[str, str | None], bytes | None]:
    """Return a function (column, text) → what `Sealed` would write there; for rows written in bulk."""
    seal, start = keyring().seal, f"{table}|"

    def sealed(column: str, plain: str | None) -> bytes | None:
        return None if plain is None else seal(plain, f"{start}{column}|{public_id}")

    return sealed


def blind_id(normalised_id: str) -> bytes:
    """Return the look-up key of a normalised ID number."""
    return keyring().blind("national-id", normalised_id)


class Sealed:
    """A text property of a model whose column holds ciphertext bound to its row.

    ``phone = Sealed("phone_sealed")`` reads and writes the plain text; None stays NULL.
    """

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, row: Any, owner: type) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else keyring().unseal(sealed, _place_of(row, self.column))

    def __set__(self, row: Any, plain: str | None) -> None:
        if row.public_id is None:  # the default of the column would come too late, at the flush
            row.public_id = new_public_id()
        setattr(
            row, self.column, None if plain is None else keyring().seal(plain, _place_of(row, self.column))
        )


class SealedBytes:
    """The same for a file."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, row: Any, owner: type) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else keyring().unseal_bytes(sealed, _place_of(row, self.column))

    def __set__(self, row: Any, plain: bytes | None) -> None:
        if row.public_id is None:
            row.public_id = new_public_id()
        setattr(
            row,
            self.column,
            None if plain is None else keyring().seal_bytes(plain, _place_of(row, self.column)),
        )


def _place_of(row: Any, column: str) -> str:
    return f"{row.__tablename__}|{column}|{row.public_id}"
