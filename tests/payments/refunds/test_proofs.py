"""What can be sent as a proof: told by its content, never by its name."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.core.errors import InvalidValue
from app.core.uploads import LARGEST_BYTES
from app.payments.refunds.proofs import read_proof


@pytest.mark.parametrize(
    ("content", "name", "kept_as", "mimetype"),
    [
        (b"%PDF-1.7 x", "診斷證明.pdf", "診斷證明.pdf", "application/pdf"),
        (b"%PDF-1.7 x", "../../etc/passwd\r\nX: 1", "passwd__X_ 1.pdf", "application/pdf"),
        (b"%PDF-1.7 x", "", "document.pdf", "application/pdf"),
        (b"%PDF-1.7 x", "長" * 200 + ".pdf", "長" * 76 + ".pdf", "application/pdf"),
    ],
)
def test_documents_are_kept_under_a_plain_name(
    content: bytes, name: str, kept_as: str, mimetype: str
) -> None:
    found = read_proof(io.BytesIO(content), name)

    assert (found.name, found.mimetype, found.content) == (kept_as, mimetype, content)


def test_a_picture_is_drawn_anew_and_named_for_what_it_is() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 10)).save(picture, "PNG")
    picture.seek(0)

    found = read_proof(picture, "scan.pdf")

    assert (found.name, found.mimetype) == ("scan.jpg", "image/jpeg")
    assert found.content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "檔案是空的"),
        (b"MZ\x90", "只收 PDF、JPG 或 PNG"),
        (b"<svg onload=alert(1)>", "只收 PDF、JPG 或 PNG"),
        (b"%PDF-" + b"x" * (LARGEST_BYTES - 4), "超過 5 MB"),
    ],
)
def test_other_files_are_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        read_proof(io.BytesIO(content), "proof.pdf")


def test_exactly_five_mebibytes_are_taken() -> None:
    content = b"%PDF-" + b"x" * (LARGEST_BYTES - 5)

    assert len(read_proof(io.BytesIO(content), "proof.pdf").content) == LARGEST_BYTES
