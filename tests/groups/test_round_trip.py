"""Any members, written into the template in each format and read again, are the same members."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.spreadsheets import read_workbook
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.drafts import MemberDraft
from app.groups.sheets.matching import check_mark_of, propose_matching, table_rows
from app.groups.sheets.rows import read_row
from app.groups.sheets.template_ods import build_template_ods
from app.groups.sheets.template_sheet import build_template
from app.groups.sheets.texts import texts_of
from scripts.make_samples import FACTS
from tests.groups.test_sheet_rows import TODAY, members

LOCKED = {"round_name": FACTS.round_name, "area": FACTS.area}


def _xlsx(people: list[MemberDraft]) -> bytes:
    return build_template(FACTS, [texts_of(person) for person in people])


def _ods(people: list[MemberDraft]) -> bytes:
    return build_template_ods(FACTS, [texts_of(person) for person in people])


def _xls(people: list[MemberDraft]) -> bytes:
    """Return the template as LibreOffice saves it for an old Excel."""
    program = shutil.which("soffice")
    assert program is not None, "LibreOffice is not installed"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "members.xlsx")
        source.write_bytes(_xlsx(people))
        command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", "xls", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return source.with_suffix(".xls").read_bytes()


def _csv(people: list[MemberDraft]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.label for column in COLUMNS])
    for person in people:
        texts = {**texts_of(person), **LOCKED}
        writer.writerow([texts[column.key] for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.requirement("R228", "S012")
@pytest.mark.parametrize(
    ("write", "examples"), [(_xlsx, 8), (_ods, 8), (_csv, 25), (_xls, 2)], ids=["xlsx", "ods", "csv", "xls"]
)
def test_the_template_gives_back_the_members_it_was_filled_with(
    write: Callable[[list[MemberDraft]], bytes], examples: int
) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(st.lists(members(), min_size=5, max_size=20, unique_by=lambda member: member.id_number))
    def round_trip(people: list[MemberDraft]) -> None:
        workbook = read_workbook(write(people))
        check_mark_of(workbook, FACTS)
        matching = propose_matching(workbook)
        rows = table_rows(workbook, matching)
        found = [read_row(row, locked=LOCKED, for_all={}, today=TODAY) for row in rows]

        assert matching.certain
        assert [each.marks for each in found if each.marks] == []
        assert [each.draft for each in found] == people

    round_trip()
