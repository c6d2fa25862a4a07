"""Lists as schools send them, each with its expected outcome per cell; see scripts/make_golden_sheets.py."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.core.spreadsheets import read_workbook
from app.groups.sheets.marks import MarkKind
from app.groups.sheets.matching import check_mark_of, plain_lists, propose_matching, table_notes, table_rows
from app.groups.sheets.rows import read_row
from scripts.make_samples import FACTS

FOLDER = Path(__file__).parent / "sheets" / "golden"
TODAY = date(2026, 3, 1)
LOCKED = {"round_name": FACTS.round_name, "area": "桃園"}
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")


def outcome(path: Path) -> dict[str, Any]:
    """Return what is made of a file, in the form of the expectation beside it."""
    workbook = plain_lists(read_workbook(path.read_bytes()))
    check_mark_of(workbook, FACTS)
    matching = propose_matching(workbook)
    area = FACTS.area if path.name.startswith(("tidy", "template")) else LOCKED["area"]
    rows = []
    for row in table_rows(workbook, matching):
        reading = read_row(row, locked=LOCKED | {"area": area}, for_all=matching.for_all, today=TODAY)
        marks = reading.marks
        assert (reading.draft is None) == any(mark.kind is MarkKind.WRONG for mark in marks.values())
        rows.append(
            {
                "number": row.number,
                "texts": {key: text for key, text in reading.texts.items() if text},
                "marks": {key: f"{mark.kind}.{mark.reason}" for key, mark in marks.items()},
                "suggestions": {key: list(mark.suggestions) for key, mark in marks.items()},
                "hidden": row.hidden,
            }
        )
    told = {
        "certain": matching.certain,
        "heading_row": matching.heading_row,
        "sheet": matching.sheet,
        "more": [list(each) for each in matching.more],
        "missing": [column.key for column in matching.missing()],
    }
    notes = [str(note) for note in table_notes(workbook, matching)]
    return {"matching": told, "for_all": dict(matching.for_all), "notes": notes, "rows": rows}


@pytest.mark.requirement("R228", "R231")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_golden_sheet_is_read_as_expected(path: Path):
    expected = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))

    found = outcome(path)

    assert {name: found["matching"][name] for name in expected["matching"]} == expected["matching"]
    assert found["for_all"] == expected["for_all"]
    assert [row["number"] for row in found["rows"]] == [row["number"] for row in expected["rows"]]
    for row, wanted in zip(found["rows"], expected["rows"], strict=True):
        asked = wanted.get("suggestions", {})
        told = {key: texts for key, texts in row["suggestions"].items() if key in asked}
        assert (row["number"], row["texts"]) == (wanted["number"], wanted["texts"])
        assert (row["number"], row["marks"]) == (wanted["number"], wanted["marks"])
        assert (row["number"], told) == (
            wanted["number"],
            {key: list(each) for key, each in asked.items() if key in told},
        )
        assert {key for key, texts in asked.items() if texts} <= told.keys()
        assert row["hidden"] == wanted.get("hidden", False)
    assert len(found["notes"]) == len(expected["notes"]) or not expected["notes"]
    for words, note in zip(expected["notes"], found["notes"], strict=False):
        assert words in note


def test_there_are_enough_of_them():
    assert len(FILES) >= 25


@pytest.mark.requirement("R231")
def test_forty_mistakes_are_all_named_and_most_are_mended_with_a_click():
    found = outcome(FOLDER / "forty_mistakes.xlsx")

    wrong = [row for row in found["rows"] if row["marks"]]
    suggested = [row for row in wrong if any(row["suggestions"].values())]
    assert (len(found["rows"]), len(wrong)) == (300, 40)
    assert len(suggested) >= 30
