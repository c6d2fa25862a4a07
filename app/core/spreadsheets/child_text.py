"""Text with separated values (.csv, .tsv, or named .xls by the program that wrote it) as rows of cells.

Cells become what a spreadsheet makes of them when it opens such a file: days in Western years are dates,
digits without a leading zero are numbers, everything else stays text.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.core.spreadsheets.child_details import Problem

SHEET_NAME = "CSV"

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS = ",\t;|"
_SAMPLE_LINES = 30
_MOST_UNREADABLE = 0.02  # of the characters: more, and it is no Big5; a few are always forgiven
_FORGIVEN = 5
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_DAY = re.compile(r"((?:19|20)[0-9]{2})[/-]([0-9]{1,2})[/-]([0-9]{1,2})(?: 0?0:00(?::00)?)?")
_AS_TEXT = re.compile(r'="(.*)"')  # how programs keep a spreadsheet from taking digits for a number


def read_rows(content: bytes, limits: dict[str, int]) -> Iterator[list[Any]]:
    """Return every row, blank ones too, as lists of cells; "" where nothing stands."""
    text = _decode(content)
    first_line, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\r?", first_line, re.I):
        separator, text = first_line[4], rest
    else:
        separator = _find_separator(text)
    csv.field_size_limit(limits["file_bytes"])
    try:
        for values in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield [_cell(value) for value in values]
    except csv.Error:
        raise Problem("damaged") from None


def _decode(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if b"\0" in content[:4096]:
        # Every other byte of Latin text in UTF-16 is zero.
        even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
        return content.decode("utf-16-be" if even > odd else "utf-16-le", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # Characters that only one computer knows (造字) have no place in Unicode and become U+FFFD.
    text = content.decode("cp950", _replace_pair.__name__)
    if text.count("\ufffd") > max(_FORGIVEN, _MOST_UNREADABLE * len(text)):
        raise Problem("encoding")
    return text


def _replace_pair(error: UnicodeError) -> tuple[str, int]:
    """Return one sign for both bytes of a character that is not in the table."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\ufffd", min(error.start + 2, len(error.object))


codecs.register_error(_replace_pair.__name__, _replace_pair)


def _find_separator(text: str) -> str:
    """Return the separator that cuts most lines into the same number of parts."""
    lines = [line for line in text[:64_000].splitlines() if line.strip()][:_SAMPLE_LINES]
    best, best_score = ",", (0, 0)
    for separator in _SEPARATORS:
        lengths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1)
        if lengths:
            length, times = max(lengths.items(), key=lambda item: (item[1], item[0]))
            if (times, length) > best_score:
                best, best_score = separator, (times, length)
    return best


def _cell(value: str) -> Any:
    text = value.strip()
    if _NUMBER.fullmatch(text):
        return int(text)
    day = _DAY.fullmatch(text)
    if day:
        try:
            return datetime.date(int(day[1]), int(day[2]), int(day[3]))
        except ValueError:
            return value
    quoted = _AS_TEXT.fullmatch(text)
    return quoted[1].replace('""', '"') if quoted else value.replace("\0", "")
