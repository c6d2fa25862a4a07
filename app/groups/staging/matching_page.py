"""The page on which a leader says which column of their own sheet is what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.messages import Message
from app.groups.sheets.columns import COLUMNS, Column
from app.groups.sheets.table import column_letters
from app.groups.staging.words import HEADINGS, SHOWN


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column of the sheet: where it stands, what it says, and what we take it for.

    :ivar key: of our column; "" for none
    """

    position: int
    letters: str
    heading: str
    samples: Sequence[str]
    key: str


@dataclass(frozen=True, slots=True)
class MissingView:
    """A required choice that the sheet has no column for; `chosen` is what all rows would get, or ""."""

    column: Column
    heading: object
    chosen: str


def column_views(samples: Sequence[tuple[str, Sequence[str]]], chosen: Mapping[str, int]) -> list[ColumnView]:
    """Return the sheet's columns that say something, in its order.

    :param chosen: where our columns stand, by key, as proposed or as the leader has just chosen
    """
    keys = {position: key for key, position in chosen.items()}
    return [
        ColumnView(position, column_letters(position), heading, values, keys.get(position, ""))
        for position, (heading, values) in enumerate(samples)
        if heading or values or position in keys
    ]


def missing_views(chosen: Mapping[str, int], for_all: Mapping[str, str]) -> list[MissingView]:
    """Return the required choices without a column: one answer may do for all rows."""
    return [
        MissingView(column, HEADINGS[column.key], for_all.get(column.key, ""))
        for column in COLUMNS
        if column.required and column.choice and column.key not in chosen
    ]


def lacking_headings(chosen: Mapping[str, int]) -> list[object]:
    """Return what every row needs and no column has, where one answer cannot do for all."""
    return [
        HEADINGS[column.key]
        for column in COLUMNS
        if column.required and not column.choice and column.key not in chosen
    ]


def key_choices() -> list[tuple[str, object]]:
    """Return what a column can be."""
    return [(column.key, HEADINGS[column.key]) for column in SHOWN]


def read_choices(
    posted: Mapping[str, str],
) -> tuple[dict[str, int], dict[str, str], list[tuple[Message, str]]]:
    """Return places and answers for all, by column key, and what is wrong with them: (sentence, field id)."""
    columns: dict[str, int] = {}
    problems: list[tuple[Message, str]] = []
    keys = {column.key for column in SHOWN}
    for name, key in posted.items():
        position = name.removeprefix("column-")
        if position == name or not position.isdecimal() or key not in keys:
            continue
        if key in columns:
            text = Message("有兩欄都選了「%(heading)s」，請留一欄", {"heading": HEADINGS[key]})
            problems.append((text, name))
        columns[key] = int(position)
    for_all = {
        column.key: posted[f"all-{column.key}"]
        for column in COLUMNS
        if column.key not in columns and posted.get(f"all-{column.key}") in column.options
    }
    if "chinese_name" not in columns:
        problems.append((Message("請指出哪一欄是中文姓名"), "column-0"))
    return columns, for_all, problems
