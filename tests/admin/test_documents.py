"""The desk for files."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.core.audit import AuditEntry
from app.core.db import db
from app.site.models import PublicDocument
from tests.client import CheckingClient
from tests.core.hostile_sheets import packed
from tests.factories.documents import PDF, make_document

TYPED = {
    "category": "materials",
    "title": "初級教材（四縣）",
    "title_en": "",
    "note": "上冊",
    "opens_on": "112/5/5",
    "position": "20",
}


def upload(content: bytes, name: str = "file.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


@pytest.mark.requirement("R008", "S009")
def test_a_file_is_published_and_opens_on_its_day(
    client: CheckingClient, staff: Account, at: Callable[[str], None]
) -> None:
    page = client.send("/admin/documents/new", {**TYPED, "file": upload(PDF)})

    assert "尚未開放" in page.main.get_text()
    document = db.session.scalars(sa.select(PublicDocument)).one()
    assert client.get(f"/downloads/files/{document.public_id}").status_code == 404
    at("2023-05-05 00:00")
    assert client.get(f"/downloads/files/{document.public_id}").data == PDF


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ a program", "brochure.pdf", "只收 PDF 和 ODF"),
        (packed({"x.txt": "x"}), "form.odt", "只收 PDF 和 ODF"),
        (b"%PDF-1.7 cut off", "brochure.pdf", "不完整"),
        (b"", "", "請選擇要上傳的檔案"),
    ],
    ids=["program", "zip", "cut off", "none"],
)
def test_a_file_that_is_none_is_refused_and_the_text_stays(
    client: CheckingClient, staff: Account, content: bytes, name: str, sentence: str
) -> None:
    page = client.send("/admin/documents/new", {**TYPED, "file": upload(content, name)}, status=422)

    assert sentence in page.find(id="file-error").get_text()
    assert page.find(id="title")["value"] == TYPED["title"]
    assert db.session.scalars(sa.select(PublicDocument)).all() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": ""}, "title"), ({"opens_on": "soon"}, "opens_on"), ({"position": "-1"}, "position"),
     ({"category": "x"}, "category"), ({"note": "長" * 201}, "note")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(
    client: CheckingClient, staff: Account, changes: dict[str, str], field: str
) -> None:
    page = client.send("/admin/documents/new", {**TYPED, **changes, "file": upload(PDF)}, status=422)

    assert page.find(id=f"{field}-error") is not None


@pytest.mark.requirement("S009")
def test_a_replacement_keeps_the_address_and_the_version_before(
    client: CheckingClient, staff: Account
) -> None:
    document, newer = make_document(), PDF.replace(b"1.7", b"1.4")

    page = client.send(f"/admin/documents/{document.public_id}/replace", {"file": upload(newer)})

    assert len(page.select("tbody tr")) == 2
    assert client.get(f"/downloads/files/{document.public_id}").data == newer
    wrong = client.send(f"/admin/documents/{document.public_id}/replace", {"file": upload(b"x")}, status=422)
    assert "只收 PDF 和 ODF" in wrong.main.get_text()


def test_a_file_is_described_anew_on_record(client: CheckingClient, staff: Account) -> None:
    document = make_document()

    client.send(f"/admin/documents/{document.public_id}", {**TYPED, "title": "112 年度簡章（更正版）"})

    assert "112 年度簡章（更正版）" in client.page("/downloads").main.get_text()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "documents.describe")).one()
    assert entry.details["changes"]["title"] == ["112 年度簡章", "112 年度簡章（更正版）"]


def test_withdrawing_is_confirmed_and_can_be_taken_back(client: CheckingClient, staff: Account) -> None:
    document = make_document()
    address = f"/downloads/files/{document.public_id}"

    client.page(f"/admin/documents/{document.public_id}/withdraw")
    assert client.get(address).status_code == 200
    client.send(f"/admin/documents/{document.public_id}/withdraw", {})
    assert client.get(address).status_code == 404
    assert client.get(f"/admin/documents/{document.public_id}/file").data == PDF

    client.send(f"/admin/documents/{document.public_id}/restore", {})
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("path", "largest", "said"),
    [("/admin/documents/new", 20, "最多上傳 20 MB"), ("/account/password", 5, "最多上傳 5 MB")],
)
def test_a_file_beyond_all_measure_is_told_the_measure_of_its_page(
    client: CheckingClient, staff: Account, path: str, largest: int, said: str
) -> None:
    announced = {
        "CONTENT_LENGTH": str((largest + 2) << 20),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }

    response = client.post(path, data=b"--x", environ_overrides=announced)

    assert response.status_code == 413
    assert said in response.get_data(as_text=True)
    assert response.headers["X-Request-Id"] in response.get_data(as_text=True)


def test_the_desk_asks_little(
    client: CheckingClient, staff: Account, count_queries: Callable[[], object]
) -> None:
    for number in range(8):
        make_document(title=f"教材 {number}")

    with count_queries() as queries:
        client.page("/admin/documents/")

    assert len(queries) <= 7, queries
