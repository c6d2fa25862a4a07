"""What is sealed of a staged row: texts, marks and the member they make, as compact JSON; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.marks import Mark, Marks, Texts
from app.groups.sheets.packing import pack_marks, unpack_marks
from app.registration.choices import Background, Education, Occupation

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_BLANK = dict.fromkeys((column.key for column in COLUMNS), "")
_NAMES = tuple(field.name for field in fields(MemberDraft))
# JSON knows text, numbers and truth; what else a draft holds becomes text and is read again from it.
_WORDS = {"background": Background, "occupation": Occupation, "education": Education}
_BIRTH = _NAMES.index("birth_on")
_READ_AGAIN = [(_NAMES.index(name), choice) for name, choice in _WORDS.items()]


@dataclass(frozen=True, slots=True)
class Body:
    """:ivar texts: of every column; "" for a blank cell"""

    texts: dict[str, str]
    marks: dict[str, Mark]


def write_body(texts: Texts, marks: Marks, draft: MemberDraft | None) -> bytes:
    """Return the row as JSON; cells without text are left out."""
    content: dict[str, Any] = {"texts": {key: text for key, text in texts.items() if text}}
    if marks:
        content["marks"] = pack_marks(marks)
    if draft is not None:
        content["draft"] = _pack_draft(draft)
    return _dumps(content).encode()


def read_body(content: bytes) -> Body:
    """Return texts and marks that `write_body` wrote."""
    stored = json.loads(content)
    return Body(_BLANK | stored["texts"], unpack_marks(stored.get("marks", {})))


def read_draft(content: bytes) -> MemberDraft | None:
    """Return the member that `write_body` wrote; None: there was none, or drafts look otherwise by now."""
    stored = json.loads(content).get("draft")
    return _unpack_draft(stored) if stored and len(stored) == len(_NAMES) else None


def _pack_draft(draft: MemberDraft) -> list[Any]:
    values = [getattr(draft, name) for name in _NAMES]
    values[_BIRTH] = draft.birth_on.isoformat()
    return values


def _unpack_draft(stored: Sequence[Any]) -> MemberDraft | None:
    values = list(stored)
    try:
        values[_BIRTH] = date.fromisoformat(values[_BIRTH])
        for position, choice in _READ_AGAIN:
            values[position] = choice(values[position])
    except ValueError:
        return None
    return MemberDraft(*values)
