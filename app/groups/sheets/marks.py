"""What is said about a cell of a leader's sheet: repaired, to be confirmed, or wrong; pure.

A staged cell is the text that a leader would type. What the spreadsheet really held, a date, a number,
a formula's result, is turned into that text once, when the file is read; everything done to it on the
way is a mark, which the leader can accept, refuse or answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.messages import Message


class MarkKind(StrEnum):
    """How much a mark asks of the leader."""

    REPAIRED = "repaired"  # surely meant; shown, can be refused
    DOUBTFUL = "doubtful"  # can be read in two ways; goes in once the leader has answered
    WRONG = "wrong"  # cannot be read; its suggestions, if any, can be taken over


class Reason(StrEnum):
    """Why a cell is marked; marks of one reason can be answered all at once."""

    SPELLING = "spelling"  # full width, spaces, invisible characters, line breaks, separators
    LEADING_ZERO = "leading_zero"  # 912345678
    AREA_CODE = "area_code"  # a number cell that may have lost the zero of an area code
    DATE_SPELLING = "date_spelling"  # 民國93年9月2日, 0930902, 西元
    SERIAL_DATE = "serial_date"  # 38232
    EXCEL_CENTURY = "excel_century"  # 1993-09-02, typed as 93/9/2
    FUTURE_DATE = "future_date"  # 2025-09-02, typed as 25/9/2
    TOO_YOUNG = "too_young"  # born less than three years ago: the day of registration, perhaps
    ADDRESS = "address"  # 台北市, 桃園縣中壢市, a postcode out of the address
    OTHER_WORD = "other_word"  # 四縣腔 for 四縣
    NEAR_MISS = "near_miss"  # 四县 for 四縣: suggested, not repaired
    MISSING = "missing"  # a choice that every row needs is blank: one answer may do for all of them
    SEVERAL = "several"  # may mean several things: each cell is answered by itself, never all at once
    ID_LETTER = "id_letter"  # O for 0 in an ID number: suggested, not repaired
    FOR_ALL = "for_all"  # the sheet has no such column; the row tells it, or one answer for all rows
    TAKEN_BACK = "taken_back"  # the leader refused our repair
    UNREADABLE = "unreadable"  # everything else that is wrong


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said about one cell.

    :ivar written: what stood there before we did anything, as text
    :ivar suggestions: texts that would be right, the likeliest first
    """

    kind: MarkKind
    reason: Reason
    message: Message
    written: str = ""
    suggestions: tuple[str, ...] = ()


Texts = Mapping[str, str]  # what stands in a row's cells now, by column key; "" for a blank cell
Marks = Mapping[str, Mark]  # only of cells about which something is to be said
