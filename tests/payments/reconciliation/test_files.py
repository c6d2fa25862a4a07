"""Files taken twice, out of order, broken, large: case 30 of payments.md 6."""

from __future__ import annotations

import pytest

from app.core.db import db, transaction
from app.core.errors import InvalidValue
from app.payments.models import (
    Finding,
    Receipt,
    ReconciliationFile,
    ReconciliationLine,
)
from app.payments.reconciliation import services
from app.payments.reconciliation.queries import find_files_read_until
from app.payments.reconciliation.services import Period, read_file
from app.payments.reconciliation.sources import FileSource
from app.payments.reconciliation.states import (
    FileState,
    FindingKind,
)
from tests.conftest import taipei
from tests.factories.orders import make_attempt, make_order
from tests.factories.reconciliation import (
    bank_file,
    bank_line,
    paid_row,
    take,
    take_trades,
    trade_file,
    trade_row,
)
from tests.payments.reconciliation.ledger import (
    FIRST_OF_MAY_TO_THIRD,
    TRADE_NUMBER,
    books_balance,
    money,
    open_findings,
    reported,
    rows,
)

pytestmark = pytest.mark.usefixtures("app")


def test_case_30_the_same_file_twice_changes_nothing(at):
    known, lost = make_order(), make_order()
    attempt, silent = reported(known), make_attempt(lost)
    at("2023-05-04 09:00")
    content = [
        paid_row(attempt, TRADE_NUMBER),
        paid_row(silent, "2305031000000002"),
        trade_row("NOTOURS", theirs="2305031000000003"),
    ]
    first = take_trades(*content)
    before = (money(), len(rows(ReconciliationLine)), len(rows(Finding)))

    again = take_trades(*content)

    assert again.id == first.id
    assert first.counts == {"matched": 1, "healed": 1, "suspense": 1}
    assert (money(), len(rows(ReconciliationLine)), len(rows(Finding))) == before


def test_case_30_files_that_overlap_and_come_out_of_order_keep_each_payment_once(at):
    order = make_order()
    attempt = make_attempt(order)
    at("2023-05-06 09:00")
    late = trade_row("NOTOURS", theirs="2305051000000003", paid_at="2023-05-05 10:00")
    take_trades(late, paid_row(attempt, TRADE_NUMBER))
    before = money()

    file = take_trades(paid_row(attempt, TRADE_NUMBER), trade_row("ALSONOT", theirs="2305010900000009"))
    twice = take_trades(late, late)

    assert file.counts == {"repeated": 1, "suspense": 1}
    assert twice.counts == {"repeated": 1}
    assert money()[:2] == before
    assert len(rows(ReconciliationLine)) == 3
    assert books_balance()


def test_case_30_a_line_that_a_later_file_tells_differently_is_listed(at):
    order = make_order()
    attempt = reported(order)
    at("2023-05-04 09:00")
    take_trades(paid_row(attempt, TRADE_NUMBER))

    take_trades(paid_row(attempt, TRADE_NUMBER, amount=200))
    take_trades(paid_row(attempt, TRADE_NUMBER, amount=200), period=FIRST_OF_MAY_TO_THIRD)

    [finding] = open_findings(FindingKind.AMOUNT_DIFFERS)
    assert (finding.file_twd, finding.portal_twd) == (200, 250)
    [line] = rows(ReconciliationLine)
    assert line.amount_twd == 250


@pytest.mark.parametrize(
    ("content", "period", "sentence"),
    [
        (trade_file([]), None, "沒有任何一筆"),
        (
            trade_file([trade_row("A", theirs="1"), trade_row("A", theirs="1", amount=200)]),
            None,
            "前面出現過",
        ),
        (trade_file([trade_row("A")]), Period(*[taipei("2023-05-01").date()] * 2), "不在您填的期間裡"),
        (trade_file([trade_row("A", paid_at="2023-05-09 10:00")]), None, "不能晚於今天"),
        (trade_file([trade_row("A")]) + b"x", None, "第 3 列"),
        (b"x" * (services.LARGEST_BYTES + 1), None, "超過 20 MB"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing_behind(at, content, period, sentence):
    at("2023-05-04 09:00")

    with pytest.raises(InvalidValue, match=sentence):
        take(FileSource.ECPAY_TRADES, content, period=period)

    assert rows(ReconciliationFile) == rows(ReconciliationLine) == rows(Receipt) == []


def test_a_large_file_is_read_by_a_job_which_goes_on_where_it_was_killed(at, monkeypatch):
    order = make_order()
    attempt = reported(order)
    at("2023-05-04 09:00")
    monkeypatch.setattr(services, "AT_ONCE", 2)
    monkeypatch.setattr(services, "_STRETCH", 2)
    content = [paid_row(attempt, TRADE_NUMBER), *(trade_row(f"NOT{number}") for number in range(4))]
    finish = services._finish
    monkeypatch.setattr(services, "_finish", lambda *_: None)
    file = take_trades(*content)
    db.session.refresh(file)  # the job has a session of its own
    assert (file.state, file.lines_total, file.lines_done) == (FileState.READING, 5, 5)
    with transaction():  # as if it had been killed after the first stretch
        file.lines_done = 2
    before = money()
    monkeypatch.setattr(services, "_finish", finish)

    at("2023-05-04 09:09")
    services.read_abandoned_files()
    assert file.state is FileState.READING
    at("2023-05-04 09:11")
    services.read_abandoned_files()

    db.session.refresh(file)
    assert (file.state, file.lines_done) == (FileState.DONE, 5)
    assert money() == before
    assert len(rows(ReconciliationLine)) == 5
    read_file(file.public_id)
    assert money() == before


@pytest.mark.requirement("R095")
def test_up_to_when_files_have_been_read_is_the_earliest_of_the_gateways_asked_for(at):
    at("2023-05-04 09:00")
    assert find_files_read_until({"ecpay"}) is None
    take_trades(period=FIRST_OF_MAY_TO_THIRD)
    take(FileSource.TAISHIN, bank_file(bank_line("95678305072509", at="2023-05-02 10:00")))

    assert find_files_read_until({"ecpay"}) == FIRST_OF_MAY_TO_THIRD.ends_on
    assert find_files_read_until({"ecpay", "taishin"}) == taipei("2023-05-02").date()
    assert find_files_read_until({"ecpay", "another"}) is None
    assert find_files_read_until(set()) is None
