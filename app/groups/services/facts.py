"""What a group's template is made of."""

from __future__ import annotations

from app.groups.models import Group
from app.groups.sheets.template_facts import TemplateFacts


def template_facts(group: Group) -> TemplateFacts:
    """Return what is printed on the group's template and checked when it comes back."""
    return TemplateFacts(
        year=group.exam_round.exam_year.roc_year,
        round_id=group.exam_round.code,
        round_name=group.exam_round.name,
        area=group.offering.area,
        group_name=group.name,
    )
