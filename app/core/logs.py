"""Log lines: one JSON object each, in UTC, without personal data (security 19).

Three fences, because one is never enough: what looks like an ID number, an address or a token is masked
wherever it stands; Han characters are masked too, since our own sentences in logs are English and what is
Chinese came from a person; and of an exception only the type and the places are kept, for its text may quote
what somebody entered.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from flask import g, has_request_context, request

_MASKS = (
    (re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*"), "?[query]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"',]+"), r"\1 [secret]"),
    (re.compile(r"[^\s\"'<>@:,;()]+@[^\s\"'<>@:,;()]+"), "[e-mail]"),
    (re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Da-d1289]\d{8}(?!\d)"), "[id]"),
    (re.compile(r"(?<![\d.])(?:\+886[- ]?|\(?0)\d\)?(?:[- ]?\d){6,9}(?!\d)"), "[phone]"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)[A-Za-z0-9_-]{32,}(?![\w-])"), "[token]"),
    (re.compile(r"(?<![\w.])\d{9,}(?!\w)"), "[number]"),
    (re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"), "[text]"),
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# The texts of these speak of code, not of what somebody entered.
_ABOUT_CODE = (AttributeError, ImportError, NameError, NotImplementedError)
_KNOWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message"}


def mask(text: str) -> str:
    """Return a text in which nothing looks like a person's data or a secret, on one line."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return _CONTROL.sub(" ", text)


class JsonFormatter(logging.Formatter):
    """Writes a record with its named fields, the request it belongs to and where an error happened."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": mask(_sentence(record)),
        }
        if has_request_context():
            line["request_id"] = g.get("request_id")
            line["route"] = request.endpoint
        line |= {name: _plain(value) for name, value in vars(record).items() if name not in _KNOWN}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _describe(record.exc_info[1])
        return json.dumps(line)


def configure(level: int, stream: TextIO | None = None) -> None:
    """Send the lines of all loggers of this process to one stream (default: standard error)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    # A line that cannot be written must not be printed raw, arguments and all.
    logging.raiseExceptions = False


def _sentence(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # the arguments do not fit the sentence
        return str(record.msg)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else mask(str(value))


def _describe(error: BaseException) -> dict[str, Any]:
    described: dict[str, Any] = {"type": type(error).__qualname__, "at": _places(error.__traceback__)}
    if isinstance(error, _ABOUT_CODE):
        described["text"] = mask(str(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        described["cause"] = _describe(cause)
    return described


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{mask(f.filename)}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
