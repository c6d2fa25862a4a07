"""What every page shares: language, filters, headers, request number, and how errors reach people."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    has_request_context,
    render_template,
    request,
    session,
)
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, Unauthorized

from app.config import Settings
from app.core import clock, money, numerals, roc_dates
from app.core.actors import Actor, ActorKind
from app.core.errors import DomainError
from app.core.messages import Message
from app.core.translation import LANGUAGES as LANGUAGES
from app.core.translation import translate as translate
from app.core.uploads import ROOM_FOR_FIELDS

_HCAPTCHA = "'self' https://hcaptcha.com https://*.hcaptcha.com"
_FOR_HCAPTCHA = "".join(f"; {kind}-src {_HCAPTCHA}" for kind in ("script", "frame", "style", "connect"))
HTML_PAGES = {403, 404, 405, 409, 410, 413, 422, 429, 500}


def prepare(app: Flask) -> None:
    """Bind filters, context, headers and error pages."""
    app.url_value_preprocessor(_number_request)
    app.before_request(_open_request)
    app.after_request(_set_headers)
    app.context_processor(_page_facts)
    app.jinja_env.filters.update(
        twd=money.format_twd,
        roc=roc_dates.format_roc_long,
        roc_short=roc_dates.format_roc,
        instant=roc_dates.format_instant,
        deadline=roc_dates.format_deadline,
        clause=numerals.clause_wording,
    )
    app.register_error_handler(DomainError, _show_domain_error)
    app.register_error_handler(CSRFError, _show_stale_form)
    app.register_error_handler(Unauthorized, _show_stale_form)
    app.register_error_handler(HTTPException, _show_http_error)


def choose_locale() -> str:
    """Return the reader's language: what was once chosen, else the browser's, of those offered.

    Outside a request, and where the browser asks for neither, it is the first of them.
    """
    offered = offered_languages()
    if not has_request_context():
        return LANGUAGES[offered[0]]
    chosen = session.get("lang") or request.accept_languages.best_match(offered)
    return LANGUAGES[chosen if chosen in offered else offered[0]]


def reads_english() -> bool:
    """Return whether the page that is being made is in English."""
    return choose_locale() == LANGUAGES["en"]


def offered_languages() -> list[str]:
    """Return the languages of this portal, the default first."""
    named = current_app.extensions["settings"].languages.split(",")
    return [name for name in named if name in LANGUAGES] or ["zh"]


def current_actor() -> Actor:
    """Return who is asking, for services and the audit log."""
    if not current_user.is_authenticated:
        return Actor(ActorKind.VISITOR, None, request.remote_addr, g.request_id)
    kind = ActorKind.STAFF if current_user.is_staff else ActorKind.APPLICANT
    return Actor(kind, current_user.id, request.remote_addr, g.request_id)


def _number_request(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before anything can refuse the request: whoever is told of it can name it.
    g.request_id = secrets.token_hex(6)


def _open_request() -> None:
    # No link of ours has one, and PostgreSQL fails on text that does.
    if "\0" in unquote(request.full_path):
        abort(404)
    if request.args.get("lang") in offered_languages():
        session["lang"] = request.args["lang"]
    _switch_language()
    if request.args.get("text") in {"large", "normal"}:
        session["text"] = request.args["text"]


def _switch_language() -> None:
    """Note that a form was sent by its language button only; see `PortalForm`."""
    from app.accounts.browser import choose_language

    # What the gateways send to payments is not ours to parse here: its body is read raw.
    if request.method != "POST" or request.blueprint == "payments":
        return
    if request.form.get("language-switch") in offered_languages():
        g.switches_language = True
        choose_language(request.form["language-switch"], actor=current_actor())


def other_language_address(language: str) -> str:
    """Return the address of this page in a language; the front page where it came from a POST alone."""
    address = f"{request.script_root}{request.path}"
    if request.method == "POST":
        try:
            current_app.create_url_adapter(request).match(request.path, method="GET")
        except HTTPException:
            address = f"{request.script_root}/"
    args = [(name, value) for name, value in request.args.items(multi=True) if name not in ("lang", "text")]
    return f"{address}?{urlencode([*args, ('lang', language)])}"


def alternate_address(language: str) -> str:
    """Return the same in full, for search engines; from the settings, never from the Host header."""
    base = urlsplit(current_app.extensions["settings"].base_url)
    return f"{base.scheme}://{base.netloc}{other_language_address(language)}"


def _page_facts() -> dict[str, Any]:
    from app.exams import queries

    settings = current_app.extensions["settings"]
    return {
        "demo_now": clock.now() if settings.demo else None,
        "today": clock.today(),
        "site_facts": _in_one_line(queries.site_facts()),
        "request_id": g.get("request_id", ""),
        "english": reads_english(),
        "offers_english": "en" in offered_languages(),
        "other_language_address": other_language_address,
        "alternate_address": alternate_address,
        "large_text": session.get("text") == "large",
    }


def _in_one_line(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of the office, its telephone numbers not broken at the end of a line."""
    whole = Markup('<span class="nowrap">%s</span>')
    phones = {"phones": [whole % each for each in facts["phones"]]}
    toll_free = {"toll_free": whole % facts["toll_free"]} if "toll_free" in facts else {}
    return facts | phones | toll_free


def _set_headers(response: Response) -> Response:
    settings = current_app.extensions["settings"]
    response.headers.setdefault("Content-Security-Policy", _policy(settings))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if current_user and current_user.is_authenticated and not request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _policy(settings: Settings) -> str:
    policy = (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {settings.ecpay_host}"
    )
    return policy + _FOR_HCAPTCHA if settings.captcha_kind == "hcaptcha" else policy


def _show_domain_error(error: DomainError) -> tuple[str, int, dict[str, str]]:
    """Show an error that no page of its own caught: the sentence, and the way back."""
    code = error.status_code
    page = code if code in {404, 429} else 409
    wait = getattr(error, "retry_after_seconds", None)
    headers = {"Retry-After": str(wait)} if wait else {}
    return render_template(f"errors/{page}.html", message=error.message), code, headers


def _show_stale_form(_error: HTTPException) -> Response:
    """Say why a form was not taken, and give back what was typed, to be sent once more."""
    fields = _posted_fields() if _sent_from_here() else []
    signed_out = not current_user.is_authenticated and request.blueprint not in ("accounts", "confirmation")
    if signed_out:
        message = Message("您已經登出或登入逾時。請在另一個分頁登入後，回到這一頁再送出一次")
    elif fields:
        message = Message("這個頁面開太久，或您剛才重新登入過。請再送出一次")
    else:
        message = Message("這個頁面開太久了，為了您的安全請回上一頁重新整理後再送出一次")
    page = render_template("errors/stale_form.html", message=message, signed_out=signed_out, fields=fields)
    return Response(page, 400, {"Cache-Control": "no-store"})


def _posted_fields() -> list[tuple[str, str]]:
    """Return what a form carried, when that can stand in a page: no passwords, no files."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return [] if request.files or any("password" in name for name, _value in fields) else fields


def _sent_from_here() -> bool:
    # Only then may the form be offered again with a fresh token: else another site could fill it.
    sender, own = request.origin or request.referrer or "", request.host_url
    return f"{sender}/".startswith(own)


def _show_http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if error.code not in HTML_PAGES:
        return error
    page = 404 if error.code == 405 else error.code
    limit = ((request.max_content_length or 0) - ROOM_FOR_FIELDS) >> 20
    return render_template(f"errors/{page}.html", message=None, largest_upload_mb=limit), error.code
