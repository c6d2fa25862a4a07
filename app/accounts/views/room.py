"""The blueprint of the room, and what several of its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from app.accounts import providers
from app.accounts.browser import note_seen
from app.accounts.commands import create_staff, reset_second_factor
from app.accounts.mails import TRACK_NAMES
from app.accounts.models import Account, Realm
from app.accounts.policy import home_of
from app.accounts.redirects import safe_next
from app.accounts.throttle import TooManyAttempts
from app.core.errors import DomainError
from app.core.forms import RefusableForm

bp = Blueprint("accounts", __name__)
bp.cli.add_command(create_staff)
bp.cli.add_command(reset_second_factor)
bp.before_app_request(note_seen)

TRACK = "<any(national, multi):track>"


def next_page(account: Account, wanted: str | None = None) -> str:
    """Return where an account goes after signing in: the page it wanted, or the one it starts from."""
    home = home_of(account)
    if account.kind is None and not account.is_staff:
        return home  # nothing else is open before the kind is chosen
    return safe_next(wanted or request.args.get("next"), default=home)


def track_facts(realm: Realm) -> dict[str, Any]:
    """Return what the templates of a track's pages read."""
    return {
        "track": realm.value,
        "track_name": TRACK_NAMES[realm],
        "next": request.args.get("next"),
        "providers": providers.offered(),
    }


def show(form: RefusableForm, template: str, **facts: Any) -> Any:
    return render_template(template, form=form, **facts), 422 if form.errors else 200


def refuse(form: RefusableForm, error: DomainError, template: str, **facts: Any) -> Any:
    """Return the form with the service's sentence in it."""
    form.refuse(error)
    response = (render_template(template, form=form, **facts), error.status_code)
    if isinstance(error, TooManyAttempts):
        return (*response, {"Retry-After": str(error.retry_after_seconds)})
    return response
