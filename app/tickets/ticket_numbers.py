"""How a ticket is numbered: 12 digits that tell year, track, round and area; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LAST_SERIAL = 9999
_SERIAL_DIGITS = 4


def area_number(
    areas_by_region: Mapping[str, Sequence[str]], area: str, *, more_areas: Sequence[str] = ()
) -> int:
    """Return an area's place in the brochure's list, 1 for the first (R053); added areas follow (R039).

    :param more_areas: the round's areas in the order in which they were opened
    :raises ValueError: when neither list has it
    """
    areas = [each for region in areas_by_region.values() for each in region]
    areas += [each for each in more_areas if each not in areas]
    return areas.index(area) + 1


def number_prefix(*, roc_year: int, is_multi: bool, round_number: int, area_number: int) -> str:
    """Return the eight digits that all tickets of one area in one round begin with.

    Year (3), track (1 national, 2 multi-session), round (2), area (2): ``11210102`` is the first
    national round of 112 in 臺北. The serial of four digits follows.
    """
    return f"{roc_year:03}{2 if is_multi else 1}{round_number:02}{area_number:02}"


def ticket_number(prefix: str, serial: int) -> str:
    """Return the ticket number, e.g. ``112101020001``.

    :raises ValueError: when the area has used up its serials
    """
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"no ticket number is left after {prefix}{LAST_SERIAL}")
    return f"{prefix}{serial:0{_SERIAL_DIGITS}}"


def serial_of(number: str) -> int:
    """Return the serial at the end of a ticket number."""
    return int(number[-_SERIAL_DIGITS:])
