"""The answer as a letter: as many pages as it takes."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from app.cases import services
from app.cases.letter import answer_letter, letter_of
from app.cases.services import Result
from app.core.actors import SYSTEM
from tests.factories.cases import make_underway

pytestmark = pytest.mark.usefixtures("app")


def test_a_long_answer_runs_over_pages_without_losing_a_line() -> None:
    reply = "\n".join(f"第{number}點說明，經查明後答覆如下，敬請諒察並請參考。" for number in range(1, 71))
    case = make_underway("complaint")
    services.report_result(case.public_id, Result("resolved", reply=reply), actor=SYSTEM)

    pages = [page.extract_text() for page in PdfReader(BytesIO(answer_letter(case))).pages]

    assert len(pages) > 1
    assert all(f"第{number}點說明" in "".join(pages) for number in range(1, 71))
    assert "第 1／" in pages[0]


def test_only_a_recheck_names_the_administrative_appeal() -> None:
    case = make_underway("complaint")
    services.report_result(case.public_id, Result("resolved", reply="已處理。"), actor=SYSTEM)

    headings = [heading for heading, _text in letter_of(case).paragraphs]

    assert headings == ["受文者", "案件號碼", "申請日期", "處理結果", "說明"]
