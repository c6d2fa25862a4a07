"""The staff's way in: the invitation, and the second factor (security 16)."""

from __future__ import annotations

from typing import Any

import segno
from flask import redirect, render_template, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts import browser, grants, passwords, queries, second_factor, staff, throttle, totp
from app.accounts.forms import CodeForm, ResetForm
from app.accounts.models import SignInLevel, TokenPurpose
from app.accounts.permissions import PERMISSION_NAMES, Permission
from app.accounts.policy import (
    MissingPermission,
    current_account,
    fresh_sign_in_required,
    has_second_factor,
    open_to_all,
    staff_at_the_door,
    staff_required,
)
from app.accounts.second_factor import CodeRefused
from app.accounts.services import LinkSpent
from app.accounts.throttle import TooManyAttempts
from app.accounts.views.room import bp, next_page, refuse, show
from app.core import audit, clock
from app.core.db import transaction
from app.core.errors import InvalidValue, Refused
from app.core.messages import Message
from app.web import current_actor, translate

_ISSUER = Message("客語能力認證")  # short: each character takes nine in the QR code


@bp.get("/admin/invitation/<token>")
@open_to_all
def take_invitation(token: str) -> Response:
    # As with other mailed links: nothing happens yet, and the token leaves the address (security 6).
    session["invitation_token"] = token
    return redirect(url_for(".invitation"), 303)


@bp.route("/admin/invitation", methods=["GET", "POST"])
@open_to_all
def invitation() -> Any:
    token = session.get("invitation_token", "")
    account = queries.find_account_to_serve(token, now=clock.now(), purpose=TokenPurpose.INVITE_STAFF)
    if account is None:
        return render_template("accounts/invitation_spent.html"), 410
    form, facts = ResetForm(), {"account": account}
    form.owner_email, form.minimum = account.email, passwords.STAFF_MINIMUM
    if form.validate_on_submit():
        try:
            account = staff.accept_invitation(token, form.password.data, actor=current_actor())
        except LinkSpent:
            return render_template("accounts/invitation_spent.html"), 410
        except InvalidValue as error:
            return refuse(form, error, "accounts/invitation.html", **facts)
        browser.begin_session(account, actor=current_actor())
        return redirect(url_for(".set_up_second_factor"), 303)
    return show(form, "accounts/invitation.html", **facts)


@bp.route("/admin/second-factor", methods=["GET", "POST"], endpoint="second_factor")
@staff_at_the_door
def second_factor_page() -> Any:
    mine, form = current_account(), CodeForm()
    if has_second_factor():
        return redirect(next_page(mine), 303)
    if second_factor.find_second_factor(mine) is None:
        return redirect(url_for(".set_up_second_factor", next=next_page(mine)), 303)
    if form.validate_on_submit():
        try:
            with throttle.code_attempt(mine.public_id):
                second_factor.check_code(mine, form.code.data, actor=current_actor())
        except (CodeRefused, TooManyAttempts) as error:
            return refuse(form, error, "accounts/second_factor.html")
        browser.confirm_session(level=SignInLevel.SECOND_FACTOR)
        return redirect(next_page(mine), 303)
    return show(form, "accounts/second_factor.html")


@bp.route("/admin/second-factor/set-up", methods=["GET", "POST"])
@staff_at_the_door
def set_up_second_factor() -> Any:
    mine, form = current_account(), CodeForm()
    if second_factor.find_second_factor(mine) is not None:
        return redirect(url_for(".second_factor", next=next_page(mine)), 303)
    secret = second_factor.secret_to_offer(browser.current_token() or "")
    address = totp.address_of(secret, account=mine.email, issuer=translate(_ISSUER))
    facts = {
        # The library draws squares: what was typed is in their pattern, never in the markup.
        "qr": Markup(segno.make_qr(address, error="m").svg_inline(scale=5, border=2, omitsize=True)),  # noqa: S704
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    }
    if form.validate_on_submit():
        try:
            with throttle.code_attempt(mine.public_id):
                codes = second_factor.set_up(mine, secret, form.code.data, actor=current_actor())
        except (CodeRefused, Refused, TooManyAttempts) as error:
            return refuse(form, error, "accounts/second_factor_set_up.html", **facts)
        browser.confirm_session(level=SignInLevel.SECOND_FACTOR)
        # Shown at once and nowhere else: only their digests are kept.
        return render_template("accounts/recovery_codes.html", codes=codes, go_on=next_page(mine))
    return show(form, "accounts/second_factor_set_up.html", **facts)


@bp.post("/account/recovery-codes")
@staff_required
@fresh_sign_in_required
def renew_recovery_codes() -> Any:
    codes = second_factor.renew_recovery_codes(current_account(), actor=current_actor())
    return render_template("accounts/recovery_codes.html", codes=codes, go_on=url_for(".account"))


@bp.app_errorhandler(MissingPermission)
def show_missing_permission(error: MissingPermission) -> tuple[str, int]:
    """Say which permission is missing and who grants it, and put on record that somebody was turned away."""
    with transaction():
        audit.record("accounts.denied", current_account(), current_actor(), permissions=error.permissions)
    names = [PERMISSION_NAMES.get(each, each) for each in error.permissions]
    grantors = [each.email for each in grants.list_holders(Permission.STAFF)]
    return render_template("accounts/missing_permission.html", names=names, grantors=grantors), 403
