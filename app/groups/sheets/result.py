"""What reading a leader's sheet gives: the good rows, the wrong cells, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import Message
from app.groups.sheets.drafts import MemberDraft


@dataclass(frozen=True, slots=True)
class CellNote:
    """Something we read or repaired on our own, for the leader to look at."""

    key: str
    heading: str
    message: Message


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A row fit to become a member.

    :ivar number: the row's number as the spreadsheet shows it
    """

    number: int
    draft: MemberDraft
    notes: tuple[CellNote, ...] = ()


@dataclass(frozen=True, slots=True)
class CellError:
    """A wrong cell: where it is, what stands there, and what to do.

    :ivar row: the row's number as the spreadsheet shows it
    :ivar key: the column's key, so that the page can mark the cell
    :ivar heading: the column as the sheet calls it
    :ivar name: the candidate's name as written, so that the leader knows whom it concerns (R231)
    :ivar written: what the cell says; identity numbers are masked
    """

    row: int
    key: str
    heading: str
    name: str
    written: str
    message: Message


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A row left out because an earlier row of the file has the same identity number (R232)."""

    number: int
    first_number: int
    name: str
    masked_id: str


@dataclass(frozen=True, slots=True)
class SheetResult:
    """The outcome of one sheet; the lists follow the order of its rows.

    :ivar rows: rows that can be imported
    :ivar errors: every wrong cell of every refused row
    :ivar duplicates_in_file: rows left out for an earlier one
    :ivar notes: remarks on the sheet as a whole, such as dates that can be read in two ways
    :ivar sheet_rows: the leader's rows as written, by number, for showing the table again
    """

    rows: tuple[MemberRow, ...]
    errors: tuple[CellError, ...]
    duplicates_in_file: tuple[DuplicateRow, ...] = ()
    notes: tuple[Message, ...] = ()
    sheet_rows: tuple[WrittenRow, ...] = ()

    @property
    def refused_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the rows with at least one error, each once, in order."""
        return tuple(dict.fromkeys(error.row for error in self.errors))


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A filled row as it stands in the sheet, for the page that shows it back.

    :ivar cells: what is written, by column key; identity numbers are masked
    """

    number: int
    cells: dict[str, str]
