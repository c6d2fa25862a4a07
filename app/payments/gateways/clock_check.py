"""How far our clock is from a gateway's: beyond three minutes it refuses our questions, and deadlines are
counted wrongly (payments.md 6, case 27)."""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import requests

from app.core import clock
from app.core.errors import GatewayError

LARGEST_OFFSET: Final = timedelta(minutes=1)
_SECONDS: Final = (3, 5)


def clock_offset(base_url: str) -> timedelta:
    """Return how much our machine's clock is ahead of a server's; negative when it is behind.

    :param base_url: scheme and host of the gateway
    :raises GatewayError: when the server does not answer or does not tell its time
    """
    try:
        answer = requests.head(base_url, timeout=_SECONDS, allow_redirects=False)
        told = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError) as error:
        raise GatewayError(f"no time from the gateway: {type(error).__name__}") from error
    if told.tzinfo is None:
        told = told.replace(tzinfo=UTC)
    return clock.system_now() - told
