"""What the pages of copying an earlier group show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.identity import mask_id
from app.core.messages import Message
from app.core.roc_dates import format_roc, format_roc_long
from app.groups.models import Group
from app.groups.services.copying import Person

_OUTGROWN = Message("可能已升學，請核對教育程度")
_ARRANGEMENT = Message("曾申請特殊需求，需要的話請重新申請")


@dataclass(frozen=True, slots=True)
class Source:
    """A group to copy from, as it is recognised in a list."""

    public_id: str
    name: str
    round_name: str
    test_on: str
    area: str
    people: int

    @property
    def label(self) -> str:
        """Return all of it in one line."""
        return _(
            "%(name)s（%(round)s，%(area)s，%(people)s 人）",
            name=self.name,
            round=self.round_name,
            area=self.area,
            people=self.people,
        )


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the earlier group; the number is masked."""

    public_id: str
    name: str
    masked_id: str
    birth_on: str
    dialect: str
    remarks: Sequence[Message]
    refusal: Message | None
    chosen: bool


def source_rows(sources: Sequence[tuple[Group, int]]) -> list[Source]:
    """Return the groups there are to copy from, in their order."""
    return [
        Source(
            public_id=group.public_id,
            name=group.name,
            round_name=group.exam_round.name,
            test_on=format_roc_long(group.exam_round.test_on),
            area=group.offering.area,
            people=people,
        )
        for group, people in sources
    ]


def person_rows(people: Sequence[Person], chosen: set[str] | None = None) -> list[PersonRow]:
    """Return the people of the earlier group.

    :param chosen: who has been ticked; None: everybody who can be copied
    """
    return [_person_row(each, chosen) for each in people]


def copied_facts(source: Group, people: int) -> dict[str, Any]:
    """Return what a new group's form begins with: an earlier one's name, kind and leader, and its size."""
    return {
        "kind": source.kind.value,
        "name": source.name,
        "places": str(people) if people else "",
        "leader_name": source.leader_name,
        "leader_phone": source.leader_phone,
        "leader_email": source.leader_email,
        "district": source.leader_county + source.leader_district,
        "street": source.leader_street,
    }


def _person_row(person: Person, chosen: set[str] | None) -> PersonRow:
    member = person.member
    remarks = [_OUTGROWN] * person.outgrown + [_ARRANGEMENT] * person.arrangement
    return PersonRow(
        public_id=member.public_id,
        name=member.chinese_name,
        masked_id=mask_id(member.id_number),
        birth_on=format_roc(member.birth_on),
        dialect=_(member.dialect.value),
        remarks=remarks,
        refusal=person.refusal,
        chosen=person.refusal is None and (chosen is None or member.public_id in chosen),
    )
