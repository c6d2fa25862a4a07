"""Who pays the registration fee and who is free of it (捌、二、(三)).

The birth date alone decides; no paper is asked for (S021).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.messages import Message
from app.core.money import Twd, twd
from app.core.roc_dates import date_message
from app.exams.age_line import first_free_birth_date

PAYING_CLAUSE = "捌、二、(三)1"
FREE_CLAUSE = "捌、二、(三)2"
CARRIED_CLAUSE = "拾肆、三"


@dataclass(frozen=True, slots=True)
class Fee:
    """What one candidate pays for one round, and why.

    :ivar amount_twd: whole New Taiwan dollars; 0 when exempt
    :ivar exempt: free, so there is nothing to pay and no bill
    :ivar reason: the birth date line or the right it was decided by, as a sentence for the candidate
    :ivar carried_over: free because of a right kept from last year, which is used up by it
    """

    amount_twd: Twd
    exempt: bool
    reason: Message
    clause: str
    carried_over: bool = False


@dataclass(frozen=True, slots=True)
class FeeTotal:
    """What a group pays together, counted as the payment page shows it (R078).

    :ivar carried_count: of the free ones, those who are so because of a right kept from last year
    """

    free_count: int
    paying_count: int
    amount_twd: Twd
    carried_count: int = 0

    @property
    def exempt(self) -> bool:
        """Return whether all are free, so that the payment step is skipped (R079); not true of nobody."""
        return self.free_count > 0 and self.paying_count == 0


def fee_for(
    birth_on: date,
    *,
    fee_reference_on: date,
    full_fee_twd: Twd,
    free_up_to_age: int,
    carried_from: str | None = None,
) -> Fee:
    """Return the fee of a candidate, decided by birth date, or by a right to sit kept from last year.

    Who has the 19th birthday on the reference day, or later, is free; who had it the day before
    pays (Q11: the printed birth dates decide, not the loose wording).
    Who could not sit again after a machine failed has paid already and pays nothing; somebody who is
    free by age keeps that right unused. Clause 捌、二、(三)1-3; 拾肆、三; R074-R077, R080, R175.

    :param fee_reference_on: the round's own test day on the multi-session track; the first national
        test day for both national rounds (Q19)
    :param free_up_to_age: the birthday that is still free; 19 in 112
    :param carried_from: name of the round whose right to sit was kept; None: none was
    """
    first_free = first_free_birth_date(fee_reference_on, free_up_to_age)
    if birth_on >= first_free:
        reason = Message("免繳報名費：出生日期在%(day)s（含）以後", {"day": date_message(first_free)})
        return Fee(0, True, reason, FREE_CLAUSE)
    if carried_from is not None:
        reason = Message("免繳報名費：%(round)s保留的應試資格", {"round": carried_from})
        return Fee(0, True, reason, CARRIED_CLAUSE, carried_over=True)
    last_paying = first_free - timedelta(days=1)
    reason = Message("須繳報名費：出生日期在%(day)s（含）以前", {"day": date_message(last_paying)})
    return Fee(twd(full_fee_twd), False, reason, PAYING_CLAUSE)


def total_fee(fees: Iterable[Fee]) -> FeeTotal:
    """Return how many are free, how many pay, and the sum of what they pay (R078)."""
    counted = list(fees)
    free_count = sum(fee.exempt for fee in counted)
    return FeeTotal(
        free_count,
        len(counted) - free_count,
        sum(fee.amount_twd for fee in counted),
        sum(fee.carried_over for fee in counted),
    )
