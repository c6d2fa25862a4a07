"""Refunds asked for, and what has to happen before one can be asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.actors import SYSTEM, Actor, ActorKind
from app.core.db import db
from app.exams.notices import NoticeCause, PostponementNotice
from app.payments.models import RefundCase
from app.payments.refunds.proofs import ProofFile
from app.payments.refunds.rules import RefundReason
from app.payments.refunds.services import (
    Payee,
    RefundRequest,
    decide,
    propose,
    record_application,
    record_payout,
    submit_request,
)
from app.registration.models import Registration
from app.registration.services import Notice, publish_notice
from tests.factories.accounts import make_staff
from tests.factories.registrations import NATIONAL_1, make_paid

PAYEE = Payee("徐玉蘭", "366 苗栗縣銅鑼鄉中正路12號", "0912345678")
PROOF = ProofFile("診斷證明.pdf", "application/pdf", b"%PDF-1.7 a proof")


def make_notice(round_code: str = NATIONAL_1, **changes: Any) -> PostponementNotice:
    """Publish the postponement of a round by a typhoon, for all areas unless it is said otherwise."""
    values: dict[str, Any] = {
        "cause": NoticeCause.POSTPONED,
        "area": None,
        "reason": "因颱風來襲，認證延期",
        "new_test_on": date(2023, 9, 23),
        "new_place": "上午 9 時起，各考區原試場",
    }
    return publish_notice(round_code, Notice(**{**values, **changes}), actor=SYSTEM)


def make_request(registration: Registration | None = None, **changes: Any) -> RefundCase:
    """Return the case of a paid candidate who asks for another reason, with a proof."""
    registration = registration or make_paid()
    values: dict[str, Any] = {
        "reason": RefundReason.OTHER,
        "members": [registration.public_id],
        "payee": PAYEE,
        "explanation": "住院開刀",
        "proof": PROOF,
    }
    return submit_request(registration.order_id, RefundRequest(**{**values, **changes}), actor=SYSTEM)


def make_granted(order_id: int) -> RefundCase:
    """Return the granted case of the candidate whose paid order this is; two members of staff saw to it."""
    registration = db.session.scalars(sa.select(Registration).where(Registration.order_id == order_id)).one()
    return _grant(make_request(registration))


def make_paid_out(registration: Registration | None = None, *, number: str = "1234567890") -> RefundCase:
    """Return a granted request whose money order has been posted today."""
    case = _grant(make_request(registration))
    return record_payout(case.public_id, money_order_number=number, paid_on=clock.today(), actor=SYSTEM)


def _grant(case: RefundCase) -> RefundCase:
    clerk, decider = (Actor(ActorKind.STAFF, make_staff().id) for _ in range(2))
    record_application(
        case.public_id, postmarked_on=clock.today(), payee=PAYEE, has_paper_proof=True, actor=clerk
    )
    propose(case.public_id, grant=True, note="符合規定", actor=clerk)
    return decide(case.public_id, grant=True, note="同意", actor=decider)
