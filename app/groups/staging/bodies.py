"""What is sealed of a staged row: texts and marks, as compact JSON; pure."""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.marks import Mark, Marks, Texts
from app.groups.sheets.packing import pack_marks, unpack_marks

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_BLANK = dict.fromkeys((column.key for column in COLUMNS), "")


@dataclass(frozen=True, slots=True)
class Body:
    """:ivar texts: of every column; "" for a blank cell"""

    texts: dict[str, str]
    marks: dict[str, Mark]


def write_body(texts: Texts, marks: Marks) -> bytes:
    """Return the row as JSON; cells without text are left out."""
    filled = {key: text for key, text in texts.items() if text}
    return _dumps({"texts": filled, "marks": pack_marks(marks)} if marks else {"texts": filled}).encode()


def read_body(content: bytes) -> Body:
    """Return what `write_body` wrote."""
    stored = json.loads(content)
    return Body(_BLANK | stored["texts"], unpack_marks(stored.get("marks", {})))
