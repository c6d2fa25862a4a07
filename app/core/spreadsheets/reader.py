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
from pathlib import Path
from typing import IO, Any, cast

from app.core.errors import InvalidValue
from app.core.messages import N_, Message
from app.core.spreadsheets import kinds
from app.core.spreadsheets.rows import KeptRows
from app.core.spreadsheets.workbook import Limits, Merged, Sheet, Workbook
from app.core.spreadsheets.zip_check import DAMAGED, TOO_BIG, check_zip

log = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("child.py")
_FILE_TOO_BIG = Message("檔案超過 %(megabytes)s MB。請刪除圖片與用不到的工作表再上傳")
_PROBLEMS = {
    "password": kinds.PASSWORD.template,
    "damaged": DAMAGED.template,
    "encoding": N_("看不出檔案的文字編碼。請用 Excel 開啟，另存成 .xlsx 再上傳"),
    "too_long": TOO_BIG.template,
    "too_many_sheets": N_("工作表超過 %(sheets)s 張。請只留匯入範例原有的工作表再上傳"),
    "too_many_columns": N_("工作表「%(sheet)s」超過 %(columns)s 欄。請刪除右邊多餘的內容再上傳"),
    "too_many_rows": N_("工作表「%(sheet)s」第 %(physical_rows)s 列以下還有內容。請刪除下方多餘的內容再上傳"),
    "too_many_people": N_("工作表「%(sheet)s」超過 %(filled_rows)s 列資料。請分成幾個檔案上傳"),
    "cell_too_long": N_("工作表「%(sheet)s」%(cell)s 的文字超過 %(cell_characters)s 字。請縮短再上傳"),
}


def read_workbook(content: bytes, *, limits: Limits | None = None) -> Workbook:
    """Return what an uploaded .xlsx, .xls, .ods or .csv holds, hidden sheets and rows included.

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


def child_command(limits: Limits) -> list[str]:
    """Return the command of the process that reads a workbook from its standard input."""
    return [sys.executable, "-I", "-X", "utf8", str(_CHILD), json.dumps(asdict(limits))]


def _run_child(content: bytes, limits: Limits) -> list[bytes]:
    """Return the child's JSON lines; raises InvalidValue if it died or said too much."""
    command = child_command(limits)
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
            lines = _read_lines(cast(IO[bytes], child.stdout), limits)
    finally:
        alarm.cancel()
    if child.returncode != 0:
        log.warning("spreadsheet child died", extra={"status": child.returncode, "bytes": len(content)})
        raise InvalidValue(DAMAGED)
    return lines


def _read_lines(output: IO[bytes], limits: Limits) -> list[bytes]:
    # A little more than the child's own cap, which does not count its last line.
    left = limits.output_bytes + 4096
    lines = []
    while left > 0 and (line := output.readline(left)):
        left -= len(line)
        lines.append(line)
    return lines


def _decode(lines: list[bytes], limits: Limits) -> Workbook:
    found: list[tuple[dict[str, Any], list[bytes]]] = []
    for line in lines:
        if line.startswith(b"[["):
            found[-1][1].append(line)
            continue
        told = json.loads(line)
        if "problem" in told:
            raise InvalidValue(_describe(told, limits))
        if "sheet" in told:
            found.append((told, []))
    return Workbook(tuple(_sheet(told, chunks) for told, chunks in found))


def _sheet(told: Mapping[str, Any], chunks: list[bytes]) -> Sheet:
    merged = tuple(Merged(*each) for each in told["merged"])
    return Sheet(told["sheet"], told["visible"], KeptRows(chunks), frozenset(told["hidden"]), merged)


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
