"""Reads of confirmations for pages and services."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.tokens import digest_of
from app.core.clock import taipei_day
from app.core.db import db
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.models import Round
from app.groups import queries as groups
from app.groups.confirmation import rules
from app.groups.confirmation.models import Confirmation, ConfirmationLink, ConfirmationReport
from app.groups.confirmation.rules import Access, MemberState, Tally
from app.groups.confirmation.shown import is_valid
from app.groups.models import Group, GroupMember
from app.registration.models import Registration
from app.registration.states import FormState

_SHOWN: tuple[ORMOption, ...] = (
    joinedload(ConfirmationLink.registration).options(
        joinedload(Registration.exam_round).joinedload(Round.exam_year), joinedload(Registration.offering)
    ),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one member stands; link: None, none was made yet."""

    member: Registration
    link: ConfirmationLink | None
    state: MemberState


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to.

    :ivar group: None where there is nothing to be told, as of a removed member
    :ivar open_reports: the mistakes reported and not dealt with, oldest first
    """

    link: ConfirmationLink
    access: Access
    group: Group | None
    open_reports: Sequence[ConfirmationReport]

    @property
    def member(self) -> Registration:
        return self.link.registration


def find_confirmation(group: Group) -> Confirmation | None:
    """Return a group's switch; None when the leader has never asked."""
    return db.session.get(Confirmation, group.id)


def is_on(group: Group) -> bool:
    """Return whether the group asks its members now."""
    confirmation = find_confirmation(group)
    return confirmation is not None and confirmation.is_on


def list_standings(group: Group, members: Sequence[Registration]) -> list[Standing]:
    """Return where each of a group's members stands, in their order; two queries for all of them."""
    links = {link.registration_id: link for link in list_links(db.session, group)}
    open_counts = _count_open_reports(group)
    return [
        Standing(member, links.get(member.id), _state_of(links.get(member.id), open_counts.get(member.id, 0)))
        for member in members
    ]


def tally_of(standings: Sequence[Standing]) -> Tally:
    """Return the members counted by state."""
    return rules.tally(standing.state for standing in standings)


def list_links(session: Session, group: Group) -> Sequence[ConfirmationLink]:
    """Return the links of a group's members, removed ones among them, oldest first."""
    query = (
        sa.select(ConfirmationLink)
        .join(GroupMember, GroupMember.registration_id == ConfirmationLink.registration_id)
        .where(GroupMember.group_id == group.id)
        .options(*_SHOWN)
    )
    return session.scalars(query.order_by(ConfirmationLink.id)).all()


def find_opened(token: str, now: datetime, *, lock: bool = False) -> Opened | None:
    """Return what a token opens now; None when it is none of ours, or one that has been replaced.

    :param lock: keep the link from being answered twice at once, inside a unit of work
    """
    query = sa.select(ConfirmationLink).where(ConfirmationLink.digest == digest_of(token))
    if lock:
        query = query.with_for_update(of=ConfirmationLink).execution_options(populate_existing=True)
    link = db.session.scalars(query.options(*_SHOWN)).one_or_none()
    return None if link is None else _opened(link, now)


def find_opened_by_id(public_id: str, tokens: Sequence[str], now: datetime) -> tuple[Opened, str] | None:
    """Return what a link opens and its token, if the token is among those that a browser has opened."""
    query = sa.select(ConfirmationLink).where(ConfirmationLink.public_id == public_id).options(*_SHOWN)
    link = db.session.scalars(query).one_or_none()
    if link is None:
        return None
    token = next((each for each in tokens if hmac.compare_digest(digest_of(each), link.digest)), None)
    return None if token is None else (_opened(link, now), token)


def list_reports(group: Group) -> Sequence[ConfirmationReport]:
    """Return the mistakes reported for a group's members, those not dealt with first, then the newest."""
    query = _reports_of(group).options(joinedload(ConfirmationReport.registration))
    order = (ConfirmationReport.done_at.isnot(None), ConfirmationReport.id.desc())
    return db.session.scalars(query.order_by(*order)).all()


def get_report(group: Group, public_id: str) -> ConfirmationReport:
    """Return a report of a group by its public id; raises NotFound."""
    query = _reports_of(group).where(ConfirmationReport.public_id == public_id)
    report = db.session.scalars(query).one_or_none()
    if report is None:
        raise NotFound(Message("沒有這則回報，請回到核對頁面查看"))
    return report


