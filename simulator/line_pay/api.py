"""LINE Pay's API as the merchant's server calls it: the signature first, then the counter."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from app.payments.gateways.line_pay_wire import (
    CHANNEL_HEADER,
    NONCE_HEADER,
    SIGNATURE_HEADER,
    signature,
)
from simulator.line_pay.counter import Answer, Counter
from simulator.line_pay.faults import Faults

blueprint = Blueprint("line_pay_api", __name__)

_VERSIONS = "<any(v3, v4):version>"


def current_counter() -> Counter:
    """Return LINE Pay's counter of the running application."""
    counter: Counter = current_app.extensions["line_pay"]
    return counter


def current_faults() -> Faults:
    """Return what is to go wrong in the running application."""
    faults: Faults = current_app.extensions["line_pay_faults"]
    return faults


@blueprint.post(f"/{_VERSIONS}/payments/request")
def take_request(version: str) -> ResponseReturnValue:  # noqa: ARG001 - both versions answer alike
    return _answer("request", lambda: current_counter().request(_content(), request.host_url.rstrip("/")))


@blueprint.get(f"/{_VERSIONS}/payments/requests/<number>/check")
def check(version: str, number: str) -> ResponseReturnValue:  # noqa: ARG001 - as above
    return _answer("check", lambda: current_counter().check(number))


@blueprint.post(f"/{_VERSIONS}/payments/<number>/confirm")
def confirm(version: str, number: str) -> ResponseReturnValue:
    return _answer("confirm", lambda: current_counter().confirm(number, _content(), version))


@blueprint.post(f"/{_VERSIONS}/payments/<number>/refund")
def refund(version: str, number: str) -> ResponseReturnValue:  # noqa: ARG001 - as above
    return _answer("refund", lambda: current_counter().refund(number, _content()))


@blueprint.get(f"/{_VERSIONS}/payments")
def details(version: str) -> ResponseReturnValue:
    asked = request.args
    return _answer(
        "details",
        lambda: current_counter().details(asked.getlist("transactionId"), asked.getlist("orderId"), version),
    )


def _answer(call: str, deed: Callable[[], Answer]) -> ResponseReturnValue:
    if refusal := _refused_headers():
        return _json(Answer(refusal))
    fault = current_faults().take(call)
    if fault is None:
        return _json(deed())
    untrue = fault.code is not None or fault.status is not None
    answer = deed() if fault.done or not untrue else Answer(fault.code or "9000")
    time.sleep(fault.seconds)
    if fault.status is not None:
        return Response("<html><body><h1>Bad Gateway</h1></body></html>", fault.status, mimetype="text/html")
    return _json(Answer(fault.code) if fault.code else answer)


def _refused_headers() -> str | None:
    channel, headers = current_counter().channel, request.headers
    if headers.get(CHANNEL_HEADER) != channel.channel_id:
        return "1104"
    payload = request.get_data(as_text=True) if request.method == "POST" else request.query_string.decode()
    nonce = headers.get(NONCE_HEADER, "")
    expected = signature(channel.channel_secret, request.path, payload, nonce)
    signed = hmac.compare_digest(expected.encode(), headers.get(SIGNATURE_HEADER, "").encode())
    return None if signed and nonce else "1106"


def _content() -> Any:
    return request.get_json(silent=True)


def _json(answer: Answer) -> Response:
    return Response(json.dumps(answer.envelope(), ensure_ascii=False), mimetype="application/json")
