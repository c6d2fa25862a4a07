"""A year's venues as a file: read, checked, and every mistake named by the place where it stands."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.core.clock import TAIPEI
from app.exams.choices import Track


class VenuesInvalid(Exception):
    """The file does not say where and when people sit.

    :ivar mistakes: one line per mistake: where it stands, and what is wrong there
    """

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class SlotTimes(NamedTuple):
    """Aware instants of one slot."""

    entry_at: datetime
    starts_at: datetime


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class RoomSpec(_Part):
    name: Annotated[str, Field(min_length=1, max_length=40)]
    capacity: Annotated[int, Field(ge=1, le=500)]


class VenueSpec(_Part):
    """One venue; its rooms stand in the order of their doors."""

    area: Annotated[str, Field(min_length=1, max_length=10)]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    address: Annotated[str, Field(min_length=1, max_length=120)]
    rooms: Annotated[list[RoomSpec], Field(min_length=1)]

    @property
    def label(self) -> str:
        return f"{self.area} {self.name}"

    @model_validator(mode="after")
    def _rooms_once(self) -> VenueSpec:
        _refuse_repeated("room", [room.name for room in self.rooms])
        return self


class DayPlan(_Part):
    """The slots of a test day, Taipei time."""

    entry_times: Annotated[list[time], Field(min_length=1)]
    minutes_from_entry_to_start: Annotated[int, Field(ge=1, le=60)]

    @model_validator(mode="after")
    def _in_order(self) -> DayPlan:
        if any(
            earlier >= later for earlier, later in zip(self.entry_times, self.entry_times[1:], strict=False)
        ):
            raise ValueError("entry_times must follow one another")
        return self


class VenuesFile(_Part):
    roc_year: Annotated[int, Field(ge=90, le=200)]
    slots: dict[Track, DayPlan]
    venues: Annotated[list[VenueSpec], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> VenuesFile:
        missing = [track.value for track in Track if track not in self.slots]
        if missing:
            raise ValueError(f"slots say nothing about {missing[0]}")
        _refuse_repeated("venue", [venue.label for venue in self.venues])
        return self

    def slot_times(self, track: Track, test_on: date) -> list[SlotTimes]:
        """Return the slots of a test day (R047), the first one first."""
        plan = self.slots[track]
        entries = [datetime.combine(test_on, each, TAIPEI) for each in plan.entry_times]
        wait = timedelta(minutes=plan.minutes_from_entry_to_start)
        return [SlotTimes(entry, entry + wait) for entry in entries]


def read_venues(text: str) -> VenuesFile:
    """Return the checked file.

    :raises VenuesInvalid: with one line per mistake
    """
    try:
        return VenuesFile.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise VenuesInvalid([f"{place}: not JSON ({error.msg})"]) from None
    except ValidationError as error:
        raise VenuesInvalid([_mistake(each) for each in error.errors()]) from None


def _mistake(error: Any) -> str:
    path = ".".join(str(step) for step in error["loc"])
    written = error["input"]
    shown = f" (the file says {written!r})" if isinstance(written, str | int | float) else ""
    return f"{path or 'file'}: {error['msg']}{shown}"


def _refuse_repeated(what: str, names: list[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"{what} {twice[0]} stands in the file twice")
