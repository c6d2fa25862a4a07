"""The template as Excel and LibreOffice will find it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet, load
from odf.table import ContentValidation, HelpMessage
from openpyxl.worksheet.worksheet import Worksheet

from app.core.spreadsheets import Sheet, read_workbook
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.matching import propose_matching, table_rows
from app.groups.sheets.template_layout import (
    EXAMPLE_SHEET,
    INSTRUCTIONS_SHEET,
    LISTS_SHEET,
    MARK_SHEET,
    MEMBERS_SHEET,
)
from app.groups.sheets.template_ods import build_template_ods
from app.groups.sheets.template_sheet import build_template
from scripts.make_samples import FACTS, filled_template, pupils

SOFFICE = shutil.which("soffice")
KEYS = [column.key for column in COLUMNS]


@pytest.fixture(scope="module")
def content() -> bytes:
    return build_template(FACTS)


@pytest.fixture(scope="module")
def workbook(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def members(workbook: openpyxl.Workbook) -> Worksheet:
    return workbook[MEMBERS_SHEET]


def test_the_list_comes_first_and_the_lists_are_hidden(workbook: openpyxl.Workbook):
    assert [(sheet.title, sheet.sheet_state) for sheet in workbook] == [
        (MEMBERS_SHEET, "visible"),
        (INSTRUCTIONS_SHEET, "visible"),
        (EXAMPLE_SHEET, "visible"),
        (LISTS_SHEET, "hidden"),
        (MARK_SHEET, "hidden"),
    ]


def test_required_headings_end_with_an_asterisk(members: Worksheet):
    headings = [cell.value for cell in members[1]]

    assert [heading for heading in headings if heading.endswith("*")] == [
        "中文姓名*",
        "出生日期*",
        "國籍*",
        "身分證統一編號*",
        "報考腔調別*",
        "考生身分*",
        "考生職業*",
        "教育程度*",
    ]
    assert len(headings) == len(COLUMNS)


@pytest.mark.parametrize("row", [2, 501])
@pytest.mark.parametrize("key", ["birth_on", "id_number", "phone_home", "phone_mobile", "emergency_phone"])
def test_dates_and_numbers_are_kept_as_typed(members: Worksheet, key: str, row: int):
    assert members.cell(row, KEYS.index(key) + 1).number_format == "@"


def test_what_is_typed_below_the_prepared_rows_stays_text_too(members: Worksheet):
    assert members.column_dimensions["G"].number_format == "@"


@pytest.mark.requirement("R229")
@pytest.mark.parametrize(("cells", "expected"), [("A2:A1001", "$A$2"), ("B2:B1001", "$A$3")])
def test_blue_cells_take_only_what_stands_there_and_turn_red_when_pasted_over(
    workbook: openpyxl.Workbook, members: Worksheet, cells: str, expected: str
):
    [guide] = [each for each in members.data_validations.dataValidation if str(each.sqref) == cells]
    [rule] = next(each.rules for each in members.conditional_formatting if str(each.sqref) == cells)

    assert (guide.type, guide.showErrorMessage) == ("custom", True)
    assert guide.formula1.endswith(f"='{MARK_SHEET}'!{expected}")
    assert f"<>'{MARK_SHEET}'!{expected}" in rule.formula[0]
    # The list itself is not protected: rows can be sorted, filtered and pasted.
    assert members.protection.sheet is False
    assert workbook[MARK_SHEET][expected.replace("$", "")].value == members[cells.split(":")[0]].value


@pytest.mark.requirement("R228")
def test_the_example_is_shown_on_a_sheet_of_its_own_that_cannot_be_filled_in(workbook: openpyxl.Workbook):
    sheet = workbook[EXAMPLE_SHEET]
    minimal, full = [row for row in sheet.iter_rows(values_only=True) if row[0] == FACTS.round_name]

    assert sheet.protection.sheet
    assert full[2:] == tuple(column.example for column in COLUMNS[2:])
    assert [value is not None for value in minimal] == [
        column.locked or column.required or column.key == "phone_mobile" for column in COLUMNS
    ]


@pytest.mark.requirement("R228")
@pytest.mark.parametrize("build", [build_template, build_template_ods])
def test_the_example_is_never_imported_as_a_person(build: Callable[..., bytes]):
    workbook = read_workbook(build(FACTS))

    assert list(table_rows(workbook, propose_matching(workbook))) == []


@pytest.mark.requirement("R234")
@pytest.mark.parametrize("row", [2, 501])
def test_round_and_area_are_filled_in(members: Worksheet, row: int):
    assert [members.cell(row, 1).value, members.cell(row, 2).value] == ["全國認證第一梯次", "臺北"]


def test_each_drop_down_points_at_its_entries(workbook: openpyxl.Workbook, members: Worksheet):
    menus = {
        str(menu.sqref).split(":")[0]: menu.formula1
        for menu in members.data_validations.dataValidation
        if menu.type == "list"
    }

    for position, column in enumerate(COLUMNS, start=1):
        if column.options:
            formula = menus[f"{members.cell(2, position).coordinate}"]
            sheet_name, cells = formula.replace("'", "").split("!")
            entries = [cell.value for (cell,) in workbook[sheet_name][cells.replace("$", "")]]
            assert tuple(entries) == column.options
    assert len(menus) == sum(bool(column.options) for column in COLUMNS)


def test_prompts_fit_into_what_excel_allows(members: Worksheet):
    for validation in members.data_validations.dataValidation:
        assert len(validation.promptTitle) <= 32
        assert len(validation.prompt) <= 255


def test_headings_and_names_stay_in_view(members: Worksheet):
    assert members.freeze_panes == "D2"


def test_the_instructions_explain_every_column_by_an_example(workbook: openpyxl.Workbook):
    lines = {row[0]: row[1:] for row in workbook[INSTRUCTIONS_SHEET].iter_rows(values_only=True)}

    for column in COLUMNS:
        assert lines[column.heading][0] == ("必填" if column.required else None)
        assert lines[column.heading][3]


def test_the_mark_tells_year_round_and_area(content: bytes):
    mark = read_workbook(content).find_sheet(MARK_SHEET)

    assert mark.rows[0].cells == ("hakka-members/1|112|nat-112-01|臺北",)
    assert not mark.visible


def test_a_name_like_a_formula_stays_text():
    content = build_template(replace(FACTS, group_name="=1+1 & 中山國小", round_name="=第一梯次"))

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet for sheet in sheets)


# ---- the OpenDocument template ----


@pytest.fixture(scope="module")
def ods() -> OpenDocumentSpreadsheet:
    return load(io.BytesIO(build_template_ods(FACTS)))


def test_both_formats_say_the_same_in_every_cell(content: bytes):
    first, second = read_workbook(content), read_workbook(build_template_ods(FACTS))

    for sheet in first.sheets:
        other = second.find_sheet(sheet.name)
        assert other is not None
        assert other.visible == sheet.visible
        assert _written(other) == _written(sheet)


def test_the_opendocument_list_has_the_same_guides(ods: OpenDocumentSpreadsheet):
    guides = {each.getAttribute("name"): each for each in ods.getElementsByType(ContentValidation)}

    for column in COLUMNS:
        guide = guides[f"guide_{column.key}"]
        assert guide.getElementsByType(HelpMessage)[0].getAttribute("title") == column.heading
        condition = guide.getAttribute("condition") or ""
        assert condition.startswith("of:cell-content-is-in-list") == bool(column.options)
        assert condition.startswith("of:is-true-formula") == column.locked


def test_a_group_larger_than_the_prepared_rows_goes_in_whole():
    rows = [{"chinese_name": f"考生{number}"} for number in range(700)]

    for build in (build_template, build_template_ods):
        sheet = read_workbook(build(FACTS, rows)).find_sheet(MEMBERS_SHEET)
        assert sheet is not None
        assert [row.cells[2] for row in sheet.rows[1:701]] == [row["chinese_name"] for row in rows]
        assert sheet.rows[700].cells[0] == FACTS.round_name


def _written(sheet: Sheet) -> list[tuple[int, dict[int, str]]]:
    """Return the rows in which something is written, by number, with their cells by position."""
    rows = ((row.number, {n: str(cell) for n, cell in enumerate(row.cells) if cell}) for row in sheet.rows)
    return [(number, cells) for number, cells in rows if cells]


# ---- in LibreOffice ----


def _convert(source: Path, extension: str) -> Path:
    profile = f"-env:UserInstallation=file://{source.parent}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", extension]
    subprocess.run(
        [*command, "--outdir", str(source.parent / "converted"), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return source.parent / "converted" / f"{source.stem}.{extension}"


in_libreoffice = pytest.mark.skipif(
    SOFFICE is None and "CI" not in os.environ, reason="no LibreOffice here: its test did not run"
)


@in_libreoffice
def test_libreoffice_opens_it_and_gives_back_what_was_filled_in(tmp_path: Path):
    source = tmp_path / "filled.xlsx"
    source.write_bytes(filled_template(FACTS, pupils()))

    workbook = read_workbook(_convert(source, "ods").read_bytes())

    assert len(list(table_rows(workbook, propose_matching(workbook)))) == 38


@in_libreoffice
def test_libreoffice_reads_the_guides_of_the_opendocument_template(tmp_path: Path, members: Worksheet):
    source = tmp_path / "template.ods"
    source.write_bytes(build_template_ods(FACTS, pupils()))

    saved = openpyxl.load_workbook(_convert(source, "xlsx"))

    sheet = saved[MEMBERS_SHEET]
    assert _guides(sheet) == _guides(members)
    assert {sheet.cell(row, KEYS.index("id_number") + 1).number_format for row in (2, 501)} == {"@"}
    assert [each.sheet_state for each in saved] == ["visible"] * 3 + ["hidden"] * 2
    assert saved[EXAMPLE_SHEET].protection.sheet
    marked = {str(each.sqref) for each in sheet.conditional_formatting}
    assert marked == {"A2:A1001", "B2:B1001", "G2:G1001"}


def _guides(sheet: Worksheet) -> list[tuple[str, str, str, str]]:
    """Return type, cells, heading and formula of every guide; a prompt alone is no restriction."""
    return [
        (
            each.type if each.type in ("list", "custom") else "",
            str(each.sqref),
            each.promptTitle,
            (each.formula1 or "").replace("'", "") if each.type in ("list", "custom") else "",
        )
        for each in sheet.data_validations.dataValidation
    ]
