"""What the golden sheets are made of: invented pupils, cells with their expected outcome, files."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.make_samples import NAMES, national_id

FOLDER = Path(__file__).parents[1] / "tests" / "groups" / "sheets" / "golden"
_NAMES = NAMES.split()
DIALECTS = ("四縣", "海陸", "大埔", "饒平", "詔安")
_ROADS = ("中山路", "中正路", "民生路", "長安東路二段", "公館路")


@dataclass(frozen=True)
class Cell:
    """A cell as it is written, and what is expected of it.

    :ivar text: what stands in the workbench; None: what was written
    :ivar mark: kind and reason, e.g. ``repaired.spelling``; "" for none
    :ivar suggestions: None: not looked at
    """

    written: Any
    text: str | None = None
    mark: str = ""
    suggestions: tuple[str, ...] | None = None


@dataclass
class List:
    """One list of people in a file.

    :ivar columns: heading and column key, "" for a column that is none of ours
    :ivar people: by column key; what is not a Cell is expected to stay as it is
    :ivar first_row: the row of the first person
    :ivar for_all: what is proposed for all rows
    :ivar also: marks that a row gets beside those of its cells, by position in `people`
    """

    columns: Sequence[tuple[str, str]]
    people: Sequence[Mapping[str, Any]]
    first_row: int = 2
    for_all: Mapping[str, str] = field(default_factory=dict)
    numbers: Sequence[int] | None = None
    hidden: frozenset[int] = frozenset()

    def grid(self) -> list[list[Any]]:
        """Return headings and rows as they are written."""
        rows = [
            [_written(person.get(key or heading)) for heading, key in self.columns] for person in self.people
        ]
        return [[heading for heading, _ in self.columns], *rows]

    def expected(self, *, offset: int = 0) -> list[dict[str, Any]]:
        """Return what is expected of each row."""
        keys = [key for _, key in self.columns if key]
        numbers = self.numbers or range(self.first_row, self.first_row + len(self.people))
        return [
            _expected_row(offset + number, person, keys, self.for_all, number in self.hidden)
            for number, person in zip(numbers, self.people, strict=True)
        ]


def _written(value: Any) -> Any:
    return value.written if isinstance(value, Cell) else value


def _expected_row(
    number: int, person: Mapping[str, Any], keys: Sequence[str], for_all: Mapping[str, str], hidden: bool
) -> dict[str, Any]:
    texts, marks, suggestions = dict(for_all), dict[str, str](), dict[str, list[str]]()
    # What becomes of a cell that another one tells more about is given under "+key".
    extra = {key[1:]: value for key, value in person.items() if key.startswith("+")}
    for key, value in {**{key: person.get(key) for key in keys}, **extra}.items():
        cell = value if isinstance(value, Cell) else Cell(value)
        written = "" if cell.written is None else str(cell.written)
        texts[key] = written if cell.text is None else cell.text
        if cell.mark:
            marks[key] = cell.mark
        if cell.suggestions is not None:
            suggestions[key] = list(cell.suggestions)
    row: dict[str, Any] = {
        "number": number,
        "texts": {key: text for key, text in texts.items() if text},
        "marks": marks,
    }
    if suggestions:
        row["suggestions"] = suggestions
    if hidden:
        row["hidden"] = True
    return row


def pupil(serial: int, **own: Any) -> dict[str, Any]:
    """Return an invented pupil of about eleven with a number whose check digit fits."""
    name = _NAMES[serial % len(_NAMES)]
    person: dict[str, Any] = {
        "chinese_name": name,
        "birth_on": f"{103 + serial % 3}/{serial % 12 + 1}/{serial % 28 + 1}",
        "foreign": "本國",
        "id_number": national_id("ABFHJKTU"[serial % 8], 1 + serial % 2, 4_107_000 + serial * 37),
        "phone_mobile": f"09{10 + serial % 70}-{300 + serial % 600}-{100 + serial * 7 % 900}",
        "phone_home": f"03-4{100_000 + serial * 331 % 900_000}",
        "emergency_name": f"{name[0]}{'大美文'[serial % 3]}{'明惠雄'[serial % 3]}",
        "emergency_relation": "父母"[serial % 2],
        "emergency_phone": f"09{10 + serial % 70}-{400 + serial % 500}-{200 + serial * 11 % 700}",
        "email": f"family{serial}@gmail.com",
        "zip_code": "320",
        "address": f"桃園市中壢區{_ROADS[serial % 5]}{serial % 300 + 1}號",
        "dialect": DIALECTS[serial % 5],
        "background": ("父母均為客家人", "父或母為客家人", "閩南人")[serial % 3],
        "occupation": "學生",
        "education": "小學(含)以下",
        "座號": serial % 30 + 1,
        "班級": "五年甲班",
        "性別": "男女"[serial % 2],
    }
    return person | own


def pupils(first: int, count: int) -> list[dict[str, Any]]:
    return [pupil(first + number) for number in range(count)]


@dataclass
class Golden:
    """A file with its expected outcome.

    :ivar matching: what is expected of the matching: some of certain, heading_row, sheet, more, missing
    :ivar notes: words that the notes about the file hold, one for each note
    """

    name: str
    content: bytes
    rows: list[dict[str, Any]]
    matching: dict[str, Any] = field(default_factory=dict)
    for_all: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def save(self) -> None:
        """Write the file and, beside it, what is expected of it."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / self.name).write_bytes(self.content)
        expected = {
            "matching": self.matching,
            "for_all": self.for_all,
            "notes": list(self.notes),
            "rows": self.rows,
        }
        lines = [json.dumps(row, ensure_ascii=False) for row in expected.pop("rows")]
        head = json.dumps(expected, ensure_ascii=False)[:-1]
        text = head + ', "rows": [\n' + ",\n".join(lines) + "\n]}\n"
        (FOLDER / f"{self.name}.json").write_text(text, encoding="utf-8")


