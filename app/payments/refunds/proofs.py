"""The proofs that applicants send, under a name that can be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import BinaryIO, Final

from app.core.uploads import LARGEST_BYTES, MIMETYPES, read_document

_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A document as it is kept.

    :ivar name: as the sender's computer calls it, only to be shown; its ending is that of the kind
    """

    name: str
    mimetype: str
    content: bytes = field(repr=False)


def read_proof(stream: BinaryIO, file_name: str) -> ProofFile:
    """Return a PDF as it is, or a picture drawn anew, of at most 5 MiB.

    :raises InvalidValue: when it is empty, too large, damaged or something else
    """
    document = read_document(stream.read(LARGEST_BYTES + 1))
    name = _shown_name(file_name, f".{document.suffix}")
    return ProofFile(name, MIMETYPES[document.suffix], document.content)


def _shown_name(file_name: str, ending: str) -> str:
    stem = PurePath(file_name.replace("\\", "/")).stem
    plain = re.sub(r"[^\w一-鿿 .()（）-]", "_", stem).strip(" .")
    return (plain[: _LONGEST_NAME - len(ending)] or "document") + ending
