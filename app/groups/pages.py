"""What the leader's pages show, worked out from a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from app.core.clock import taipei_day
from app.core.identity import mask_id
from app.core.messages import Listing, Message
from app.core.money import format_twd
from app.core.pdf.frame import Frame
from app.core.phones import format_phone
from app.core.roc_dates import format_roc, format_roc_long
from app.exams.choices import Dialect
from app.exams.queries import site_facts
from app.exams.words import level_words
from app.groups import queries, rules
from app.groups.forms import KIND_LABELS
from app.groups.guide_pdf import GuideContent
from app.groups.models import Group
from app.groups.refunds import refund_items
from app.groups.services import check_can_cancel
from app.groups.sheets.columns import COLUMNS
from app.groups.standing import GroupFacts, Step
from app.groups.timeline import group_upper_facts
from app.payments import queries as payments
from app.payments.fees import Fee, FeeTotal
from app.payments.pages import FreshStart
from app.payments.status import with_confirmation
from app.registration.choices import MailTo
from app.registration.fees import fees_of
from app.registration.models import Registration
from app.registration.pages import Rows
from app.registration.states import ReviewState
from app.registration.status import RegistrationFacts, Tag, TimelineItem, timeline
from app.registration.timeline import with_upper_facts

_MOST_NAMES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the members table; the number is masked, `fee` is in words."""

    public_id: str
    name: str
    masked_id: str
    birth_on: str
    dialect: str
    fee_twd: int
    ticket: str
    review: tuple[Tag, Message]
    returned: bool
    asks_arrangement: bool


_REVIEWS = {
    ReviewState.PENDING: (Tag.WAITING, Message("待審")),
    ReviewState.RETURNED: (Tag.ATTENTION, Message("待補正")),
    ReviewState.APPROVED: (Tag.DONE, Message("已通過")),
}


def facts_of_all(groups: Sequence[Group], now: datetime) -> list[GroupFacts]:
    """Return the facts from which standing and progress of groups are told, in their order.

    Three queries, however many groups there are.
    """
    totals, reviews = queries.fee_totals(groups), queries.count_reviews(groups)
    confirming = payments.confirming_among(group.order for group in groups)
    return [
        _facts_of(group, totals[group.id], _review_of(reviews[group.id]), now, group.order_id in confirming)
        for group in groups
    ]


def _facts_of(
    group: Group, total: FeeTotal, review: ReviewState, now: datetime, confirming: bool
) -> GroupFacts:
    exam_round = group.exam_round
    payment = with_confirmation(payments.status_of(group.order, now=now), confirming=confirming)
    registration = RegistrationFacts(
        form_state=rules.as_form(group.state),
        review_state=review,
        ended=group.cancel_reason or queries.find_lapse_of(group, now),
        payment=payment,
        same_day_submission=exam_round.same_day_submission,
        submitted_at=group.submitted_at,
        closes_on=exam_round.registration_closes_on,
        materials_from=exam_round.materials_from,
        ticket_opens_at=exam_round.ticket_opens_at,
        ticket_by_post=False,
        test_on=exam_round.test_on,
        score_opens_at=exam_round.score_opens_at,
        certificate_from=exam_round.certificate_from,
        certificate_chase_after=exam_round.certificate_chase_after,
        can_withdraw=bool(check_can_cancel(group)),
    )
    count = total.free_count + total.paying_count
    size = rules.check_group_size(group.kind, count, queries.minimums_of(group), origin=group.offering.origin)
    return GroupFacts(registration, total, size)


def _review_of(counts: dict[ReviewState, int]) -> ReviewState:
    """Return how a group's review stands: returned if anybody's is, approved when everybody's is."""
    if counts.get(ReviewState.RETURNED):
        return ReviewState.RETURNED
    return ReviewState.PENDING if counts.get(ReviewState.PENDING) or not counts else ReviewState.APPROVED


