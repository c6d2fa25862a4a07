"""Venues to sit in and candidates who may be seated."""

from __future__ import annotations

from app.accounts.models import Account
from app.config import ROOT
from app.core.actors import SYSTEM
from app.exams.choices import Dialect
from app.groups.leader import Leader
from app.groups.models import Group
from app.groups.services import add_member, create_group, submit_group
from app.groups.states import GroupKind
from app.registration.models import Registration
from app.registration.services import approve_registrations
from app.tickets import services
from app.tickets.venues_file import read_venues
from tests.factories.accounts import make_leader
from tests.factories.registrations import FREE, NATIONAL_1, make_candidate, make_submitted

AREA = "苗栗"
LEADER = Leader(
    name="彭秀英",
    phone="037981234",
    email="hsiuying@example.tw",
    zip_code="366",
    county="苗栗縣",
    district="銅鑼鄉",
    street="中正路12號",
)


def load_example_venues() -> None:
    """Load data/venues_112.json: in each area at least three rooms of 40 and one of 20, seven slots a day."""
    text = (ROOT / "data" / "venues_112.json").read_text(encoding="utf-8")
    services.load_venues(read_venues(text), actor=SYSTEM)


def make_approved(
    account: Account | None = None,
    *,
    dialect: Dialect = Dialect.SIXIAN,
    name: str = "徐玉蘭",
    round_code: str = NATIONAL_1,
    area: str = AREA,
    accommodation: str | None = None,
) -> Registration:
    """Return a complete registration of somebody who pays nothing, approved and ready to be seated."""
    candidate = make_candidate(chinese_name=name, dialect=dialect, birth_on=FREE, accommodation=accommodation)
    registration = make_submitted(account, candidate, round_code=round_code, area=area)
    approve_registrations([registration.public_id], actor=SYSTEM)
    return registration


def make_approved_group(
    size: int, leader: Account | None = None, *, dialect: Dialect = Dialect.SIXIAN, area: str = AREA
) -> Group:
    """Return a submitted family or school group of people who pay nothing, all of them approved."""
    leader = leader or make_leader()
    kind = GroupKind.FAMILY if size < 4 else GroupKind.SCHOOL
    group = create_group(leader.id, NATIONAL_1, area, "銅鑼國小", kind, LEADER, actor=SYSTEM)
    members = [
        add_member(group.public_id, leader.id, make_candidate(dialect=dialect, birth_on=FREE), actor=SYSTEM)
        for _ in range(size)
    ]
    submit_group(group.public_id, leader.id, actor=SYSTEM)
    approve_registrations([member.public_id for member in members], actor=SYSTEM)
    return group
