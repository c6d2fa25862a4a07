"""Our clock beside the gateway's (case 27)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core import clock
from app.core.errors import GatewayError
from app.operation.readiness import check_clock
from app.payments.gateways.clock_check import clock_offset
from tests.payments.street import Street, free_port


def test_case_27_a_wrong_clock_is_told_before_the_portal_is_opened(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert street.run(check_clock).ok

    right = clock.system_now
    monkeypatch.setattr(clock, "system_now", lambda: right() + timedelta(minutes=4))
    found = street.run(check_clock)

    assert not found.ok
    assert found.says in ("+239 s", "+240 s", "+241 s")


def test_a_silent_gateway_says_nothing_about_the_clock() -> None:
    with pytest.raises(GatewayError):
        clock_offset(f"http://127.0.0.1:{free_port()}")
