"""Keeps payers from a gateway that does not answer, for a while that grows (payments.md 6, case 21)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

_FAILURES_IN_A_ROW: Final = 2
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(minutes=30)


class Breaker:
    """Counts the failures of one gateway in this process; one success forgets them."""

    def __init__(self) -> None:
        self._failures = 0
        self._open_until: datetime | None = None

    def succeeded(self) -> None:
        self._failures, self._open_until = 0, None

    def failed(self, at: datetime, *, busy: bool = False) -> None:
        """Count a failure; after two in a row nobody is sent there: a minute, two, four, at most thirty.

        :param busy: the gateway asked us to stay away, which is half an hour at once
        """
        self._failures += 1
        if busy:
            self._open_until = at + _LONGEST_PAUSE
        elif self._failures >= _FAILURES_IN_A_ROW:
            doublings = min(self._failures - _FAILURES_IN_A_ROW, 10)
            self._open_until = at + min(_FIRST_PAUSE * 2**doublings, _LONGEST_PAUSE)

    def keeps_away(self, at: datetime) -> bool:
        """Return whether nobody should be sent there at this instant."""
        return self._open_until is not None and at < self._open_until
