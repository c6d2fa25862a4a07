"""What the portal decides about a person: yes or no, the reason, and the clause it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import Refused
from app.core.messages import Message


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a rule, fit to be shown beside the button it opens or closes.

    :ivar allowed: whether it may happen
    :ivar reason: why, as a sentence for the person concerned
    :ivar clause: where the brochure says so, e.g. ``捌、二、(四)5``
    :ivar field: the form field a refusal belongs to, or None
    """

    allowed: bool
    reason: Message
    clause: str = ""
    field: str | None = None

    def __bool__(self) -> bool:
        return self.allowed

    def raise_if_refused(self) -> None:
        """Raise `Refused` with the reason and clause unless it is allowed."""
        if not self.allowed:
            raise Refused(self.reason, clause=self.clause, field=self.field)


def allowed(reason: Message, clause: str = "") -> Decision:
    return Decision(True, reason, clause)


def refused(reason: Message, clause: str = "", *, field: str | None = None) -> Decision:
    return Decision(False, reason, clause, field)
