"""The present members as rows of the template, to be changed in a spreadsheet and imported again."""

from __future__ import annotations

from dataclasses import dataclass

from app.core import audit
from app.core.actors import Actor
from app.core.db import transaction
from app.groups import queries
from app.groups.services.carrying import read_candidate
from app.groups.services.facts import template_facts
from app.groups.sheets.marks import Texts
from app.groups.sheets.template_facts import TemplateFacts
from app.groups.sheets.texts import draft_of, texts_of


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """What the template is made of: the group, and a row for each of its members in their order."""

    facts: TemplateFacts
    rows: list[Texts]


def take_out_members(public_id: str, account_id: int, *, suffix: str, actor: Actor) -> FilledTemplate:
    """Return the members with their whole identity numbers, and put on record that they left the portal.

    :param suffix: the format of the file, for the record
    :raises NotFound: when the account has no such group
    """
    with transaction():
        group = queries.get_group(public_id, account_id)
        leader = group.leader
        rows = [texts_of(draft_of(read_candidate(member), leader)) for member in queries.list_members(group)]
        audit.record("group.take_out", group, actor, members=len(rows), form=suffix)
    return FilledTemplate(template_facts(group), rows)
