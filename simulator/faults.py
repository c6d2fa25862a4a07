"""What goes wrong the next time a merchant calls, because a tester asked for it (README.md)."""

from __future__ import annotations

import time
from typing import Any, Final

from flask import Flask, Response, g, request

from simulator.desk import current_desk
from simulator.knobs import WrongKnob
from simulator.trade import Fault

#: Where something can go wrong, by the first words of the endpoint's name.
PLACES: Final = {
    "checkout.take_order": "checkout",
    "queries.query_trade": "query",
    "queries.query_code": "query_code",
    "cards.query_card": "card",
    "cards.act": "refund",
    "files.trades": "file",
}
KINDS: Final = ("403", "500", "html", "empty", "wrong_digest", "lost", "slow")


def read_fault(sent: Any) -> tuple[Fault, int]:
    """Return what is to go wrong and how often; raises WrongKnob."""
    if not isinstance(sent, dict) or set(sent) - {"at", "kind", "times", "seconds"}:
        raise WrongKnob("請送出 at、kind，可加 times、seconds。")
    place, kind = sent.get("at"), sent.get("kind")
    if not isinstance(place, str) or place not in PLACES.values() or kind not in KINDS:
        raise WrongKnob(f"at 是 {'、'.join(PLACES.values())}；kind 是 {'、'.join(KINDS)}。")
    times, seconds = sent.get("times", 1), sent.get("seconds", 0)
    if type(times) is not int or not 1 <= times <= 1000:
        raise WrongKnob("times 請填 1 到 1000 的整數。")
    if not isinstance(seconds, int | float) or not 0 <= seconds <= 60:
        raise WrongKnob("seconds 請填 0 到 60。")
    return Fault(place, kind, float(seconds)), times


def bind_faults(simulator: Flask) -> None:
    """Let the faults that were asked for happen before and after the merchant's calls."""
    simulator.before_request(_before)
    simulator.after_request(_after)


def _before() -> Response | None:
    place = PLACES.get(request.endpoint or "")
    g.fault = current_desk().book.take_fault(place) if place else None
    if g.fault is None:
        return None
    match g.fault.kind:
        case "403":
            return Response("Forbidden", 403, mimetype="text/html")
        case "500":
            return Response("<h1>Server Error</h1>", 500, mimetype="text/html")
        case "html":
            return Response("<!doctype html><title>系統維護中</title>", mimetype="text/html")
        case "empty":
            return Response("", mimetype="text/html")
        case "slow":
            time.sleep(g.fault.seconds)
    return None


def _after(response: Response) -> Response:
    fault = g.get("fault")
    if fault is not None and fault.kind == "lost":  # done, and nobody hears of it
        return Response("<h1>Bad Gateway</h1>", 502, mimetype="text/html")
    if fault is not None and fault.kind == "wrong_digest":
        body = response.get_data(as_text=True)
        response.set_data(body.replace("CheckMacValue=", "CheckMacValue=0"))
    return response