def timeline_rows(
    group: Group, facts: GroupFacts, now: datetime
) -> list[tuple[TimelineItem, tuple[Message, str] | None]]:
    """Return the lines of the page, what rooms above know among them, each with its action or None."""
    known = [*timeline(facts.registration, now), *refund_items(group)]
    lines = with_upper_facts(known, group_upper_facts(group, now))
    return [(item, fact.action if fact else None) for item, fact in lines]


def can_change(facts: GroupFacts, now: datetime) -> bool:
    """Return whether members and data can still be changed (R063, R225)."""
    return facts.is_open and taipei_day(now) <= facts.registration.closes_on


def address_of(step: Step | None, group: Group) -> tuple[str, str] | None:
    """Return label and address of a next step; None when there is none."""
    if step is None:
        return None
    if step is Step.AGAIN:
        again = {"round": group.exam_round.code, "from": group.public_id}
        return _("重新建立團體"), url_for("groups.new", **again)
    endpoint, label = {
        Step.FILL: ("groups.import_members", _("匯入考生")),
        Step.SUBMIT: ("groups.submit", _("核對並送出")),
        Step.PAY: ("groups.pay", _("去繳費")),
        Step.TICKETS: ("tickets.group_tickets", _("下載全部准考證")),
        Step.CANCEL: ("groups.cancel", _("取消這個團體的報名")),
    }[step]
    return label, url_for(endpoint, public_id=group.public_id)


def member_rows(members: Sequence[Registration], fees: Sequence[Fee] | None = None) -> list[MemberRow]:
    """Return the members table; before submission the fee follows from the birth date.

    :param fees: what they pay, in their order; None: to be asked for
    """
    return [
        MemberRow(
            public_id=member.public_id,
            name=member.chinese_name,
            masked_id=mask_id(member.id_number),
            birth_on=format_roc(member.birth_on),
            dialect=_(member.dialect.value),
            fee_twd=fee.amount_twd if member.fee_twd is None else member.fee_twd,
            ticket=_("由總試務中心寄發") if member.ticket_by_post else _("自行下載列印"),
            review=_REVIEWS[member.review_state],
            returned=member.review_state == ReviewState.RETURNED,
            asks_arrangement=member.accommodation_sealed is not None,
        )
        for member, fee in zip(members, fees_of(members) if fees is None else fees, strict=True)
    ]


def group_rows(group: Group) -> Rows:
    """Return what a group is recognised by."""
    exam_round = group.exam_round
    rows: Rows = [
        (_("團體類型"), KIND_LABELS[group.kind]),
        (_("報名梯次"), exam_round.name),
        (_("認證級別"), level_words(exam_round.levels)),
        (_("認證日期"), format_roc_long(exam_round.test_on)),
        (_("應考考區"), group.offering.area),
    ]
    if exam_round.same_day_submission and group.hold:
        rows.append((_("預定人數"), _("%(places)s 人", places=group.hold.places)))
    return rows


def import_guide(now: datetime) -> GuideContent:
    """Return what the printed guide to the sheet says, in the reader's language (R228-R233)."""
    site = site_facts()
    frame = Frame(
        organiser=site["organiser"],
        implementer=site["implementer"],
        exam_title=site["exam_title"],
        title=_("匯入說明"),
        office_name=site["office"],
        office_address=site["address"],
        office_phones=(*site["phones"], site["toll_free"]),
        version=1,
        issued_at=now,
    )
    steps = [
        _("登入後打開團體，下載「匯入範例」。每個團體的範例不同，裡面已填好梯次與考區。"),
        _("一位考生填一列。標題有 * 的必填；藍色欄位由系統填好，不要修改，也不要增刪或移動欄位。"),
        _("存檔後在「匯入考生」選擇檔案，按「讀取檔案」。.xlsx、.xls、.ods 和 .csv 都可以，5 MB 以內。"),
        _("檔案先讀進來給您看，不會直接加入名單。學校現成的名單也可以上傳，請先確認每一欄是什麼。"),
        _("有錯的格子會寫出原因，可以在網頁上直接改，不必回到 Excel。"),
        _("再按「加入名單」：好的可以先加入，其餘慢慢改。已經在名單中的考生不會重複加入。"),
        _("一個團體可以匯入好幾個檔案，也可以逐一新增。"),
    ]
    columns = [(column.label, _(column.help)) for column in COLUMNS]
    return GuideContent(
        frame=frame,
        sections=[
            (_("步驟"), 20, [(f"{number}.", step) for number, step in enumerate(steps, start=1)]),
            (_("各欄位怎麼填"), 110, columns),
        ],
    )


