"""What was to be done after the session is done (R182)."""

from __future__ import annotations

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import Refused
from app.core.messages import N_, Message
from app.examday import queries, rules
from app.examday.models import FollowUp
from app.examday.states import TaskKind


def finish_task(public_id: str, *, actor: Actor) -> FollowUp:
    """Put on record that the photo was taken and the affidavit signed; done twice it changes nothing.

    A ticket is not ticked off here: issuing it again finishes its task.

    :raises NotFound: when there is no such task
    :raises Refused: after the day of the test, when the score counts as zero; or for a ticket
    """
    with transaction() as session:
        task = queries.get_task_for_update(session, public_id)
        if task.done_at is None:
            if task.kind == TaskKind.TICKET:
                raise Refused(Message("請按「補發准考證」，列印後這一項就完成"))
            now = clock.now()
            if rules.task_costs_score(clock.taipei_day(task.attendance.slot.entry_at), now):
                text = N_("認證當天沒有辦理，依試場規則成績以零分計算，不能再補登")
                raise Refused(Message(text), clause=rules.TASK_CLAUSE)
            task.done_at = now
            audit.record("examday.task_done", task.attendance.registration, actor, kind=task.kind.value)
    return task
