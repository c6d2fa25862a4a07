"""What a parcel says on paper, as finished text; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """:ivar code: what stands on the label, to find the parcel when it comes back
    :ivar organisation: the group, of post to its leader; else empty
    :ivar contents: e.g. ``教材 38 份``
    :ivar registered_number: empty when it is not registered, or not posted yet
    """

    position: int
    code: str
    zip_code: str
    address: str
    organisation: str
    recipient: str
    contents: str
    way: str
    registered_number: str
    names: str
