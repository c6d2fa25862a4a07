"""The simulator's own Flask application."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from app.core import clock
from app.core.money import format_twd
from app.core.roc_dates import format_roc_long
from simulator import cards, checkout, control, files, queries, settings
from simulator.desk import Desk
from simulator.facebook import bind_facebook
from simulator.faults import bind_faults
from simulator.line_pay.pages import bind_line_pay
from simulator.openid.pages import bind_openid


def create_simulator(own: settings.SimulatorSettings | None = None) -> Flask:
    """Return the application, set from the environment unless settings are given."""
    own = own or settings.from_environment()
    simulator = Flask(__name__)
    simulator.extensions["desk"] = Desk(own)
    simulator.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    simulator.jinja_env.filters.update(grouped=_grouped, hour=_hour, long_day=format_roc_long, twd=format_twd)
    bind_faults(simulator)
    bind_openid(simulator, own.portal_url)
    bind_facebook(simulator, own.portal_url)
    bind_line_pay(simulator, own)
    for room in (checkout, queries, cards, files, control):
        simulator.register_blueprint(room.blueprint)
    return simulator


def _grouped(digits: str) -> str:
    """Return an account in groups of four: ``5219 1119 1320 9840``."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _hour(instant: datetime) -> str:
    return f"{instant.astimezone(clock.TAIPEI):%H:%M}"
