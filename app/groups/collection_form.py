"""考生資料收集表: what a leader asks of each member on paper, in the order of the sheet (R217)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.messages import Message
from app.core.pdf.frame import Frame
from app.exams.models import ExamYear, Round
from app.groups.sheets.columns import COLUMNS, Column
from app.site.frames import year_frame

TITLE = Message("考生資料收集表")
SAMPLE_TITLE = Message("考生資料收集表（填寫範例）")
INTRODUCTION = Message(
    "一位考生填一張，有 * 的必填，填好交給團報負責人。負責人再把資料填入匯入範例（Excel）；欄位的順序相同。"
)
# What the law asks to be said where data are collected (個資法 8).
PRIVACY = Message(
    "這些資料由團報負責人為辦理 %(year)s 年度客語能力認證的報名、應試、成績與證書而收集，"
    "並提供給%(organiser)s與%(office)s使用。您可以查詢、更正或要求停止使用；不提供必填的資料就無法報名。"
    "報名完成後，請負責人把這張表交還考生或銷毀。"
)
SIGNATURE = Message("考生簽名（未滿 18 歲請法定代理人簽名）")
SIGNED_ON = Message("日期")
_LONG = 26  # characters in the sheet's column from which on a line is as wide as the page


@dataclass(frozen=True, slots=True)
class FormLine:
    """One thing to be filled in.

    :ivar choices: to be ticked, or none: to be written
    :ivar value: what is filled in; empty on the blank form
    :ivar is_short: two of them stand side by side
    """

    label: str
    choices: tuple[str, ...]
    value: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class CollectionContent:
    frame: Frame
    lines: tuple[FormLine, ...]
    introduction: str
    privacy: str
    signature: str
    signed_on: str


def blank_content(year: ExamYear, _rounds: Sequence[Round]) -> CollectionContent:
    """Return the form with nothing filled in."""
    return _content(year, TITLE, {})


def sample_content(year: ExamYear, rounds: Sequence[Round]) -> CollectionContent:
    """Return the form filled in for an invented candidate, by the examples of the sheet."""
    first = rounds[0]
    examples = {column.key: column.example for column in COLUMNS}
    examples |= {"round_name": first.name, "area": first.offerings[0].area}
    return _content(year, SAMPLE_TITLE, examples)


def _content(year: ExamYear, title: Message, values: dict[str, str]) -> CollectionContent:
    facts = {
        "year": year.roc_year,
        "organiser": year.facts["organiser"]["name"],
        "office": year.facts["implementer"]["office"],
    }
    return CollectionContent(
        frame=year_frame(year, str(title)),
        lines=tuple(_line(column, values.get(column.key, "")) for column in COLUMNS),
        introduction=str(INTRODUCTION),
        privacy=str(Message(PRIVACY.template, facts)),
        signature=str(SIGNATURE),
        signed_on=str(SIGNED_ON),
    )


def _line(column: Column, value: str) -> FormLine:
    is_short = not column.choice and column.width < _LONG
    return FormLine(column.label, column.options, value, is_short)
