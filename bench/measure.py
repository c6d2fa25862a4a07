"""Timing, and what was timed."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a benchmark.

    :ivar unit: ``s``, ``ms``, ``kB`` or ``×`` (a ratio)
    """

    benchmark: str
    name: str
    value: float
    unit: str


def timed(call: Callable[[], Result]) -> tuple[float, Result]:
    """Return how many seconds a call took, and its result."""
    gc.collect()
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def median_seconds(call: Callable[[], object], *, times: int) -> float:
    """Return the median of the seconds that repeated calls took."""
    return statistics.median(timed(call)[0] for _ in range(times))
