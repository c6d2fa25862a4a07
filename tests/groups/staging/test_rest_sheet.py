"""The rest as a sheet: errors as comments, and it can be imported again."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from app.groups.services import template_facts
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.template_layout import MEMBERS_SHEET
from app.groups.staging.rest_sheet import RestRow, build_rest
from app.groups.staging.services import rest_of
from app.groups.staging.states import SheetState
from scripts.make_samples import FACTS
from tests.groups.staging.desk import people, stage

AT = {column.key: number for number, column in enumerate(COLUMNS, start=1)}


@pytest.mark.requirement("R231")
@pytest.mark.usefixtures("app")
def test_what_stayed_can_be_mended_elsewhere_and_imported_again() -> None:
    members = people(5)
    members[1]["dialect"] = "客語"
    members[3]["id_number"] = members[0]["id_number"]
    desk = stage(members=members)
    desk.commit()

    content = rest_of(desk.group, desk.sheet)
    workbook = load_workbook(io.BytesIO(content))
    sheet = workbook[MEMBERS_SHEET]
    wrong = sheet.cell(2, AT["dialect"])

    assert [sheet.cell(row, AT["chinese_name"]).value for row in (2, 3, 4)] == ["徐子涵", "劉品妤", None]
    assert wrong.value == "客語"
    assert "四縣" in wrong.comment.text
    assert wrong.fill.fgColor.rgb.endswith("F8D7DA")
    assert "第 2 列" in sheet.cell(3, AT["id_number"]).comment.text

    wrong.value = "四縣"
    sheet.cell(3, AT["id_number"]).value = people(1, first=9)[0]["id_number"]
    mended = io.BytesIO()
    workbook.save(mended)
    again = stage(desk.group, mended.getvalue(), "rest.xlsx")

    assert again.counts() == {"ready": 2}
    assert again.commit().added == 2


@pytest.mark.usefixtures("app")
def test_as_it_is_it_stages_the_same_rows() -> None:
    desk = stage(members=people(3, dialect="客語"))

    again = stage(desk.group, rest_of(desk.group, desk.sheet))

    assert again.sheet.state is SheetState.OPEN
    assert [again.row(number).texts for number in (2, 3, 4)] == [
        desk.row(number).texts for number in (2, 3, 4)
    ]
    assert template_facts(desk.group).mark


@pytest.mark.parametrize("text", ["=1+1", "+886", "-1", "@sum", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    content = build_rest(FACTS, [RestRow(dict.fromkeys(AT, text))])

    sheet = load_workbook(io.BytesIO(content))[MEMBERS_SHEET]
    cells = [sheet.cell(2, AT[column.key]) for column in COLUMNS if not column.locked]

    assert {(cell.value, cell.data_type, cell.quotePrefix) for cell in cells} == {(text, "s", True)}
