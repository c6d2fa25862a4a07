from pathlib import Path

import pytest
from flask import Flask

from app.registration.services import AlreadyRegistered
from tests.factories.ids import make_national_id
from tests.factories.registrations import make_candidate, make_draft


def load(app: Flask, file: Path, text: str) -> tuple[int, str]:
    file.write_text(text, encoding="utf-8-sig")
    result = app.test_cli_runner().invoke(args=["absences", "load", str(file)])
    return result.exit_code, result.output


def test_last_years_absences_keep_people_out(app: Flask, tmp_path: Path) -> None:
    number = make_national_id()

    assert load(app, tmp_path / "list.csv", f"{number},111/12/24\n\n") == (
        0,
        "已匯入 1 筆，0 筆原已存在。\n",
    )

    with pytest.raises(AlreadyRegistered):
        make_draft(candidate=make_candidate(id_number=number), round_code="multi-112-08", area="苗栗")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("A123456788,111/4/23", "第 2 列的證號不正確"),
        ("A123456789", "第 2 列請寫證號和認證日期兩欄"),
        ("A123456789,111/13/45", "第 2 列請寫證號和認證日期兩欄"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken_in(
    app: Flask, tmp_path: Path, row: str, sentence: str
) -> None:
    code, output = load(app, tmp_path / "list.csv", f"{make_national_id()},111/4/23\n{row}\n")

    assert code == 1
    assert sentence in output
