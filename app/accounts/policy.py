"""Who may open a page: the decorators of every view, and the account behind the session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import browser, sessions
from app.accounts.models import Account, AccountKind
from app.accounts.permissions import Permission
from app.core.errors import DomainError
from app.core.messages import Message

View = TypeVar("View", bound=Callable[..., Any])

_WRONG_KIND = {
    AccountKind.INDIVIDUAL: Message(
        "這個帳號是團體報名帳號，不能個人報名。要個人報名，請用另一個電子信箱建立帳號"
    ),
    AccountKind.GROUP: Message(
        "這個帳號是個人報名帳號，不能團體報名。要團體報名，請用另一個電子信箱建立帳號"
    ),
}


class WrongKind(DomainError):
    """The page belongs to the other kind of account (R195)."""

    status_code = 403


def find_current_account() -> Account | None:
    """Return the account that is signed in, or None."""
    return cast(Account, current_user._get_current_object()) if current_user.is_authenticated else None


def current_account() -> Account:
    """Return the account that is signed in; for views behind one of the decorators below.

    :raises werkzeug.exceptions.Forbidden: when nobody is signed in
    """
    account = find_current_account()
    if account is None:
        abort(403)
    return account


def open_to_all(view: View) -> View:
    """State that a page is everybody's: said on the view, so that it is never open by forgetting."""
    view.audience = "everybody"  # type: ignore[attr-defined]
    return view


def signed_in_required(view: View) -> View:
    """Open a page to every account that is signed in, applicants and staff alike."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if find_current_account() is None:
            return _ask_to_sign_in("accounts.choose_track")
        return view(*args, **kwargs)

    return cast(View, guarded)


def fresh_sign_in_required(view: View) -> View:
    """Open a page to who proved in the last five minutes who they are; others are asked once more.

    Goes under the decorator that says for whom the page is (security 7.5.1).
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not sessions.is_fresh(browser.current_session()):
            return _ask_to_sign_in("accounts.confirm_password")
        return view(*args, **kwargs)

    return cast(View, guarded)


def applicant_required(view: View) -> View:
    """Open a page to applicants, whether or not they have chosen their kind yet."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        account = find_current_account()
        if account is None:
            return _ask_to_sign_in("accounts.choose_track")
        if account.is_staff:
            abort(403)
        return view(*args, **kwargs)

    return cast(View, guarded)


def permission_required(permission: Permission) -> Callable[[View], View]:
    """Open a page to staff who hold a permission; it is stated on the view as ``view.permission``."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            account = find_current_account()
            if account is None:
                return _ask_to_sign_in("accounts.staff_login")
            if not account.is_staff:
                abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast(View, guarded)

    return guard


def kind_required(kind: AccountKind) -> Callable[[View], View]:
    """Open a page to applicants of one kind; who has not chosen yet is asked to choose first (R195)."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            chosen = current_account().kind
            if chosen is None:
                return redirect(url_for("accounts.choose_kind"), 303)
            if chosen != kind:
                raise WrongKind(_WRONG_KIND[kind])
            return view(*args, **kwargs)

        return applicant_required(cast(View, guarded))

    return guard


def staff_required(view: View) -> View:
    """Open a page to the exam centre's staff."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        account = find_current_account()
        if account is None:
            return _ask_to_sign_in("accounts.staff_login")
        if not account.is_staff:
            abort(403)
        return view(*args, **kwargs)

    return cast(View, guarded)


def home_of(account: Account) -> str:
    """Return the address of the page an account starts from."""
    if account.is_staff:
        return f"{request.script_root}/admin/"
    if account.kind is None:
        return url_for("accounts.choose_kind")
    page = "registrations" if account.kind == AccountKind.INDIVIDUAL else "groups"
    return f"{request.script_root}/{page}"


def _ask_to_sign_in(endpoint: str) -> Response:
    if set(request.form) - {"csrf_token"}:
        abort(401)  # its page keeps what was typed
    # Only a page can be returned to: an address that was posted to may have no page of its own.
    wanted = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(endpoint, next=wanted), 303)
