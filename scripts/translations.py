"""The English catalogue: every text found in the code and the templates, kept complete (docs/decisions/0016).

``python -m scripts.translations`` takes in new texts, drops those that are gone, and compiles; what is
missing is listed, and makes it end with 1.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
MO = PO.with_suffix(".mo")

_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_KEYWORDS = {"_": None, "_l": None, "Message": None, "N_": None}
# A date of its own would make every run a change.
_NO_DATE = datetime(2023, 5, 1, tzinfo=UTC)
_PLACE = re.compile(r"%(?:\(([^)]*)\)s|(%))")
_CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uffef\u3001-\u303f]")

# Addresses are typed in Chinese, as the post wants them; and some words stand in Chinese only on the
# envelope or the sheet that the reader has in hand. The English quotes them.
_QUOTES_CHINESE = {
    "也可以用書面掛號郵寄到總試務中心信箱，信封註明「申訴書」，以郵戳為憑，逾期不予受理。",
    "請填寫地址，例如 106 臺北市大安區和平東路一段162號",
    "看不出%(county)s的哪一個鄉鎮市區，請接在縣市後面寫出來，例如 臺北市大安區",
    "請從縣市開始寫地址，例如 臺北市大安區和平東路一段162號",
    "請填寫收件地址，例如 106 臺北市大安區和平東路一段162號",
    "請填寫路名和門牌號碼，例如 和平東路一段162號",
    "沒有「%(code)s」這個違規代碼，請對照「違規代碼」工作表",
    "缺考的考生不會有成績或違規，請清除這一格，或把出缺席改為「到考」",
    "請填%(part)s成績；沒有應試請在出缺席填「缺考」",
}


def extracted() -> dict[str, list[str]]:
    """Return every text that is marked for translation, with the files it stands in."""
    found: dict[str, set[str]] = {}
    for name, _line, text, _comments, _context in extract_from_dir(
        str(ROOT / "app"), _METHODS, keywords=_KEYWORDS
    ):
        if text:
            found.setdefault(str(text), set()).add(f"app/{name}")
    return {text: sorted(files) for text, files in sorted(found.items())}


def english() -> dict[str, str]:
    """Return the English of every text in the catalogue; empty where there is none yet."""
    if not PO.exists():
        return {}
    with PO.open("rb") as file:
        return {str(each.id): "" if each.fuzzy else str(each.string) for each in read_po(file) if each.id}


def write(texts: dict[str, str]) -> None:
    """Write the catalogue and its compiled form, with the texts that are in use and no others."""
    catalogue = Catalog(
        locale="en",
        project="exam-portal",
        header_comment="# The English of the portal; `make translations` keeps it in step with the code.",
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        fuzzy=False,
    )
    for text, files in extracted().items():
        catalogue.add(text, texts.get(text, ""), locations=[(file, 1) for file in files])
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, sort_output=True, include_lineno=False, width=0)
    MO.write_bytes(compiled())


def compiled() -> bytes:
    """Return the compiled form of the catalogue."""
    with PO.open("rb") as file:
        catalogue = read_po(file)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def mistakes(text: str, english: str) -> Iterator[str]:
    """Yield what is wrong with the English of a text, if anything."""
    if not english.strip():
        yield "has no English"
        return
    given, used = _places(text), _places(english)
    if given != used:
        yield f"places {sorted(given)} became {sorted(used)}"
    if given and re.search(r"%(?!\(|%)", english):
        yield "has a lone %, write %%"
    for choice in re.findall(r"%\(([^)]*\|[^)]*)\)s", english):
        if choice.count("|") != 2:
            yield f"%({choice})s is not name|one|many"
    if text not in _QUOTES_CHINESE and (found := _CHINESE.search(english)):
        yield f"has {found[0]}"
    if "<" in english or "&" in english:
        yield "has < or &, which are markup in a page"
    if text.count("\n") and text.endswith("\n") != english.endswith("\n"):
        yield "differs in the line end at its end"


def _places(text: str) -> set[str]:
    # %(days|day|days)s is a second sight of %(days)s: it counts as the same place.
    return {match[1].split("|")[0] if match[2] is None else "%" for match in _PLACE.finditer(text)}


def main() -> int:
    write(english())
    missing = [text for text, said in english().items() if not said]
    for text in missing:
        print(f"no English: {text!r}")
    print(f"{len(english())} texts, {len(missing)} without English")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
