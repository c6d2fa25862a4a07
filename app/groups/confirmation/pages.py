"""What the pages of confirmation show, for the leader and for the member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _

from app.core.clock import taipei_day
from app.core.db import db
from app.core.messages import N_, Listing, Message
from app.core.roc_dates import format_birth_both, format_roc_document, format_roc_long
from app.exams.queries import site_facts
from app.groups import queries as groups
from app.groups.confirmation import queries, rules
from app.groups.confirmation.mails import link_address
from app.groups.confirmation.models import ConfirmationLink, ConfirmationReport
from app.groups.confirmation.queries import Standing
from app.groups.confirmation.rules import UNANSWERED, MemberState, ReportedField, Shown, Tally
from app.groups.confirmation.services.asking import own_mailboxes
from app.groups.confirmation.shown import shown_of
from app.groups.confirmation.slips_pdf import PER_SHEET, Slip, SlipSheet
from app.groups.confirmation.words import FIELD_NAMES, STATE_TAGS
from app.groups.models import Group
from app.registration.models import Registration
from app.registration.pages import Rows
from app.registration.status import Tag


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a group's confirmation is, for its page and the check before sending.

    :ivar tags: the tag of each member, by public id
    """

    tally: Tally
    tags: dict[str, tuple[Tag, Message]]
    url: str

    @property
    def sentence(self) -> Message:
        return progress_sentence(self.tally)


