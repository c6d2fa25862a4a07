"""The affidavit as it is printed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.core import clock
from app.examday.affidavit_pdf import build_affidavit
from app.examday.content import affidavit_content
from tests.factories.examday import AFTER_SESSION, seat_of
from tests.factories.results import make_seated, number_of


@pytest.mark.requirement("R182")
def test_the_affidavit_is_filled_in_for_the_person_but_for_the_number(
    app: Flask, at: Callable[[str], None], tmp_path: Path
) -> None:
    [candidate] = make_seated("尤瑪‧達陸")
    at(AFTER_SESSION)

    file = tmp_path / "affidavit.pdf"
    file.write_bytes(build_affidavit(affidavit_content(seat_of(candidate), clock.now())))
    text = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True
    ).stdout

    for words in (
        "切結書",
        "尤瑪‧達陸",
        number_of(candidate),
        "112 年 9 月 2 日",
        "全國認證第一梯次",
    ):
        assert words in text
    assert "第1場" in "".join(text.split())
    assert candidate.id_number not in text
    assert text.count("\f") == 1
