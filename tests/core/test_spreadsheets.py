"""Spreadsheets of strangers: read as the sheet shows them, or refused in one sentence and limited time."""

from __future__ import annotations

import contextlib
import io
import time
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import InvalidValue
from app.core.spreadsheets import Limits, Merged, MinguoDate, Unknown, Workbook, read_workbook
from tests.core import hostile_sheets as hostile

SHEETS = Path(__file__).parents[1] / "groups" / "sheets"


def saved(workbook: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def sheet_of(*rows: list[object]) -> bytes:
    workbook = openpyxl.Workbook()
    for values in rows:
        workbook.active.append(values)
    return saved(workbook)


def refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(InvalidValue) as caught:
        read_workbook(content, limits=limits)
    return str(caught.value.message)


def test_cells_keep_their_types():
    content = sheet_of(
        ["黃𠊎堃", "0930902", 930902, 1.5, True, date(2004, 9, 2), datetime(2023, 5, 1, 9, 30)]  # noqa: DTZ001
    )

    (only,) = read_workbook(content).sheets[0].rows

    assert only.cells == (
        "黃𠊎堃",
        "0930902",
        930902,
        1.5,
        True,
        date(2004, 9, 2),
        datetime(2023, 5, 1, 9, 30),  # noqa: DTZ001
    )
    assert type(only.cells[2]) is int
    assert type(only.cells[4]) is bool
    assert type(only.cells[5]) is date


def test_formulas_are_their_results_and_without_one_unknown():
    cells = (
        '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1</f><v>四縣</v></c><c r="C2"><f>A1</f></c>'
        '<c r="D2" t="e"><f>VLOOKUP(1,A:B,2)</f><v>#N/A</v></c><c r="E2" t="str"><f>IF(1,"")</f><v></v></c>'
        '<c r="AA2"><f>A1</f><v/></c>'
    )

    content = hostile.xlsx(f'{hostile.row(1, column="AA")}<row r="2">{cells}</row>')

    _, row = read_workbook(content).sheets[0].rows

    assert row.cells[:5] == (2, "四縣", Unknown.NO_RESULT, Unknown.NO_RESULT, None)
    assert row.cells[26] is Unknown.NO_RESULT


def test_rows_are_numbered_as_the_sheet_shows_them():
    workbook = openpyxl.Workbook()
    workbook.active["C4"] = "第四列"
    workbook.active["A7"] = "第七列"

    rows = read_workbook(saved(workbook)).sheets[0].rows

    assert [(row.number, row.cells) for row in rows] == [(4, (None, None, "第四列")), (7, ("第七列",))]


CLASS = [["姓名", "生日", "電話"], ["黃𠊎堃", "93/9/2", "0912345678"]]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_separated_text_is_read_in_every_usual_encoding(separator: str, encoding: str):
    content = "\r\n".join(separator.join(row) for row in CLASS).encode(encoding)

    (sheet,) = read_workbook(content).sheets

    assert [list(row.cells) for row in sheet.rows] == CLASS


def test_separated_text_in_big5_keeps_what_can_be_read():
    content = "姓名,生日\r\n黃大宏,93/9/2\r\n林".encode("cp950") + b"\xfa\x40,93/9/3\r\n" + b"\r\n" * 3

    (sheet,) = read_workbook(content).sheets

    assert [row.cells for row in sheet.rows] == [
        ("姓名", "生日"),
        ("黃大宏", "93/9/2"),
        ("林\ufffd", "93/9/3"),
    ]


def test_cells_of_separated_text_are_what_a_spreadsheet_makes_of_them():
    line = '0912345678,912345678,1993/9/2,2004-09-02 00:00,93/9/2,1993/13/2,="007","a\nb","say ""hi""",A12'

    (row,) = read_workbook(f"sep=,\r\n{line}\r\n".encode()).sheets[0].rows

    assert row.cells == (
        "0912345678",
        912345678,
        date(1993, 9, 2),
        date(2004, 9, 2),
        "93/9/2",
        "1993/13/2",
        "007",
        "a\nb",
        'say "hi"',
        "A12",
    )


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_hidden_rows_merged_cells_and_minguo_dates_are_known(extension: str):
    (sheet,) = read_workbook((SHEETS / f"hidden_and_merged.{extension}").read_bytes()).sheets

    assert sheet.hidden == {3, 4}
    assert Merged(2, 0, 4, 0) in sheet.merged
    assert isinstance(sheet.rows[1].cells[2], MinguoDate)
    assert sheet.rows[1].cells[2] == date(2012, 3, 4)
    assert type(sheet.rows[2].cells[2]) is date


def test_rows_are_found_by_place_as_in_any_sequence():
    content = sheet_of(*([number] for number in range(450)))

    rows = read_workbook(content).sheets[0].rows

    everything = list(rows)
    assert (len(rows), len(everything)) == (450, 450)
    assert [rows[0], rows[199], rows[200], rows[-1]] == [everything[at] for at in (0, 199, 200, 449)]
    assert list(rows[195:405]) == everything[195:405]
    assert list(rows[:-440:3]) == everything[:-440:3]
    assert list(rows[5:1:-1]) == everything[5:1:-1]
    with pytest.raises(IndexError):
        rows[450]


def test_hidden_sheets_are_read_and_known_as_hidden():
    workbook = openpyxl.Workbook()
    workbook.active.append(["名單"])
    workbook.create_sheet("版本").append(["mark"])
    workbook["版本"].sheet_state = "hidden"

    found = read_workbook(saved(workbook))

    assert [(sheet.name, sheet.visible) for sheet in found.sheets] == [("Sheet", True), ("版本", False)]
    assert found.find_sheet("版本").rows[0].cells == ("mark",)
    assert found.find_sheet("無") is None


def test_formatted_blank_rows_by_the_thousand_do_not_count():
    workbook = openpyxl.Workbook()
    workbook.active.append(["黃大宏"])
    for number in range(2, 5_000):
        workbook.active.cell(number, 1).number_format = "@"

    assert len(read_workbook(saved(workbook)).sheets[0].rows) == 1


def test_five_hundred_rows_are_read():
    content = sheet_of(*(["黃𠊎堃", "100/9/2", "A123456789", *["臺北市"] * 21] for _ in range(500)))

    found = read_workbook(content)

    assert len(found.sheets[0].rows) == 500


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "檔案是空的"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "網頁格式"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "網頁格式"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "網頁格式"),
        (b"{\\rtf1\\ansi", "不是試算表"),
        (b"\x89\x50" * 50, "文字編碼"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "不是試算表"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "不是試算表"),
        (hostile.ole_with_stream("EncryptedPackage"), "有密碼"),
        (hostile.ole_with_stream("WordDocument"), "不是試算表"),
        (hostile.ole_with_stream("_VBA_PROJECT_CUR"), "有巨集"),
        (hostile.packed({"word/document.xml": "<document/>"}), "不是試算表"),
        (hostile.packed({"xl/workbook.bin": b"\x83\x01"}), "不支援這種試算表格式"),
        (hostile.packed({"Index/Document.iwa": b"\x01"}), "不支援這種試算表格式"),
    ],
)
def test_what_is_no_spreadsheet_is_called_by_its_name(content: bytes, expected: str):
    assert expected in refusal(content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (hostile.xlsx_with(part="xl/vbaProject.bin", body=b"\0"), "巨集"),
        (hostile.xlsx_with(part="xl/activeX/activeX1.xml", body="<ocx/>"), "內嵌物件"),
        (hostile.xlsx_with(part="xl/embeddings/oleObject1.bin", body=b"\0"), "內嵌物件"),
        (
            hostile.xlsx_with(
                part="[Content_Types].xml",
                body=hostile.CONTENT_TYPES.replace("openxmlformats-officedocument", "ms-excel.macroEnabled"),
            ),
            "巨集",
        ),
        (hostile.xlsx_with(part="../../etc/passwd", body="x"), "無法讀取"),
        (hostile.xlsx_with(part="/etc/passwd", body="x"), "無法讀取"),
        (hostile.xlsx_with(part="XL/WORKBOOK.XML", body="<workbook/>"), "無法讀取"),
        (
            hostile.xlsx_with(
                part="xl/a.xml", body='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a/>'
            ),
            "無法讀取",
        ),
        (hostile.xlsx_with(part="xl/a.xml", body="\ufeff<!DOCTYPE a><a/>".encode("utf-16-le")), "無法讀取"),
        (hostile.xlsx_with(part="xl/a.bin", body="<!ENTITY a>".encode("utf-16-be")), "無法讀取"),
        (
            hostile.xlsx_with(
                part="xl/worksheets/sheet1.xml",
                body=f"<worksheet {hostile.MAIN}><sheetData/></worksheet>".encode("utf-16"),
            ),
            "無法讀取",
        ),
        (hostile.packed({f"xl/{number}.xml": "" for number in range(201)}), "無法讀取"),
        (hostile.overlapping(), "無法讀取"),
        (hostile.with_link(), "無法讀取"),
        (hostile.with_wrong_checksum(), "無法讀取"),
        (hostile.with_lying_size(), "內容太大"),
        (hostile.unpacking_to(61), "內容太大"),
        (hostile.unpacking_to(5), "內容太大"),  # not much, but far more than 200 times what was sent
        (hostile.xlsx(hostile.row(1))[:-30], "無法讀取"),
        (b"PK\x03\x04" + bytes(200), "無法讀取"),
    ],
)
def test_zip_tricks_are_refused_before_anything_is_parsed(content: bytes, expected: str, monkeypatch):
    monkeypatch.setattr("app.core.spreadsheets.reader._run_child", lambda *_: pytest.fail("it was parsed"))

    assert expected in refusal(content)


