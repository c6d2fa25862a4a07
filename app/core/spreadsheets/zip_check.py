"""A look into a ZIP based spreadsheet before any parser sees it, trusting none of its headers."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from app.core.errors import InvalidValue
from app.core.messages import Message
from app.core.spreadsheets import kinds
from app.core.spreadsheets.workbook import Limits

DAMAGED = kinds.DAMAGED
TOO_BIG = Message("檔案內容太大。請刪除圖片與用不到的工作表，只留匯入範例的內容再上傳")
_OTHER_FORMAT = Message("不支援這種試算表格式。請用 Excel 另存成 .xlsx 再上傳")

_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_CHUNK = 64 << 10
_ACTIVE_PARTS = ("vbaproject", "activex", "/embeddings/", "basic/script-lc.xml")


def check_zip(content: bytes, limits: Limits) -> None:
    """Raise `InvalidValue` unless the bytes are a harmless .xlsx or .ods.

    Every part is unpacked for real, against a running total, and compared with what the headers
    promise; nothing is kept.
    """
    parts = check_parts(content, limits)
    _check_format(parts, content)


def check_parts(content: bytes, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Return the parts of a ZIP file by name, all of them sound; raises `InvalidValue` otherwise."""
    members = _list_members(content)
    _check_names(members, limits)
    _check_spans(members, content)
    budget = min(limits.unpacked_bytes, limits.unpacked_ratio * len(content))
    for member in members:
        budget -= _check_part(member, content, budget)
    return {member.filename: member for member in members}


def read_part(member: zipfile.ZipInfo, content: bytes) -> bytes:
    """Return what a part that was checked unpacks to."""
    return b"".join(_unpack(member, content))


def _list_members(content: bytes) -> list[zipfile.ZipInfo]:
    try:
        return zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise InvalidValue(DAMAGED) from None


def _check_names(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = {member.filename.casefold() for member in members}
    if len(members) > limits.members or len(names) != len(members):
        raise InvalidValue(DAMAGED)
    for member in members:
        if ".." in member.filename.split("/") or member.filename.startswith("/") or "\\" in member.filename:
            raise InvalidValue(DAMAGED)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise InvalidValue(DAMAGED)
        if member.flag_bits & 0x1:
            raise InvalidValue(kinds.PASSWORD)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InvalidValue(DAMAGED)
    if any(part in f"/{name}" for name in names for part in _ACTIVE_PARTS):
        raise InvalidValue(kinds.MACROS)


def _check_spans(members: list[zipfile.ZipInfo], content: bytes) -> None:
    # Overlapping parts are how a few kilobytes are made to unpack to petabytes.
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise InvalidValue(DAMAGED)
        end = _body_start(member, content) + member.compress_size
    if end > len(content):
        raise InvalidValue(DAMAGED)


def _body_start(member: zipfile.ZipInfo, content: bytes) -> int:
    header = content[member.header_offset : member.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise InvalidValue(DAMAGED)
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    return member.header_offset + _LOCAL_HEADER.size + int(name_length) + int(extra_length)


def _check_part(member: zipfile.ZipInfo, content: bytes, budget: int) -> int:
    """Return how many bytes the part unpacks to, having looked at all of them."""
    size, checksum, tail = 0, 0, b""
    for chunk in _unpack(member, content):
        if size == 0 and member.filename.endswith((".xml", ".rels")):
            _check_encoding(chunk)
        size += len(chunk)
        if size > budget:
            raise InvalidValue(TOO_BIG)
        checksum = zlib.crc32(chunk, checksum)
        # Without its NUL bytes a declaration is seen in UTF-16 too.
        text = tail + chunk.replace(b"\0", b"")
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise InvalidValue(DAMAGED)
        tail = text[-16:]
    if size != member.file_size or checksum != member.CRC:
        raise InvalidValue(DAMAGED)
    return size


def _check_encoding(opening: bytes) -> None:
    # The parser reads a part in UTF-16 as a sheet without rows and says nothing (security.md 11.1).
    if b"\0" in opening[:64]:
        raise InvalidValue(DAMAGED)


def _unpack(member: zipfile.ZipInfo, content: bytes) -> Iterator[bytes]:
    start = _body_start(member, content)
    body = memoryview(content)[start : start + member.compress_size]
    slices = (bytes(body[position : position + _CHUNK]) for position in range(0, len(body), _CHUNK))
    if member.compress_type == zipfile.ZIP_STORED:
        yield from slices
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in slices:
            pending = packed
            while pending:
                yield unpacker.decompress(pending, _CHUNK)
                pending = unpacker.unconsumed_tail
        while not unpacker.eof and (rest := unpacker.decompress(b"", _CHUNK)):
            yield rest
    except zlib.error:
        raise InvalidValue(DAMAGED) from None


def _check_format(parts: dict[str, zipfile.ZipInfo], content: bytes) -> None:
    def read(name: str) -> bytes:
        return read_part(parts[name], content) if name in parts else b""

    if "xl/workbook.xml" in parts:
        if b"macroEnabled" in read("[Content_Types].xml"):
            raise InvalidValue(kinds.MACROS)
    elif read("mimetype").strip() == _ODS_TYPE:
        if b"encryption-data" in read("META-INF/manifest.xml"):
            raise InvalidValue(kinds.PASSWORD)
    elif "xl/workbook.bin" in parts or "Index/Document.iwa" in parts:
        raise InvalidValue(_OTHER_FORMAT)
    else:
        raise InvalidValue(kinds.NOT_A_SPREADSHEET)
