"""Notices of payment over HTTP: how many a portal of two processes handles, with more and more senders.

One notice in five is sent twice. The portal runs under gunicorn as in production, its jobs aside.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields
from threading import local
from urllib.parse import urlencode

import requests
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Realm
from app.accounts.services import create_verified_account
from app.config import ROOT
from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.payments.gateways.base import Method
from app.payments.gateways.check_mac import sign
from app.payments.gateways.ecpay import ACKNOWLEDGED, STAGE
from app.payments.models import Attempt, Receipt
from app.payments.services import OrderLineSpec, open_order, start_attempt
from bench.measure import Measure
from bench.portal import fresh_portal

SENDERS = (1, 8, 32)
FULL_NOTICES, SHORT_NOTICES = 1_000, 60
_TWICE = 0.2


def run(*, short: bool) -> list[Measure]:
    """Return notices per second and the time of the slowest, and check that each was counted once."""
    count = SHORT_NOTICES if short else FULL_NOTICES
    figures: list[tuple[str, float, str]] = []
    with fresh_portal(TRUSTED_PROXIES="1") as app:
        batches = [_bodies(count, number) for number in range(len(SENDERS))]
        with _served(app) as url:
            for senders, bodies in zip(SENDERS, batches, strict=True):
                seconds, times = _send(f"{url}/payments/ecpay/notify", bodies, senders)
                name = f"{senders} senders"
                figures += [
                    (f"{name}: notices handled", len(bodies) / seconds, "1/s"),
                    (f"{name}: p50", _share(times, 0.5), "ms"),
                    (f"{name}: p99", _share(times, 0.99), "ms"),
                ]
        db.session.rollback()
        counted = db.session.scalar(sa.select(sa.func.count(Receipt.id)))
        if counted != count * len(SENDERS):
            raise RuntimeError(f"{counted} receipts of {count * len(SENDERS)} payments")
    return [Measure("notices", *figure) for figure in figures]


def _bodies(count: int, batch: int) -> list[bytes]:
    """Return signed notices of payments, one in five of them twice, in any order."""
    chance = random.Random(batch)
    account = create_verified_account(Realm.NATIONAL, f"payer{batch}@example.tw", "thirty-eight-pupils")
    bodies = []
    for number in range(count):
        order = open_order(
            account_id=account.id,
            title="全國認證第一梯次報名費",
            page_path="/",
            lines=[OrderLineSpec("報名費", 1, 250)],
            submitted_on=clock.today(),
            days_allowed=7,
            methods=[Method.ATM],
            actor=SYSTEM,
        )
        start_attempt(order, method=Method.ATM, actor=SYSTEM)
        body = _notice(order.attempts[-1], batch * count + number)
        bodies += [body] * (2 if chance.random() < _TWICE else 1)
    chance.shuffle(bodies)
    db.session.rollback()
    return bodies


def _notice(attempt: Attempt, serial: int) -> bytes:
    fields = {
        "MerchantID": STAGE.merchant_id,
        "MerchantTradeNo": attempt.trade_number,
        "RtnCode": "1",
        "RtnMsg": "交易成功",
        "TradeNo": f"{serial:016d}",
        "TradeAmt": str(attempt.amount_twd),
        "PaymentDate": f"{clock.now().astimezone(clock.TAIPEI):%Y/%m/%d %H:%M:%S}",
        "PaymentType": "ATM_LAND",
        "PaymentTypeChargeFee": "10",
        "SimulatePaid": "0",
    }
    return urlencode(sign(fields, STAGE.hash_key, STAGE.hash_iv)).encode()


def _send(url: str, bodies: Sequence[bytes], senders: int) -> tuple[float, list[float]]:
    """Return the seconds that all took, and each one's milliseconds."""
    own = local()

    def post(body: bytes) -> float:
        if not hasattr(own, "session"):
            own.session = requests.Session()
            own.session.headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        # From many networks: from one, the portal takes 600 a minute.
        network = {"X-Forwarded-For": f"198.51.{hash(body) % 250}.7"}
        answer = own.session.post(url, data=body, headers=network)
        if answer.content != ACKNOWLEDGED:
            raise RuntimeError(f"refused: {answer.status_code} {answer.text[:80]}")
        return (time.perf_counter() - begun) * 1000

    begun = time.perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        times = list(pool.map(post, bodies))
    return time.perf_counter() - begun, times


def _share(times: Sequence[float], share: float) -> float:
    return statistics.quantiles(times, n=100)[round(share * 100) - 1]


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """Run the portal under gunicorn on the same database."""
    settings = app.extensions["settings"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {each.metadata["name"]: str(getattr(settings, each.name)) for each in fields(settings)}
    environment = {**os.environ, **own, "QUIET_GUNICORN": "1"}
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    command += ["--config", "deploy/gunicorn.conf.py", "--workers", "2", "--threads", "16", "wsgi:app"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/healthz")
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            if requests.get(url, timeout=10).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise RuntimeError("the portal does not start")