def test_a_password_on_an_ods_is_named():
    manifest = "<manifest><encryption-data/></manifest>"
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"

    assert "有密碼" in refusal(hostile.packed({"mimetype": mimetype, "META-INF/manifest.xml": manifest}))


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (hostile.far_cell, "無法讀取"),
        (hostile.far_cell_xls, "無法讀取"),
        (lambda: hostile.ods(hostile.ods_row('table:number-rows-repeated="1000000"')), "第 20000 列以下"),
        (hostile.million_rows, "第 20000 列以下"),
    ],
    ids=["far cell", "far cell in xls", "repeated ods row", "million rows"],
)
def test_files_that_grow_in_memory_cost_seconds_and_a_sentence(build, expected: str):
    content = build()

    started = time.perf_counter()
    sentence = refusal(content)

    assert expected in sentence
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        (3_000, 1, None),
        (3_001, 1, "超過 3000 列資料"),
        (1, 64, None),
        (1, 65, "超過 64 欄"),
    ],
)
def test_a_sheet_has_a_largest_size(rows: int, columns: int, expected: str | None):
    content = sheet_of(*(["甲"] * columns for _ in range(rows)))

    if expected is None:
        assert len(read_workbook(content).sheets[0].rows) == rows
    else:
        assert expected in refusal(content)


