"""What a file really is, told from its bytes; its name and extension are not asked."""

from __future__ import annotations

from enum import StrEnum

from app.core.errors import InvalidValue
from app.core.messages import Message

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_OPENINGS = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<?xml", b"mime-version")

EMPTY = Message("檔案是空的。請確認資料已存檔，再上傳一次")
NOT_A_SPREADSHEET = Message("這不是試算表檔案。請用匯入範例填寫，存成 .xlsx 再上傳")
DAMAGED = Message("檔案無法讀取，可能已損壞。請用 Excel 開啟，另存成 .xlsx 再上傳")
PASSWORD = Message("檔案有密碼保護。請在 Excel 取消密碼，存檔後再上傳")
MACROS = Message("檔案裡有巨集或內嵌物件。請另存成一般的 Excel 活頁簿（.xlsx）再上傳")
_WEB_PAGE = Message("檔案內容是網頁格式，不是 Excel。請用 Excel 開啟，另存成 .xlsx 再上傳")

_BINARY = frozenset(range(32)) - {9, 10, 12, 13, 0x1A}  # old programs end a text with 1A


class Kind(StrEnum):
    XLSX_OR_ODS = "zip"
    XLS = "xls"
    TEXT = "text"


def detect_kind(content: bytes) -> Kind:
    """Return whether the bytes are a ZIP based spreadsheet, an old .xls or separated text (.csv).

    A ZIP file may still turn out to be something else; `check_zip` looks inside.

    :raises InvalidValue: if they are none of them, with a sentence for each usual mistake
    """
    if not content:
        raise InvalidValue(EMPTY)
    if content.startswith(_ZIP):
        return Kind.XLSX_OR_ODS
    if content.startswith(_OLE):
        _check_ole(content)
        return Kind.XLS
    opening = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if opening.startswith(_HTML_OPENINGS):
        raise InvalidValue(_WEB_PAGE)
    if _is_text(content):
        return Kind.TEXT
    raise InvalidValue(NOT_A_SPREADSHEET)


def _check_ole(content: bytes) -> None:
    # The names of an OLE file's streams stand in its directory as UTF-16; a look for them is enough,
    # because the parser, which reads the directory properly, runs behind the same limits as any file.
    if _has_stream(content, "EncryptedPackage"):
        raise InvalidValue(PASSWORD)
    if _has_stream(content, "_VBA_PROJECT_CUR"):
        raise InvalidValue(MACROS)
    if not _has_stream(content, "Workbook") and not _has_stream(content, "Book"):
        # What is left of a workbook that was cut off on its way has a directory without it, or none.
        others = ("WordDocument", "PowerPoint Document", "__nameid_version1.0", "VisioDocument")
        is_other = any(_has_stream(content, name) for name in others)
        raise InvalidValue(NOT_A_SPREADSHEET if is_other else DAMAGED)


def _has_stream(content: bytes, name: str) -> bool:
    return name.encode("utf-16-le") + b"\0\0" in content


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if content.startswith((b"%PDF", b"{\\rtf")):
        return False
    if b"\0" in content:
        return _is_utf_16(content[:4096])
    # Tabs, line ends and a form feed are the only control characters of a text.
    return not any(code in _BINARY for code in content[:4096])


def _is_utf_16(opening: bytes) -> bool:
    """Return whether zeros stand in every other place only, as in UTF-16 without a byte order mark."""
    even, odd = opening[::2].count(0), opening[1::2].count(0)
    return min(even, odd) == 0 and max(even, odd) > len(opening) // 10
