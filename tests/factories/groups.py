"""Groups of a school, as far along as a test needs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.accounts.models import Account, Realm
from app.config import ROOT
from app.core.actors import SYSTEM
from app.groups.leader import Leader
from app.groups.models import Group
from app.groups.services import add_member, create_group, submit_group
from app.groups.staging.services import commit, stage_sheet
from app.groups.states import GroupKind
from app.payments.services import record_message
from tests.factories.accounts import make_leader
from tests.factories.orders import make_attempt, paid_message
from tests.factories.registrations import FREE, NATIONAL_1, PAYS, make_candidate

LEADER = Leader(
    name="鍾美珍",
    phone="0225031234#12",
    email="teacher@school.tw",
    zip_code="104",
    county="臺北市",
    district="中山區",
    street="長安東路二段15號",
)
SCHOOL = "臺北市中山區中山國小"
SAMPLES = ROOT / "data" / "samples"
SHEETS = Path(__file__).parents[1] / "groups" / "sheets"


def make_group(
    account: Account | None = None,
    *,
    round_code: str = NATIONAL_1,
    area: str = "臺北",
    kind: GroupKind = GroupKind.SCHOOL,
    name: str = SCHOOL,
    leader: Leader = LEADER,
    places: int | None = None,
) -> Group:
    """Return an open group without members."""
    realm = Realm.NATIONAL if round_code.startswith("nat") else Realm.MULTI
    account = account or make_leader(realm=realm)
    return create_group(account.id, round_code, area, name, kind, leader, places=places, actor=SYSTEM)


def fill(group: Group, *, paying: int = 0, free: int = 0) -> Group:
    """Add members who pay and members who are free."""
    for birth_on in [PAYS] * paying + [FREE] * free:
        add_member(group.public_id, group.account_id, make_candidate(birth_on=birth_on), actor=SYSTEM)
    return group


def make_submitted_group(
    account: Account | None = None, *, paying: int = 1, free: int = 3, **where: Any
) -> Group:
    """Return a submitted group; unless all are free it waits to be paid."""
    group = fill(make_group(account, **where), paying=paying, free=free)
    return submit_group(group.public_id, group.account_id, actor=SYSTEM)


def pay_group(group: Group) -> None:
    """Let the gateway report, now, that the group's order was paid."""
    record_message("ecpay", paid_message(make_attempt(group.order)), address=None, actor=SYSTEM)


def import_pupils(group: Group, content: bytes, name: str = "pupils.xlsx") -> None:
    """Let a leader stage a sheet and take all its good rows in."""
    who: dict[str, Any] = {"account_id": group.account_id, "actor": SYSTEM}
    sheet = stage_sheet(group.public_id, name, content, **who)
    commit(group.public_id, sheet.public_id, **who)