@pytest.mark.parametrize(("last_row", "accepted"), [(20_000, True), (20_001, False)])
def test_nothing_may_stand_below_row_20000(last_row: int, accepted: bool):
    content = hostile.xlsx(hostile.row(1) + hostile.row(last_row))

    if accepted:
        assert read_workbook(content).sheets[0].rows[-1].number == 20_000
    else:
        assert "第 20000 列以下還有內容" in refusal(content)


@pytest.mark.parametrize(("length", "accepted"), [(2_000, True), (2_001, False)])
def test_a_cell_has_a_longest_text(length: int, accepted: bool):
    content = sheet_of(["甲"], [None, "長" * length])

    if accepted:
        assert len(read_workbook(content).sheets[0].rows[1].cells[1]) == length
    else:
        assert "B2 的文字超過 2000 字" in refusal(content)


@pytest.mark.parametrize(("sheets", "accepted"), [(10, True), (11, False)])
def test_a_workbook_has_at_most_ten_sheets(sheets: int, accepted: bool):
    workbook = openpyxl.Workbook()
    for number in range(sheets - 1):
        workbook.create_sheet(f"工作表{number}")

    if accepted:
        assert len(read_workbook(saved(workbook)).sheets) == sheets
    else:
        assert "超過 10 張" in refusal(saved(workbook))


