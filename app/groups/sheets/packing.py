"""Sentences and marks as JSON that is translated when it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.messages import Listing, Message, Wording
from app.groups.sheets.marks import Mark, MarkKind, Marks, Reason


def pack(message: Message) -> dict[str, Any]:
    """Return a sentence as JSON; see `unpack`."""
    return {
        "text": message.template,
        "values": {name: _pack_value(value) for name, value in message.values.items()},
    }


def unpack(stored: Mapping[str, Any]) -> Message:
    """Return the sentence that `pack` stored."""
    return Message(stored["text"], {name: _unpack_value(value) for name, value in stored["values"].items()})


def pack_marks(marks: Marks) -> dict[str, Any]:
    """Return the marks of a row as JSON; see `unpack_marks`."""
    return {
        key: {
            "kind": mark.kind.value,
            "reason": mark.reason.value,
            "message": pack(mark.message),
            "written": mark.written,
            "suggestions": list(mark.suggestions),
        }
        for key, mark in marks.items()
    }


def unpack_marks(stored: Mapping[str, Any]) -> dict[str, Mark]:
    """Return the marks that `pack_marks` stored."""
    return {
        key: Mark(
            MarkKind(mark["kind"]),
            Reason(mark["reason"]),
            unpack(mark["message"]),
            mark["written"],
            tuple(mark["suggestions"]),
        )
        for key, mark in stored.items()
    }


def _pack_value(value: object) -> object:
    if isinstance(value, Message):
        return pack(value)
    if isinstance(value, Wording):
        return {"chinese": str(value), "english": _pack_value(value.english)}
    if isinstance(value, Listing):
        return {"listing": [_pack_value(each) for each in value]}
    return value


def _unpack_value(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    if "chinese" in value:
        return Wording(value["chinese"], _unpack_value(value["english"]))
    if "listing" in value:
        return Listing(_unpack_value(each) for each in value["listing"])
    return unpack(value)