def list_untold(session: Session, group: Group) -> Sequence[ConfirmationReport]:
    """Return the reports that have been in no mail to the leader and still wait, oldest first."""
    query = _reports_of(group).where(
        ConfirmationReport.told_at.is_(None), ConfirmationReport.done_at.is_(None)
    )
    query = query.options(joinedload(ConfirmationReport.registration))
    return session.scalars(query.order_by(ConfirmationReport.id)).all()


def list_groups_to_tell() -> Sequence[int]:
    """Return the ids of the groups with reports that no mail has told of, oldest first."""
    query = (
        sa.select(GroupMember.group_id)
        .join(ConfirmationReport, ConfirmationReport.registration_id == GroupMember.registration_id)
        .join(ConfirmationReport.registration)
        .where(ConfirmationReport.told_at.is_(None), ConfirmationReport.done_at.is_(None))
        .where(Registration.form_state != FormState.CANCELLED)
    )
    grouped = query.group_by(GroupMember.group_id).order_by(sa.func.min(ConfirmationReport.id))
    return db.session.scalars(grouped).all()


def list_links_to_forget(session: Session, before: date) -> Sequence[int]:
    """Return the ids of the registrations whose round closed before a day and of which something is kept."""
    known = sa.union(
        sa.select(ConfirmationLink.registration_id), sa.select(ConfirmationReport.registration_id)
    ).subquery()
    query = (
        sa.select(Registration.id)
        .join(Registration.exam_round)
        .where(Registration.id.in_(sa.select(known.c.registration_id)), Round.registration_closes_on < before)
    )
    return session.scalars(query.order_by(Registration.id)).all()


def list_of_account(account_id: int) -> tuple[Sequence[ConfirmationLink], Sequence[ConfirmationReport]]:
    """Return all that is kept for the registrations of an account, oldest first."""
    mine = sa.select(Registration.id).where(Registration.account_id == account_id)
    links = sa.select(ConfirmationLink).where(ConfirmationLink.registration_id.in_(mine)).options(*_SHOWN)
    reports = sa.select(ConfirmationReport).where(ConfirmationReport.registration_id.in_(mine))
    reports = reports.options(joinedload(ConfirmationReport.registration))
    return (
        db.session.scalars(links.order_by(ConfirmationLink.id)).all(),
        db.session.scalars(reports.order_by(ConfirmationReport.id)).all(),
    )


def _opened(link: ConfirmationLink, now: datetime) -> Opened:
    member = link.registration
    group = groups.find_group_of(db.session, member)
    if group is None:
        return Opened(link, Access.GONE, None, [])
    access = rules.find_access(
        is_on=is_on(group),
        is_member=member.form_state != FormState.CANCELLED,
        group_state=group.state,
        is_lapsed=groups.find_lapse_of(group, now) is not None,
        is_valid=is_valid(link),
        closes_on=group.exam_round.registration_closes_on,
        today=taipei_day(now),
    )
    return Opened(link, access, group, _list_open_reports(member))


def _state_of(link: ConfirmationLink | None, open_reports: int) -> MemberState:
    return rules.member_state(
        has_link=link is not None,
        is_valid=link is not None and is_valid(link),
        is_confirmed=link is not None and link.confirmed_at is not None,
        open_reports=open_reports,
    )


def _reports_of(group: Group) -> sa.Select[ConfirmationReport]:
    return (
        sa.select(ConfirmationReport)
        .join(GroupMember, GroupMember.registration_id == ConfirmationReport.registration_id)
        .join(ConfirmationReport.registration)
        .where(GroupMember.group_id == group.id, Registration.form_state != FormState.CANCELLED)
    )


def _list_open_reports(member: Registration) -> Sequence[ConfirmationReport]:
    query = sa.select(ConfirmationReport).where(
        ConfirmationReport.registration_id == member.id, ConfirmationReport.done_at.is_(None)
    )
    return db.session.scalars(query.order_by(ConfirmationReport.id)).all()


def _count_open_reports(group: Group) -> dict[int, int]:
    query = (
        _reports_of(group)
        .with_only_columns(ConfirmationReport.registration_id, sa.func.count(ConfirmationReport.id))
        .where(ConfirmationReport.done_at.is_(None))
        .group_by(ConfirmationReport.registration_id)
    )
    return dict(db.session.execute(query).all())
