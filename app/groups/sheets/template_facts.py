"""Which group a sheet was made for, and the mark by which the sheet tells it again."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import InvalidValue
from app.core.messages import Message

MARK_NAME = "hakka-members"
CURRENT_VERSION = 1

_NO_MARK = Message("這不是本系統的匯入範例。請下載匯入範例，把資料貼進去再上傳")


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What is printed on a group's template and checked when it comes back.

    :ivar year: the exam's 民國 year
    :ivar version: the shape of the template; raised when a column is added, moved or renamed
    """

    year: int
    round_id: str
    round_name: str
    area: str
    group_name: str
    version: int = CURRENT_VERSION

    @property
    def mark(self) -> str:
        """Return the mark, e.g. ``hakka-members/1|112|nat-112-01|臺北``; the group is not part of it."""
        return f"{MARK_NAME}/{self.version}|{self.year}|{self.round_id}|{self.area}"


@dataclass(frozen=True, slots=True)
class TemplateMark:
    """A mark as read from a sheet."""

    version: int
    year: int
    round_id: str
    area: str


def parse_mark(text: str) -> TemplateMark:
    """Return the parts of a mark written by `TemplateFacts.mark`.

    :raises InvalidValue: if it is not one
    """
    head, *rest = text.strip().split("|")
    name, _, version = head.partition("/")
    if name != MARK_NAME or len(rest) != 3 or not _is_number(version) or not _is_number(rest[0]):
        raise InvalidValue(_NO_MARK)
    return TemplateMark(int(version), int(rest[0]), rest[1], rest[2])


def check_mark(mark: TemplateMark, expected: TemplateFacts, *, round_written: str = "") -> None:
    """Raise `InvalidValue` naming what differs when a sheet was made for something else (R229).

    :param round_written: the round's name as the sheet shows it; the mark knows only its id
    """
    if mark.year != expected.year:
        raise InvalidValue(
            Message(
                "這是 %(year)s 年度的匯入範例，這次報名的是 %(expected)s 年度。"
                "請下載今年的範例，把資料貼過去再上傳",
                {"year": mark.year, "expected": expected.year},
            )
        )
    if (mark.round_id, mark.area) != (expected.round_id, expected.area):
        raise InvalidValue(
            Message(
                "這份檔案是「%(round)s」%(area)s考區的，這個團體報名的是「%(expected_round)s」%(expected_area)s考區。"
                "請換檔案，或下載這個團體的範例",
                {
                    "round": round_written or mark.round_id,
                    "area": mark.area,
                    "expected_round": expected.round_name,
                    "expected_area": expected.area,
                },
            )
        )
    if mark.version != expected.version:
        raise InvalidValue(Message("匯入範例已改版。請重新下載，把資料貼過去再上傳"))


def missing_mark() -> InvalidValue:
    """Return the error for a sheet that carries no mark at all."""
    return InvalidValue(_NO_MARK)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
