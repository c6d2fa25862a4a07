"""Requests for additional sessions, as far along as a test needs them."""

from __future__ import annotations

from typing import Any

from app.accounts.models import Account, Realm
from app.core.actors import SYSTEM
from app.exams.choices import OfferingOrigin
from app.exams.models import Offering
from app.groups.extra_session_models import ExtraSession
from app.groups.extra_session_rules import School
from app.groups.services import ask_extra_session, grant_extra_session
from app.groups.services.extra_sessions import Wish
from tests.factories.accounts import make_leader

MULTI_8 = "multi-112-08"  # registration through 112-06-30, in Miaoli


def make_wish(**changes: Any) -> Wish:
    values: dict[str, Any] = {
        "kind": OfferingOrigin.ADDITIONAL,
        "school": School.OTHER,
        "name": "新竹縣竹東鎮客家社區發展協會",
        "expected": 45,
        "county": "新竹縣",
        "contact_name": "彭秀英",
        "contact_phone": "035961234",
        "reason": "長者往返不便，希望在竹東應試。",
    }
    return Wish(**{**values, **changes})


def make_request(account: Account | None = None, *, round_code: str = MULTI_8, **wish: Any) -> ExtraSession:
    """Return a request that waits for the office."""
    account = account or make_leader(realm=Realm.MULTI)
    return ask_extra_session(account.id, round_code, make_wish(**wish), actor=SYSTEM)


def make_extra_offering(
    account: Account | None = None, *, area: str = "竹東", capacity: int = 45, **wish: Any
) -> Offering:
    """Return a session that was granted to an account."""
    asked = make_request(account, **wish)
    return grant_extra_session(
        asked.public_id, area=area, site=None, capacity=capacity, reply=None, actor=SYSTEM
    )
