"""Portal and gateway simulator as two servers that talk over HTTP; the browser is a bare HTTP client."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import requests
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.serving import make_server

from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from app.payments import services
from app.payments.gateways.base import Method, RedirectForm
from app.payments.gateways.ecpay import STAGE, EcpaySettings
from app.payments.gateways.line_pay_wire import SIMULATED
from app.payments.models import Order
from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from tests.conftest import make_app, make_settings
from tests.databases import TestDatabases
from tests.factories.orders import make_order

Result = TypeVar("Result")


@dataclass
class Street:
    """The portal, its gateway, and a browser that walks between them."""

    portal: Flask
    portal_url: str
    gateway_url: str
    browser: requests.Session

    def open_order(self) -> int:
        with self.portal.app_context():
            return make_order().id

    def order(self, order_id: int) -> Order:
        """Return the order as it stands now, with its attempts and receipts loaded."""
        with self.portal.app_context():
            order = db.session.get_one(Order, order_id)
            db.session.refresh(order, ["attempts", "receipts"])
            return order

    def run(self, verb: Callable[[], Result]) -> Result:
        """Run a verb inside the portal."""
        with self.portal.app_context():
            return verb()

    def go_to_gateway(self, order_id: int, method: Method) -> str:
        """Choose a method and post the form to the gateway; return the address of its page."""
        with self.portal.app_context():
            order = db.session.get_one(Order, order_id)
            form = services.start_attempt(order, method=method, actor=SYSTEM)
        assert isinstance(form, RedirectForm)
        page = self.browser.post(form.action_url, data=form.fields, timeout=10)
        assert page.status_code == 200, page.text
        return page.url

    def follow_form(self, page: requests.Response) -> requests.Response:
        """Send the form that brings the browser back, without following where it leads."""
        form = BeautifulSoup(page.text, "html5lib").find("form")
        fields = {field["name"]: field["value"] for field in form.find_all("input", attrs={"name": True})}
        return self.browser.post(form["action"], data=fields, allow_redirects=False, timeout=10)

    def issue(self, order_id: int, method: Method) -> str:
        """Let the gateway issue an account, bars or a code; return the attempt's number."""
        self.browser.post(f"{self.go_to_gateway(order_id, method)}/code", timeout=10)
        number: str = self.order(order_id).attempts[-1].trade_number
        return number

    def control(self, path: str, **values: object) -> None:
        """Pull one of the gateway's strings (simulator/README.md)."""
        answer = self.browser.post(f"{self.gateway_url}/simulator/{path}", json=values, timeout=20)
        assert answer.ok, answer.text

    def pay(self, trade_number: str, **how: object) -> list[str]:
        """Play the store or the bank; return what the portal answered to each notice."""
        url = f"{self.gateway_url}/simulator/trades/{trade_number}/pay"
        answer = self.browser.post(url, json=how, timeout=20).json()
        return [delivery["body"] for delivery in answer["deliveries"]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(app: Flask, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def open_street(
    databases: TestDatabases,
    template: str,
    folder: Path,
    *,
    merchant: EcpaySettings = STAGE,
    **changes: str,
) -> Iterator[Street]:
    """Open both servers, with a database of their own and the demo's clock.

    :param merchant: the shop as the gateway knows it
    :param changes: settings of the portal
    """
    portal_url, gateway_url = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    settings = make_settings(
        folder,
        databases.create("street", like=template),
        PORTAL_MODE="demo",  # the clock in a file, and the payer's page
        PORTAL_BASE_URL=portal_url,
        ECPAY_HOST=gateway_url,
        LINE_PAY_HOST=gateway_url,
        LINE_PAY_CHANNEL_ID=SIMULATED.channel_id,
        LINE_PAY_CHANNEL_SECRET=SIMULATED.channel_secret,
        **changes,
    )
    portal = make_app(settings)
    gateway = create_simulator(SimulatorSettings(folder / "trades.sqlite3", merchant))
    with ExitStack() as stack:
        for app, url in ((portal, portal_url), (gateway, gateway_url)):
            stack.enter_context(served(app, int(url.rpartition(":")[2])))
        browser = stack.enter_context(requests.Session())
        yield Street(portal, portal_url, gateway_url, browser)
    clock.use_system_clock()
    with portal.app_context():
        db.engine.dispose()
    databases.drop("street")
