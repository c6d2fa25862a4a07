"""What the list of money orders says, worked out from the granted cases."""

from __future__ import annotations

from collections.abc import Sequence

from app.core import clock
from app.core.pdf.frame import Frame
from app.core.phones import format_phone
from app.exams.queries import site_facts
from app.payments.models import RefundCase
from app.payments.refunds.payout_list import PayoutRow


def payout_rows(cases: Sequence[RefundCase]) -> list[PayoutRow]:
    """Return one line per money order to be bought."""
    return [_row(case) for case in cases]


def payout_frame() -> Frame:
    """Return head and foot of the printed list."""
    facts = site_facts()
    return Frame(
        organiser=facts["organiser"],
        implementer=facts["implementer"],
        exam_title=facts["exam_title"],
        title="退費匯票清單",
        office_name=facts["office"],
        office_address=facts["address"],
        office_phones=tuple(facts["phones"]),
        version=1,
        issued_at=clock.now(),
    )


def _row(case: RefundCase) -> PayoutRow:
    digits, _hash, extension = (case.payee_phone or "").partition("#")
    return PayoutRow(
        number=case.number,
        payee_name=case.payee_name or "",
        address=case.payee_address or "",
        phone=format_phone(digits, extension) if digits else "",
        amount_twd=case.amount_twd,
        round_name=case.exam_round.name if case.exam_round else "",
        pay_by=case.pay_by,
    )
