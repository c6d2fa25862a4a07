import io

import pytest
from PIL import Image

from app.core.errors import InvalidValue
from app.core.uploads import LARGEST_BYTES, read_document


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "white").save(drawn, form, **options)
    return drawn.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    return picture(exif=exif)


def test_a_pdf_is_kept_as_it_is() -> None:
    document = read_document(b"%PDF-1.7 anything")

    assert (document.suffix, document.content) == ("pdf", b"%PDF-1.7 anything")


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_is_drawn_anew_as_jpeg(form: str) -> None:
    document = read_document(picture(form))

    assert document.suffix == "jpg"
    assert Image.open(io.BytesIO(document.content)).size == (40, 30)


def test_what_a_camera_hides_in_a_picture_is_left_behind() -> None:
    content = with_place()

    assert b"SecretPhone" in content
    assert b"SecretPhone" not in read_document(content).content


def test_what_hangs_behind_a_picture_is_left_behind() -> None:
    assert b"<script>" not in read_document(picture() + b"<script>alert(1)</script>").content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "檔案是空的"),
        (b"%PDF-" + b"x" * LARGEST_BYTES, "超過 5 MB"),
        (b"MZ\x90\x00 program", "只收 PDF、JPG 或 PNG"),
        (b"<svg onload=alert(1)>", "只收 PDF、JPG 或 PNG"),
        (b"GIF89a", "只收 PDF、JPG 或 PNG"),
        (picture()[:100], "打不開"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "打不開"),
        (picture("PNG", (5001, 5000)), "尺寸太大"),
        (picture("PNG", (20000, 20000)), "打不開|尺寸太大"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        read_document(content)
