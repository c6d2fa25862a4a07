"""One year's brochure as data: read from its JSON file, checked, and turned into plain values.

The file's words are the brochure's; here they become ours. Every mistake is found in one pass and
named by the place where it stands.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.exams.round_dates import broken_orders

# What each word of the file stands for; a store takes barcodes and codes (S019).
PAYMENT_METHODS = {
    "cvs": ("store_barcode", "store_code"),
    "atm": ("atm",),
    "credit_card": ("card",),
    "line_pay": ("line_pay",),
}
LEVELS = {"基礎級": "basic", "初級": "elementary"}


class BrochureInvalid(Exception):
    """The file is not a brochure we can load.

    :ivar mistakes: one line per mistake: where it stands, and what is wrong there
    """

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class _Part(BaseModel):
    # What the file says beyond what we read is kept as it is, in the year's facts.
    model_config = ConfigDict(extra="ignore", frozen=True, strict=False)


class Registration(_Part):
    opens: date
    closes: date

    @model_validator(mode="after")
    def _in_order(self) -> Registration:
        if self.opens > self.closes:
            raise ValueError("opens must not come after closes")
        return self


class TicketDates(_Part):
    first_day: date = Field(alias="from")
    download_from_at: datetime
    correction_until: date = Field(alias="correction_until_clamped_before_test")


class ScoreDates(_Part):
    first_day: date = Field(alias="from")
    query_from_at: datetime


class RecheckDates(_Part):
    first_day: date = Field(alias="from")
    until: date


class RefundDates(_Part):
    apply_by_postmark: date
    pay_by: date


class RoundSpec(_Part):
    """One round as printed (R011-R013, R015-R019, R021-R034, R054); days are inclusive Taipei days."""

    code: Annotated[str, Field(alias="id", pattern=r"^[a-z]+-[0-9]{2,3}-[0-9]{2}$")]
    kind: Literal["national", "multi"]
    number: Annotated[int, Field(alias="no", ge=1)]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    test_on: date = Field(alias="test_date")
    areas: Annotated[list[str], Field(min_length=1)]
    levels: Annotated[list[Literal["基礎級", "初級"]], Field(min_length=1)]
    registration: Registration
    materials_from: date
    ticket: TicketDates
    score: ScoreDates
    recheck: RecheckDates
    certificate_from: date
    certificate_chase_after: date
    refund: RefundDates
    question_dispute_by_postmark: date
    payment_days: Annotated[int, Field(ge=1, le=60)]
    payment_methods: Annotated[list[Literal["cvs", "atm", "credit_card", "line_pay"]], Field(min_length=1)]
    free_born_from: date = Field(alias="fee_free_if_born_on_or_after")

    @property
    def dates(self) -> dict[str, date]:
        """The dates by the names of `DATE_FIELDS`."""
        return {
            "registration_opens_on": self.registration.opens,
            "registration_closes_on": self.registration.closes,
            "materials_from": self.materials_from,
            "ticket_from": self.ticket.first_day,
            "ticket_correction_until": self.ticket.correction_until,
            "test_on": self.test_on,
            "refund_apply_by": self.refund.apply_by_postmark,
            "question_dispute_by": self.question_dispute_by_postmark,
            "refund_pay_by": self.refund.pay_by,
            "score_from": self.score.first_day,
            "recheck_from": self.recheck.first_day,
            "recheck_until": self.recheck.until,
            "certificate_from": self.certificate_from,
            "certificate_chase_after": self.certificate_chase_after,
        }

    @model_validator(mode="after")
    def _sensible(self) -> RoundSpec:
        for order in broken_orders(self.dates):
            raise ValueError(order.in_file)
        if len(set(self.areas)) != len(self.areas):
            raise ValueError("an area stands in the list twice")
        return self


class FeeSpec(_Part):
    amount: Annotated[int, Field(ge=0)]
    free_up_to_age: Annotated[int, Field(ge=0, le=150)]


class Document(_Part):
    title: Annotated[str, Field(min_length=1)]
    roc_year: Annotated[int, Field(ge=90, le=200)]
    published_from: date


class Capacity(_Part):
    """Places per area; the office's own numbers. None means no limit."""

    national: Annotated[int | None, Field(ge=0)] = None
    multi: Annotated[int | None, Field(ge=0)] = None


class Brochure(_Part):
    document: Document
    fee: FeeSpec
    rounds: Annotated[list[RoundSpec], Field(min_length=1)]
    offering_capacity: Capacity = Capacity()

    @model_validator(mode="after")
    def _codes_once(self) -> Brochure:
        codes = [each.code for each in self.rounds]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"round {twice[0]} stands in the file twice")
        return self

    def capacity_of(self, each: RoundSpec) -> int | None:
        """Return the places of one area of a round, None for no limit."""
        return self.offering_capacity.national if each.kind == "national" else self.offering_capacity.multi


def read_brochure(text: str) -> tuple[Brochure, dict[str, Any]]:
    """Return the checked brochure and the file's other facts (everything but the rounds).

    :raises BrochureInvalid: with one line per mistake
    """
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrochureInvalid(
            [f"line {error.lineno}, column {error.colno}: not JSON ({error.msg})"]
        ) from None
    try:
        brochure = Brochure.model_validate(raw)
    except ValidationError as error:
        raise BrochureInvalid([_mistake(raw, each) for each in error.errors()]) from None
    return brochure, {key: value for key, value in raw.items() if key != "rounds"}


def _mistake(raw: Any, error: Any) -> str:
    place = list(error["loc"])
    path = ".".join(str(step) for step in place)
    if len(place) >= 2 and place[0] == "rounds":
        rounds = raw.get("rounds", [])
        code = rounds[place[1]].get("id") if isinstance(rounds[place[1]], dict) else None
        path = f"rounds[{code or place[1]}]." + ".".join(str(step) for step in place[2:])
    written = f" (the file says {error['input']!r})" if isinstance(error["input"], str | int | float) else ""
    return f"{path.rstrip('.')}: {error['msg']}{written}"
