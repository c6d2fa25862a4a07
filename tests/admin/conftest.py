"""A member of staff at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.models import Account
from tests.client import CheckingClient
from tests.factories.accounts import make_staff


@pytest.fixture
def staff(client: CheckingClient, sign_in: Callable[[Account], None]) -> Account:
    """The staff's account, signed in."""
    account = make_staff(email="office@example.tw")
    sign_in(account)
    return account
