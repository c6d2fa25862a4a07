"""The table of requirements: made of the list, the citations and the marks, and checked against them."""

from pathlib import Path

import pytest

from scripts import requirements
from scripts.requirements import PAGE, ROOT, State, find_all, find_citations, find_marks, main

LIST = """number,chapter,clause,rule,outside,missing
R001,1. Office,cover,Who it is,,
R002,1. Office,cover,Where it is,,
R003,1. Office,cover,How to call,,
S001,2. Service,,Stated times,how the office works,
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project: R001 is done and shown, R002 neither, R003 only cited."""
    write(tmp_path, "data/requirements.csv", LIST)
    write(tmp_path, "app/office.py", '"""The office (R001, R003)."""\n')
    write(tmp_path, "tests/test_office.py", marked('"R001"', "test_the_office_answers"))
    (tmp_path / "docs").mkdir()
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def marked(numbers: str, test: str) -> str:
    return f"import pytest\n\n\n@pytest.mark.requirement({numbers})\ndef {test}():\n    pass\n"


def states(root: Path) -> dict[str, State]:
    return {each.requirement.number: each.state for each in find_all(root)[0]}


def mistakes(root: Path) -> list[str]:
    return find_all(root)[1]


def test_the_state_of_a_number_follows_from_its_marks(tree: Path) -> None:
    assert states(tree) == {
        "R001": State.SHOWN,
        "R002": State.NOT_YET,
        "R003": State.NOT_YET,
        "S001": State.OUTSIDE,
    }
    write(tree, "tests/test_call.py", marked('"R002", "R003"', "test_one_can_call"))
    assert states(tree)["R002"] == states(tree)["R003"] == State.SHOWN
    assert mistakes(tree) == []


def test_a_number_that_is_cited_and_not_shown_is_a_mistake_until_it_is_said_what_is_missing(
    tree: Path,
) -> None:
    [mistake] = mistakes(tree)
    assert mistake.startswith("app/office.py claims R003, and no test shows it")
    write(tree, "data/requirements.csv", LIST.replace("How to call,,", "How to call,,the fax"))
    assert mistakes(tree) == []
    assert states(tree)["R003"] == State.NOT_YET
    write(tree, "tests/test_call.py", marked('"R003"', "test_one_can_call"))
    assert states(tree)["R003"] == State.IN_PART


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (marked('"R009"', "test_x"), "tests/test_more.py:4: R009 is not in data/requirements.csv"),
        (marked("NUMBER", "test_x"), "tests/test_more.py:4: ? is not in data/requirements.csv"),
        (marked('"R003"', "helper"), "tests/test_more.py:4: the mark R003 belongs to no test"),
        (
            marked('"R003", "S001"', "test_x"),
            "data/requirements.csv: S001 is called outside, but test_x shows it",
        ),
    ],
    ids=["unknown", "not written out", "no test", "outside"],
)
def test_a_mark_that_cannot_be_true_is_a_mistake(tree: Path, text: str, mistake: str) -> None:
    write(tree, "tests/test_more.py", text)
    assert mistake in mistakes(tree)


@pytest.mark.parametrize(
    "text",
    [
        'pytestmark = pytest.mark.requirement("R003")\n\ndef test_x(): pass\n',
        'pytestmark = [pytest.mark.slow, pytest.mark.requirement("R003")]\n\ndef test_x(): pass\n',
        '@pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.requirement("R003"))])\n'
        "def test_x(n): pass\n",
        'CASES = [pytest.param(2, marks=pytest.mark.requirement("R003"))]\n\n'
        '@pytest.mark.parametrize("n", CASES)\ndef test_x(n): pass\n',
    ],
    ids=["module", "module, in a list", "a case", "a case in a list above"],
)
def test_a_mark_may_stand_on_the_module_or_on_a_case(tree: Path, text: str) -> None:
    write(tree, "tests/test_more.py", f"import pytest\n\n{text}")
    assert ("tests/test_more.py", "test_x") in find_all(tree)[0][2].tests
    assert mistakes(tree) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# R001 and R003", ["R001", "R003"]),
        ("(R001-R003)", ["R001", "R002", "R003"]),
        ("R002–R003.", ["R002", "R003"]),
        ("{#- A page (R002). -#}", ["R002"]),
        ("R1, SR001, R0011, R001a, X-R001", ["R1"]),
        ("x = eval(y)  # noqa: S001 - R002 says so", []),
    ],
)
def test_citations_are_read_with_their_ranges(tmp_path: Path, text: str, found: list[str]) -> None:
    write(tmp_path, "app/one.html", text)
    assert sorted(find_citations(tmp_path, ["R001", "R002", "R003"])) == found


def test_a_stale_page_fails_the_check_and_writing_mends_it(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tree, "tests/test_call.py", marked('"R003"', "test_one_can_call"))
    assert main(["--check", "--root", str(tree)]) == 1
    assert "docs/requirements.md is stale" in capsys.readouterr().err
    assert main(["--root", str(tree)]) == 0
    assert main(["--check", "--root", str(tree)]) == 0
    write(tree, "tests/test_call.py", marked('"R003"', "test_one_can_phone"))
    assert main(["--check", "--root", str(tree)]) == 1


def test_the_page_says_where_and_by_what_each_number_is_shown(tree: Path) -> None:
    main(["--root", str(tree)])
    page = (tree / PAGE).read_text(encoding="utf-8")
    assert "| **R** the brochure of the exam | 1 | 0 | 2 | 0 | 3 |" in page
    assert (
        "| R001 | Who it is <sub>cover</sub> | [office.py](../app/office.py) "
        "| [test_office.py](../tests/test_office.py): the office answers | shown |" in page
    )
    assert "| R002 | Where it is <sub>cover</sub> |  |  | not yet: nothing in the code is about it |" in page
    assert "outside: how the office works" in page


def test_the_list_is_the_one_of_the_sources() -> None:
    numbers = [each.number for each in requirements.read_list(ROOT / requirements.LIST)]
    counts = {prefix: sum(number[0] == prefix for number in numbers) for prefix in requirements.PREFIXES}
    assert len(set(numbers)) == len(numbers)
    assert counts == {"R": 228, "W": 43, "S": 30, "P": 16, "Q": 22}


def test_every_mark_of_this_project_is_read() -> None:
    written = sum(
        file.read_text(encoding="utf-8").count("mark.requirement(")
        for file in (ROOT / "tests").rglob("*.py")
        if file != Path(__file__)
    )
    read = {(mark.file, mark.line) for mark in find_marks(ROOT)}
    assert 0 < written <= len(read)
