"""Who is responsible for a group, and what members take over from there (R216, R241-R243)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

LEADER_RELATION: Final = "團報負責人"


@dataclass(frozen=True, slots=True)
class Leader:
    """:ivar phone: digits as dialled within Taiwan, an extension after ``#``
    :ivar zip_code: 3, 5 or 6 digits, of which the first three agree with the district
    :ivar street: the address from the village or road on
    """

    name: str
    phone: str
    email: str
    zip_code: str
    county: str
    district: str
    street: str

    @property
    def emergency(self) -> dict[str, Any]:
        """Return the emergency contact of a member who takes over the leader's data."""
        return {
            "emergency_name": self.name,
            "emergency_relation": LEADER_RELATION,
            "emergency_phone": self.phone,
        }

    @property
    def address(self) -> dict[str, Any]:
        """Return the address of a member who takes over the leader's."""
        return {
            "zip_code": self.zip_code,
            "county": self.county,
            "district": self.district,
            "street": self.street,
        }
