"""The demo's own pages: accounts, clock, mailbox, payer. They exist in demo mode only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts import totp
from app.accounts.policy import open_to_all
from app.core import clock
from app.demo.accounts import ACCOUNTS
from app.demo.mailbox import Mail, read_mail
from app.demo.payer import payer_routes
from app.extensions import csrf

bp = Blueprint("demo", __name__, url_prefix="/demo")
# Scripts drive these addresses, and nothing in them belongs to anybody.
csrf.exempt(bp)
payer_routes(bp)

# Beyond, counting days and offsets runs out of the calendar, also on the page that sets the clock back.
_YEARS = range(2000, 2100)

MOMENTS = (
    ("2023-05-01T09:00:00+08:00", _l("全國認證報名期間")),
    ("2023-05-08T00:00:00+08:00", _l("5 月 1 日送出者的繳費期限剛過")),
    ("2023-06-10T00:00:00+08:00", _l("全國認證報名剛截止")),
    ("2023-08-11T08:59:59+08:00", _l("准考證開放下載前一秒")),
    ("2023-08-11T09:00:00+08:00", _l("准考證開放下載")),
    ("2023-09-02T09:00:00+08:00", _l("第一梯次認證，開始入場")),
    ("2023-11-17T09:00:00+08:00", _l("公布成績")),
    ("2023-12-08T09:00:00+08:00", _l("合格證書開放下載")),
)


@bp.get("")
@open_to_all
def index() -> str:
    seconds = totp.STEP_SECONDS - int(clock.system_now().timestamp()) % totp.STEP_SECONDS
    return render_template("demo/index.html", accounts=ACCOUNTS, refresh_in=seconds)


@bp.get("/accounts.json")
@open_to_all
def accounts() -> Response:
    return jsonify([each.as_json() for each in ACCOUNTS])


@bp.get("/clock")
@open_to_all
def show_clock() -> Any:
    if _is_asked_for_a_page():
        now = clock.now().astimezone(clock.TAIPEI)
        return render_template("demo/clock.html", now=now, moments=MOMENTS)
    return _clock_as_json()


@bp.post("/clock")
@open_to_all
def set_clock() -> Any:
    """Set the clock for all processes: ``now`` (ISO 8601) or ``advance`` (seconds), as form or JSON."""
    fields = request.get_json(silent=True) if request.is_json else request.form
    try:
        clock.set_demo_time(_asked_time(fields))
    except (ValueError, OverflowError):
        return jsonify(error="send now as ISO 8601 with offset, 2000 to 2099, or advance as seconds"), 400
    if request.is_json or not _is_asked_for_a_page():
        return _clock_as_json()
    return redirect(url_for("demo.show_clock"), 303)


def _is_asked_for_a_page() -> bool:
    # A script that accepts anything gets JSON; a browser names HTML first.
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def _asked_time(fields: Any) -> datetime:
    """Return the instant asked for; raises ValueError or OverflowError when none can be read."""
    if not isinstance(fields, Mapping):
        raise ValueError("neither a form nor a JSON object")
    if fields.get("advance") not in (None, ""):
        instant = clock.now() + timedelta(seconds=float(str(fields["advance"])))
    else:
        instant = datetime.fromisoformat(_with_plus(str(fields.get("now", ""))))
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=clock.TAIPEI)
    if instant.year not in _YEARS:
        raise ValueError("a year in which no page can be shown")
    return instant


def _with_plus(written: str) -> str:
    # In a form a bare plus means a space, and it is in every offset that people type after `curl -d`.
    return written.replace(" ", "+") if "T" in written else written


def _clock_as_json() -> Response:
    return jsonify(now=clock.now().astimezone(clock.TAIPEI).isoformat())


@bp.get("/mailbox")
@open_to_all
def mailbox() -> str:
    return render_template("demo/mailbox.html", mails=_mails())


@bp.get("/mailbox.json")
@open_to_all
def mailbox_json() -> Response:
    return jsonify([asdict(mail) | {"links": mail.links} for mail in _mails()])


def _mails() -> list[Mail]:
    return read_mail(Path(current_app.extensions["settings"].instance, "mail"))
