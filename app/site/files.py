"""Files that the office publishes: PDF as it is, ODF after a look inside (S012, security.md 12)."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.spreadsheets import kinds
from app.core.spreadsheets.workbook import Limits
from app.core.spreadsheets.zip_check import check_parts, read_part

LARGEST_BYTES = 20 << 20
_ODF = "application/vnd.oasis.opendocument."
MIMETYPES = {
    "pdf": "application/pdf",
    "odt": f"{_ODF}text",
    "ods": f"{_ODF}spreadsheet",
    "odp": f"{_ODF}presentation",
}
_SUFFIX_OF = {mimetype: suffix for suffix, mimetype in MIMETYPES.items()}
_LIMITS = Limits(file_bytes=LARGEST_BYTES, unpacked_bytes=200 << 20, members=2000)
# A PDF ends with this mark; some programs leave a few bytes behind it.
_PDF_END, _TAIL = b"%%EOF", 2048
_SCRIPTS = ("basic/", "scripts/")

NEITHER = Message("只收 PDF 和 ODF（.odt、.ods、.odp）檔，請轉存後再上傳")
DAMAGED_PDF = Message("這個 PDF 檔不完整，請重新轉存後再上傳")
DAMAGED_ODF = Message("這個 ODF 檔打不開或內容不對，請用 LibreOffice 重新存檔後再上傳")
PASSWORD = Message("檔案有密碼保護，請取消密碼後再上傳")
SCRIPTS = Message("檔案裡有巨集或內嵌物件，請移除後再上傳")
TOO_LARGE = Message("檔案超過 20 MB，請縮小後再上傳")


@dataclass(frozen=True, slots=True)
class PublicFile:
    """:ivar suffix: what the content is, whatever the file was called: a key of `MIMETYPES`"""

    suffix: str
    content: bytes


def read_public_file(content: bytes) -> PublicFile:
    """Return an uploaded PDF or ODF file as it is, having looked at what it really is.

    :raises InvalidValue: when it is empty, larger than 20 MiB, neither of the two, damaged, locked, or
        carries scripts
    """
    if not content:
        raise InvalidValue(Message("檔案是空的，請重新選擇"))
    if len(content) > LARGEST_BYTES:
        raise InvalidValue(TOO_LARGE)
    if content.startswith(b"%PDF-"):
        if _PDF_END not in content[-_TAIL:]:
            raise InvalidValue(DAMAGED_PDF)
        return PublicFile("pdf", content)
    if content.startswith(b"PK\x03\x04"):
        return PublicFile(_odf_suffix(content), content)
    raise InvalidValue(NEITHER)


def _odf_suffix(content: bytes) -> str:
    try:
        parts = check_parts(content, _LIMITS)
    except InvalidValue as error:
        said = {kinds.PASSWORD.template: PASSWORD, kinds.MACROS.template: SCRIPTS}
        raise InvalidValue(said.get(error.message.template, DAMAGED_ODF)) from None
    if "mimetype" not in parts:
        raise InvalidValue(NEITHER)
    mimetype = read_part(parts["mimetype"], content).decode("ascii", "replace").strip()
    if mimetype not in _SUFFIX_OF:
        raise InvalidValue(NEITHER)
    if "content.xml" not in parts or "META-INF/manifest.xml" not in parts:
        raise InvalidValue(DAMAGED_ODF)
    if b"encryption-data" in read_part(parts["META-INF/manifest.xml"], content):
        raise InvalidValue(PASSWORD)
    if any(name.casefold().startswith(_SCRIPTS) for name in parts):
        raise InvalidValue(SCRIPTS)
    return _SUFFIX_OF[mimetype]


def format_size(size_bytes: int) -> str:
    """Return a size as people read it: ``85 KB``, ``1.4 MB``."""
    if size_bytes < 1 << 20:
        return f"{max(1, round(size_bytes / 1024))} KB"
    return f"{size_bytes / (1 << 20):.1f} MB"
