"""Who may open a page: the decorators of every view, and what the account behind the session may do.

Each decorator states on the view whom it lets in, as ``view.audience``: a test walks all routes and fails on
one that states nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import browser, sessions
from app.accounts.grants import holding_of
from app.accounts.models import Account, AccountKind, SignInLevel
from app.accounts.permissions import Permission
from app.accounts.reconfirm import confirm_with_password
from app.accounts.roles import NOTHING, Holding
from app.core.errors import DomainError
from app.core.messages import Message

EVERYBODY, SIGNED_IN, APPLICANTS, STAFF = "everybody", "signed in", "applicants", "staff"
STAFF_AT_THE_DOOR = "staff, before the second factor"

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


class MissingPermission(DomainError):
    """The page needs one of the permissions, and the member of staff holds none of them.

    :ivar permissions: any of these would do
    """

    status_code = 403

    def __init__(self, permissions: tuple[Permission, ...]) -> None:
        super().__init__(Message("您的帳號沒有這一頁需要的權限"))
        self.permissions = permissions


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
    return _state(view, EVERYBODY)


def signed_in_required(view: View) -> View:
    """Open a page to every account that is signed in, applicants and staff alike."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        account = find_current_account()
        if account is None:
            return _ask_to_sign_in("accounts.choose_track")
        if account.is_staff and not has_second_factor():
            return _ask_to_sign_in("accounts.second_factor")
        return view(*args, **kwargs)

    return _state(guarded, SIGNED_IN)


def fresh_sign_in_required(view: View) -> View:
    """Open a page to who proved in the last five minutes who they are; others are asked once more.

    What was typed into a form is kept: the page that asks for the password sends it again. Goes under
    the decorator that says for whom the page is (security 7.5.1).
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if sessions.is_fresh(browser.current_session()):
            return view(*args, **kwargs)
        if request.method in ("GET", "HEAD"):
            return _ask_to_sign_in("accounts.confirm_password")
        return confirm_with_password(current_account()) or view(*args, **kwargs)

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

    return _state(guarded, APPLICANTS)


def permission_required(*permissions: Permission) -> Callable[[View], View]:
    """Open a page to staff who hold one of the permissions; they are stated as ``view.audience``.

    Two of these decorators on one view ask for one of each.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            turned_away = _turn_away()
            if turned_away is not None:
                return turned_away
            if not current_holding().allows(*permissions):
                raise MissingPermission(permissions)
            return view(*args, **kwargs)

        return _state(guarded, permissions)

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

        return _state(applicant_required(cast(View, guarded)), kind)

    return guard


def staff_required(view: View) -> View:
    """Open a page to all of the exam centre's staff, once they have signed in with both factors."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        turned_away = _turn_away()
        return view(*args, **kwargs) if turned_away is None else turned_away

    return _state(guarded, STAFF)


def staff_at_the_door(view: View) -> View:
    """Open a page to staff who have given their password, for giving or setting up the second factor."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        account = find_current_account()
        if account is None:
            return _ask_to_sign_in("accounts.staff_login")
        if not account.is_staff:
            abort(403)
        return view(*args, **kwargs)

    return _state(guarded, STAFF_AT_THE_DOOR)


def has_second_factor() -> bool:
    """Return whether this browser's session was opened with both factors."""
    found = browser.current_session()
    return found is not None and found.level == SignInLevel.SECOND_FACTOR


def current_holding() -> Holding:
    """Return what the member of staff who is signed in may do; nothing for anybody else."""
    account = find_current_account()
    if account is None or not account.is_staff:
        return NOTHING
    known = g.get("holding")
    if known is None or known[0] != account.id:
        # One request asks often: for the page, the rail, every button.
        known = g.holding = (account.id, holding_of(account))
    return cast(Holding, known[1])


def may_open(endpoint: str) -> bool:
    """Return whether who is signed in may open a page of the staff, or press the button that leads there."""
    audience = getattr(current_app.view_functions[endpoint], "audience", ())
    return audience == STAFF or (isinstance(audience, tuple) and current_holding().allows(*audience))


def home_of(account: Account) -> str:
    """Return the address of the page an account starts from."""
    if account.is_staff:
        return f"{request.script_root}/admin/"
    if account.kind is None:
        return url_for("accounts.choose_kind")
    page = "registrations" if account.kind == AccountKind.INDIVIDUAL else "groups"
    return f"{request.script_root}/{page}"


def _turn_away() -> Response | None:
    """Return where somebody has to go before a page of the staff; None: they are staff with both factors."""
    account = find_current_account()
    if account is None:
        return _ask_to_sign_in("accounts.staff_login")
    if not account.is_staff:
        abort(403)
    return None if has_second_factor() else _ask_to_sign_in("accounts.second_factor")


def _state(view: Callable[..., Any], audience: object) -> Any:
    view.audience = audience  # type: ignore[attr-defined]
    return view


def _ask_to_sign_in(endpoint: str) -> Response:
    if set(request.form) - {"csrf_token"}:
        abort(401)  # its page keeps what was typed
    # Only a page can be returned to: an address that was posted to may have no page of its own.
    wanted = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(endpoint, next=wanted), 303)
