"""Answers that a browser saves as a file."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response


def attachment(content: bytes | Iterable[bytes], *, mimetype: str, name: str, plain_name: str) -> Response:
    """Return a file to be saved, never shown in the page and never kept by a cache (security.md 12).

    The two names say the same; neither may tell who it is about.

    :param content: in pieces, when it is not to be held in memory
    :param name: as people read it, e.g. ``准考證.pdf``
    :param plain_name: in ASCII, for programs that do not know RFC 6266
    """
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
