"""Round and area as they are offered in a form."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from app.core.fields import PickField, choices_of
from app.exams.models import Round


def offer_rounds(
    rounds: Sequence[Round], exam_round: PickField, area: PickField, *, full_areas: Collection[str] = ()
) -> None:
    """Let a round and one of all their areas be chosen; of one round or one area nothing is asked.

    Whether the round chosen has the area chosen, and places there, is the service's to refuse.

    :param full_areas: those that are shown, but cannot be chosen
    """
    exam_round.choices = choices_of((each.code, each.name) for each in rounds)
    areas = dict.fromkeys(offering.area for each in rounds for offering in each.offerings)
    area.choices = [
        SelectChoice(name, _l("%(area)s（額滿）", area=name), render_kw={"disabled": True})
        if name in full_areas
        else SelectChoice(name, name)
        for name in areas
    ]
    for field in (exam_round, area):
        if len(field.choices) == 1:
            field.data = field.choices[0].value
