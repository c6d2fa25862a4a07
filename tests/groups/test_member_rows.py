"""A member written into the sheet and read again is the same member."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest

from app.core.identity import IdentityNumber, IdKind
from app.core.spreadsheets import read_workbook
from app.exams.choices import Dialect
from app.groups.sheets.importing import candidate_of
from app.groups.sheets.marks import Texts
from app.groups.sheets.matching import propose_matching, table_rows
from app.groups.sheets.rows import read_row
from app.groups.sheets.template_layout import MEMBERS_SHEET
from app.groups.sheets.template_ods import build_template_ods
from app.groups.sheets.template_sheet import build_template
from app.groups.sheets.texts import draft_of, texts_of
from app.registration.candidate import CandidateData
from app.registration.choices import MailTo
from scripts.make_samples import FACTS
from tests.factories.groups import LEADER
from tests.factories.ids import make_national_id
from tests.factories.registrations import make_candidate

TODAY = date(2023, 5, 1)
TO_LEADER = {"materials_to": MailTo.LEADER, "ticket_to": MailTo.LEADER, "score_to": MailTo.LEADER}
TAKEN_OVER = LEADER.emergency | LEADER.address | {"email": LEADER.email} | TO_LEADER


def _texts(candidate: CandidateData) -> Texts:
    return texts_of(draft_of(candidate, LEADER))


def _candidates() -> list[CandidateData]:
    def one(**changes: Any) -> CandidateData:
        return replace(make_candidate(id_number=make_national_id()), **changes)

    return [
        one(),
        one(**TAKEN_OVER),
        one(**(TAKEN_OVER | {"score_to": MailTo.SELF})),
        one(chinese_name="黃𠊎堃", english_name="Huang, Ngai-Kun", dialect=Dialect.ZHAOAN),
        one(phone="0225031234#12", mobile=None, ticket_by_post=True, accommodation="輪椅座位"),
        one(birth_on=date(1935, 2, 28), zip_code="36641"),
        one(
            chinese_name="NGUYỄN THỊ HOA",
            is_foreign=True,
            identity=IdentityNumber(IdKind.PASSPORT, "C1234567"),
            emergency_name="=1+1",
            emergency_relation="@友人",
        ),
    ]


@pytest.mark.requirement("R235", "R239", "R240", "R241", "R242", "R243", "R244")
@pytest.mark.parametrize("build", [build_template, build_template_ods])
def test_the_present_list_gives_the_same_members_again(build: Any) -> None:
    candidates = _candidates()

    content = build(FACTS, [_texts(each) for each in candidates])

    workbook = read_workbook(content)
    locked = {"round_name": FACTS.round_name, "area": FACTS.area}
    rows = table_rows(workbook, propose_matching(workbook))
    found = [read_row(row, locked=locked, for_all={}, today=TODAY) for row in rows]
    assert [reading.marks for reading in found if reading.marks] == []
    drafts = [reading.draft for reading in found if reading.draft is not None]
    assert [candidate_of(draft, LEADER, Dialect(draft.dialect)) for draft in drafts] == candidates


def test_what_is_taken_over_stays_blank_so_that_it_follows_the_leader() -> None:
    row = _texts(replace(make_candidate(), **TAKEN_OVER))

    assert {
        key for key in ("emergency_name", "emergency_phone", "email", "zip_code", "address") if row.get(key)
    } == set()


def test_dates_and_phones_are_written_as_people_write_them() -> None:
    row = _texts(make_candidate(birth_on=date(2011, 9, 2), mobile="0912345678", phone="0223456789#12"))

    assert (row["birth_on"], row["phone_mobile"], row["phone_home"]) == (
        "100/9/2",
        "0912-345-678",
        "02-2345-6789#12",
    )


def test_no_cell_of_the_list_is_a_formula() -> None:
    rows = [_texts(replace(make_candidate(), emergency_name="=1+1", street="+市場街1號"))]

    sheet = openpyxl.load_workbook(io.BytesIO(build_template(FACTS, rows)))[MEMBERS_SHEET]

    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
