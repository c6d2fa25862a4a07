"""Registrations that a story begins with: made beside the running demo, in its database, by its services."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from playwright.sync_api import Page

from app import create_app
from app.accounts.models import Realm
from app.config import ROOT, Settings, read_environment
from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.payments.services import record_message
from app.registration.models import Registration
from scripts.make_samples import national_id
from tests.browser.conftest import Portal
from tests.browser.people import sign_in
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.orders import make_attempt, paid_message
from tests.factories.registrations import make_candidate, make_submitted

# Numbers of their own: the stories of one run share a portal.
_serial = itertools.count(3_000_001)


@dataclass(frozen=True)
class Wanted:
    """One candidate, registered at the demo's present time.

    :ivar paid_at: when money for it comes in, once for each instant with its offset
    """

    name: str
    round_code: str = "nat-112-01"
    area: str = "臺北"
    paid_at: Sequence[str] = ()
    id_number: str = ""


def register(page: Page, portal: Portal, email: str, wanted: Sequence[Wanted]) -> list[str]:
    """Register candidates with one new account and sign it in; return their status pages."""
    track = wanted[0].round_code.partition("-")[0].replace("nat", "national")
    people = [replace(each, id_number=national_id("F", 2, next(_serial))) for each in wanted]
    made = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps({"email": email, "realm": track, "people": [asdict(each) for each in people]}),
        cwd=ROOT,
        env=portal.environment,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    sign_in(page, {"login_path": f"/{track}/login", "email": email, "password": PASSWORD})
    return [f"{portal.url}/registrations/{public_id}" for public_id in json.loads(made.stdout)]


def _make(asked: dict[str, Any]) -> list[str]:
    account = make_account(realm=Realm(asked["realm"]), email=asked["email"])
    return [_make_one(account, Wanted(**each)).public_id for each in asked["people"]]


def _make_one(account: Any, wanted: Wanted) -> Registration:
    candidate = make_candidate(chinese_name=wanted.name, id_number=wanted.id_number, email=account.email)
    registration = make_submitted(account, candidate, round_code=wanted.round_code, area=wanted.area)
    attempts = [make_attempt(registration.order) for _ in wanted.paid_at]
    for attempt, instant in zip(attempts, wanted.paid_at, strict=True):
        with clock.fixed(datetime.fromisoformat(instant)):
            # A number that the simulator gives to no trade of its own.
            message = paid_message(attempt, TradeNo=f"9{attempt.id:015d}")
            record_message("ecpay", message, address=None, actor=SYSTEM)
    return registration


if __name__ == "__main__":
    with create_app(Settings.from_environment(read_environment(os.environ))).app_context():
        json.dump(_make(json.load(sys.stdin)), sys.stdout)
        db.engine.dispose()
