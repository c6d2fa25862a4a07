"""The password asked once more before a weighty form is carried out; what was typed goes with it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from app.accounts import browser, throttle
from app.accounts.models import Account
from app.accounts.password_changes import check_password_of
from app.accounts.services import LoginRefused
from app.accounts.throttle import TooManyAttempts

FIELD = "present_password"


def confirm_with_password(account: Account) -> Any:
    """Return the page that asks for the password and sends the form again; None: it came with it."""
    typed, error = request.form.get(FIELD), None
    if typed is not None:
        try:
            with throttle.password_attempt(account.realm, account.email_key):
                check_password_of(account, typed, field=FIELD)
            browser.confirm_session()
        except (LoginRefused, TooManyAttempts) as refusal:
            error = refusal
        else:
            return None
    kept = [
        (name, value) for name, value in request.form.items(multi=True) if name not in (FIELD, "csrf_token")
    ]
    page = render_template(
        "accounts/confirm_and_send.html", account=account, fields=kept, field_name=FIELD, error=error
    )
    return page, error.status_code if error else 401
