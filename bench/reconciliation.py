"""A gateway's file of 100,000 payments held against the books, in a process that does nothing else.

Of a hundred lines ninety-eight are known, one is a payment that nobody has told us of, and one is of no
attempt of ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from app.config import ROOT
from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db, transaction
from app.core.ids import new_public_id
from app.payments.gateways.base import Method
from app.payments.models import Attempt, Order, Receipt
from app.payments.reconciliation import services
from app.payments.reconciliation.sources import FileSource
from app.payments.states import AttemptState, ReceiptOutcome, ReceiptSource
from bench.measure import Measure
from bench.portal import IN_REGISTRATION_PERIOD, fresh_portal
from tests.factories.accounts import make_account

LINES, SHORT_LINES = 100_000, 2_000
_NEXT_DAY = IN_REGISTRATION_PERIOD + timedelta(days=1)
_HEADING = "訂單日期,付款日期,廠商訂單編號,綠界訂單編號,付款方式,交易金額,手續費,應收款項(淨額),付款狀態"


def run(*, short: bool) -> list[Measure]:
    lines = SHORT_LINES if short else LINES
    command = [sys.executable, "-m", "bench.reconciliation", str(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found = json.loads(done.stdout.splitlines()[-1])
    name = f"{lines:,} lines"
    return [
        Measure("reconciliation", f"{name}: look through and read", found["seconds"], "s"),
        Measure("reconciliation", f"{name}: the same payments once more", found["again"], "s"),
        Measure("reconciliation", f"{name}: peak of memory", found["megabytes"], "MB"),
    ]


def main() -> None:
    lines = int(sys.argv[1])
    # Mails are left to a worker, as they are in operation.
    with tempfile.TemporaryDirectory() as folder, fresh_portal(JOBS_URL=f"sqlite:///{folder}/jobs.sqlite"):
        account_id = make_account().id
        for start in range(0, lines, 5_000):
            _pay(account_id, range(start, min(start + 5_000, lines)))
        content = _file(lines)
        db.session.close()
        with clock.fixed(_NEXT_DAY):
            Path("/proc/self/clear_refs").write_text("5")  # begin to count the peak anew
            seconds = _read(content)
            peak = _peak_megabytes()
            again = _read(content + b"\r\n")
        _check(lines)
    print(json.dumps({"seconds": seconds, "again": again, "megabytes": peak}))


def _read(content: bytes) -> float:
    start = time.perf_counter()
    file = services.take_file(
        FileSource.ECPAY_TRADES, "bench.csv", content, period=None, account_id=None, actor=SYSTEM
    )
    services.read_file(file.public_id)  # what a worker does, where there are many lines
    return time.perf_counter() - start


def _pay(account_id: int, numbers: Sequence[int]) -> None:
    """Make orders whose payments have been reported, all but each hundredth."""
    with transaction() as session:
        first_order = _insert(session, Order, [_order(account_id) for _ in numbers])
        first_attempt = _insert(
            session,
            Attempt,
            [_attempt(first_order + index, number) for index, number in enumerate(numbers)],
        )
        _insert(
            session,
            Receipt,
            [
                _receipt(first_order + index, first_attempt + index, number)
                for index, number in enumerate(numbers)
                if not _is_silent(number) and not _is_unknown(number)
            ],
        )


def _insert(session: sa.orm.Session, model: type, rows: list[dict[str, object]]) -> int:
    """Insert rows and return the id of the first; nobody else writes here."""
    last = session.scalar(sa.select(sa.func.coalesce(sa.func.max(model.id), 0)))
    session.execute(sa.insert(model), rows)
    return int(last or 0) + 1


def _order(account_id: int) -> dict[str, object]:
    day = IN_REGISTRATION_PERIOD.date()
    return {
        "public_id": new_public_id(),
        "account_id": account_id,
        "title": "全國認證第一梯次報名費",
        "page_path": "/",
        "amount_twd": 250,
        "issued_on": day,
        "last_day": day + timedelta(days=6),
        "deadline_clause": "捌、二、(四)5",
        "methods": [Method.ATM.value],
    }


def _attempt(order_id: int, number: int) -> dict[str, object]:
    return {
        "public_id": new_public_id(),
        "order_id": order_id,
        "gateway": "ecpay",
        "trade_number": _ours(number),
        "method": Method.ATM,
        "amount_twd": 250,
        "state": AttemptState.STARTED if _is_silent(number) else AttemptState.PAID,
        "started_at": IN_REGISTRATION_PERIOD,
        "times_asked": 0,
    }


def _receipt(order_id: int, attempt_id: int, number: int) -> dict[str, object]:
    return {
        "order_id": order_id,
        "place": 1,
        "attempt_id": attempt_id,
        "gateway": "ecpay",
        "gateway_trade_number": _theirs(number),
        "amount_twd": 250,
        "source": ReceiptSource.NOTICE,
        "paid_at": _paid_at(number),
        "recorded_at": _paid_at(number),
        "outcome": ReceiptOutcome.APPLIED,
    }


def _file(lines: int) -> bytes:
    rows = [_HEADING]
    for number in range(lines):
        paid = f"{_paid_at(number):%Y-%m-%d %H:%M:%S}"
        ours = f"NOTOURS{number:09d}" if _is_unknown(number) else _ours(number)
        cells = (f'="{paid}"', f'="{paid}"', f'="{ours}"', f'="{_theirs(number)}"', "ATM櫃員機")
        rows.append(",".join((*cells, "=250", "=10", "=240", "已付款")))
    return ("\r\n".join(rows) + "\r\n").encode("big5")


def _check(lines: int) -> None:
    """Fail when the file did not do what it should, whose speed would say nothing then."""
    in_suspense = Receipt.outcome == ReceiptOutcome.SUSPENSE
    from_file = sa.and_(Receipt.source == ReceiptSource.FILE, ~in_suspense)
    healed, suspended = (
        db.session.scalar(sa.select(sa.func.count(Receipt.id)).where(condition))
        for condition in (from_file, in_suspense)
    )
    if (healed, suspended) != (lines // 100, lines // 100):
        raise AssertionError(f"{healed} healed and {suspended} in suspense, of {lines} lines")


def _is_silent(number: int) -> bool:
    return number % 100 == 50


def _is_unknown(number: int) -> bool:
    return number % 100 == 99


def _ours(number: int) -> str:
    return f"BENCH{number:015d}"


def _theirs(number: int) -> str:
    return f"230501{number:010d}"


def _paid_at(number: int) -> datetime:
    return IN_REGISTRATION_PERIOD + timedelta(seconds=number % 36_000)


def _peak_megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
