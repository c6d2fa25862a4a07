"""What a link shows of a registration, and the seal by which a change of it is noticed."""

from __future__ import annotations

from app.core.crypto import keyring
from app.groups.confirmation.models import ConfirmationLink
from app.groups.confirmation.rules import Shown
from app.registration.models import Registration

_PURPOSE = "confirmation"


def shown_of(member: Registration) -> Shown:
    """Return what is shown of a member: never the ID number, nor how to reach anybody."""
    return Shown(
        name=str(member.chinese_name),
        birth_on=member.birth_on,
        dialect=member.dialect,
        area=str(member.offering.area),
        test_on=member.exam_round.test_on,
    )


def seal_of(shown: Shown) -> bytes:
    """Return 32 bytes that are equal exactly when everything shown is; without the key they tell nothing."""
    return keyring().blind(_PURPOSE, shown.words)


def is_valid(link: ConfirmationLink) -> bool:
    """Return whether a link is still about the person it was made for, and about what was confirmed."""
    member = link.registration
    if link.person_blind != member.id_blind:
        return False
    return link.confirmed_seal is None or link.confirmed_seal == seal_of(shown_of(member))
