"""Letters about what the office has done in a group: corrections asked for, a member moved, a new leader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.accounts.models import Account
from app.core.db import db
from app.core.identity import mask_name
from app.core.messages import N_, Listing, Message
from app.core.roc_dates import format_roc_long
from app.groups.handing_rules import MoveKind
from app.groups.leader import Leader
from app.groups.mails import Part, write_to
from app.groups.models import Group
from app.registration import mails as registration_mails
from app.registration.models import Registration
from app.registration.queries import find_open_correction

# A letter names those it is about as long as they can be read; the page has all.
_MOST_NAMES = 20
_ASK_OFFICE = Message("如果這不是您要求的，請立刻電洽總試務中心。")
_AFTER_MOVE = {
    MoveKind.FREE: Message("報名仍然有效，免繳報名費，不用重新報名。"),
    MoveKind.PAID: Message(
        "報名仍然有效，報名費已由團體繳清，不用再繳，也不用重新報名；要申請退費，請以書面向總試務中心申請。"
    ),
}


def tell_moved(
    group: Group, member: Registration, account: Account, kind: MoveKind, *, address_stays: bool
) -> None:
    """Tell the candidate what now is theirs to do, and the leader that somebody has left."""
    subject = Message("您的報名已改為個人報名：%(round)s", {"round": group.exam_round.name})
    news: list[Message | str] = [
        Message(
            "總試務中心已把您在團體「%(group)s」的報名改為個人報名，以後由您的帳號查看和處理。",
            {"group": group.name},
        ),
        _AFTER_MOVE.get(kind) or _submit_by(group),
    ]
    correction = find_open_correction(member)
    if correction is not None:
        text = N_("審查時發現有資料要補正，請在 %(day)s23:59 前登入處理，逾期視同未報名。")
        news.append(Message(text, {"day": format_roc_long(correction.last_day)}))
    if address_stays:
        news.append(Message("通訊地址目前還是團報負責人的，郵件會寄到那裡；請登入更新。"))
    for address in dict.fromkeys([account.email, member.email]):
        registration_mails.write_to(member, subject, [*news, _ASK_OFFICE], to=address)
    _tell_leader(
        group,
        Message("考生已移出團體：%(group)s", {"group": group.name}),
        [
            Message(
                "總試務中心已把 %(name)s 移出這個團體，改為個人報名。這位考生的資料、准考證和成績"
                "以後由考生自己處理，不會再顯示在團體裡。",
                {"name": mask_name(member.chinese_name)},
            ),
            Message("團體的人數和應繳金額會跟著減少。")
            if kind == MoveKind.DRAFT
            else Message("團體的帳單和繳費紀錄不變。"),
            _ASK_OFFICE,
        ],
    )


def tell_reassigned(group: Group, old: Account, before: Leader) -> None:
    """Tell the old leader that the group is out of their hands, and the new one that it is in theirs.

    Neither is told how to reach the other.
    """
    subject = Message("團報負責人已更換：%(group)s", {"group": group.name})
    gone = Message(
        "總試務中心已把這個團體交給新的團報負責人。您的帳號不能再查看或處理這個團體；名單、報名和繳費都不受影響。"
    )
    for address in dict.fromkeys([old.email, before.email]):
        write_to(group, subject, [gone, _ASK_OFFICE], to=address, account_id=old.id, link=False)
    news: list[Part] = [
        Message("您已成為這個團體的團報負責人。請登入查看名單、繳費和接下來要做的事。"),
        Message("以後有關這個團體的信都會寄給您，寄給團報負責人的教材和成績單也會寄到您的地址。"),
        _ASK_OFFICE,
    ]
    _tell_leader(group, subject, news)


def tell_members_returned(
    group: Group, members: Sequence[Registration], missing: Sequence[str], last_day: date
) -> None:
    """Tell the leader in one letter for whom something is missing, what, and until when (R068, S003).

    A member with an address of their own is told as well, in a letter of their own.
    """
    names = [mask_name(member.chinese_name) for member in members[:_MOST_NAMES]]
    values = {"names": Listing(names), "count": len(members)}
    whom = N_("考生：%(names)s，共 %(count)s 人") if len(members) > 1 else N_("考生：%(names)s")
    day = {"day": format_roc_long(last_day)}
    ask = Message("審查報名資料時，發現以下需要補正，請在 %(day)s23:59 前到報名網站說明或上傳文件：", day)
    items = tuple(Message("・%(item)s", {"item": Message(item)}) for item in missing)
    warning = Message("逾期沒有補正，依簡章規定視同未報名，不能應試。")
    _tell_leader(
        group,
        Message("請補正考生資料：%(group)s", {"group": group.name}),
        [
            ask,
            items,
            Message(whom, values),
            Message("請登入後打開團體，每位考生各有一個「補正資料」，請分別處理。"),
            warning,
        ],
    )
    leader_addresses = _leader_addresses(group)
    subject = Message("請補正報名資料：%(round)s", {"round": group.exam_round.name})
    where = Message("這是團體報名，請由團報負責人登入後補正。")
    for member in members:
        if member.email not in leader_addresses:
            registration_mails.write_to(member, subject, [ask, items, where, warning])


def _submit_by(group: Group) -> Message:
    if group.exam_round.same_day_submission:
        return Message(
            "報名表還沒送出。請登入檢查資料，在今天 23:59 前送出，逾時會自動取消；要繳費的，送出後再繳。"
        )
    day = {"day": format_roc_long(group.exam_round.registration_closes_on)}
    return Message("報名表還沒送出。請登入檢查資料，在 %(day)s23:59 前送出；要繳費的，送出後再繳。", day)


def _leader_addresses(group: Group) -> list[str]:
    account = db.session.get_one(Account, group.account_id)
    return list(dict.fromkeys([account.email, group.leader_email]))


def _tell_leader(group: Group, subject: Message, paragraphs: Sequence[Part]) -> None:
    for address in _leader_addresses(group):
        write_to(group, subject, paragraphs, to=address, account_id=group.account_id)
