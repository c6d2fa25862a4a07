"""Banks' account numbers, against all their published vectors."""

from __future__ import annotations

from datetime import date

import pytest

from app.payments.gateways.virtual_accounts import ESun, Kgi, Taishin
from tests.payments.vectors import vectors

DUE = date(2023, 5, 7)
SCHEMES = [Taishin("95678"), Taishin("9528"), ESun("99123"), ESun("99551", double=True), Kgi("362")]


def of_bank(name: str) -> list[dict]:
    return [vector for vector in vectors("virtual_account") if vector["bank"].startswith(name)]


def test_every_vector_is_tried_here():
    assert sum(len(of_bank(name)) for name in ("Taishin", "E.SUN", "KGI")) == len(vectors("virtual_account"))


@pytest.mark.requirement("R082")
@pytest.mark.parametrize("vector", of_bank("Taishin"), ids=lambda vector: vector["id"])
def test_taishins_accounts_are_those_that_were_published(vector):
    given, expected = vector["input"], vector["expected"]
    if "serial" in given:
        accounts = Taishin(given["company"])
        due = date.fromisoformat(given["due"])
        account = accounts.issue(given["amount"], due, int(given["serial"]))
        assert account == expected["account"]
    else:
        accounts, account = Taishin("95678"), given["first13"] + expected["check_digit"]
        assert Taishin.check_digit(given["first13"], given["amount"]) == expected["check_digit"]
    assert accounts.validate(account, given["amount"])


@pytest.mark.parametrize("vector", of_bank("E.SUN"), ids=lambda vector: vector["id"])
def test_esuns_check_digits_are_those_that_were_published(vector):
    given, first = vector["input"], vector["input"]["account_without_check"]

    digits = ESun.check_digits(first, given["amount"], double=given["mode"] == "double")

    assert first + digits == vector["expected"]["account"]


@pytest.mark.parametrize("vector", of_bank("KGI"), ids=lambda vector: vector["id"])
def test_kgis_accounts_are_those_that_were_published(vector):
    accounts = Kgi(vector["input"]["company"])

    account = accounts.number(vector["input"]["serial"])

    assert account == vector["expected"]["account"]
    assert accounts.validate(account, 250)


@pytest.mark.parametrize("accounts", SCHEMES, ids=repr)
def test_every_serial_of_a_day_has_an_account_of_its_own_that_the_bank_takes(accounts):
    issued = {accounts.issue(250, DUE, serial) for serial in range(100)}

    assert len(issued) == 100
    assert all(accounts.validate(account, 250) for account in issued)
    assert accounts.issue(250, DUE, accounts.serials - 1)
    with pytest.raises(ValueError, match="serial"):
        accounts.issue(250, DUE, accounts.serials)


@pytest.mark.parametrize("accounts", SCHEMES[:4], ids=repr)
def test_another_amount_is_refused_by_the_bank(accounts):
    account = accounts.issue(250, DUE, 7)

    assert not accounts.validate(account, 251)


@pytest.mark.parametrize("accounts", SCHEMES, ids=repr)
def test_a_mistyped_digit_is_refused_by_the_bank(accounts):
    account = accounts.issue(250, DUE, 7)
    mistyped = account[:-1] + str((int(account[-1]) + 1) % 10)

    assert not accounts.validate(mistyped, 250)
    assert not accounts.validate(account[:-1], 250)
    assert not accounts.validate(account + "0", 250)
    assert not accounts.validate("帳" * len(account), 250)


@pytest.mark.parametrize("amount", [0, -1, 10**9])
def test_an_amount_that_does_not_fit_has_no_account(amount):
    with pytest.raises(ValueError, match="amount"):
        Taishin("95678").issue(amount, DUE, 1)


@pytest.mark.parametrize("company", ["", "123", "123456", "9567x", "９５６７８"])
def test_a_company_number_of_another_length_is_refused(company):
    with pytest.raises(ValueError, match="company"):
        Taishin(company)