Finish = Callable[[Worksheet], None]


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]], *, finish: Finish | None = None) -> bytes:
    """Return the grids as a workbook; `finish` may merge, hide and format in its first sheet."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, grid in sheets.items():
        sheet = workbook.create_sheet(name)
        for number, row in enumerate(grid, start=1):
            for position, value in enumerate(row, start=1):
                if value is None:
                    continue
                cell = sheet.cell(number, position, value)
                if isinstance(value, str) and not value.startswith("="):
                    cell.number_format = "@"
                elif isinstance(value, date) and not isinstance(value, datetime):
                    cell.number_format = "yyyy/m/d"
    if finish:
        finish(workbook.worksheets[0])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def separated(grid: Sequence[Sequence[Any]], *, encoding: str = "utf-8", separator: str = ",") -> bytes:
    """Return a grid as separated text, with line ends as Windows writes them."""
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(grid)
    return file.getvalue().encode(encoding)


def converted(content: bytes, extension: str) -> bytes:
    """Return a workbook as LibreOffice saves it in another format; formulas are worked out on the way."""
    return _through_libreoffice(content, "xlsx", extension)


def typed(grid: Sequence[Sequence[Any]], extension: str) -> bytes:
    """Return a grid as it becomes when somebody in Taiwan types it into the cells of LibreOffice."""
    # Comma, double quote, UTF-8, from line 1, language of Taiwan, special numbers recognised as in typing.
    return _through_libreoffice(separated(grid), "csv", extension, "CSV:44,34,76,1,,1028,false,true")


def _through_libreoffice(content: bytes, source: str, target: str, reading: str = "") -> bytes:
    program = shutil.which("soffice")
    if program is None:
        raise SystemExit("soffice is missing: install LibreOffice to make the golden sheets")
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder, "in", f"list.{source}"), Path(folder, "out")
        file.parent.mkdir()
        file.write_bytes(content)
        command = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        command += [f"--infilter={reading}"] if reading else []
        command += ["--convert-to", target, "--outdir", str(out), str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (out / f"list.{target}").read_bytes()
