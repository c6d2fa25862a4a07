"""Round and area as they are offered in a form."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from app.core.fields import PickField, choices_of
from app.exams.models import Round


def offer_rounds(
    rounds: Sequence[Round],
    exam_round: PickField,
    area: PickField,
    *,
    full_areas: Collection[str] = (),
    account_id: int | None = None,
) -> None:
    """Let a round and one of all their areas be chosen; of one round or one area nothing is asked.

    Whether the round chosen has the area chosen, and places there, is the service's to refuse.

    :param full_areas: those that are shown, but cannot be chosen
    :param account_id: whose additional sessions are offered besides what is open to all
    """
    exam_round.choices = choices_of((each.code, each.name) for each in rounds)
    offered = {offering.area: offering for each in rounds for offering in each.offerings_for(account_id)}
    area.choices = [
        SelectChoice(name, _l("%(area)s（額滿）", area=name), render_kw={"disabled": True})
        if name in full_areas
        else SelectChoice(
            name, _l("%(area)s（為您的團體增開）", area=name) if offering.reserved_for else name
        )
        for name, offering in offered.items()
    ]
    for field in (exam_round, area):
        if len(field.choices) == 1:
            field.data = field.choices[0].value
