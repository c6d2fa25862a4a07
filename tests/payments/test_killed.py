"""The portal is killed at random points between a gateway's call and its own commit, 50 times: no money is
lost, and none is counted or given back twice."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import make_server

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.payments.asking import ask_gateways
from app.payments.books.checking import Totals, check_books
from app.payments.gateways import gateway_named
from app.payments.gateways.base import Method, PaidTrade, RedirectForm, RedirectUrl
from app.payments.gateways.line_pay_wire import SIMULATED
from app.payments.models import Attempt, Order, RefundCase
from app.payments.refunds.states import RefundState
from app.payments.refunds.through_gateway import repay, settle_in_transit
from app.payments.services import start_attempt
from app.payments.states import AttemptState
from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from tests.conftest import make_app, make_settings
from tests.databases import TestDatabases
from tests.factories.orders import make_order
from tests.factories.refunds import make_granted
from tests.factories.registrations import make_submitted
from tests.payments.street import free_port, served

KILLS = 50
At = Callable[[str], None]


@dataclass
class Town:
    """The gateways, which always answer, and a portal that lives in a process of its own."""

    portal: Flask
    portal_url: str
    gateway_url: str
    process: int = 0

    def run(self, verb: Callable[[], Any]) -> Any:
        """Run a verb inside the portal, in this process."""
        with self.portal.app_context():
            return verb()

    def start(self) -> None:
        self.process = self.fork(self._serve)
        for _ in range(500):
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"{self.portal_url}/healthz", timeout=10)
                return
            time.sleep(0.01)
        raise AssertionError("the portal does not start")

    def kill(self) -> None:
        if self.process:
            _kill(self.process)
        self.process = 0

    def fork(self, task: Callable[[], None]) -> int:
        """Run a task in a process of its own, with connections of its own."""
        process = os.fork()
        if process:
            return process
        try:
            with self.portal.app_context():
                db.engine.dispose(close=False)
            task()
        finally:
            os._exit(0)

    def _serve(self) -> None:
        port = int(self.portal_url.rpartition(":")[2])
        make_server("127.0.0.1", port, self.portal, threaded=True).serve_forever()


@pytest.fixture
def town(databases: TestDatabases, template: str, tmp_path: Path) -> Iterator[Town]:
    portal_url, gateway_url = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    settings = make_settings(
        tmp_path,
        databases.create("town", like=template),
        PORTAL_MODE="demo",
        PORTAL_BASE_URL=portal_url,
        ECPAY_HOST=gateway_url,
        LINE_PAY_HOST=gateway_url,
        LINE_PAY_CHANNEL_ID=SIMULATED.channel_id,
        LINE_PAY_CHANNEL_SECRET=SIMULATED.channel_secret,
        GATEWAY_REFUNDS="line_pay",
    )
    portal = make_app(settings)
    gateway = create_simulator(SimulatorSettings(tmp_path / "trades.sqlite3"))
    with served(gateway, int(gateway_url.rpartition(":")[2])):
        town = Town(portal, portal_url, gateway_url)
        yield town
        town.kill()
    clock.use_system_clock()
    with portal.app_context():
        db.engine.dispose()
    databases.drop("town")


def test_kill_9_between_the_gateway_and_the_commit_50_times(town: Town, at: At) -> None:
    chance = random.Random(5)
    town.start()
    kinds = [_transfer, _line_pay, _refund]
    moments = [_seconds_of(kind(town)) for kind in kinds]
    for number in range(KILLS):
        act, longest = kinds[number % 3](town), moments[number % 3]
        if act.alone:
            victim = town.fork(act.go)
            time.sleep(chance.uniform(0, 1.2 * longest))
            _kill(victim)
            continue
        going = threading.Thread(target=_quietly, args=(act.go,))
        going.start()
        time.sleep(chance.uniform(0, 1.2 * longest))
        town.kill()
        going.join()
        town.start()

    _heal(town, at)

    assert town.run(lambda: list(check_books(db.session, Totals()))) == []
    town.run(_check_payments)
    town.run(_check_refunds)


@dataclass
class Act:
    """Something that calls a gateway, or that a gateway calls.

    :ivar alone: it runs in a process of its own, which is killed; else the web server is
    """

    go: Callable[[], object]
    alone: bool = False


def _transfer(town: Town) -> Act:
    """A bank tells of a transfer."""
    going = town.run(lambda: start_attempt(make_order(), method=Method.ATM, actor=SYSTEM))
    assert isinstance(going, RedirectForm)
    page = requests.post(going.action_url, data=going.fields, timeout=10)
    requests.post(f"{page.url}/code", timeout=10)
    url = f"{town.gateway_url}/simulator/trades/{going.fields['MerchantTradeNo']}/pay"
    return Act(lambda: requests.post(url, json={}, timeout=20))


def _line_pay(town: Town) -> Act:
    """A payer who has agreed at LINE Pay comes back."""
    url = _agree(town, town.run(lambda: make_order().id))
    return Act(lambda: requests.get(url, timeout=20))


def _agree(town: Town, order_id: int) -> str:
    def press() -> str:
        order = db.session.get_one(Order, order_id)
        going = start_attempt(order, method=Method.LINE_PAY, actor=SYSTEM)
        assert isinstance(going, RedirectUrl)
        return order.attempts[-1].trade_number

    number = town.run(press)
    answer = requests.post(f"{town.gateway_url}/simulator/line-pay/trades/{number}/authenticate", timeout=10)
    url: str = answer.json()["url"]
    return url


def _refund(town: Town) -> Act:
    """The office gives the fee back through LINE Pay."""
    order_id = town.run(lambda: make_submitted().order_id)
    requests.get(_agree(town, order_id), timeout=20)
    case_id = town.run(lambda: make_granted(order_id).public_id)

    def go() -> None:
        with town.portal.app_context():
            repay(case_id, actor=SYSTEM)

    return Act(go, alone=True)


def _seconds_of(act: Act) -> float:
    begun = time.monotonic()
    act.go()
    return time.monotonic() - begun


def _quietly(go: Callable[[], object]) -> None:
    with contextlib.suppress(requests.RequestException):  # the portal has just been killed
        go()


def _kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def _heal(town: Town, at: At) -> None:
    """Let the gateway deliver what was not taken, and the jobs ask about the rest."""
    assert requests.post(f"{town.gateway_url}/simulator/deliver", timeout=60).ok
    for moment in ("2023-05-01 09:03", "2023-05-01 09:10", "2023-05-01 09:15"):
        at(moment)
        town.run(ask_gateways)
        town.run(settle_in_transit)


def _check_payments() -> None:
    for order in db.session.scalars(sa.select(Order)):
        assert [receipt.amount_twd for receipt in order.receipts] == [250]
    assert set(db.session.scalars(sa.select(Attempt.state))) == {AttemptState.PAID}


def _check_refunds() -> None:
    states = set()
    for case in db.session.scalars(sa.select(RefundCase)):
        receipt = case.order.receipts[0]
        trade = PaidTrade(
            receipt.attempt.trade_number, receipt.gateway_trade_number, "", 250, receipt.paid_at
        )
        given_back = gateway_named("line_pay").refunded_twd(trade, clock.now())
        assert given_back == (case.amount_twd if case.state == RefundState.PAID else 0)
        states.add(case.state)
    assert states <= {RefundState.PAID, RefundState.GRANTED}
    assert RefundState.PAID in states
