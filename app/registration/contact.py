"""What may change after submission: how to reach a candidate, and on request who they are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from app.core.identity import IdentityNumber


@dataclass(frozen=True, slots=True)
class Contact:
    """Phone, e-mail and address (R143); as in `CandidateData`."""

    mobile: str | None
    phone: str | None
    email: str
    zip_code: str
    county: str
    district: str
    street: str


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """What is to be corrected of the identity data (R141); None: stays as it is."""

    chinese_name: str | None = None
    english_name: str | None = None
    is_foreign: bool | None = None
    identity: IdentityNumber | None = None
    birth_on: date | None = None

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, field.name) is None for field in fields(self))
