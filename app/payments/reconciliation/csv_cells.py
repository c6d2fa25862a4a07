"""Gateways' CSV files: Big5 or UTF-8, cells wrapped for spreadsheets, columns found by their names; pure."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from app.core.clock import TAIPEI
from app.core.messages import Listing, Message
from app.payments.reconciliation.lines import UnreadableFile, broken_line, cut_line

Cells = Mapping[str, str]

_EMPTY = Message("檔案是空的。請確認下載的期間有交易，再上傳一次。")
_TOO_SOON = "一分鐘"
_HTML = re.compile(rb"\s*(<!doctype|<html|<head|<body|<script|<br|<div|<p[ >])", re.I)
_AMOUNT = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4})[-/]?(\d{1,2})[-/]?(\d{1,2})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?", re.ASCII
)
_CHUNK = 1 << 16
_LONGEST_LINE = 10_000


def read_rows(
    content: bytes, columns: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]]
) -> Iterator[tuple[int, Cells, str]]:
    """Yield (line number, cell by name, the line as written) for each line under the heading.

    Columns may stand in any order and between others; cells lose their ``="…"`` and ``=``.

    :param columns: the names that a column may have in the file, by our name; all have to be there
    :param optional: the same for those that may be missing
    :raises UnreadableFile: for what is empty, no CSV, in another encoding, cut off, or in an unknown layout
    """
    encoding = _encoding_of(content)
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    written = _Remembering(text)
    reader = csv.reader(written)
    places: dict[str, int] = {}
    width = 0
    try:
        for row in reader:
            line, number = written.take(), reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            cells = [_unwrapped(cell, number) for cell in row]
            if not places:
                places, width = _places(cells, columns, optional), len(cells)
            elif _is_heading(cells, places, columns):
                raise UnreadableFile(
                    Message(
                        "第 %(number)s 列又是標題列，檔案可能是兩份接在一起。請一份一份上傳。",
                        {"number": number},
                    )
                )
            elif len(cells) != width and not (len(cells) == width + 1 and not cells[-1]):
                raise cut_line(number)
            else:
                yield number, {name: cells[place] for name, place in places.items()}, line
    except csv.Error:
        raise cut_line(reader.line_num) from None
    if not places:
        raise UnreadableFile(_EMPTY)


def read_dollars(text: str, number: int, what: str) -> int:
    """Return an amount of whole dollars, negative where money went back; raises UnreadableFile."""
    amount = _read_decimal(text, number, what)
    if amount != amount.to_integral_value() or not amount:
        raise broken_line(number, what)
    return int(amount)


def read_fee(text: str, number: int, what: str) -> Decimal:
    """Return a fee in dollars, which may have parts of one; empty is 0; raises UnreadableFile."""
    return _read_decimal(text, number, what) if text else Decimal(0)


def whole_dollars(fee: Decimal) -> int:
    """Return a fee in whole dollars, a half rounded up, whichever way it went."""
    return int(abs(fee).quantize(Decimal(1), ROUND_HALF_UP))


def read_instant(text: str, number: int, what: str) -> datetime:
    """Return an aware instant from ``2023-05-03 10:00:00``, with slashes, without seconds, or only a day."""
    found = _INSTANT.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=TAIPEI)
    except ValueError:
        raise broken_line(number, what) from None


def read_number(text: str, number: int, what: str) -> str:
    """Return a number of an order or a payment; raises UnreadableFile for anything else."""
    if not (1 <= len(text) <= 40 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()):
        raise broken_line(number, what)
    return text


class _Remembering:
    """The lines of a text for a CSV reader, which hands them on in pieces; `take` gives them back whole."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._lines: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._text, start=1):
            if len(line) > _LONGEST_LINE:
                raise cut_line(number)
            self._lines.append(line)
            yield line

    def take(self) -> str:
        taken = "".join(self._lines).rstrip("\r\n")
        self._lines.clear()
        return taken


def _encoding_of(content: bytes) -> str:
    if not content.strip():
        raise UnreadableFile(_EMPTY)
    for encoding in ("utf-8-sig", "cp950"):
        if _decodes(content, encoding):
            break
    else:
        raise UnreadableFile(Message("檔案的文字編碼不是 Big5 也不是 UTF-8，請上傳下載下來的原檔。"))
    if _HTML.match(content) or _TOO_SOON in content[:400].decode(encoding, "ignore"):
        raise _refusal_page(content[:4000].decode(encoding, "ignore"))
    return encoding


def _refusal_page(text: str) -> UnreadableFile:
    if _TOO_SOON in text:
        return UnreadableFile(Message("金流回答：一分鐘內只能下載一個檔。請等一分鐘後再下載。"))
    return UnreadableFile(
        Message("這是一個網頁，不是對帳檔；金流可能拒絕了下載。請登入金流後台查看原因，再下載一次。")
    )


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK], start + _CHUNK >= len(content))
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def _unwrapped(cell: str, number: int) -> str:
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].strip()
    cell = cell.strip()
    if not cell.startswith("="):
        if '"' in cell:
            raise cut_line(number)
        return cell
    inner = cell[1:]
    if inner.startswith('"') != inner.endswith('"') or inner == '"':
        raise cut_line(number)
    return inner.strip('"').strip()


def _places(
    heading: list[str], columns: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    places: dict[str, int] = {}
    missing = []
    for name, spellings in {**columns, **optional}.items():
        found = [place for place, title in enumerate(heading) if title in spellings]
        if len(found) > 1:
            raise UnreadableFile(
                Message("標題列有兩個「%(title)s」，看不出要讀哪一個。", {"title": heading[found[0]]})
            )
        if found:
            places[name] = found[0]
        elif name in columns:
            missing.append(spellings[0])
    if missing:
        raise UnreadableFile(
            Message(
                "這不是認得的格式：標題列找不到「%(columns)s」。檔案沒有讀入任何一筆；"
                "請確認選對檔案種類，或請系統管理人員處理新的格式。",
                {"columns": Listing(missing)},
            )
        )
    return places


def _is_heading(cells: list[str], places: Mapping[str, int], columns: Mapping[str, Sequence[str]]) -> bool:
    return all(
        places[name] < len(cells) and cells[places[name]] in spellings for name, spellings in columns.items()
    )


def _read_decimal(text: str, number: int, what: str) -> Decimal:
    plain = text.replace(",", "")
    if not _AMOUNT.fullmatch(plain):
        raise broken_line(number, what)
    return Decimal(plain)
