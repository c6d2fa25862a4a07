"""What the status pages of candidates and leaders say about their post (R211)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from flask import url_for

from app.core.clock import taipei_day
from app.core.messages import N_, Message
from app.core.money import format_twd
from app.core.roc_dates import day_message
from app.exams.models import Round
from app.exams.queries import site_facts
from app.groups.models import Group
from app.groups.timeline import group_source
from app.mailings import queries, services, waiting
from app.mailings.kinds import KINDS, WAY_NAMES, MailingKind
from app.mailings.models import MailingParcel, MailingResend
from app.mailings.rules import Person, check_gets, is_missing
from app.mailings.states import RETURN_REASONS, ResendState
from app.registration.models import Registration
from app.registration.status import Tag
from app.registration.timeline import UpperFact, timeline_source
from app.results.views import leaders_may_see

# Each kind's line: its key, and the known line that it follows; materials replace theirs.
_PLACES = {
    MailingKind.MATERIALS: ("materials", ""),
    MailingKind.TICKET: ("ticket_post", "ticket"),
    MailingKind.SCORE_REPORT: ("score_post", "score"),
    MailingKind.CERTIFICATE: ("certificate_post", "certificate"),
}
_ASK_OFFICE = Message("寄發已滿兩週，還沒收到的話，請電洽總試務中心。")


@timeline_source
def facts_of(registration: Registration, now: datetime) -> Sequence[UpperFact]:
    """Return a line per kind of mailing that concerns a candidate, from the day on which it begins."""
    person = waiting.find_person(registration)
    if not person.complete:
        return []
    parcels = queries.latest_of(queries.list_parcels_of([registration.id])[registration.id])
    lines = [
        mailing_fact(kind, parcels.get(kind), person, registration.exam_round, taipei_day(now))
        for kind in MailingKind
    ]
    if not registration.in_group:
        # What once went to the leader of a group that was left is the leader's to ask for again.
        led = {_PLACES[kind][0] for kind, parcel in parcels.items() if parcel.group_id is not None}
        lines = [replace(line, action=None) if line and line.key in led else line for line in lines]
    return [line for line in lines if line is not None]


def mailing_fact(
    kind: MailingKind, parcel: MailingParcel | None, person: Person, exam_round: Round, today: date
) -> UpperFact | None:
    """Return what is said of one kind of mailing; None: nothing is to come, or its day has not.

    :param parcel: the newest that holds somebody's copy, or None
    """
    if parcel is not None and parcel.batch.posted_on is not None:
        fact = _posted(parcel)
    else:
        first_day = queries.first_day(exam_round, kind)
        if today < first_day or not check_gets(kind, person):
            return None
        day = Message("%(day)s起寄發", {"day": day_message(first_day)})
        fact = _fact(kind, Tag.WAITING, Message("準備寄發中"), day)
    if kind == MailingKind.CERTIFICATE:
        sending = parcel.sending if parcel else None
        if is_missing(sending, chase_after=exam_round.certificate_chase_after, today=today):
            fact = replace(fact, note=_ASK_OFFICE)
    return fact


@group_source
def group_facts(group: Group, now: datetime) -> Sequence[UpperFact]:
    """Return a line per kind of mailing that concerns members of a group: how many have been posted, when."""
    today, people = taipei_day(now), waiting.group_people(group.id)
    parcels = queries.list_group_parcels(group.id)
    lines = [_group_fact(kind, group, people, parcels, today) for kind in kinds_for_leaders()]
    found = [line for line in lines if line is not None]
    url = url_for("mailings.group_mailings", public_id=group.public_id)
    # One way to the details is enough for all lines.
    return [replace(line, action=(Message("查看各考生的寄送進度"), url)) for line in found[:1]] + found[1:]


def kinds_for_leaders() -> list[MailingKind]:
    """Return the kinds that a leader is told of: certificates tell who has passed (R155)."""
    return [kind for kind in MailingKind if kind != MailingKind.CERTIFICATE or leaders_may_see()]


def _group_fact(
    kind: MailingKind,
    group: Group,
    people: Sequence[tuple[Registration, Person]],
    parcels: Sequence[MailingParcel],
    today: date,
) -> UpperFact | None:
    expected = [registration.id for registration, person in people if check_gets(kind, person)]
    sent = [each for each in parcels if each.batch.kind == kind and each.batch.posted_on is not None]
    posted = {item.registration_id for each in sent for item in each.items}
    total = len(posted.union(expected))
    if not total or (not posted and today < queries.first_day(group.exam_round, kind)):
        return None
    if not posted:
        count = Message("共 %(total)s 份", {"total": total})
        return _fact(kind, Tag.WAITING, Message("準備寄發中"), count)
    days = [each.batch.posted_on for each in sent if each.batch.posted_on is not None]
    values = {"posted": len(posted), "total": total, "day": day_message(max(days))}
    label, tag = Message("已寄出"), Tag.DONE
    text = Message("%(total)s 份：已於 %(day)s寄出", values)
    if len(posted) < total:
        label, tag = Message("部分寄出"), Tag.WAITING
        text = Message("%(total)s 份中的 %(posted)s 份：已於 %(day)s寄出", values)
    if any(each.returned_on is not None and not each.sending.asked for each in sent):
        label, tag = Message("有郵件被退回"), Tag.ATTENTION
    return _fact(kind, tag, label, text)


def _posted(parcel: MailingParcel) -> UpperFact:
    kind = parcel.batch.kind
    last = parcel.resends[-1] if parcel.resends else None
    if last is not None and last.state != ResendState.REFUSED:
        return _asked(last)
    if parcel.returned_on is not None:
        fact = _returned(parcel)
    else:
        fact = _fact(kind, Tag.DONE, Message("已寄出"), _posted_words(parcel))
        if kind == MailingKind.TICKET:
            fact = replace(fact, note=Message("考前還沒收到的話，請自行下載列印准考證。"))
    if services.check_resend(parcel):
        url = url_for("mailings.resend", public_id=parcel.public_id)
        fact = replace(fact, action=(Message("申請重寄"), url))
    if last is not None:
        text = Message("重寄申請沒有核准：%(note)s", {"note": last.note or ""})
        fact = replace(fact, note=text)
    return fact


def _posted_words(parcel: MailingParcel) -> Message:
    values = {
        "day": day_message(parcel.batch.posted_on or parcel.batch.exam_round.test_on),
        "way": WAY_NAMES[KINDS[parcel.batch.kind].way],
        "to": Message("團報負責人的地址") if parcel.group_id else Message("您的通訊地址"),
        "number": parcel.registered_number,
    }
    if parcel.registered_number is not None:
        return Message("%(day)s以%(way)s寄到%(to)s，掛號號碼 %(number)s", values)
    return Message("%(day)s以%(way)s寄到%(to)s", values)


def _returned(parcel: MailingParcel) -> UpperFact:
    assert parcel.returned_on is not None and parcel.return_reason is not None  # noqa: S101, PT018
    values = {"day": day_message(parcel.returned_on), "reason": RETURN_REASONS[parcel.return_reason]}
    when = Message("%(day)s退回：%(reason)s", values)
    note = Message("請先確認通訊地址，再申請重寄；重寄的郵資由您負擔。")
    if parcel.batch.kind == MailingKind.TICKET:
        note = Message("遭退件的紙本准考證不予補寄，請自行下載列印准考證。")
    return replace(_fact(parcel.batch.kind, Tag.ATTENTION, Message("被退回"), when), note=note)


def _asked(resend: MailingResend) -> UpperFact:
    kind = resend.parcel.batch.kind
    when = Message("%(day)s申請重寄", {"day": day_message(taipei_day(resend.asked_at))})
    if resend.state == ResendState.POSTAGE_DUE:
        text = N_("請把 %(amount)s 的等值郵票寄到「%(mailbox)s」，收到後就會寄出。")
        values = {"amount": format_twd(resend.postage_twd or 0), "mailbox": site_facts()["mailbox"]}
        fact = _fact(kind, Tag.ATTENTION, Message("待付重寄郵資"), when)
        return replace(fact, note=Message(text, values))
    if resend.state == ResendState.READY:
        return _fact(kind, Tag.WAITING, Message("即將重寄"), when)
    return _fact(kind, Tag.WAITING, Message("重寄申請處理中"), when)


def _fact(kind: MailingKind, tag: Tag, label: Message, when: Message) -> UpperFact:
    key, after = _PLACES[kind]
    return UpperFact(key, KINDS[kind].title, tag, label, when, after=after)
