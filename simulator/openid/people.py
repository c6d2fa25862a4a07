"""Who can be signed in at the simulated providers: three that are always there, and whoever is typed in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """:ivar name: what stands on the page
    :ivar email: None for a person whose account at the provider has no e-mail
    :ivar email_verified: whether the provider vouches for it
    """

    name: str
    email: str | None
    email_verified: bool = True

    @property
    def subject(self) -> str:
        """The provider's own name for the person: always the same, and not the e-mail."""
        digest = hashlib.sha256(f"{self.name}\0{self.email}".encode()).hexdigest()
        return str(int(digest[:16], 16))


PEOPLE = (
    Person("林美華", "meihua.lin@example.tw"),
    Person("徐阿金", "ajin.hsu@example.tw", email_verified=False),
    Person("沒有信箱的人", None),
)


def find_person(key: str) -> Person | None:
    """Return one of the people by their place in the list, as the page's form sends it."""
    return PEOPLE[int(key)] if key.isdecimal() and int(key) < len(PEOPLE) else None
