"""What the clock does: tell leaders of reports, bundled, and forget what is no longer needed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.actors import SYSTEM
from app.core.db import transaction
from app.groups.confirmation import mails, queries, rules
from app.groups.confirmation.models import Confirmation, ConfirmationLink, ConfirmationReport
from app.groups.models import Group

_PORTION = 500


def tell_leaders() -> int:
    """Mail the leaders whose groups have new reports, if an hour has passed since the last mail.

    :returns: how many mails went out
    """
    now = clock.now()
    return sum(_tell_group(group_id, now) for group_id in queries.list_groups_to_tell())


def tell_if_time(session: Session, group: Group, *, now: datetime) -> bool:
    """Mail a leader of all that is new, inside the open unit of work, unless one went within the hour."""
    # Two parents at once must not send two mails: on PostgreSQL the second waits and reads anew.
    query = sa.select(Confirmation).where(Confirmation.group_id == group.id).with_for_update()
    confirmation = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if confirmation is None or not rules.is_leader_to_be_told(confirmation.told_at, now):
        return False
    reports = queries.list_untold(session, group)
    if not reports:
        return False
    for report in reports:
        report.told_at = now
    confirmation.told_at = now
    mails.tell_reports(group, reports)
    return True


def forget_ended() -> int:
    """Delete links and reports of rounds whose registration closed thirty days ago; return of how many."""
    with transaction() as session:
        ids = queries.list_links_to_forget(session, rules.kept_before(clock.today()))[:_PORTION]
        if ids:
            for table in (ConfirmationReport, ConfirmationLink):
                session.execute(sa.delete(table).where(table.registration_id.in_(ids)))
            audit.record("confirmation.forget", ("portal", "confirmations"), SYSTEM, members=len(ids))
    return len(ids)


def _tell_group(group_id: int, now: datetime) -> bool:
    with transaction() as session:
        return tell_if_time(session, session.get_one(Group, group_id), now=now)
