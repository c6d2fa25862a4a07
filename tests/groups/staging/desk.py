"""A leader at the workbench: the verbs without repeating group, sheet and account each time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from app.core.actors import SYSTEM
from app.core.db import db
from app.groups.models import Group
from app.groups.services import template_facts
from app.groups.staging import queries, services
from app.groups.staging.models import StagedRow, StagedSheet
from app.groups.staging.states import RowState
from scripts.make_samples import Member, filled_template, national_id, pupil
from tests.factories.groups import make_group

NAMES = ("黃家豪", "徐子涵", "鍾承恩", "劉品妤", "彭宥辰", "羅語彤", "葉柏翰", "邱詩涵")


@dataclass
class Desk:
    group: Group
    sheet: StagedSheet

    def __getattr__(self, verb: str) -> Any:
        def call(**more: Any) -> Any:
            return getattr(services, verb)(
                self.group.public_id,
                self.sheet.public_id,
                account_id=self.group.account_id,
                actor=SYSTEM,
                **more,
            )

        return call

    def counts(self) -> dict[str, int]:
        """Return how many rows stand how, zeros left out."""
        db.session.expire_all()
        return {state.value: number for state, number in queries.count_states(self.sheet).items() if number}

    def row(self, number: int) -> StagedRow:
        return queries.get_row(self.sheet, number)

    def state(self, number: int) -> RowState:
        return self.row(number).state

    def type(self, number: int, **changes: str) -> StagedRow:
        row: StagedRow = self.change_row(number=number, version=self.row(number).version, changes=changes)
        return row


def stage(group: Group | None = None, members: Sequence[Member] | bytes = (), name: str = "a.xlsx") -> Desk:
    """Stage a list of people, as the group's template, or a whole file."""
    group = group or make_group()
    content = members if isinstance(members, bytes) else filled_template(template_facts(group), list(members))
    sheet = services.stage_sheet(group.public_id, name, content, account_id=group.account_id, actor=SYSTEM)
    return Desk(group, sheet)


def people(count: int, *, first: int = 0, **same: str) -> list[Member]:
    """Return rows that can go in; two lists with other firsts share nobody."""
    return [
        pupil(number % 120, NAMES[number % len(NAMES)])
        | {"id_number": national_id("ABFHJ"[number % 5], 1 + number % 2, 1_000_000 + number)}
        | same
        for number in range(first, first + count)
    ]


def own_sheet(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return an .xlsx file as a school keeps it, without our mark."""
    workbook = Workbook()
    for row in (headings, *rows):
        workbook.active.append(list(row))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
