"""``python -m bench``: run the benchmarks, print a table; the full form keeps its figures in results.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa

from app.core import clock
from bench import books, group_import, notices, reconciliation, tickets
from bench.measure import Measure

RESULTS = Path(__file__).with_name("results.json")
BENCHMARKS = {
    "group_import": group_import,
    "tickets": tickets,
    "notices": notices,
    "reconciliation": reconciliation,
    "books": books,
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--short", action="store_true", help="a tenth of the work, to see that all runs")
    parser.add_argument("--results", type=Path, help=f"where to keep the figures; full form: {RESULTS.name}")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; choose from {', '.join(BENCHMARKS)}")
    chosen = options.names or BENCHMARKS
    measures = [measure for name in chosen for measure in BENCHMARKS[name].run(short=options.short)]
    print(as_table(measures))
    # A quick look must not overwrite the figures that are compared from year to year.
    target = options.results or (None if options.short or options.names else RESULTS)
    if target:
        target.write_text(as_json(measures, short=options.short), encoding="utf-8")


def as_table(measures: Sequence[Measure]) -> str:
    """Return the figures as aligned lines, with a heading per benchmark."""
    lines: list[str] = []
    for number, each in enumerate(measures):
        if number == 0 or each.benchmark != measures[number - 1].benchmark:
            lines += ["", each.benchmark]
        lines.append(f"  {each.name:<52}{each.value:>12,.3f} {each.unit}")
    return "\n".join(lines[1:])


def as_json(measures: Sequence[Measure], *, short: bool) -> str:
    """Return the figures with the machine they were taken on."""
    server = os.environ.get("TEST_DATABASE_URL")
    document = {
        "taken_at": clock.system_now().isoformat(timespec="seconds"),
        "form": "short" if short else "full",
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "database": sa.make_url(server).get_backend_name() if server else "sqlite",
        "measures": [asdict(each) | {"value": round(each.value, 4)} for each in measures],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main()
