"""What the staff's page of a group shows: as its leader sees it, with persons masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.admin.audit_words import ACTION_NAMES
from app.admin.chips import Chip, chip_row, tally
from app.admin.forms import UnmaskForm
from app.admin.labels import GROUP_TAGS, PAYMENT_TAG_KINDS, REVIEW_TAGS
from app.admin.queries import groups
from app.core import clock
from app.core.crypto import blind_id
from app.core.identity import mask_birth, mask_email, mask_id, mask_name, mask_phone
from app.core.messages import Message
from app.core.text import compact
from app.groups import pages
from app.groups.forms import KIND_LABELS
from app.groups.models import Group
from app.groups.queries import list_members
from app.groups.staging.models import StagedSheet
from app.groups.staging.page_queries import count_states_of
from app.groups.staging.queries import list_sheets
from app.groups.staging.states import SETTLED, RowState
from app.groups.standing import group_standing
from app.payments.queries import status_of
from app.registration.fees import fees_of
from app.registration.models import Registration
from app.registration.states import ReviewState
from app.registration.status import TimelineItem

_INCOMPLETE = "incomplete"
_SHORTEST_END = 3  # digits of a number that are worth looking for
_STATES = [(state.value, label) for state, (_kind, label) in REVIEW_TAGS.items()]


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One row: masked, but for the name after a stated reason.

    :ivar can_pick: whether there is something to decide about
    """

    public_id: str
    name: str
    masked_id: str
    birth: str
    dialect: str
    ticket: Any
    fee_twd: int
    tag: tuple[str, Message]
    can_pick: bool


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One sheet that was read into the group, in numbers."""

    sheet: StagedSheet
    entered: int
    known: int
    left: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Which members of a group a page is about.

    :ivar state: a value of ReviewState, ``incomplete``, or None: all
    :ivar sought: a name, a part of it, or a number or its end; empty: nobody was looked for
    """

    state: str | None = None
    sought: str = ""


def facts_of(group: Group, shown: Shown, *, form: UnmaskForm, unmasked: bool = False) -> dict[str, Any]:
    """Return the variables of the page, in a number of queries that does not grow with the members."""
    now, members = clock.now(), list_members(group)
    [facts] = pages.facts_of_all([group], now)
    state = shown.state if shown.state in {*ReviewState, _INCOMPLETE} else None
    found = [each for each in members if state in (None, _state_of(each)) and _is_sought(each, shown.sought)]
    lines = member_lines(found, unmasked=unmasked)
    return {
        "group": group,
        "members": members,
        "lines": lines,
        "can_pick": any(line.can_pick for line in lines),
        "chips": _chips(group, members, state),
        "sought": shown.sought,
        "standing": group_standing(facts, now),
        "items": [] if facts.is_open else _items(group, facts, now),
        "imports": _import_lines(list_sheets(group)),
        "fee_rows": pages.fee_rows(facts.total),
        "group_rows": [*pages.group_rows(group)],
        "leader_rows": pages.leader_rows(group) if unmasked else masked_leader(group),
        "payment": status_of(group.order, now=now),
        "waiting": len(list_waiting(members)),
        "approved": sum(each.review_state == ReviewState.APPROVED for each in members),
        "history": groups.list_history(group),
        "form": form,
        "unmasked": unmasked,
        **words(),
    }


def list_waiting(members: Sequence[Registration]) -> list[Registration]:
    """Return who is complete and not reviewed."""
    return [each for each in members if each.is_complete and each.review_state == ReviewState.PENDING]


def member_lines(members: Sequence[Registration], *, unmasked: bool = False) -> list[MemberLine]:
    """Return the rows of a table of members; before submission the fee follows from the birth date."""
    return [
        MemberLine(
            public_id=member.public_id,
            name=member.chinese_name if unmasked else mask_name(member.chinese_name),
            masked_id=mask_id(member.id_number),
            birth=mask_birth(member.birth_on),
            dialect=member.dialect.value,
            ticket=_l("由總試務中心寄發") if member.ticket_by_post else _l("自行下載列印"),
            fee_twd=fee.amount_twd if member.fee_twd is None else member.fee_twd,
            tag=REVIEW_TAGS[member.review_state] if member.is_complete else _NOT_YET,
            can_pick=member.is_complete and member.review_state != ReviewState.APPROVED,
        )
        for member, fee in zip(members, fees_of(members), strict=True)
    ]


def masked_leader(group: Group) -> list[tuple[Any, str]]:
    """Return who is responsible for a group, masked."""
    place = f"{group.leader_zip_code} {group.leader_county}{group.leader_district}"
    return [
        (_l("負責人"), mask_name(group.leader_name)),
        (_l("電話"), mask_phone(group.leader_phone.partition("#")[0])),
        (_l("電子信箱"), mask_email(group.leader_email)),
        (_l("地址"), f"{place}○○○"),
    ]


def words() -> dict[str, Any]:
    """Return the words and masks that the pages of the desk share."""
    return {
        "group_tags": GROUP_TAGS,
        "group_kinds": KIND_LABELS,
        "payment_tag_kinds": PAYMENT_TAG_KINDS,
        "review_tags": REVIEW_TAGS,
        "action_names": ACTION_NAMES,
        "mask_name": mask_name,
        "mask_id": mask_id,
    }


_NOT_YET = ("neutral", Message("報名完成後審查"))


def _state_of(member: Registration) -> str:
    return member.review_state.value if member.is_complete else _INCOMPLETE


def _chips(
    group: Group, members: Sequence[Registration], state: str | None
) -> list[tuple[Any, Sequence[Chip]]]:
    counts = tally((_state_of(each), 1) for each in members)
    if len(counts) < 2 and state is None:
        return []
    labels = [*_STATES, (_INCOMPLETE, _NOT_YET[1])]

    def url_of(value: str | None) -> str:
        return url_for("admin.groups.show", public_id=group.public_id, state=value, _anchor="members")

    return [(_l("資格審查"), chip_row(counts, labels, state, url_of, every=_l("全部")))]


def _is_sought(member: Registration, sought: str) -> bool:
    if not sought:
        return True
    text = compact(sought)
    if text in compact(member.chinese_name):
        return True
    number = text.upper()
    if number.isdigit() and len(number) >= _SHORTEST_END:
        return member.id_number.endswith(number)
    return member.id_blind == blind_id(number)


def _items(group: Group, facts: Any, now: Any) -> list[TimelineItem]:
    """Return the leader's lines without the buttons, which are the leader's to press."""
    return [item for item, _action in pages.timeline_rows(group, facts, now)]


def _import_lines(sheets: Sequence[StagedSheet]) -> list[ImportLine]:
    counts = count_states_of(sheets)
    return [
        ImportLine(
            sheet,
            entered=counts[sheet.id].get(RowState.IN, 0),
            known=counts[sheet.id].get(RowState.KNOWN, 0),
            left=sum(number for state, number in counts[sheet.id].items() if state not in SETTLED),
        )
        for sheet in sheets
    ]
