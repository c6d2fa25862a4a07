"""Links: made when they are first given out, replaced when they have lost their validity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.tokens import digest_of, new_token
from app.groups.confirmation import queries
from app.groups.confirmation.models import ConfirmationLink
from app.groups.confirmation.shown import is_valid
from app.groups.models import Group
from app.registration.models import Registration


def links_of(
    session: Session, group: Group, members: Sequence[Registration], *, now: datetime
) -> list[ConfirmationLink]:
    """Return a valid link of each member, in their order, inside the open unit of work.

    One that is valid stays, so that a slip printed twice is the same slip; the group is locked by the caller.
    """
    known = {link.registration_id: link for link in queries.list_links(session, group)}
    links = []
    for member in members:
        link = known.get(member.id)
        if link is None:
            link = ConfirmationLink(registration=member, mails=0, on_paper=False)
            session.add(link)
            _renew(link, member, now)
        elif not is_valid(link):
            _renew(link, member, now)
        links.append(link)
    session.flush()
    return links


def _renew(link: ConfirmationLink, member: Registration, now: datetime) -> None:
    """Give a link a new token; the old one opens nothing from now on, and nothing is confirmed by it."""
    token = new_token()
    link.token, link.digest = token, digest_of(token)
    link.person_blind = member.id_blind
    link.made_at = now
    link.mailed_at = link.confirmed_at = link.confirmed_seal = None
    link.on_paper = False
