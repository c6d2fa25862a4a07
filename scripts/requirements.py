"""docs/requirements.md: every numbered requirement, where it is done, and the test that shows it.

``python -m scripts.requirements`` writes the file, ``--check`` (in ``make lint``) only compares. The rules
are those of data/requirements.csv; where each is done is read from the citations in app/; what shows it,
from ``@pytest.mark.requirement(…)`` in tests/. Nothing is kept twice, and no test is imported.
"""

from __future__ import annotations

import argparse
import ast
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST, PAGE = "data/requirements.csv", "docs/requirements.md"
PREFIXES = {
    "R": "the brochure of the exam",
    "W": "the manual of the case platform",
    "S": "service quality",
    "P": "privacy, fairness, grievance",
    "Q": "where the papers disagree: what was decided",
}
_HEAD = (
    "# Requirements",
    "",
    "Every numbered rule of the sources in short, where it is done, and the tests that show it. Made by",
    f"`python -m scripts.requirements` from [{LIST}](../{LIST}), the citations in `app/` and the marks",
    "`@pytest.mark.requirement(…)` in `tests/`; `make lint` compares. Change those, not this file",
    "([why](decisions/0017-requirements-are-shown-by-marks.md)).",
)
_CITATION = re.compile(r"(?<![A-Za-z0-9_-])([RWSPQ])(\d{1,3})(?:\s?[-–]\s?\1(\d{1,3}))?(?![A-Za-z0-9_])")
# The linter's own codes look like ours.
_WAIVER = re.compile(r"# noqa\b.*")
_CITING = {".py", ".html", ".css", ".js"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the list.

    :ivar outside: why no test can show it; empty where one can
    :ivar missing: what is not done of it; empty where nothing is known to be missing
    """

    number: str
    chapter: str
    clause: str
    rule: str
    outside: str
    missing: str


class State(StrEnum):
    SHOWN = "shown"
    IN_PART = "in part"
    NOT_YET = "not yet"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one requirement.

    :ivar places: the files of app/ that cite it, the one that does so most first
    :ivar tests: (file, function) of each test that is marked with it
    """

    requirement: Requirement
    places: tuple[str, ...]
    tests: tuple[tuple[str, str], ...]

    @property
    def state(self) -> State:
        if self.tests:
            return State.IN_PART if self.requirement.missing else State.SHOWN
        return State.OUTSIDE if self.requirement.outside else State.NOT_YET

    @property
    def reason(self) -> str:
        """Return why there is no test, or what the tests do not show."""
        if self.requirement.missing:
            return self.requirement.missing
        if self.tests or self.requirement.outside:
            return self.requirement.outside
        return "no test shows it" if self.places else "nothing in the code is about it"


@dataclass(frozen=True, slots=True)
class Mark:
    """A number written in a mark; `test` is empty where the mark belongs to no test."""

    number: str
    file: str
    line: int
    test: str


def read_list(file: Path) -> list[Requirement]:
    """Return the requirements in the order of the list."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [Requirement(**row) for row in csv.DictReader(lines)]


def find_citations(root: Path, known: Iterable[str]) -> dict[str, Counter[str]]:
    """Return, per number cited anywhere in app/, how often each file does; a range counts for each in it."""
    known = list(known)
    found: dict[str, Counter[str]] = {}
    for file in sorted((root / "app").rglob("*")):
        if file.suffix not in _CITING:
            continue
        text = _WAIVER.sub("", file.read_text(encoding="utf-8"))
        for match in _CITATION.finditer(text):
            for number in _numbers_of(match, known):
                found.setdefault(number, Counter())[file.relative_to(root).as_posix()] += 1
    return found


def _numbers_of(match: re.Match[str], known: list[str]) -> list[str]:
    prefix, first, last = match.groups()
    if last is None:
        return [prefix + first]
    span = range(int(first), int(last) + 1)
    return [number for number in known if number[0] == prefix and int(number[1:]) in span]


def find_marks(root: Path) -> list[Mark]:
    """Return every number in a mark of tests/, with the test that it is about."""
    return [
        mark
        for file in sorted((root / "tests").rglob("*.py"))
        for mark in _marks_in(ast.parse(file.read_text(encoding="utf-8")), file.relative_to(root).as_posix())
    ]


def _marks_in(module: ast.Module, file: str) -> Iterator[Mark]:
    tests = [
        node for node in module.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    cases = {
        target.id: statement
        for statement in module.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
    }
    seen: set[int] = set()
    for test in tests:
        parts: list[ast.AST] = [*test.decorator_list]
        if "pytestmark" in cases:
            parts.append(cases["pytestmark"])
        # The cases of a parametrized test may stand in a list above it.
        names = {
            node.id for part in test.decorator_list for node in ast.walk(part) if isinstance(node, ast.Name)
        }
        parts += [cases[name] for name in sorted(names & cases.keys())]
        for part in parts:
            for number, line in _numbers_marked(part):
                seen.add(line)
                yield Mark(number, file, line, test.name)
    for number, line in _numbers_marked(module):
        if line not in seen:
            yield Mark(number, file, line, "")


def _numbers_marked(part: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(part):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.requirement":
            for argument in node.args:
                yield (str(argument.value) if isinstance(argument, ast.Constant) else "?"), argument.lineno


def find_all(root: Path) -> tuple[list[Finding], list[str]]:
    """Return what is known of each requirement, and a sentence for each thing that is wrong."""
    requirements = read_list(root / LIST)
    known = [each.number for each in requirements]
    citations, marks = find_citations(root, known), find_marks(root)
    findings = [
        Finding(
            each,
            tuple(place for place, _ in citations.get(each.number, Counter()).most_common()),
            tuple(dict.fromkeys((m.file, m.test) for m in marks if m.test and m.number == each.number)),
        )
        for each in requirements
    ]
    return findings, [*_mistakes_of_marks(marks, set(known)), *_mistakes_of_findings(findings)]


def _mistakes_of_marks(marks: list[Mark], known: set[str]) -> Iterator[str]:
    for mark in marks:
        if mark.number not in known:
            yield f"{mark.file}:{mark.line}: {mark.number} is not in {LIST}"
        elif not mark.test:
            yield f"{mark.file}:{mark.line}: the mark {mark.number} belongs to no test"


def _mistakes_of_findings(findings: list[Finding]) -> Iterator[str]:
    for each in findings:
        number = each.requirement.number
        if each.tests and each.requirement.outside:
            yield f"{LIST}: {number} is called outside, but {each.tests[0][1]} shows it"
        if each.places and each.state == State.NOT_YET and not each.requirement.missing:
            yield (
                f"{each.places[0]} claims {number}, and no test shows it: "
                f"mark the test, or say in {LIST} what is missing"
            )


def write_page(findings: list[Finding]) -> str:
    """Return docs/requirements.md."""
    lines = [*_HEAD, "", *_summary(findings)]
    for chapter, part in groupby(findings, key=lambda each: each.requirement.chapter):
        lines += [
            "",
            f"## {chapter}",
            "",
            "| Number | Rule | Where | Shown by | State |",
            "|---|---|---|---|---|",
            *[_row(each) for each in part],
        ]
    return "\n".join(lines) + "\n"


def _summary(findings: list[Finding]) -> Iterator[str]:
    yield "| | " + " | ".join(State) + " | all |"
    yield "|---|" + "--:|" * (len(State) + 1)
    for prefix, title in PREFIXES.items():
        states = Counter(each.state for each in findings if each.requirement.number.startswith(prefix))
        counts = " | ".join(str(states[state]) for state in State)
        yield f"| **{prefix}** {title} | {counts} | {states.total()} |"


def _row(each: Finding) -> str:
    requirement = each.requirement
    state = f"{each.state}: {each.reason}" if each.reason else each.state
    rule = f"{requirement.rule} <sub>{requirement.clause}</sub>"
    return f"| {requirement.number} | {rule} | {_places(each)} | {_tests(each)} | {state} |"


def _places(each: Finding, most: int = 3) -> str:
    shown = [f"[{place.removeprefix('app/')}](../{place})" for place in each.places[:most]]
    more = len(each.places) - most
    return "<br>".join([*shown, *([f"and {more} more"] if more > 0 else [])])


def _tests(each: Finding) -> str:
    by_file: dict[str, list[str]] = {}
    for file, test in each.tests:
        by_file.setdefault(file, []).append(test.removeprefix("test_").replace("_", " "))
    return "<br>".join(
        f"[{file.removeprefix('tests/')}](../{file}): {'; '.join(names)}" for file, names in by_file.items()
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.requirements", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is stale")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    root, check = options.root, options.check
    findings, mistakes = find_all(root)
    page = write_page(findings)
    file = root / PAGE
    if not check:
        file.write_text(page, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != page:
        mistakes.append(f"{PAGE} is stale: run python -m scripts.requirements")
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
