"""Candidates and registrations, as far along as a test needs them."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.accounts.models import Account, Realm
from app.core.actors import SYSTEM
from app.core.identity import parse_identity
from app.exams.choices import Dialect
from app.payments.services import record_message
from app.registration.candidate import CandidateData
from app.registration.choices import Background, Education, Occupation
from app.registration.models import Registration
from app.registration.services import save_draft, submit_registration
from tests.factories.accounts import make_account
from tests.factories.ids import make_national_id
from tests.factories.orders import make_attempt, paid_message

PAYS, FREE = date(2004, 9, 1), date(2004, 9, 2)  # the two sides of the national line (R074, R075)
NATIONAL_1, NATIONAL_2 = "nat-112-01", "nat-112-02"


def make_candidate(*, id_number: str | None = None, **changes: Any) -> CandidateData:
    """Return a complete candidate, by default one who pays; a fresh ID number unless one is given."""
    values: dict[str, Any] = {
        "chinese_name": "徐玉蘭",
        "english_name": None,
        "is_foreign": False,
        "identity": parse_identity(id_number or make_national_id(), nationality_foreign=False),
        "birth_on": date(1985, 8, 15),
        "mobile": "0912345678",
        "phone": None,
        "email": "yulan@example.tw",
        "zip_code": "366",
        "county": "苗栗縣",
        "district": "銅鑼鄉",
        "street": "中正路12號",
        "emergency_name": "徐春梅",
        "emergency_relation": "母親",
        "emergency_phone": "037981234",
        "dialect": Dialect.SIXIAN,
        "background": Background.BOTH_PARENTS,
        "occupation": Occupation.STUDENT,
        "education": Education.SENIOR_HIGH,
    }
    return CandidateData(**{**values, **changes})


def make_draft(
    account: Account | None = None,
    candidate: CandidateData | None = None,
    *,
    round_code: str = NATIONAL_1,
    area: str = "苗栗",
) -> Registration:
    """Return a draft as its account's owner would have saved it."""
    realm = Realm.NATIONAL if round_code.startswith("nat") else Realm.MULTI
    account = account or make_account(realm=realm)
    return save_draft(account.id, round_code, area, candidate or make_candidate(), actor=SYSTEM)


def make_submitted(
    account: Account | None = None, candidate: CandidateData | None = None, **where: Any
) -> Registration:
    """Return a submitted registration; unless the candidate is free it waits to be paid."""
    draft = make_draft(account, candidate, **where)
    return submit_registration(draft.public_id, draft.account_id, actor=SYSTEM)


def pay(registration: Registration) -> None:
    """Let the gateway report, now, that the registration's order was paid."""
    attempt = make_attempt(registration.order)
    record_message("ecpay", paid_message(attempt), address=None, actor=SYSTEM)


def make_paid(account: Account | None = None, **where: Any) -> Registration:
    """Return a registration that is paid and waits for its review."""
    registration = make_submitted(account, **where)
    pay(registration)
    return registration