def leader_rows(group: Group) -> Rows:
    """Return who is responsible, and where mail for the members goes."""
    digits, _hash, extension = group.leader_phone.partition("#")
    place = f"{group.leader_zip_code} {group.leader_county}{group.leader_district}"
    return [
        (_("負責人"), group.leader_name),
        (_("電話"), format_phone(digits, extension)),
        (_("電子信箱"), group.leader_email),
        (_("地址"), f"{place}{group.leader_street}"),
    ]


def fee_rows(total: FeeTotal) -> Rows:
    """Return how many are free, how many pay, and the sum (R078)."""
    count = total.free_count + total.paying_count
    amount = format_twd(total.amount_twd) if total.amount_twd else _("免繳費")
    return [
        (_("團體人數"), _("%(count)s 人", count=count)),
        (_("免繳費"), _("%(count)s 人", count=total.free_count)),
        (_("需繳費人數"), _("%(count)s 人", count=total.paying_count)),
        (_("應繳金額"), amount if count else "–"),
    ]


def fresh_start(group: Group, now: datetime) -> FreshStart:
    """Return how the leader can begin anew when the last day of payment has passed."""
    cancellable = queries.find_lapse_of(group, now) is None and check_can_cancel(group)
    return FreshStart(
        closes_on=group.exam_round.registration_closes_on,
        cancel_url=url_for("groups.cancel", public_id=group.public_id) if cancellable else None,
    )


def payer_rows(group: Group) -> Rows:
    """Return who and what is paid for (R226)."""
    return [
        (_("團體名稱"), group.name),
        (_("報名梯次"), group.exam_round.name),
        (_("團報負責人"), group.leader_name),
        (_("應考考區"), group.offering.area),
    ]


def check_rows(members: Sequence[Registration]) -> Rows:
    """Return what is to be checked before submission, counted: dialects and mailing (R224)."""
    dialects = Counter(member.dialect for member in members)
    posted = sum(member.ticket_by_post for member in members)
    asked = sum(member.accommodation_sealed is not None for member in members)
    return [
        (
            _("報考腔調"),
            Listing(
                Message("%(dialect)s %(count)s 人", {"dialect": each, "count": dialects[each]})
                for each in Dialect
                if dialects[each]
            ),
        ),
        (_("教材寄至"), _targets(members, "materials_to")),
        (_("成績單及證書寄至"), _targets(members, "score_to")),
        (
            _("准考證"),
            _("寄發 %(posted)s 人、自行下載列印 %(own)s 人", posted=posted, own=len(members) - posted),
        ),
        (_("特殊需求"), _("%(count)s 人申請", count=asked) if asked else _("無")),
    ]


def payer_names(members: Sequence[Registration]) -> list[str]:
    """Return the names of the members who pay, if they are few enough to be checked by name."""
    payers = zip(members, fees_of(members), strict=True)
    names = [member.chinese_name for member, fee in payers if not fee.exempt]
    return names if len(names) <= _MOST_NAMES_SHOWN else []


def _targets(members: Sequence[Registration], name: str) -> str:
    own = sum(getattr(member, name) == MailTo.SELF for member in members)
    if not own:
        return str(_("全部寄給團報負責人"))
    leader = len(members) - own
    return str(_("團報負責人 %(leader)s 人、個人地址 %(own)s 人", leader=leader, own=own))
