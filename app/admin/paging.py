"""Long lists in pages of one size, the page number in the address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """:ivar number: from 1 to `last`"""

    number: int
    last: int

    @classmethod
    def of(cls, total: int, *, asked: int) -> Page:
        """Return the page asked for, or the nearest one that exists."""
        last = max(1, -(-total // SIZE))
        return cls(min(max(1, asked), last), last)

    @property
    def offset(self) -> int:
        return (self.number - 1) * SIZE


def asked_page(total: int) -> Page:
    """Return the page of a list of so many lines that the address asks for, or the nearest one."""
    return Page.of(total, asked=request.args.get("page", 1, type=int))
