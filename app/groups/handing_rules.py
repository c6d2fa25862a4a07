"""What can be handed on by the office: a member to an own account, a whole group to another leader; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.decisions import Decision, allowed, refused
from app.core.messages import N_, Message
from app.groups.rules import group_minimum
from app.groups.states import GroupKind, GroupState
from app.registration.states import CancelReason

_REGULAR = "regular"


class MoveKind(StrEnum):
    """As what somebody who leaves a group goes on."""

    DRAFT = "draft"  # a form of their own, which they submit and pay themselves
    FREE = "free"  # complete, nothing was due
    PAID = "paid"  # complete; the money stays on the group's bill, which is not touched


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """:ivar lapse: why group or member no longer count although nobody has cancelled them yet; None: they do
    :ivar settled: whether the group owes nothing: all paid, or all free
    :ivar pays: whether a fee was due for this member
    :ivar origin: how the offering came about: regular, additional or on_campus
    :ivar others: members who would stay
    :ivar refund_waits: whether a refund for this member is not decided yet
    """

    state: GroupState
    lapse: CancelReason | None
    settled: bool
    pays: bool
    origin: str
    others: int
    refund_waits: bool
    today: date
    test_on: date

    @property
    def is_open(self) -> bool:
        return self.state == GroupState.OPEN


def move_kind(facts: MoveFacts) -> MoveKind:
    """Return as what a member goes on who can leave; see decision 21."""
    if facts.is_open:
        return MoveKind.DRAFT
    return MoveKind.PAID if facts.pays else MoveKind.FREE


_MOVES = {
    MoveKind.DRAFT: Message("移出後成為考生自己的報名表，還沒送出；由考生檢查、送出，要繳費的自己繳費"),
    MoveKind.FREE: Message("移出後仍是已完成的報名，不用繳費；名額、審查結果和座位都不變"),
    MoveKind.PAID: Message(
        "移出後仍是已繳費的報名，名額、審查結果和座位都不變；錢留在團體的帳單上，不另開帳單，也不退給團體"
    ),
}


def check_can_move(facts: MoveFacts) -> Decision:
    """Decide whether a member can leave a group and go on alone. Decision 21; R078, R225, R227.

    A bill that has been sent cannot be divided; a session held for a group is for that group alone (R040).
    """
    if facts.state == GroupState.CANCELLED or facts.lapse is not None:
        return refused(Message("這個團體或這份報名已經取消或失效，不能移出；請考生重新報名"))
    if facts.today >= facts.test_on:
        return refused(Message("認證日起名單不再變動；考生要查成績，請用「電話查詢成績」"))
    if facts.origin != _REGULAR and facts.is_open:
        text = N_("這是為團體增開的考區，只供這個團體應考；要個人報名，請負責人先移除這位考生，再報一般考區")
        return refused(Message(text))
    if facts.origin != _REGULAR:
        return refused(Message("這是為團體增開的考區，只供這個團體應考，送出後不能改為個人報名"))
    if facts.refund_waits:
        return refused(Message("這位考生的退費還沒辦結，請先辦完退費"))
    if not facts.is_open and not facts.settled:
        return refused(
            Message(
                "團體的帳單已開立、還沒繳清，一張帳單不能拆開；"
                "請等繳費入帳後再移出，或請負責人取消團體，不列這位考生重新送出"
            )
        )
    if not facts.is_open and not facts.others:
        return refused(
            Message("這是團體的最後一位考生，送出的團體不能沒有人；請改用「更換負責人」把整個團體交出去")
        )
    return allowed(_MOVES[move_kind(facts)])


def note_on_size(kind: GroupKind, facts: MoveFacts, minimums: Mapping[str, int]) -> Message | None:
    """Return what leaving means for the group's smallest number of members; None: enough stay (R072, R073).

    The number is asked for when a group is submitted; what happens to one member later, a refund, a missing
    paper or this, does not undo what the others have.
    """
    missing = group_minimum(kind, minimums, origin=facts.origin) - facts.others
    if missing <= 0:
        return None
    values = {"left": facts.others, "missing": missing}
    if facts.is_open:
        text = N_("團體剩 %(left)s 人，還差 %(missing)s 人才能送出")
    else:
        text = N_("團體剩 %(left)s 人；最低人數在送出時審核，其他團員不受影響")
    return Message(text, values)


def check_receiver(*, found: bool, individual: bool, has_own: bool) -> Decision:
    """Decide whether an account can take over a registration as an individual one (R192, R195).

    :param found: whether there is a verified, enabled account of the track with the address
    :param has_own: whether it has a registration of this person already
    """
    if not found:
        text = N_("這個認證沒有用這個電子信箱啟用的帳號；請考生先註冊、打開確認信，再回來移出")
        return refused(Message(text), field="email")
    if not individual:
        text = N_("這個帳號不是個人報名帳號；請考生登入選擇「個人報名」，或用另一個電子信箱註冊")
        return refused(Message(text), field="email")
    if has_own:
        text = N_("這個帳號已有這位考生的報名；請考生先取消那一份，再回來移出")
        return refused(Message(text), field="email")
    return allowed(Message("可以移到這個帳號"))


def check_can_reassign(state: GroupState, lapse: CancelReason | None) -> Decision:
    """Decide whether a group can get another leader: as long as it counts."""
    if state == GroupState.CANCELLED or lapse is not None:
        return refused(Message("這個團體已取消或失效，不用更換負責人；請新負責人重新建立團體"))
    return allowed(Message("可以更換負責人"))


def check_new_leader(*, found: bool, leader: bool, same: bool, known_members: int) -> Decision:
    """Decide whether an account can take a group over (R192, R195, R214).

    :param found: whether there is a verified, enabled account of the track with the address
    :param same: whether it has the group already
    :param known_members: how many of an open group's members it has a draft of itself
    """
    if not found:
        text = N_("這個認證沒有用這個電子信箱啟用的帳號；請新負責人先註冊、打開確認信，再回來更換")
        return refused(Message(text), field="email")
    if not leader:
        text = N_("這個帳號不是團體報名帳號；請新負責人登入選擇「團體報名」，或用另一個電子信箱註冊")
        return refused(Message(text), field="email")
    if same:
        return refused(Message("這個帳號已經是這個團體的負責人"), field="email")
    if known_members:
        text = N_("新負責人的帳號已有其中 %(count)s 位考生的名單；請先從那裡移除，再回來更換")
        return refused(Message(text, {"count": known_members}), field="email")
    return allowed(Message("可以更換負責人"))
