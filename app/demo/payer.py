"""The demo's payer: plays store and bank through the simulator's own HTTP interface, and shows LINE Pay's.

The money comes back to the portal as the gateway's signed notice over HTTP; nothing here touches an order.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import requests
from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.policy import open_to_all
from app.core.messages import Listing

_SECONDS: Final = (3, 20)  # to connect, to answer: the simulator waits for the portal in between

#: What the buttons of the page ask of the simulator (see simulator/control.py).
ACTS: Final[dict[str, dict[str, Any]]] = {
    "pay": {},
    "twice": {"times": 2},
    "later": {"deliver": False},
    "lost": {"lose": True},
    "again": {"force": True},
    "forged": {"wrong_digest": True, "force": True},
    "simulated": {"simulate_paid": True, "force": True},
}


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade as the simulator lists it; `expires_on` is None for a card and before a code is issued."""

    number: str
    method: str
    item: str
    amount_twd: int
    status: str
    account: str | None
    barcodes: list[str]
    store_code: str | None
    expires_on: date | None
    expired: bool
    created_at: datetime
    paid_at: datetime | None
    page_url: str

    @property
    def can_pay(self) -> bool:
        """Return whether a store or a bank would take the money now."""
        return self.status == "code_issued" and not self.expired


class SimulatorSilent(Exception):
    """The simulator does not run, or does not answer as it should."""


def payer_routes(bp: Blueprint) -> None:
    """Add the payer's page and its buttons to the demo's addresses."""
    bp.add_url_rule("/payer", "payer", payer)
    bp.add_url_rule("/payer/<number>/<act>", "payer_act", payer_act, methods=["POST"])
    bp.add_url_rule("/payer/deliver", "payer_deliver", payer_deliver, methods=["POST"])


@open_to_all
def payer() -> str:
    try:
        answer = _ask("GET", "/simulator/trades").json()
        at_line_pay = _ask("GET", "/simulator/line-pay/trades").json()
    except SimulatorSilent:
        return render_template("demo/payer.html", trades=None, undelivered=0)
    trades = [_trade(each) for each in answer["trades"]]
    trades += [_line_pay_trade(each) for each in at_line_pay["trades"]]
    trades.sort(key=lambda trade: trade.created_at, reverse=True)
    return render_template("demo/payer.html", trades=trades, undelivered=len(answer["undelivered"]))


@open_to_all
def payer_act(number: str, act: str) -> ResponseReturnValue:
    if act not in ACTS:
        return redirect(url_for("demo.payer"), 303)
    try:
        response = _ask("POST", f"/simulator/trades/{number}/pay", ACTS[act])
    except SimulatorSilent:
        return redirect(url_for("demo.payer"), 303)
    if response.ok and act == "lost":
        flash(_("錢已經收下，通知遺失了；報名網站會自己向金流查詢，或從對帳檔發現。"), "info")
    elif response.ok:
        _flash_answers(response.json()["deliveries"])
    else:
        flash(str(response.json()["error"]), "error")
    return redirect(url_for("demo.payer"), 303)


@open_to_all
def payer_deliver() -> ResponseReturnValue:
    with contextlib.suppress(SimulatorSilent):  # the page that follows says so
        _flash_answers(_ask("POST", "/simulator/deliver").json()["deliveries"])
    return redirect(url_for("demo.payer"), 303)


def _flash_answers(deliveries: list[dict[str, Any]]) -> None:
    """Say how the portal answered the notices."""
    if not deliveries:
        flash(_("錢已經收下，通知還留在模擬器；按「送出留下的通知」才會送到報名網站。"), "info")
        return
    answers = Listing(each["body"] for each in deliveries)
    sentence = _("已送出 %(count)s 次通知，報名網站回答：%(answers)s", count=len(deliveries), answers=answers)
    flash(sentence, "success" if all(each["accepted"] for each in deliveries) else "warning")


def _ask(verb: str, path: str, content: dict[str, Any] | None = None) -> requests.Response:
    host = current_app.extensions["settings"].ecpay_host
    try:
        response = requests.request(verb, host + path, json=content, timeout=_SECONDS, allow_redirects=False)
        response.json()
    except requests.RequestException as error:
        raise SimulatorSilent(type(error).__name__) from error
    return response


def _trade(listed: dict[str, Any]) -> Trade:
    return Trade(
        number=listed["trade_number"],
        method=listed["method"],
        item=listed["item"],
        amount_twd=listed["amount"],
        status=listed["status"],
        account=listed["account"],
        barcodes=listed["barcodes"] or [],
        store_code=listed["store_code"],
        expires_on=date.fromisoformat(listed["expire"]) if listed["expire"] else None,
        expired=listed["expired"],
        created_at=datetime.fromisoformat(listed["created_at"]),
        paid_at=datetime.fromisoformat(listed["paid_at"]) if listed["paid_at"] else None,
        page_url=current_app.extensions["settings"].ecpay_host + listed["page"],
    )


def _line_pay_trade(listed: dict[str, Any]) -> Trade:
    """Return a trade at LINE Pay, whose payer agrees on a page of its own."""
    statuses = {"waiting": "created", "captured": "paid", "failed": "declined"}
    return Trade(
        number=listed["trade_number"],
        method="line_pay",
        item=listed["item"],
        amount_twd=listed["amount"],
        status=statuses.get(listed["status"], listed["status"]),
        account=None,
        barcodes=[],
        store_code=None,
        expires_on=None,
        expired=listed["over"] and listed["status"] in ("waiting", "authenticated"),
        created_at=datetime.fromisoformat(listed["created_at"]),
        paid_at=datetime.fromisoformat(listed["paid_at"]) if listed["paid_at"] else None,
        page_url=current_app.extensions["settings"].ecpay_host + listed["page"],
    )
