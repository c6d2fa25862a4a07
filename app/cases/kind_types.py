"""What a kind of case is made of: its questions, its clock, its outcomes; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.core.messages import Message


class FieldType(StrEnum):
    NAME = "name"
    LINE = "line"
    TEXT = "text"
    PHONE = "phone"
    EMAIL = "email"
    IDENTITY = "identity"
    DAY = "day"
    CHOICE = "choice"
    ROUND = "round"


class Clock(StrEnum):
    """What decides until when a case can be filed."""

    NONE = "none"
    RECHECK = "recheck"  # the round's window (R156)
    APPEAL = "appeal"  # ten days from the event (R159)
    DISPUTE = "dispute"  # the end of the month of the test (R161)


class Unit(StrEnum):
    """Who handles cases within the exam centre (權責單位)."""

    EXAM_OFFICE = "exam_office"
    COMMITTEE = "committee"
    SERVICE = "service"
    PERSONNEL = "personnel"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: the code that is stored and its words."""

    code: str
    label: Message


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One question of a kind's form.

    :ivar missing: what to say when it is left empty; None: it may be
    :ivar longest: characters, as people count them
    :ivar other: the code of the choice that needs words of its own, or None
    """

    key: str
    label: Message
    type: FieldType
    missing: Message | None
    hint: Message | None = None
    longest: int = 100
    choices: tuple[Choice, ...] = ()
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result of a case.

    :ivar findings: what has to be said further; of these, one
    :ivar needs_measures: one or more measures with words are required (W035)
    :ivar extends: the inquiry goes on: a new deadline and a reason are required, the case stays open (W036)
    """

    code: str
    label: Message
    findings: tuple[Outcome, ...] = ()
    needs_measures: bool = False
    extends: bool = False


@dataclass(frozen=True, slots=True)
class CaseKind:
    """:ivar key: stands in addresses and rows
    :ivar clause: where its right and its time limit stand; empty: no clause of the brochure
    :ivar unit: who handles it
    :ivar assigned_at_once: goes to the unit when it is received; else the central desk assigns it (W016)
    :ivar reply_required: the applicant is owed an answer in words with the result
    :ivar remedies: what the answer says about remedies (R158)
    """

    key: str
    name: Message
    summary: Message
    time_limit: Message
    fields: tuple[FieldSpec, ...]
    clock: Clock
    clause: str
    unit: Unit
    assigned_at_once: bool
    preliminaries: tuple[Choice, ...]
    results: tuple[Outcome, ...]
    measures: tuple[Choice, ...] = ()
    notices: tuple[Message, ...] = ()
    reply_required: bool = True
    remedies: tuple[Message, ...] = ()
    preliminary_days: int = 3  # W026
    result_months: int = 1  # W027
    result_days: int | None = None  # where a law counts days instead of months

    def outcomes(self) -> Iterator[Outcome]:
        """Yield results and findings, each result before its findings."""
        for result in self.results:
            yield result
            yield from result.findings

    def find_outcome(self, code: str | None) -> Outcome | None:
        return next((each for each in self.outcomes() if each.code == code), None)

    def find_extension(self) -> Outcome | None:
        """Return the outcome that only moves the deadline, or None."""
        return next((each for each in self.outcomes() if each.extends), None)

    def field(self, key: str) -> FieldSpec | None:
        return next((each for each in self.fields if each.key == key), None)
