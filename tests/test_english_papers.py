"""Official papers for a reader of English: the Chinese stays, the English beside it, and all of it fits."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.core.messages import Wording
from app.core.pdf.canvas import MARGIN, PAGE_HEIGHT
from app.core.pdf.frame import CONTENT_BOTTOM
from app.core.roc_dates import format_roc_long
from app.exams.choices import Dialect
from app.exams.words import exam_wording, name_wording, round_wording, with_area, with_dialect
from app.payments.refunds.content import blank_form_content
from app.payments.refunds.form_pdf import build_refund_form
from app.payments.refunds.rules import RefundReason
from app.results import queries
from app.results.certificate_pdf import build_certificates
from app.results.content import certificate_contents, report_contents
from app.results.report_pdf import build_reports
from app.tickets.ticket_pdf import build_ticket
from tests.factories.results import make_published
from tests.tickets.test_ticket_pdf import TICKET

ENGLISH_TICKET = replace(
    TICKET,
    language="en",
    exam_title=exam_wording("112 年度客語能力基礎級暨初級認證簡章"),
    round_name=round_wording("全國認證第一梯次"),
    area=with_area(name_wording("臺北")),
    dialect=with_dialect(Dialect.SIXIAN),
    test_date=format_roc_long(date(2023, 9, 2)),
    slot=Wording("第 2 場", "2"),
)


class Read:
    """The words of a paper, and where the lowest of them stands on a page."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "paper.pdf"

    def text(self, content: bytes, *options: str) -> str:
        self.file.write_bytes(content)
        done = subprocess.run(
            ["pdftotext", *options, str(self.file), "-"], check=True, capture_output=True, text=True
        )
        return done.stdout

    def pages(self, content: bytes) -> list[str]:
        return [re.sub(r"\s+", " ", page) for page in self.text(content).split("\f")[:-1]]

    def words(self, content: bytes) -> list[tuple[float, float, str]]:
        """Return (right edge, bottom above the page's lower edge, word) of every word."""
        found = re.findall(r'xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', self.text(content, "-bbox"))
        return [(float(right), PAGE_HEIGHT - float(low), word) for right, low, word in found]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return Read(tmp_path)


def test_a_ticket_says_both_and_gives_the_rules_in_english_on_a_second_page(read: Read) -> None:
    first, second = read.pages(build_ticket(ENGLISH_TICKET))

    assert "應試試場" in first and "Exam room" in first  # noqa: PT018 - both on one page is the point
    assert "Round: National exam, round 1" in first
    assert "Exam date: 2 September 2023 (Sat)" in first
    assert "全國認證第一梯次" in first
    assert [number for number in ("1.", "10.", "11, 12.", "13.") if f" {number} " not in second] == []
    assert "next year’s exam" in second


def test_the_rules_in_english_end_above_the_foot(read: Read) -> None:
    words = read.words(build_ticket(ENGLISH_TICKET))

    last_rule = [low for _right, low, word in words if word == "year’s"]
    assert last_rule
    assert min(last_rule) > CONTENT_BOTTOM


def test_a_ticket_for_a_reader_of_chinese_has_no_english(read: Read) -> None:
    pages = read.pages(build_ticket(replace(ENGLISH_TICKET, language="zh")))

    assert len(pages) == 1
    assert re.findall("[A-Za-z]{4,}", pages[0].replace("Apple", "").replace("Watch", "")) == []


def test_score_report_and_certificate_say_both(app: Flask, at: Callable[[str], None], read: Read) -> None:
    [one] = make_published({"徐玉蘭": ("到考", 30, 35.5, 15, "D11")})
    at("2023-12-10 09:00")
    standings = [queries.find_standing(one)]

    report = build_reports(report_contents(standings, one.exam_round, base_url="https://x.tw", language="en"))
    certificate = build_certificates(certificate_contents(standings, base_url="https://x.tw", language="en"))

    first, form = read.pages(report)
    assert "初級合格" in first
    assert "Result: Passed: Elementary" in first
    assert "Threshold: Basic" in first
    assert "1 point off" in first
    assert "Score re-check form" in form
    assert "Project-Id" not in form
    assert max(right for right, _low, _word in read.words(report)) < 595 - MARGIN + 1
    assert (
        "2023 Hakka Proficiency Certification, Elementary level (Sixian dialect)"
        in read.pages(certificate)[0]
    )


def test_the_refund_form_says_both_and_stays_one_page(app: Flask, read: Read) -> None:
    content = blank_form_content().filled(
        language="en",
        reason=RefundReason.OTHER,
        apply_by=date(2023, 9, 30),
        members=tuple(["徐玉蘭"] * 40),
    )

    [page] = read.pages(build_refund_form(content))

    assert "退費申請書" in page
    assert "Refund form" in page
    assert "the last day is 30 September 2023 (Sat)" in page
    assert min(low for _right, low, _word in read.words(build_refund_form(content))) > 20
