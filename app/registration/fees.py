"""What candidates pay: the rule of the payments room, asked with what is on record (R074-R080, R175)."""

from __future__ import annotations

from collections.abc import Sequence

from app.payments.fees import Fee, fee_for
from app.registration import queries
from app.registration.models import CarryOver, Registration


def fees_of(registrations: Sequence[Registration]) -> list[Fee]:
    """Return what candidates pay, in their order: by birth date, or nothing with a right kept from last year.

    The number of queries does not depend on how many they are. R074-R077, R175.
    """
    carried = queries.list_carry_overs(registrations)
    return [_fee_of(each, carried.get(each.id)) for each in registrations]


def fee_of(registration: Registration) -> Fee:
    """Return what the candidate pays for the round, by the birth date as it stands now (R074-R077, R175)."""
    return fees_of([registration])[0]


def _fee_of(registration: Registration, carried: CarryOver | None) -> Fee:
    exam_round = registration.exam_round
    return fee_for(
        registration.birth_on,
        fee_reference_on=exam_round.fee_reference_on,
        full_fee_twd=exam_round.fee_twd,
        free_up_to_age=exam_round.free_up_to_age,
        carried_from=carried.registration.exam_round.name if carried else None,
    )
