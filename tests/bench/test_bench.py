"""The benchmarks run to their end; how fast is for people to read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from app.config import ROOT
from bench.__main__ import as_table
from bench.measure import Measure


def test_the_short_form_finishes_and_keeps_its_figures(tmp_path: Path) -> None:
    results = tmp_path / "results.json"

    done = subprocess.run(
        [sys.executable, "-m", "bench", "--short", "--results", str(results)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr
    kept = json.loads(results.read_text(encoding="utf-8"))
    assert kept["form"] == "short"
    assert {measure["benchmark"] for measure in kept["measures"]} == {
        "books",
        "group import",
        "notices",
        "reconciliation",
        "tickets",
    }
    assert all(measure["value"] > 0 for measure in kept["measures"])
    assert "upload to staged : bare read" in done.stdout


def test_an_unknown_benchmark_is_refused_by_name() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "speed"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 2
    assert "there is no benchmark 'speed'" in done.stderr


def test_the_table_has_a_heading_for_each_benchmark() -> None:
    table = as_table(
        [Measure("tickets", "ms per page", 2.5, "ms"), Measure("group import", "read", 0.25, "s")]
    )

    assert [line.split() for line in table.splitlines() if line] == [
        ["tickets"],
        ["ms", "per", "page", "2.500", "ms"],
        ["group", "import"],
        ["read", "0.250", "s"],
    ]
