"""What the staff see of one registration, section by section: masked, or in full after a stated reason.

Background, occupation and education are never among it: they must not influence a review (P007).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.identity import IdKind, mask_birth, mask_email, mask_id, mask_name, mask_phone
from app.core.messages import Message
from app.core.phones import format_phone
from app.core.roc_dates import format_birth_both
from app.registration.choices import MailTo
from app.registration.models import Registration

ID_KINDS = {
    IdKind.NATIONAL: Message("國民身分證"),
    IdKind.RESIDENT: Message("居留證"),
    IdKind.RESIDENT_OLD: Message("舊式居留證"),
    IdKind.PASSPORT: Message("護照"),
}
_MAIL_TO = {MailTo.SELF: Message("考生"), MailTo.LEADER: Message("團報負責人")}
_HIDDEN = Message("有申請，內容已遮蔽")


@dataclass(frozen=True, slots=True)
class Section:
    title: Message
    rows: Sequence[tuple[Message, Any]]


def person_sections(registration: Registration, *, unmasked: bool) -> list[Section]:
    """Return the sections about the person; `unmasked` shows them in full."""
    return [
        Section(Message("考生"), _identity(registration, unmasked)),
        Section(Message("聯絡"), _contact(registration, unmasked)),
        Section(Message("寄送與特殊需求"), _mailing(registration, unmasked)),
    ]


def _identity(registration: Registration, unmasked: bool) -> Sequence[tuple[Message, Any]]:
    name, english = registration.chinese_name, registration.english_name
    number, birth = registration.id_number, registration.birth_on
    return [
        (Message("姓名"), name if unmasked else mask_name(name)),
        (Message("英文姓名"), english if unmasked or not english else mask_name(english)),
        (Message("國籍"), Message("外籍") if registration.is_foreign else Message("本國")),
        (ID_KINDS[registration.id_kind], number if unmasked else mask_id(number)),
        (Message("出生日期"), format_birth_both(birth) if unmasked else mask_birth(birth)),
    ]


def _contact(registration: Registration, unmasked: bool) -> Sequence[tuple[Message, Any]]:
    place = f"{registration.county}{registration.district}"
    relation = registration.emergency_relation
    emergency = registration.emergency_name if unmasked else mask_name(registration.emergency_name)
    return [
        (Message("手機"), _phone(registration.mobile, unmasked)),
        (Message("市內電話"), _phone(registration.phone, unmasked)),
        (Message("電子信箱"), registration.email if unmasked else mask_email(registration.email)),
        (
            Message("通訊地址"),
            f"{registration.zip_code} {place}{registration.street if unmasked else '○○○'}",
        ),
        (Message("緊急聯絡人"), f"{emergency}（{relation}）"),
        (Message("緊急聯絡電話"), _phone(registration.emergency_phone, unmasked)),
    ]


def _mailing(registration: Registration, unmasked: bool) -> Sequence[tuple[Message, Any]]:
    asked = registration.accommodation_sealed is not None
    return [
        (Message("教材寄給"), _MAIL_TO[registration.materials_to]),
        (
            Message("准考證"),
            Message("自行下載列印")
            if not registration.ticket_by_post
            else Message("寄給%(who)s", {"who": _MAIL_TO[registration.ticket_to]}),
        ),
        (Message("成績單寄給"), _MAIL_TO[registration.score_to]),
        (
            Message("特殊應考服務"),
            (registration.accommodation if unmasked else _HIDDEN) if asked else Message("沒有申請"),
        ),
    ]


def _phone(digits: str | None, unmasked: bool) -> str | None:
    if digits is None:
        return None
    number, _, extension = digits.partition("#")
    return format_phone(number, extension) if unmasked else mask_phone(number)
