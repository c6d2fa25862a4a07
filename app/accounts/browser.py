"""The browser's side of a session: what its cookie carries, and when that changes (security 1)."""

from __future__ import annotations

from flask import g, request, session
from flask_login import login_user

from app.accounts import services, sessions
from app.accounts.models import Account, SignInLevel, SignInSession
from app.core.actors import Actor
from app.core.translation import reader_language
from app.extensions import login

# What an anonymous visitor's session may carry over into an account's, and out of it.
_KEPT_IN_SESSION = ("lang", "text")
# Flask-Login keeps here what it gives to the loader: the token of the session, not the account.
_TOKEN = "_user_id"  # noqa: S105 - a key


@login.user_loader
def find_account(token: str) -> Account | None:
    """Return the account that a browser's token opens; its session is kept for the rest of the request."""
    found = sessions.find_with_account(token)
    g.sign_in = (token, found[0] if found else None)
    return found[1] if found else None


def begin_session(account: Account, *, level: SignInLevel = SignInLevel.PASSWORD, actor: Actor) -> None:
    """Sign this browser in; what an anonymous visitor left in its session is dropped.

    A session that the browser had before is ended.
    """
    leave_session()
    token = sessions.begin(account, level=level, browser=request.user_agent.string, actor=actor)
    login_user(account)
    session[_TOKEN] = token
    if account.language:
        session["lang"] = account.language
    elif reader_language() != "zh":
        services.choose_language(account.id, reader_language(), actor=actor)


def choose_language(language: str, *, actor: Actor) -> None:
    """Show this browser its pages in a language, and write to its account in it from now on."""
    session["lang"] = language
    account = sessions.find_account(current_token() or "")
    if account is not None:
        services.choose_language(account.id, language, actor=actor)


def leave_session() -> None:
    """Sign this browser out, and empty its session but for language and text size."""
    token = current_token()
    if token:
        sessions.end(token)
    kept = {key: session[key] for key in _KEPT_IN_SESSION if key in session}
    session.clear()
    session.update(kept)


def current_token() -> str | None:
    """Return the token of this browser's session, live or not; None when there is none."""
    return session.get(_TOKEN)


def current_session() -> SignInSession | None:
    """Return this browser's live session."""
    token = current_token()
    if token is None:
        return None
    if g.get("sign_in", (None,))[0] != token:
        g.sign_in = (token, sessions.find(token))
    found: SignInSession | None = g.sign_in[1]
    return found


def confirm_session(*, level: SignInLevel | None = None) -> None:
    """Note that the person has just proved again who they are; the browser's token changes.

    :raises NotFound: when the session has ended meanwhile
    """
    session[_TOKEN] = sessions.confirm(current_token() or "", level=level)


def note_seen() -> None:
    """Keep the session from running out while its person opens pages."""
    if request.endpoint != "static":
        sessions.note_seen(current_session())
