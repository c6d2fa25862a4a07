"""Labels, the list for the post office, and the sheet."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.core.pdf.frame import Frame
from app.mailings.labels_pdf import PER_SHEET, build_labels
from app.mailings.parcel_row import ParcelRow
from app.mailings.posting_list import ROWS_PER_PAGE, build_posting_list, build_posting_sheet

ROW = ParcelRow(
    position=1,
    code="12-1",
    zip_code="366",
    address="苗栗縣銅鑼鄉九湖村𠊎子坑12號",
    organisation="",
    recipient="黃𠊎堃",
    contents="教材 1 份",
    way="掛號",
    registered_number="00123410001217",
    names="黃𠊎堃",
)
LEADER = replace(
    ROW, position=2, code="12-2", organisation="銅鑼國小", recipient="彭秀英", contents="教材 38 份"
)
FRAME = Frame(
    organiser="客家委員會",
    implementer="國立臺灣師範大學（進修推廣學院）",
    exam_title="112 年度客語能力基礎級暨初級認證",
    title="掛號函件存根",
    office_name="客語能力認證總試務中心",
    office_address="106 臺北市和平東路一段 162 號",
    office_phones=("(02) 7749-8207",),
    version=1,
    issued_at=datetime(2023, 12, 8, 1, 0, tzinfo=UTC),
)


def text_of(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    found = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    )
    return re.sub(r"[ \u3000]", "", found.stdout)


def pages_of(content: bytes, tmp_path: Path) -> int:
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    found = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", found)[1])


def labels(*rows: ParcelRow) -> bytes:
    return build_labels(rows, title="地址標籤", author="國立臺灣師範大學")


def test_a_label_has_postcode_address_name_contents_and_its_code(tmp_path: Path) -> None:
    text = text_of(labels(ROW, LEADER), tmp_path)

    assert "黃𠊎堃收" in text
    assert "苗栗縣銅鑼鄉九湖村𠊎子坑12號" in text
    assert "彭秀英收" in text
    assert "銅鑼國小" in text
    assert "教材38份" in text
    assert "掛號12-2" in text
    assert text.count("366") == 2


def test_sixteen_labels_fill_a_sheet(tmp_path: Path) -> None:
    assert pages_of(labels(*[ROW] * PER_SHEET), tmp_path) == 1
    assert pages_of(labels(*[ROW] * (PER_SHEET + 1)), tmp_path) == 2


LONGEST = replace(
    LEADER,
    zip_code="366012",
    address="苗栗縣銅鑼鄉" + "九湖村" * 33,
    organisation="國小" * 30,
    recipient="堃" * 60,
)


def test_the_longest_address_and_name_fit_label_and_list(tmp_path: Path) -> None:
    assert "九湖村" in text_of(labels(LONGEST), tmp_path)
    assert "九湖村" in text_of(build_posting_list(FRAME, [LONGEST], sender=""), tmp_path)


def test_no_parcels_are_no_labels() -> None:
    with pytest.raises(ValueError, match="no label"):
        labels()


@pytest.mark.requirement("R171")
def test_the_posting_list_has_a_line_per_letter_and_room_for_the_stamp(tmp_path: Path) -> None:
    text = text_of(build_posting_list(FRAME, [ROW, LEADER], sender="臺北師大郵局第13號信箱"), tmp_path)

    for words in ("掛號函件存根", "00123410001217", "黃𠊎堃", "彭秀英", "共2件", "郵局郵戳", "第13號信箱"):
        assert words in text


def test_a_full_page_is_one_page_and_one_more_line_two(tmp_path: Path) -> None:
    full = [replace(ROW, position=number) for number in range(1, ROWS_PER_PAGE + 1)]

    assert pages_of(build_posting_list(FRAME, full, sender=""), tmp_path) == 1
    assert pages_of(build_posting_list(FRAME, [*full, ROW], sender=""), tmp_path) == 2


def test_the_sheet_is_text_and_never_a_formula() -> None:
    evil = replace(
        ROW, recipient='=HYPERLINK("http://x")', address="+886", organisation="@SUM(A1)", zip_code="006"
    )

    sheet = load_workbook(io.BytesIO(build_posting_sheet([evil]))).active

    assert {cell.data_type for cell in sheet[2]} <= {"s"}
    assert sheet["F2"].value == '=HYPERLINK("http://x")'
    assert sheet["C2"].value == "006"
