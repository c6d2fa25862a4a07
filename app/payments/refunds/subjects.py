"""Whom an order was paid for: told by the rooms above, which payments does not know."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from app.exams.models import Round
from app.payments.models import Order


@dataclass(frozen=True, slots=True)
class Member:
    """A candidate whom the order paid for.

    :ivar key: public id of the registration
    :ivar live: whether the registration still counts
    :ivar account_id: of who has left the group that the order is of: they apply alone, on paper, and are
        written to themselves; None: the applicant applies for them
    """

    key: str
    name: str
    fee_twd: int
    live: bool
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """:ivar applicant_name: who applies: the candidate, or the leader for a group
    :ivar id_number: of the applicant; None: not on record, to be written by hand
    :ivar phone: as dialled
    :ivar address: with postcode, as one line
    :ivar page_path: the applicant's page about it
    :ivar group_name: empty: one person's own registration
    :ivar dialect: of one person; empty for a group, which has several
    """

    exam_round: Round
    area: str
    applicant_name: str
    id_number: str | None
    phone: str
    address: str
    members: tuple[Member, ...]
    page_path: str
    is_group: bool = False
    group_name: str = ""
    dialect: str = ""

    @property
    def paying(self) -> list[Member]:
        """Return the members who still count and paid."""
        return [member for member in self.members if member.live and member.fee_twd]

    def own_account_of(self, keys: Collection[str]) -> int | None:
        """Return the account of somebody who has left the group, when these are about that person."""
        return next((each.account_id for each in self.members if each.key in keys and each.account_id), None)


Source = Callable[[Order], Subject | None]
_sources: list[Source] = []


def subject_source(source: Source) -> Source:
    """Register a source; it returns None for an order that is not its own."""
    _sources.append(source)
    return source


def find_subject(order: Order) -> Subject | None:
    """Return whom an order was paid for, or None when no room refers to it."""
    return next((subject for source in _sources if (subject := source(order)) is not None), None)
