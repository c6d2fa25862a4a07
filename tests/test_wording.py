"""Every sentence is in the catalogue: no Chinese stands unmarked, and none lacks its English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.translations import MO, compiled, english, extracted, mistakes

ROOT = Path(__file__).resolve().parents[1]
CHINESE = re.compile("[\u2e80-\u2fff\u3400-\u9fff\uff01-\uff5e\u3001-\u303f]")
MARKS = {"_", "_l", "Message", "N_"}
# Functions whose Chinese argument knows its English by itself.
WORDINGS = {"rule_number", "clause_wording", "name_wording"}

# Files whose unmarked Chinese is no sentence for a reader of pages, mails or papers, and why.
EXEMPT = {
    "app/core/addresses.py": "old and new names of counties, compared with what was typed",
    "app/core/names.py": "classes of characters",
    "app/core/numerals.py": "numerals",
    "app/core/pdf/flow.py": "punctuation that may not begin or end a line",
    "app/core/pdf/fonts.py": "the sign for a missing glyph",
    "app/core/messages.py": "the Chinese comma",
    "app/core/translation.py": "the Chinese comma",
    "app/core/phones.py": "spellings of an extension number",
    "app/core/roc_dates.py": "spellings of dates, and the Chinese side of each date",
    "app/demo/mailbox.py": "quotes around an address",
    "app/exams/brochure.py": "words of the year's file",
    "app/exams/words.py": "words of the year's file",
    "app/payments/words.py": "titles as they are kept",
    "app/payments/gateways/ecpay_cards.py": "ECPay's words for the states of a card",
    "app/payments/gateways/ecpay_files.py": "ECPay's words of a refusal",
    "app/payments/reconciliation/csv_cells.py": "ECPay's words of a refusal",
    "app/payments/reconciliation/ecpay_settlement.py": "the headings of ECPay's file",
    "app/payments/reconciliation/ecpay_trades.py": "the headings and words of ECPay's file",
    "app/payments/reconciliation/taishin.py": "the fields of the bank's file, named in a refusal",
    "app/groups/sheets/columns.py": "the sheet that schools fill in, matched when it comes back",
    "app/groups/sheets/options.py": "words accepted in the sheet",
    "app/groups/member_list.py": "two spellings of one character",
    "app/groups/readers.py": "a unit that people write behind a number",
    "app/registration/readers.py": "two spellings of one character",
    "app/examday/incidents.py": "punctuation between codes, and clauses",
    "app/examday/affidavit_pdf.py": "the numerals of the statements",
    "app/admin/extra_session_forms.py": "units that are left off the name of an area",
    "app/mailings/registered_numbers.py": "dashes that people write in a number",
    "app/registration/open_data.py": "the licence by its official name",
    "app/site/paragraphs.py": "signs that end an address",
    "app/results/points.py": "a unit that people write behind a number",
    "app/groups/leader.py": "a word of the sheet",
    "app/groups/sheets/checks.py": "signs that do not belong in a name",
    "app/groups/sheets/guesses.py": "what values of a column look like",
    "app/groups/sheets/quick.py": "classes of characters",
    "app/groups/sheets/reshaping.py": "headings and ticks of lists on paper",
    "app/groups/sheets/row_checks.py": "words of the sheet",
    "app/groups/sheets/spellings.py": "characters and words that people write",
    "app/groups/sheets/suggestions.py": "counties, and what is typed for what",
    "app/groups/sheets/synonyms.py": "what schools call their columns",
    "app/groups/sheets/table.py": "words of totals and notes",
    "app/groups/sheets/template_layout.py": "names of the sheets",
    "app/groups/staging/rest_sheet.py": "the author of the sheet's comments",
    "app/groups/sheets/template_words.py": "the sheet that schools fill in",
    "app/results/score_columns.py": "headings of the office's score sheet",
    "app/results/score_template.py": "the office's score sheet",
    "app/results/exports.py": "the list of who passed, published by the office in Chinese",
    "app/results/certificate_numbers.py": "the certificate's official number",
    "app/admin/queries/books.py": "the office's own books, kept in Chinese",
    "app/payments/books/sheet_files.py": "the foot of the office's own books",
    "app/payments/books/masking.py": "the sign that stands for what is masked",
    "app/payments/refunds/payout_list.py": "the office's own paper for the post office",
    "app/payments/refunds/proofs.py": "a class of characters",
    "app/admin/reconciliation_sheet.py": "the office's own sheet",
    "app/admin/refund_papers.py": "the office's own paper",
    "app/registration/choices.py": "marked where they stand",
}
# A clause of the brochure, as it is cited; shown through the `clause` filter.
CLAUSE = re.compile("[壹貳參肆伍陸柒捌玖拾附][^，。]{0,14}")
# The name under which a browser saves a file; an English name is always sent beside it.
FILE = re.compile(r".*\.(pdf|ics|json|csv|xlsx)")
FILE_NAME_PART = re.compile(r".*[-.]")


def _sources() -> list[Path]:
    return sorted((ROOT / "app").rglob("*.py"))


def _unmarked(tree: ast.Module) -> Iterator[ast.Constant]:
    marked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            marked.add(id(node.value))
        if isinstance(node, ast.Call) and node.args and _name(node.func) in MARKS | WORDINGS:
            marked.add(id(node.args[0]))
        if isinstance(node, ast.keyword) and node.arg in ("name", "reason"):
            marked |= {id(each) for each in ast.walk(node.value) if _is_file_name(each)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in marked:
            yield node


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _is_file_name(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(FILE_NAME_PART.fullmatch(node.value))
    )


@pytest.mark.parametrize("path", _sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_chinese_stands_in_the_code_unmarked(path: Path) -> None:
    if str(path.relative_to(ROOT)) in EXEMPT:
        return
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value[:40]!r}"
        for node in _unmarked(ast.parse(path.read_text(encoding="utf-8")))
        if CHINESE.search(node.value) and not CLAUSE.fullmatch(node.value) and not FILE.fullmatch(node.value)
    ]

    assert not found


def test_every_exemption_is_needed() -> None:
    idle = [
        name
        for name in EXEMPT
        if not (ROOT / name).exists()
        or not any(
            CHINESE.search(node.value)
            for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    ]

    assert not idle


@pytest.mark.parametrize("path", sorted((ROOT / "app/templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_chinese_stands_in_a_template_unmarked(path: Path) -> None:
    text = re.sub(r"{#.*?#}", lambda match: "\n" * match[0].count("\n"), path.read_text("utf-8"), flags=re.S)
    text = re.sub(r"""_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", "", text)
    # The language switch names the other language in its own words.
    text = text.replace('"中文"', "")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:60]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if CHINESE.search(line)
    ]

    assert not found


def test_no_chinese_stands_in_a_script() -> None:
    found = [
        f"{path.name}:{number}: {line.strip()[:60]}"
        for path in sorted((ROOT / "app/static/js").glob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if CHINESE.search(line) and not line.strip().startswith("//")
    ]

    assert not found


@pytest.mark.requirement("S006")
def test_every_text_has_its_english_and_nothing_else_is_kept() -> None:
    known = english()
    wrong = {text: found for text in extracted() if (found := list(mistakes(text, known.get(text, ""))))}

    assert not wrong, "run `make translations`, then give these their English"
    assert set(known) == set(extracted())


def test_chinese_is_set_without_stray_spaces() -> None:
    """Full-width signs bring their own room, and a day is followed at once by its hour: （日）23:59."""
    stray = re.compile("[，。；：、！？）」』] | [（「『，。；：、]|s 23:59")

    assert not [text for text in extracted() if stray.search(text)]


def test_the_compiled_catalogue_is_that_of_the_texts() -> None:
    assert MO.read_bytes() == compiled(), "run `make translations`"
