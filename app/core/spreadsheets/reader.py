"""Bytes of an upload in, a `Workbook` out; whatever is wrong with the file becomes one sentence."""

from __future__ import annotations

import json
import logging
import subprocess  # The one command we start is our own interpreter with our own file.
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import IO, cast

from app.core.errors import InvalidValue
from app.core.messages import N_, Message
from app.core.spreadsheets import kinds
from app.core.spreadsheets.workbook import Cell, Limits, Row, Sheet, Unknown, Workbook
from app.core.spreadsheets.zip_check import DAMAGED, TOO_BIG, check_zip

log = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("child.py")
_FILE_TOO_BIG = Message("檔案超過 %(megabytes)s MB。請刪除圖片與用不到的工作表再上傳")
_PROBLEMS = {
    "password": kinds.PASSWORD.template,
    "damaged": DAMAGED.template,
    "too_long": TOO_BIG.template,
    "too_many_sheets": N_("工作表超過 %(sheets)s 張。請只留匯入範例原有的工作表再上傳"),
    "too_many_columns": N_("工作表「%(sheet)s」超過 %(columns)s 欄。請刪除右邊多餘的內容再上傳"),
    "too_many_rows": N_("工作表「%(sheet)s」第 %(physical_rows)s 列以下還有內容。請刪除下方多餘的內容再上傳"),
    "too_many_people": N_("工作表「%(sheet)s」超過 %(filled_rows)s 列資料。請分成幾個檔案上傳"),
    "cell_too_long": N_("工作表「%(sheet)s」%(cell)s 的文字超過 %(cell_characters)s 字。請縮短再上傳"),
}


def read_workbook(content: bytes, *, limits: Limits | None = None) -> Workbook:
    """Return what an uploaded .xlsx, .xls or .ods holds, hidden sheets included.

    The type is told from the content. Parsing happens in a child process with limits on memory,
    processor time and elapsed time, so that a hostile file costs seconds and one sentence
    (security.md 11.2).

    :raises InvalidValue: if it cannot or must not be read; the message says what to do
    """
    limits = limits or Limits()
    if len(content) > limits.file_bytes:
        raise InvalidValue(Message(_FILE_TOO_BIG.template, {"megabytes": limits.file_bytes >> 20}))
    if kinds.detect_kind(content) is kinds.Kind.XLSX_OR_ODS:
        check_zip(content, limits)
    return _decode(_run_child(content, limits), limits)


def _run_child(content: bytes, limits: Limits) -> bytes:
    """Return the child's JSON lines; raises InvalidValue if it died or said too much."""
    command = [sys.executable, "-I", "-X", "utf8", str(_CHILD), json.dumps(asdict(limits))]
    # A file without a name feeds the child, so that neither side ever waits for the other.
    with tempfile.TemporaryFile() as upload:
        upload.write(content)
        upload.seek(0)
        child = subprocess.Popen(  # noqa: S603 - no shell, nothing of the upload on the command line
            command, stdin=upload, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
        )
    alarm = threading.Timer(limits.wall_seconds, child.kill)
    alarm.start()
    try:
        with child:
            # A little more than the child's own cap, which does not count its last line.
            output = cast(IO[bytes], child.stdout).read(limits.output_bytes + 4096)
    finally:
        alarm.cancel()
    if child.returncode != 0:
        log.warning("spreadsheet child died", extra={"status": child.returncode, "bytes": len(content)})
        raise InvalidValue(DAMAGED)
    return output


def _decode(output: bytes, limits: Limits) -> Workbook:
    sheets: list[tuple[str, bool, list[Row]]] = []
    for line in map(json.loads, output.splitlines()):
        if isinstance(line, list):
            number, cells = line
            sheets[-1][2].append(Row(number, tuple(map(_decode_cell, cells))))
        elif "problem" in line:
            raise InvalidValue(_describe(line, limits))
        elif "sheet" in line:
            sheets.append((line["sheet"], line["visible"], []))
    return Workbook(tuple(Sheet(name, visible, tuple(rows)) for name, visible, rows in sheets))


def _decode_cell(cell: object) -> Cell:
    if isinstance(cell, dict):
        if "unknown" in cell:
            return Unknown.NO_RESULT
        return date.fromisoformat(cell["day"]) if "day" in cell else datetime.fromisoformat(cell["at"])
    return cast(Cell, cell)


def _describe(line: Mapping[str, object], limits: Limits) -> Message:
    code = str(line["problem"])
    log.warning("spreadsheet refused", extra={"reason": code})
    template = _PROBLEMS[code]
    places: dict[str, object] = {**asdict(limits), **line, "cell": _cell_name(line)}
    return Message(template, {name: value for name, value in places.items() if f"%({name})s" in template})


def _cell_name(line: Mapping[str, object]) -> str:
    """Return where it is as a spreadsheet says it, e.g. ``C12``."""
    column, row = line.get("column"), line.get("row")
    if not isinstance(column, int):
        return ""
    letters = chr(ord("A") + column % 26)
    return f"{chr(ord('A') + column // 26 - 1) if column >= 26 else ''}{letters}{row}"
