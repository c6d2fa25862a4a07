"""Groups that ask their members, as far along as a test needs them."""

from __future__ import annotations

from app.core.actors import SYSTEM
from app.groups.confirmation import services
from app.groups.confirmation.models import ConfirmationLink
from app.groups.confirmation.services.asking import Slips
from app.groups.confirmation.shown import seal_of, shown_of
from app.groups.models import Group
from app.groups.services import add_member
from app.registration.models import Registration
from tests.factories.groups import LEADER, make_group
from tests.factories.registrations import FREE, make_candidate

NAMES = ("黃𠊎堃", "徐玉蘭", "范姜宇軒", "鍾宇翔")


def make_asking_group(*names: str, own_mail: bool = False, **where: object) -> Group:
    """Return an open group that asks its members; by default none of them has a mailbox of their own."""
    group = make_group(**where)
    for number, name in enumerate(names or NAMES):
        email = f"family{number}@example.tw" if own_mail else LEADER.email
        candidate = make_candidate(chinese_name=name, birth_on=FREE, email=email)
        add_member(group.public_id, group.account_id, candidate, actor=SYSTEM)
    return services.switch_on(group.public_id, group.account_id, actor=SYSTEM)


def give_slips(group: Group, slips: Slips | None = None) -> list[ConfirmationLink]:
    return list(services.slip_links(group.public_id, group.account_id, slips or Slips(), actor=SYSTEM))


def seen(member: Registration) -> str:
    return seal_of(shown_of(member)).hex()


def confirm(link: ConfirmationLink) -> None:
    services.confirm(link.token, seen(link.registration), actor=SYSTEM)
