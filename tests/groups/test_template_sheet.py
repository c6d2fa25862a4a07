"""The template as Excel and LibreOffice will find it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.core.spreadsheets import read_workbook
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.reading import read_members
from app.groups.sheets.template_layout import INSTRUCTIONS_SHEET, LISTS_SHEET, MARK_SHEET, MEMBERS_SHEET
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


@pytest.mark.skipif(
    SOFFICE is None and "CI" not in os.environ, reason="no LibreOffice here: its test did not run"
)
def test_libreoffice_opens_it_and_gives_back_what_was_filled_in(tmp_path: Path):
    source = tmp_path / "filled.xlsx"
    source.write_bytes(filled_template(FACTS, pupils()))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"

    subprocess.run(
        [str(SOFFICE), profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )

    workbook = read_workbook(source.with_suffix(".ods").read_bytes())
    assert len(read_members(workbook, expected=FACTS, today=date(2023, 5, 1)).rows) == 38
