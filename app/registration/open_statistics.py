"""Which counts of people can be published without telling of anybody; pure (S017)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALLEST_COUNT = 5

Key = TypeVar("Key", bound=Hashable)


def publishable(counts: Mapping[Key, int], smallest: int = SMALLEST_COUNT) -> dict[Key, int | None]:
    """Return the counts of one table, None for those that stay hidden.

    Hidden are counts below `smallest`, and further ones, the smallest first, until what is hidden cannot
    be worked out from the sum of the table: at least two counts that together are not below `smallest`.
    """
    hidden = {key for key, count in counts.items() if 0 < count < smallest}
    rest = sorted((key for key in counts if key not in hidden and counts[key]), key=lambda key: counts[key])
    while hidden and rest and (len(hidden) < 2 or sum(counts[key] for key in hidden) < smallest):
        hidden.add(rest.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}
