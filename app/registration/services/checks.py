"""Whether persons could be registered, asked before anybody presses a button."""

from __future__ import annotations

from collections.abc import Sequence

from app.core import clock
from app.core.actors import Actor
from app.core.crypto import blind_id
from app.core.db import transaction
from app.exams.models import Round
from app.registration.candidate import CandidateData
from app.registration.services import persons
from app.registration.services.persons import AlreadyRegistered


def check_members(
    account_id: int, exam_round: Round, candidates: Sequence[CandidateData], *, actor: Actor
) -> list[AlreadyRegistered | None]:
    """Return, in the same order, why each candidate could not be added to a group now; None: they could.

    What is told of somebody else's registration is as little as `add_members` tells, and asked as often on
    record (security.md 7). The number of queries grows with the hundreds of candidates.
    """
    with transaction() as session:
        blinds = [blind_id(candidate.identity.value) for candidate in candidates]
        others = persons.find_others(session, blinds, exam_round, account_id=account_id, now=clock.now())
        refusals: dict[bytes, AlreadyRegistered] = {}
        refusals |= persons.find_absent(session, candidates, exam_round, account_id=account_id)
        for blind, other in others.items():
            refusals[blind] = persons.already_registered(other, exam_round, account_id=account_id)
        found = [refusals.get(blind) for blind in blinds]
        for refusal in found:
            if refusal is not None and not refusal.same_account:
                persons.record_foreign_number(account_id, actor=actor)
    return found