def test_a_file_over_five_megabytes_is_not_looked_at():
    assert "超過 5 MB" in refusal(b"PK\x03\x04" + bytes(5 << 20))


def test_a_parser_that_does_not_end_is_stopped():
    assert "無法讀取" in refusal(sheet_of(["黃大宏"]), Limits(wall_seconds=0))


def test_a_parser_that_takes_too_much_processor_time_is_stopped():
    limits = Limits(cpu_seconds=1, physical_rows=2_000_000, filled_rows=2_000_000)

    assert "無法讀取" in refusal(hostile.million_rows(), limits)


def test_a_parser_that_says_too_much_is_not_listened_to():
    assert "內容太大" in refusal(sheet_of(["黃大宏"] * 10), Limits(output_bytes=100))


def million_blank_rows() -> bytes:
    rows = "".join(f'<row r="{number}"/>' for number in range(2, 1_000_001))
    return hostile.xlsx(hostile.row(1) + rows)


def test_a_million_blank_rows_are_nothing():
    started = time.perf_counter()

    assert len(read_workbook(million_blank_rows()).sheets[0].rows) == 1
    assert time.perf_counter() - started < 20


def test_sixteen_thousand_columns_are_refused():
    content = hostile.xlsx(hostile.row(1) + hostile.row(2, column="XFD"))

    assert "超過 64 欄" in refusal(content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f"姓名,備註\n黃大宏,{'長' * 10_000}\n".encode(), "B2 的文字超過 2000 字"),
        (('姓名,備註\n黃大宏,"沒有結尾' + "的引號" * 1_000).encode(), "B2 的文字超過 2000 字"),
        (b"a,b\n" * 3_001, "超過 3000 列資料"),
        (b",".join([b"x"] * 65), "超過 64 欄"),
        (b"\n" * 20_000 + b"x,y\n", "第 20000 列以下還有內容"),
    ],
    ids=["long cell", "open quote", "rows", "columns", "far row"],
)
def test_separated_text_has_the_same_limits(content: bytes, expected: str):
    assert expected in refusal(content)


def test_formulas_links_and_control_characters_in_text_are_only_text():
    content = '姓名,備註\n"=HYPERLINK(""http://evil.example"")",@SUM(A1)\n\x07黃,=cmd|\' /c calc\'!A0\n'

    with pytest.raises(InvalidValue, match="不是試算表"):
        read_workbook(content.encode())
    rows = read_workbook(content.replace("\x07", "\u200b").encode()).sheets[0].rows

    assert [row.cells for row in rows[1:]] == [
        ('=HYPERLINK("http://evil.example")', "@SUM(A1)"),
        ("\u200b黃", "=cmd|' /c calc'!A0"),
    ]


@pytest.mark.parametrize("name", ["group_38_pupils.xls", "group_38_pupils.ods", "heading_changed.xlsx"])
def test_a_truncated_file_is_refused(name: str):
    content = (SHEETS / name).read_bytes()

    assert "無法讀取" in refusal(content[: len(content) // 2])


def test_limits_grow_with_what_is_allowed():
    limits = Limits.for_size(60_000, 20)

    assert Limits.for_size(3_000, 5) == Limits()
    assert (limits.filled_rows, limits.physical_rows, limits.file_bytes) == (60_000, 65_000, 20 << 20)


def test_a_sheet_with_many_merged_ranges_is_read():
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(2, 20_000))
    content = hostile.xlsx(hostile.row(1), f"<mergeCells>{merges}</mergeCells>")

    assert read_workbook(content).sheets[0].rows[0].cells == ("黃大宏",)


@pytest.mark.parametrize("name", ["group_38_pupils.xls", "heading_changed.xlsx"])
@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.floats(0, 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused_but_never_breaks_us(name: str, place: float, damage: bytes):
    content = bytearray((SHEETS / name).read_bytes())
    position = int(place * len(content))
    content[position : position + len(damage)] = damage

    with contextlib.suppress(InvalidValue):
        assert isinstance(read_workbook(bytes(content)), Workbook)
