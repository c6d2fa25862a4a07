"""What a browser calls itself, in words that its owner knows."""

from __future__ import annotations

from app.core.messages import Message

# The first that fits: every browser also claims to be those below it.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe(user_agent: str) -> Message:
    """Return a User-Agent as browser and system, e.g. 「Chrome（Android）」; unknown parts are left out."""
    browser = _first_of(_BROWSERS, user_agent)
    system = _first_of(_SYSTEMS, user_agent)
    if browser and system:
        return Message("%(browser)s（%(system)s）", {"browser": browser, "system": system})
    known = browser or system
    return Message("%(known)s", {"known": known}) if known else Message("不明的瀏覽器")


def _first_of(names: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for mark, name in names if mark in user_agent), None)
