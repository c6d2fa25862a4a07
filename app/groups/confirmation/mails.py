"""Letters about confirmation: the link to a member, and what was reported to the leader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import current_app

from app.accounts.queries import language_of
from app.core import mail
from app.core.messages import N_, Listing, Message
from app.core.roc_dates import format_roc_long
from app.groups.confirmation.models import ConfirmationLink, ConfirmationReport
from app.groups.confirmation.words import FIELD_NAMES
from app.groups.models import Group

_MOST_NAMES = 10


def ask(group: Group, link: ConfirmationLink) -> None:
    """Send a member the link; neither birth date nor any number stands in the letter."""
    last_day = format_roc_long(group.exam_round.registration_closes_on)
    request = Message(
        "「%(group)s」的團報負責人%(leader)s替您報名了客語能力認證。"
        "請開啟下面的連結，核對姓名、出生日期、腔調、考區和日期，按「資料都正確」或回報錯誤，不必登入。",
        {"group": group.name, "leader": group.leader_name},
    )
    until = Message("請在 %(day)s23:59 前完成；團體送出後就不能再修改。", {"day": last_day})
    not_you = Message("連結只給您和家人使用，請不要轉寄。如果您沒有要報名，請不必理會這封信。")
    mail.send_later(
        link.registration.email,
        Message("請核對報名資料：%(group)s", {"group": group.name}),
        Message("%(name)s 您好：", {"name": link.registration.chinese_name}),
        request,
        link_address(link),
        until,
        not_you,
        _sign(),
    )


def tell_reports(group: Group, reports: Sequence[ConfirmationReport]) -> None:
    """Tell the leader what was reported since the last letter: of whom and which field, not the words."""
    lines = Counter((each.registration.chinese_name, each.field) for each in reports)
    named = Listing(
        Message("%(name)s（%(field)s）", {"name": name, "field": FIELD_NAMES[field]})
        for name, field in list(lines)[:_MOST_NAMES]
    )
    text = N_("考生或家長回報了 %(count)s 處錯誤：%(named)s。")
    if len(lines) > _MOST_NAMES:
        text = N_("考生或家長回報了 %(count)s 處錯誤：%(named)s等。")
    mail.send_later(
        group.leader_email,
        Message("有考生回報資料錯誤：%(group)s", {"group": group.name}),
        Message("%(name)s 您好：", {"name": group.leader_name}),
        Message(text, {"count": len(reports), "named": named}),
        Message(
            "請開啟核對頁面看他們寫的內容，修改資料後標示為已處理：\n%(url)s",
            {"url": f"{_base_url()}/groups/{group.public_id}/confirmation#reports"},
        ),
        _sign(),
        language=language_of(group.account_id),
    )


def link_address(link: ConfirmationLink) -> str:
    """Return the address of a link, from the settings and never from the request."""
    return f"{_base_url()}/confirm/{link.token}"


def _sign() -> Message:
    return Message("客語能力認證總試務中心\n這是系統自動寄出的信，請不要直接回信。")


def _base_url() -> str:
    return str(current_app.extensions["settings"].base_url).rstrip("/")
