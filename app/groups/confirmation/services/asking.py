"""What a leader does: switch the question on and off, give out links, deal with what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.emails import parse_email
from app.accounts.models import Account
from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.core.errors import InvalidValue, Refused
from app.core.messages import Message
from app.groups import queries as groups
from app.groups.confirmation import mails, queries, rules
from app.groups.confirmation.models import Confirmation, ConfirmationLink, ConfirmationReport
from app.groups.confirmation.queries import Standing
from app.groups.confirmation.rules import UNANSWERED, MemberState
from app.groups.confirmation.services.links import links_of
from app.groups.confirmation.shown import seal_of, shown_of
from app.groups.models import Group
from app.groups.services.guards import get_open_group
from app.registration.models import Registration


@dataclass(frozen=True, slots=True)
class Slips:
    """Which slips are printed: of those without a mailbox, of all who have not answered, of one member.

    :ivar member_id: None: not only one
    """

    only_without_mail: bool = False
    member_id: str | None = None


def switch_on(public_id: str, account_id: int, *, actor: Actor) -> Group:
    """Let members check their data; links given out before open again. Doing it twice changes nothing.

    :raises NotFound: when the account has no such group
    :raises Refused: when the group cannot be changed any more
    """
    with transaction() as session:
        group = get_open_group(session, public_id, account_id)
        _switch(session, group, on=True, actor=actor)
    return group


def switch_off(public_id: str, account_id: int, *, actor: Actor) -> Group:
    """Close all links of a group; what was confirmed and reported is kept; raises NotFound."""
    with transaction() as session:
        group = groups.get_group_for_update(session, public_id, account_id)
        _switch(session, group, on=False, actor=actor)
    return group


def send_links(public_id: str, account_id: int, *, actor: Actor) -> int:
    """Mail their links to the members who have a mailbox and have not answered; return how many.

    Nobody gets more than one in a day, unless the data have changed since they confirmed them.

    :raises NotFound: when the account has no such group
    :raises Refused: when the group cannot be changed any more, or is not asking its members
    """
    with transaction() as session:
        group, standings = _asking(session, public_id, account_id)
        now = clock.now()
        own = own_mailboxes(session, group, [each.member for each in standings])
        asked = [
            each.member
            for each in standings
            if each.member.public_id in own
            and rules.can_be_mailed(
                each.state,
                mails=each.link.mails if each.link else 0,
                mailed_at=each.link.mailed_at if each.link else None,
                now=now,
            )
        ]
        for link in links_of(session, group, asked, now=now):
            link.mails, link.mailed_at = link.mails + 1, now
            mails.ask(group, link)
        if asked:
            audit.record("confirmation.send", group, actor, mails=len(asked))
    return len(asked)


def slip_links(public_id: str, account_id: int, slips: Slips, *, actor: Actor) -> Sequence[ConfirmationLink]:
    """Return the links that stand on the slips asked for, in the order of the members; made where missing.

    :raises NotFound: when the account has no such group, or the group no such member
    :raises Refused: when the group cannot be changed any more, is not asking, or nobody is left to be asked
    """
    with transaction() as session:
        group, standings = _asking(session, public_id, account_id)
        members = _members_of_slips(session, group, standings, slips)
        if not members:
            raise Refused(Message("沒有需要列印的核對單：考生都回覆了，或都有自己的電子信箱"))
        links = links_of(session, group, members, now=clock.now())
        audit.record("confirmation.print", group, actor, slips=len(links))
    return links


def confirm_on_paper(public_id: str, account_id: int, member_id: str, *, actor: Actor) -> Registration:
    """Put down that a member has confirmed on the signed slip that the leader holds.

    :raises NotFound: when the account has no such group, or the group no such member
    :raises Refused: when the group cannot be changed any more, or is not asking its members
    """
    with transaction() as session:
        group, _standings = _asking(session, public_id, account_id)
        member = groups.get_member(group, member_id)
        [link] = links_of(session, group, [member], now=clock.now())
        link.confirmed_at, link.confirmed_seal = clock.now(), seal_of(shown_of(member))
        link.on_paper = True
        audit.record("confirmation.on_paper", member, actor)
    return member


def settle_report(public_id: str, account_id: int, report_id: str, *, actor: Actor) -> ConfirmationReport:
    """Mark a reported mistake as dealt with; doing it twice changes nothing; raises NotFound."""
    with transaction() as session:
        group = groups.get_group_for_update(session, public_id, account_id)
        report = queries.get_report(group, report_id)
        if report.done_at is None:
            report.done_at = clock.now()
            audit.record("confirmation.settle", report.registration, actor, field=report.field.value)
    return report


def own_mailboxes(session: Session, group: Group, members: Sequence[Registration]) -> set[str]:
    """Return the public ids of the members who have a mailbox of their own."""
    account = session.get_one(Account, group.account_id)
    leader = {_key(group.leader_email), _key(account.email)}
    return rules.members_with_own_mail({each.public_id: _key(each.email) for each in members}, leader)


def _key(address: str) -> str:
    try:
        return parse_email(address).key
    except InvalidValue:  # one that was taken in when the rules were others
        return address.casefold()


def _switch(session: Session, group: Group, *, on: bool, actor: Actor) -> None:
    confirmation = session.get(Confirmation, group.id)
    if confirmation is None:
        confirmation = Confirmation(group=group, is_on=False)
        session.add(confirmation)
    if confirmation.is_on != on:
        confirmation.is_on, confirmation.switched_at = on, clock.now()
        audit.record("confirmation.switch_on" if on else "confirmation.switch_off", group, actor)


def _asking(session: Session, public_id: str, account_id: int) -> tuple[Group, list[Standing]]:
    group = get_open_group(session, public_id, account_id)
    if not queries.is_on(group):
        raise Refused(Message("請先開始請考生核對，再寄信或列印核對單"))
    return group, queries.list_standings(group, groups.list_members(group))


def _members_of_slips(
    session: Session, group: Group, standings: Sequence[Standing], slips: Slips
) -> list[Registration]:
    if slips.member_id is not None:
        return [groups.get_member(group, slips.member_id)]
    members = [each.member for each in standings]
    own = own_mailboxes(session, group, members) if slips.only_without_mail else set[str]()
    return [
        each.member
        for each in standings
        if each.member.public_id not in own and each.state in UNANSWERED | {MemberState.REPORTED}
    ]