@dataclass(frozen=True, slots=True)
class Way:
    """How many can be reached in one way now.

    :ivar members: who have a mailbox, or have none
    :ivar now: who are mailed, or whose slips are printed, when the button is pressed
    """

    members: int
    now: int

    @property
    def sheets(self) -> int:
        return -(-self.now // PER_SHEET)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One line of the leader's table.

    :ivar by_mail: whether the member has a mailbox
    :ivar answered_at: None: not confirmed
    """

    public_id: str
    name: str
    tag: tuple[Tag, Message]
    by_mail: bool
    mailed_at: datetime | None
    answered_at: datetime | None
    on_paper: bool
    can_confirm: bool


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One reported mistake beside what the portal has now."""

    public_id: str
    member_id: str
    name: str
    field: Message
    written: object
    text: str
    reported_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeaderPage:
    """:ivar mail: None: nobody has a mailbox of their own
    :ivar all_slips: the slips of all who have not answered, mailbox or not
    """

    tally: Tally
    mail: Way
    paper: Way
    all_slips: Way
    lines: Sequence[MemberLine]
    open_reports: Sequence[ReportLine]
    done_reports: Sequence[ReportLine]

    @property
    def sentence(self) -> Message:
        return progress_sentence(self.tally)


def progress_of(group: Group, members: Sequence[Registration]) -> Progress | None:
    """Return how far the confirmation is; None when the group does not ask its members."""
    if not queries.is_on(group):
        return None
    standings = queries.list_standings(group, members)
    return Progress(
        tally=queries.tally_of(standings),
        tags={each.member.public_id: STATE_TAGS[each.state] for each in standings},
        url=url_for("groups.confirmation", public_id=group.public_id),
    )


def progress_sentence(tally: Tally) -> Message:
    """Return e.g. ``30 人中 27 人已確認；1 人回報有誤、2 人還沒回覆``."""
    counts = {"members": tally.members, "confirmed": tally.confirmed}
    if tally.is_complete:
        return Message("%(members)s 人全部確認了", counts)
    confirmed = Message("%(members)s 人中 %(confirmed)s 人已確認", counts)
    rest = Listing(
        Message(text, {"count": count})
        for count, text in (
            (tally.reported, N_("%(count)s 人回報有誤")),
            (tally.changed, N_("%(count)s 人的資料改過，要再確認")),
            (tally.waiting, N_("%(count)s 人還沒回覆")),
            (tally.not_asked, N_("%(count)s 人還沒通知")),
        )
        if count
    )
    return Message("%(confirmed)s；%(rest)s", {"confirmed": confirmed, "rest": rest}) if rest else confirmed


def leader_page(group: Group, now: datetime) -> LeaderPage:
    """Return all that the leader's page shows of a group that asks its members."""
    members = groups.list_members(group)
    standings = queries.list_standings(group, members)
    own = own_mailboxes(db.session, group, members)
    reports = [_report_line(each) for each in queries.list_reports(group)]
    with_mail = [each for each in standings if each.member.public_id in own]
    without = [each for each in standings if each.member.public_id not in own]
    return LeaderPage(
        tally=queries.tally_of(standings),
        mail=Way(len(with_mail), sum(_is_mailed_now(each, now) for each in with_mail)),
        paper=Way(len(without), sum(_has_slip(each) for each in without)),
        all_slips=Way(len(standings), sum(map(_has_slip, standings))),
        lines=[_member_line(each, by_mail=each.member.public_id in own) for each in standings],
        open_reports=[each for each in reports if each.done_at is None],
        done_reports=[each for each in reports if each.done_at is not None],
    )


def shown_rows(member: Registration) -> Rows:
    """Return what a member or parent checks, in words."""
    shown = shown_of(member)
    return [
        (_("姓名"), shown.name),
        (_("出生日期"), format_birth_both(shown.birth_on)),
        (_("報考腔調"), shown.dialect),
        (_("應考考區"), member.offering.area),
        (_("認證日期"), format_roc_long(shown.test_on)),
        (_("報名梯次"), member.exam_round.name),
    ]


def choice_hints(member: Registration) -> dict[str, object]:
    """Return under each field that can be reported what it says now."""
    shown = shown_of(member)
    return {field.value: written for field in ReportedField if (written := _written(shown, member, field))}


def slip_sheet(group: Group, links: Sequence[ConfirmationLink], *, now: datetime, language: str) -> SlipSheet:
    """Return the slips of these links as finished text, in the reader's language."""
    site = site_facts()
    return SlipSheet(
        exam_title=str(site["exam_title"]),
        round_name=str(group.exam_round.name),
        group_name=group.name,
        leader_name=group.leader_name,
        last_day=format_roc_long(last_day(group, now)),
        author=str(site["office"]),
        issued_at=now,
        language=language,
        slips=[_slip(link) for link in links],
    )


def last_day(group: Group, now: datetime) -> date:
    """Return until when members can answer: a multi group is submitted on the day it was made (R219)."""
    return (
        taipei_day(now) if group.exam_round.same_day_submission else group.exam_round.registration_closes_on
    )


def _slip(link: ConfirmationLink) -> Slip:
    member = link.registration
    shown = shown_of(member)
    return Slip(
        name=shown.name,
        birth=format_roc_document(shown.birth_on),
        dialect=shown.dialect,
        area=member.offering.area,
        test_date=format_roc_long(shown.test_on),
        url=link_address(link),
    )


def _written(shown: Shown, member: Registration, field: ReportedField) -> object:
    place = Message(
        "%(area)s，%(day)s", {"area": member.offering.area, "day": format_roc_long(shown.test_on)}
    )
    return {
        ReportedField.NAME: shown.name,
        ReportedField.BIRTH: format_birth_both(shown.birth_on),
        ReportedField.DIALECT: shown.dialect,
        ReportedField.PLACE: place,
    }.get(field)


def _member_line(standing: Standing, *, by_mail: bool) -> MemberLine:
    link = standing.link
    is_confirmed = standing.state == MemberState.CONFIRMED and link is not None
    return MemberLine(
        public_id=standing.member.public_id,
        name=standing.member.chinese_name,
        tag=STATE_TAGS[standing.state],
        by_mail=by_mail,
        mailed_at=link.mailed_at if link else None,
        answered_at=link.confirmed_at if link and is_confirmed else None,
        on_paper=is_confirmed and link is not None and link.on_paper,
        can_confirm=standing.state in UNANSWERED,
    )


def _report_line(report: ConfirmationReport) -> ReportLine:
    member = report.registration
    return ReportLine(
        public_id=report.public_id,
        member_id=member.public_id,
        name=member.chinese_name,
        field=FIELD_NAMES[report.field],
        written=_written(shown_of(member), member, report.field),
        text=report.text,
        reported_at=report.reported_at,
        done_at=report.done_at,
    )


def _is_mailed_now(standing: Standing, now: datetime) -> bool:
    link = standing.link
    return rules.can_be_mailed(
        standing.state,
        mails=link.mails if link else 0,
        mailed_at=link.mailed_at if link else None,
        now=now,
    )


def _has_slip(standing: Standing) -> bool:
    return standing.state in UNANSWERED | {MemberState.REPORTED}
