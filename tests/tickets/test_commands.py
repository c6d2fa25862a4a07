"""``flask venues load``: what it prints, and what it refuses."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from app.config import ROOT
from app.tickets.commands import venues_cli

FILE = str(ROOT / "data" / "venues_112.json")


def test_loading_prints_what_is_new_and_the_second_time_nothing(app: Flask) -> None:
    runner = app.test_cli_runner()

    first, second = (runner.invoke(venues_cli, ["load", FILE]) for _ in range(2))

    assert "new      臺北 臺北第一示範試區" in first.output
    assert first.output.endswith("17 new, 0 changed\n")
    assert second.output == "0 new, 0 changed\n"


def test_a_wrong_file_is_told_line_by_line_and_nothing_is_loaded(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "venues.json"
    file.write_text('{"roc_year": 112, "slots": {}, "venues": []}', encoding="utf-8")

    result = app.test_cli_runner().invoke(venues_cli, ["load", str(file)])

    assert result.exit_code == 1
    assert "nothing was loaded:\nvenues: " in result.output


def test_a_year_without_its_brochure_is_refused_in_one_sentence(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "venues.json"
    text = Path(FILE).read_text(encoding="utf-8")
    file.write_text(text.replace('"roc_year": 112', '"roc_year": 113'), encoding="utf-8")

    result = app.test_cli_runner().invoke(venues_cli, ["load", str(file)])

    assert result.exit_code == 1
    assert "113 年度的簡章" in result.output
