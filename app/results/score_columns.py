"""The score sheet's columns: template and import are made of the same list; pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import InvalidValue
from app.core.messages import Message

SCORES_SHEET = "成績"
CODES_SHEET = "違規代碼"
MARK_SHEET = "mark"
ATTENDED, ABSENT = "到考", "缺考"


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """:ivar given: filled in by us, for whoever fills in the rest"""

    key: str
    heading: str
    width: int
    given: bool = False


SCORE_COLUMNS = (
    ScoreColumn("number", "准考證號碼", 18, given=True),
    ScoreColumn("name", "姓名", 14, given=True),
    ScoreColumn("dialect", "腔調", 8, given=True),
    ScoreColumn("place", "試場與座號", 34, given=True),
    ScoreColumn("attendance", "出缺席", 10),
    ScoreColumn("listening", "聽力", 10),
    ScoreColumn("speaking", "口語", 10),
    ScoreColumn("reading", "閱讀", 10),
    ScoreColumn("incidents", "違規代碼", 18),
)
HEADINGS = {column.key: column.heading for column in SCORE_COLUMNS}


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One prepared row: who sits where; the name masked.

    :ivar attendance: `ABSENT` when the site has put that on record, else empty
    :ivar incidents: the codes that the site or the committee has put on record
    """

    number: str
    name: str
    dialect: str
    place: str
    attendance: str = ""
    incidents: str = ""


def mark_of(round_code: str) -> str:
    """Return what the hidden sheet says, by which an import knows the file."""
    return f"scores/1/{round_code}"


def check_mark(written: str, round_code: str) -> None:
    """Raise `InvalidValue` unless the sheet was made for this round."""
    if written == mark_of(round_code):
        return
    if written.startswith("scores/1/"):
        values = {"code": written.removeprefix("scores/1/")[:20]}
        raise InvalidValue(Message("這份成績表是另一個梯次的（%(code)s）。請選對梯次再匯入", values))
    raise InvalidValue(Message("這不是系統產生的成績表。請下載這個梯次的成績表，填好再匯入"))
