"""People to whom something is mailed, and batches as far along as a test needs them."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.core import clock
from app.core.actors import SYSTEM
from app.groups.leader import Leader
from app.groups.models import Group
from app.groups.services import add_member, create_group, submit_group
from app.groups.states import GroupKind
from app.mailings import queries, services
from app.mailings.kinds import KINDS, MailingKind, Way
from app.mailings.models import MailingBatch, MailingParcel
from app.registration.choices import MailTo
from app.registration.models import Registration
from app.registration.services import approve_registrations
from app.tickets.services import assign_round
from tests.conftest import taipei
from tests.factories.accounts import make_leader
from tests.factories.registrations import FREE, NATIONAL_1, make_candidate, make_submitted
from tests.factories.seating import AREA, LEADER, load_example_venues

MATERIALS_DAY, TICKET_DAY = "2023-05-05 09:00", "2023-08-11 09:00"
TO_LEADER = {"materials_to": MailTo.LEADER, "ticket_to": MailTo.LEADER, "score_to": MailTo.LEADER}
FIRST_NUMBER = "00123410001217"


def make_person(*, area: str = AREA, round_code: str = NATIONAL_1, **changes: Any) -> Registration:
    """Return an approved registration of somebody who pays nothing, without a seat."""
    candidate = make_candidate(birth_on=FREE, **changes)
    registration = make_submitted(None, candidate, round_code=round_code, area=area)
    approve_registrations([registration.public_id], actor=SYSTEM)
    return registration


def make_mailed_group(
    size: int = 4, *, leader: Leader = LEADER, name: str = "銅鑼國小", **changes: Any
) -> Group:
    """Return an approved group whose members' post goes to the leader, as imported members' does (R251)."""
    account = make_leader()
    kind = GroupKind.FAMILY if size < 4 else GroupKind.SCHOOL
    group = create_group(account.id, NATIONAL_1, AREA, name, kind, leader, actor=SYSTEM)
    members = [
        add_member(
            group.public_id,
            account.id,
            make_candidate(birth_on=FREE, **{**TO_LEADER, **changes}),
            actor=SYSTEM,
        )
        for _ in range(size)
    ]
    submit_group(group.public_id, account.id, actor=SYSTEM)
    approve_registrations([member.public_id for member in members], actor=SYSTEM)
    return group


def seat(area: str = AREA, round_code: str = NATIONAL_1) -> None:
    """Give everybody in an area a seat and a ticket."""
    load_example_venues()
    assign_round(round_code, area, actor=SYSTEM)


def make_batch(
    kind: MailingKind = MailingKind.MATERIALS, *, area: str | None = None, round_code: str = NATIONAL_1
) -> MailingBatch:
    return services.make_batch(round_code, kind, area, actor=SYSTEM)


def make_posted(
    kind: MailingKind = MailingKind.MATERIALS, *, round_code: str = NATIONAL_1
) -> list[MailingParcel]:
    """Return the parcels of a batch of all who wait, posted on the first day possible."""
    batch = make_batch(kind, round_code=round_code)
    posted_on = queries.first_day(batch.exam_round, kind)
    post(batch, posted_on)
    return list(queries.list_parcels(batch))


def post(batch: MailingBatch, posted_on: date) -> None:
    """Mark a batch as posted, on the evening of that day."""
    first_number = FIRST_NUMBER if KINDS[batch.kind].way == Way.REGISTERED else None
    with clock.fixed(taipei(f"{posted_on.isoformat()} 17:00")):
        services.post_batch(batch.public_id, posted_on=posted_on, first_number=first_number, actor=SYSTEM)
