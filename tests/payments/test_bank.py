"""Accounts of a bank directly: issued without asking anybody, paid as the bank's file says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app.config import SettingsError
from app.core import clock
from app.core.actors import SYSTEM
from app.core.errors import Refused
from app.payments.gateways.base import Method
from app.payments.gateways.by_setting import bank_gateways, methods_by_gateway
from app.payments.gateways.virtual_accounts import Taishin
from app.payments.models import Attempt
from app.payments.queries import list_live_codes
from app.payments.reconciliation.sources import FileSource
from app.payments.services import check_can_start, record_message, start_attempt
from app.payments.states import AttemptState, NoticeOutcome, ReceiptOutcome, ReceiptSource
from tests.client import CheckingClient
from tests.conftest import taipei
from tests.factories.accounts import make_account
from tests.factories.orders import make_attempt, make_order
from tests.factories.reconciliation import bank_file, bank_line, take
from tests.factories.registrations import make_submitted

COMPANY = "95678"


@pytest.fixture(autouse=True)
def bank(app: Flask) -> Iterator[None]:
    """The portal with a contract with the bank."""
    settings = replace(app.extensions["settings"], bank_company=COMPANY)
    before = {name: app.extensions[name] for name in ("gateways", "payment_methods")}
    bound = {each.name: each for each in bank_gateways(settings)} | before["gateways"]
    app.extensions.update(gateways=bound, payment_methods=methods_by_gateway("", bound))
    yield
    app.extensions.update(before)


def account_of(attempt: Attempt) -> str:
    assert attempt.account_number is not None
    return attempt.account_number


@pytest.mark.requirement("R082")
def test_an_account_is_issued_at_once_for_this_amount_and_this_last_day():
    order = make_order()

    attempt = make_attempt(order)

    assert (attempt.gateway, attempt.bank_code, attempt.state) == ("taishin", "812", AttemptState.CODE_ISSUED)
    assert Taishin(COMPANY).validate(account_of(attempt), 250)
    assert not Taishin(COMPANY).validate(account_of(attempt), 251)
    assert attempt.account_number[5:9] == "2127"  # 112-05-07 is its 127th day
    assert attempt.code_expires_at == taipei("2023-05-08 00:00")
    assert attempt.ask_at is None
    assert list_live_codes(order, now=clock.now()) == [attempt]
    assert start_attempt(order, method=Method.ATM, actor=SYSTEM) is None
    assert len(order.attempts) == 1


def test_no_two_orders_have_the_same_account():
    accounts = {account_of(make_attempt(make_order())) for _ in range(12)}

    assert len(accounts) == 12


def test_an_account_can_be_had_on_the_last_day_and_not_after_it(at):
    order = make_order()
    at("2023-05-07 23:50")
    assert check_can_start(order, Method.ATM, now=clock.now())

    at("2023-05-08 00:00")
    assert not check_can_start(order, Method.ATM, now=clock.now())


def test_when_all_accounts_of_a_day_are_given_out_another_method_is_asked_for(monkeypatch):
    monkeypatch.setattr(Taishin, "serials", 1)
    make_attempt(make_order())
    order = make_order()

    with pytest.raises(Refused, match="已經發完"):
        start_attempt(order, method=Method.ATM, actor=SYSTEM)

    [attempt] = order.attempts
    assert (attempt.state, attempt.account_number, attempt.ask_at) == (AttemptState.FAILED, None, None)


def test_the_banks_file_pays_the_order(at):
    order = make_order()
    attempt = make_attempt(order)
    at("2023-05-04 09:00")

    file = take(FileSource.TAISHIN, bank_file(bank_line(account_of(attempt), sequence=7)))

    [receipt] = order.receipts
    assert order.is_paid
    assert file.counts == {"healed": 1}
    assert (receipt.source, receipt.gateway) == (ReceiptSource.FILE, "taishin")
    assert receipt.gateway_trade_number == "20230503:20760100002047:000007"
    assert receipt.paid_at == taipei("2023-05-03 10:00")


def test_an_account_paid_twice_and_one_paid_late_have_money_to_go_back(at):
    order, slow = make_order(), make_order()
    twice, late = make_attempt(order), make_attempt(slow)
    at("2023-05-12 09:00")

    take(
        FileSource.TAISHIN,
        bank_file(
            bank_line(account_of(twice)),
            bank_line(account_of(twice)),
            bank_line(account_of(late), at="2023-05-08 00:00"),
        ),
    )

    assert [receipt.outcome for receipt in order.receipts] == [ReceiptOutcome.APPLIED, ReceiptOutcome.SURPLUS]
    assert [receipt.outcome for receipt in slow.receipts] == [ReceiptOutcome.LATE]
    assert (order.refundable_twd, slow.refundable_twd) == (250, 250)


def test_nobody_can_tell_the_portal_by_a_notice_that_an_account_was_paid():
    order = make_order()
    attempt = make_attempt(order)

    outcome = record_message(
        "taishin", f"account={attempt.account_number}".encode(), address=None, actor=SYSTEM
    )

    assert outcome == NoticeOutcome.MALFORMED
    assert not order.is_paid


def test_the_payer_sees_the_account_and_the_banks_name(client: CheckingClient, sign_in):
    account = make_account()
    registration = make_submitted(account)
    sign_in(account)
    path = f"/registrations/{registration.public_id}/pay"

    answer = client.post(path, data={"method": "atm"})

    assert answer.status_code == 303
    page = client.page(path)
    assert "812　台新國際商業銀行" in page.get_text()
    assert account_of(registration.order.attempts[-1]) in page.select_one(".code-card").decode()


@pytest.mark.parametrize("company", ["123", "1234567", "9567x"])
def test_a_company_number_that_is_none_is_refused_by_name(app, company):
    with pytest.raises(SettingsError, match="BANK_COMPANY"):
        bank_gateways(replace(app.extensions["settings"], bank_company=company))
