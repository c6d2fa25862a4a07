"""What the pages about post show, worked out from parcels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from app.core.messages import Listing, Message
from app.core.roc_dates import format_roc_long
from app.core.translation import translate
from app.groups.models import Group
from app.mailings import queries, waiting
from app.mailings.kinds import KINDS
from app.mailings.models import MailingParcel
from app.mailings.timeline import kinds_for_leaders, mailing_fact
from app.registration.choices import MailTo
from app.registration.pages import Rows
from app.registration.timeline import UpperFact

_MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class MemberPost:
    """One member's line: a fact per kind; None where nothing is to come, or its day has not."""

    name: str
    facts: list[tuple[Message, UpperFact | None]]


def kind_names() -> list[Message]:
    """Return the names of the kinds that a leader is told of."""
    return [KINDS[kind].name for kind in kinds_for_leaders()]


def member_posts(group: Group, today: date) -> list[MemberPost]:
    """Return what was posted for each member of a group, in a number of queries that does not grow.

    What is to be known of a parcel that they share stands with the first of them.
    """
    people = waiting.group_people(group.id)
    parcels = queries.list_parcels_of([registration.id for registration, _person in people])
    posts, told = [], set[object]()
    for registration, person in people:
        latest = queries.latest_of(parcels.get(registration.id, []))
        facts = []
        for kind in kinds_for_leaders():
            parcel = latest.get(kind)
            fact = mailing_fact(kind, parcel, person, group.exam_round, today)
            if fact is not None and parcel in told:
                fact = replace(fact, note=None)
            facts.append((KINDS[kind].name, fact))
        told.update(latest.values())
        posts.append(MemberPost(registration.chinese_name, facts))
    return posts


def parcel_rows(parcel: MailingParcel) -> Rows:
    """Return what a parcel is recognised by, and where it went."""
    kind = KINDS[parcel.batch.kind]
    return [
        (_("郵件"), _(kind.name.template)),
        (_("梯次"), parcel.batch.exam_round.name),
        (_("考生"), names_of(parcel)),
        (_("寄出日期"), format_roc_long(parcel.batch.posted_on) if parcel.batch.posted_on else None),
        (_("寄到"), f"{parcel.zip_code} {parcel.place}{parcel.street}"),
        (_("收件人"), parcel.recipient),
    ]


def next_address(parcel: MailingParcel) -> str:
    """Return where the contents would go if they were sent again now."""
    field = KINDS[parcel.batch.kind].choice_field
    person = parcel.items[0].registration
    to_leader = parcel.group is not None and getattr(person, field) == MailTo.LEADER
    to = parcel.group.leader if to_leader else person
    return f"{to.zip_code} {to.county}{to.district}{to.street}"


def names_of(parcel: MailingParcel) -> str:
    """Return whose copies are in a parcel: by name when they are few, else how many."""
    if len(parcel.items) > _MOST_NAMES:
        return str(_("%(count)s 位考生", count=len(parcel.items)))
    return str(translate(Listing(item.registration.chinese_name for item in parcel.items)))
