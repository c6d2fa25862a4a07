"""The right to sit that somebody keeps until next year, and its use (拾肆、三; R175)."""

from __future__ import annotations

from collections.abc import Sequence

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import Refused
from app.core.messages import Message
from app.payments.fees import Fee
from app.registration import mails, queries
from app.registration.models import CarryOver, Registration


def grant_carry_over(registration: Registration, *, actor: Actor) -> CarryOver:
    """Let a candidate sit next year without another fee, and tell them.

    :raises Refused: when they have that right already
    """
    with transaction() as session:
        if queries.find_carry_over_of(registration.id) is not None:
            raise Refused(Message("這位考生已經保留應試資格到下一年度"))
        year = registration.exam_round.exam_year.roc_year + 1
        granted = CarryOver(
            id_blind=registration.id_blind,
            track=registration.exam_round.track,
            roc_year=year,
            registration=registration,
            granted_at=clock.now(),
        )
        session.add(granted)
        audit.record("registration.carry_over", registration, actor, roc_year=year)
        mails.tell_carried_over(registration, year)
    return granted


def use_carry_overs(registrations: Sequence[Registration], fees: Sequence[Fee], *, actor: Actor) -> None:
    """Mark the rights that have made registrations free as used, inside the open unit of work.

    :raises Refused: when another registration of the same person has used one at the same moment
    """
    freed = [each for each, fee in zip(registrations, fees, strict=True) if fee.carried_over]
    if not freed:
        return
    carried = queries.list_carry_overs(freed, for_update=True)
    for registration in freed:
        if registration.id not in carried:
            raise Refused(Message("保留的應試資格剛才用在另一份報名了，請重新整理，再看一次報名費"))
        carried[registration.id].used_by = registration
        audit.record("registration.use_carry_over", registration, actor)
