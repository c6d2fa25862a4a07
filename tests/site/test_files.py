"""What the office may publish: PDF and ODF, told from the content (S012)."""

from __future__ import annotations

import io
import zipfile

import pytest
from odf.opendocument import OpenDocumentPresentation, OpenDocumentSpreadsheet, OpenDocumentText

from app.core.errors import InvalidValue
from app.site import files
from app.site.files import format_size, read_public_file
from tests.core.hostile_sheets import packed, parts_of_xlsx

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ODT_TYPE = files.MIMETYPES["odt"]
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def odf(document: object) -> bytes:
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def odt(**extra: str) -> bytes:
    """Return the parts of a smallest .odt, with others beside them."""
    parts = {"mimetype": ODT_TYPE, "content.xml": "<x/>", "META-INF/manifest.xml": MANIFEST}
    return packed(parts | {name.replace("__", "/"): body for name, body in extra.items()})


@pytest.mark.requirement("S012")
@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (PDF, "pdf"),
        (odf(OpenDocumentText()), "odt"),
        (odf(OpenDocumentSpreadsheet()), "ods"),
        (odf(OpenDocumentPresentation()), "odp"),
    ],
)
def test_pdf_and_odf_are_taken_as_they_are(content: bytes, suffix: str) -> None:
    file = read_public_file(content)

    assert (file.suffix, file.content) == (suffix, content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "檔案是空的"),
        (b"MZ\x90 a program called brochure.pdf", files.NEITHER),
        (b"<html>%PDF-</html>", files.NEITHER),
        (PDF[:-8], files.DAMAGED_PDF),
        (b"%PDF-" + b"x" * (20 << 20), files.TOO_LARGE),
        (packed({"hello.txt": "a zip called form.odt"}), files.NEITHER),
        (packed(parts_of_xlsx("")), files.NEITHER),
        (packed({"mimetype": "application/epub+zip", "content.xml": "<x/>"}), files.NEITHER),
        (packed({"mimetype": ODT_TYPE}), files.DAMAGED_ODF),
        (odt()[:-40], files.DAMAGED_ODF),
        (odt(Basic__Standard__Module1_xml="Sub x"), files.SCRIPTS),
        (odt(Scripts__python__x_py="import os"), files.SCRIPTS),
        (
            odt(Object_1__content_xml="<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>"),
            files.DAMAGED_ODF,
        ),
        (odt(Pictures__bomb="0" * (20 << 20)), files.DAMAGED_ODF),
        (
            packed(
                {
                    "mimetype": ODT_TYPE,
                    "content.xml": "x",
                    "META-INF/manifest.xml": "<manifest:encryption-data/>",
                }
            ),
            files.PASSWORD,
        ),
    ],
    ids=lambda value: str(value)[:24] if not isinstance(value, bytes) else f"{len(value)} bytes",
)
def test_what_is_neither_or_hostile_is_refused_with_a_sentence(content: bytes, sentence: object) -> None:
    with pytest.raises(InvalidValue) as refusal:
        read_public_file(content)

    assert str(sentence) in str(refusal.value)


def test_a_part_that_leads_out_of_the_file_is_refused() -> None:
    file = io.BytesIO(odt())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("../../etc/passwd", "x")

    with pytest.raises(InvalidValue):
        read_public_file(file.getvalue())


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "1 KB"), (1500, "1 KB"), (87_000, "85 KB"), (1 << 20, "1.0 MB"), (1_500_000, "1.4 MB")],
)
def test_a_size_is_written_as_people_read_it(size: int, shown: str) -> None:
    assert format_size(size) == shown
