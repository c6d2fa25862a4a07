"""Banks' virtual accounts (虛擬帳號, payments.md 4): a number that carries payee, deadline and amount; pure.

Checked against published vectors (Taishin, E.SUN, KGI). A bank that checks the amount refuses a transfer
of any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Protocol


class VirtualAccounts(Protocol):
    """The accounts of one company at one bank."""

    @property
    def serials(self) -> int:
        """Return how many accounts there can be for one last day; serials are 0 up to one less."""

    def issue(self, amount_twd: int, due: date, serial: int) -> str:
        """Return the account for one amount, payable up to and including a day.

        :raises ValueError: if the amount or the serial does not fit
        """

    def validate(self, account: str, amount_twd: int) -> bool:
        """Return whether the bank would take this amount for this account."""


@dataclass(frozen=True, slots=True)
class Taishin:
    """Taishin 812: company 4 or 5, due 4, serial to fill up 13, check 1 (the 2007 module).

    :ivar company: the number of the payee, 4 or 5 digits
    """

    company: str

    def __post_init__(self) -> None:
        _check_company(self.company, (4, 5))

    @property
    def serials(self) -> int:
        return int(10 ** (9 - len(self.company)))

    def issue(self, amount_twd: int, due: date, serial: int) -> str:
        # The last digit of the Minguo year is that of the Western year minus one.
        day = f"{(due.year - 1) % 10}{due:%j}"
        first = f"{self.company}{day}{_serial(serial, 9 - len(self.company))}"
        return first + self.check_digit(first, _amount(amount_twd, 7))

    def validate(self, account: str, amount_twd: int) -> bool:
        return _fits(account, 14, self.company) and account[-1] == self.check_digit(account[:13], amount_twd)

    @staticmethod
    def check_digit(first: str, amount_twd: int) -> str:
        """Return the last digit for the first 13 and an amount."""
        total = _weighed(first, (3, 1), from_right=False)
        total += _weighed(str(amount_twd), (5, 4, 3, 2, 3, 4, 5), from_right=True)
        return str(-total % 10)


@dataclass(frozen=True, slots=True)
class ESun:
    """E.SUN 808, 13 digits: company 5, due as MMDD, serial, and one check digit over account and amount.

    :ivar double: two check digits instead
    """

    company: str
    double: bool = False

    def __post_init__(self) -> None:
        _check_company(self.company, (5,))

    @property
    def serials(self) -> int:
        return 100 if self.double else 1000

    def issue(self, amount_twd: int, due: date, serial: int) -> str:
        first = f"{self.company}{due:%m%d}{_serial(serial, 2 if self.double else 3)}"
        return first + self.check_digits(first, _amount(amount_twd, 8), double=self.double)

    def validate(self, account: str, amount_twd: int) -> bool:
        length = 2 if self.double else 1
        return _fits(account, 13, self.company) and account[-length:] == self.check_digits(
            account[:-length], amount_twd, double=self.double
        )

    @staticmethod
    def check_digits(first: str, amount_twd: int | None, *, double: bool) -> str:
        """Return the last digit or two; an amount of None is not checked by the bank."""
        amount = "" if amount_twd is None else str(amount_twd)
        weights: Sequence[tuple[str, str]] = (
            (("31731731731731", "31731731"), ("73973973973973", "73973973"))
            if double
            else (("654321987654321", "87654321"),)
        )
        return "".join(
            str((_right_aligned(first, of_account) + _right_aligned(amount, of_amount)) % 10)
            for of_account, of_amount in weights
        )


@dataclass(frozen=True, slots=True)
class Kgi:
    """KGI 809, 14 digits: company 3, serial 10 (due as YMMDD, 5 of ours), check 1; no amount in it."""

    company: str

    def __post_init__(self) -> None:
        _check_company(self.company, (3,))

    @property
    def serials(self) -> int:
        return 100_000

    def issue(self, amount_twd: int, due: date, serial: int) -> str:
        _amount(amount_twd, 9)
        return self.number(f"{due.year % 10}{due:%m%d}{_serial(serial, 5)}")

    def number(self, serial: str) -> str:
        """Return the account of a serial of ten digits."""
        first = self.company + serial
        return first + self.check_digit(first)

    def validate(self, account: str, amount_twd: int) -> bool:
        return (
            amount_twd > 0
            and _fits(account, 14, self.company)
            and account[-1] == self.check_digit(account[:13])
        )

    @staticmethod
    def check_digit(first: str) -> str:
        total = sum(int(digit) * weight % 10 for digit, weight in zip(first, cycle((3, 7, 1)), strict=False))
        return str(-total % 10)


def _weighed(digits: str, weights: Sequence[int], *, from_right: bool) -> int:
    ordered = reversed(digits) if from_right else digits
    return sum(int(digit) * weight for digit, weight in zip(ordered, cycle(weights), strict=False))


def _right_aligned(digits: str, weights: str) -> int:
    pairs = zip(reversed(digits), reversed(weights), strict=False)
    return sum(int(digit) * int(weight) for digit, weight in pairs)


def _serial(serial: int, width: int) -> str:
    if not 0 <= serial < 10**width:
        raise ValueError(f"a serial has {width} digits, not {serial}")
    return f"{serial:0{width}}"


def _amount(amount_twd: int, width: int) -> int:
    if not 1 <= amount_twd < 10**width:
        raise ValueError(f"an amount has 1 to {width} digits, not {amount_twd}")
    return amount_twd


def _check_company(company: str, lengths: tuple[int, ...]) -> None:
    if not (company.isascii() and company.isdecimal() and len(company) in lengths):
        raise ValueError(f"a company number has {' or '.join(map(str, lengths))} digits, not {company!r}")


def _fits(account: str, length: int, company: str) -> bool:
    return (
        account.isascii() and account.isdecimal() and len(account) == length and account.startswith(company)
    )
