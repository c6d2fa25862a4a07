"""Who stands behind a request, as counts of attempts see it."""

from __future__ import annotations

import ipaddress

from flask import request


def client_network() -> str:
    """Return what stands for the client in a count: its IPv4 address, or the /64 of its IPv6 address.

    Whoever has one address of a /64 has all of them (security 5).
    """
    address = ipaddress.ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - no address known
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
