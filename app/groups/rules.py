"""What may happen to a group, and how many members it needs; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from app.core.decisions import Decision, allowed, refused
from app.core.messages import N_, Message
from app.groups.states import GroupKind, GroupState
from app.registration.rules import NO_CHANGE_CLAUSE, SAME_DAY_CLAUSE
from app.registration.rules import find_lapse as find_registration_lapse
from app.registration.states import CancelReason, FormState

# More than any school has sent; the office seats larger ones by telephone.
LARGEST_GROUP: Final = 1000
_SIZE_CLAUSE = "捌、二、(二)2"
# Sessions held for one group have a minimum of their own (R040, R041).
_SESSION_MINIMUMS: Final = {"additional": "extra_session", "on_campus": "on_campus_school"}
# A group goes the way of a registration, so it lapses as one does.
_AS_FORM: Final = {
    GroupState.OPEN: FormState.DRAFT,
    GroupState.SUBMITTED: FormState.SUBMITTED,
    GroupState.CANCELLED: FormState.CANCELLED,
}


def as_form(state: GroupState) -> FormState:
    """Return the state of a registration that stands where the group stands (R227)."""
    return _AS_FORM[state]


def group_minimum(kind: GroupKind, minimums: Mapping[str, int], *, origin: str = "regular") -> int:
    """Return how many members a group needs to be submitted.

    Two for a family, four for the others, forty in a session held for the group. 捌、二、(二)2; R041,
    R072, R073, Q1.

    :param minimums: the year's numbers: family, group, extra_session, on_campus_school
    :param origin: how the offering came about: regular, additional or on_campus
    """
    name = _SESSION_MINIMUMS.get(origin) or ("family" if kind == GroupKind.FAMILY else "group")
    return minimums[name]


def check_group_size(
    kind: GroupKind, member_count: int, minimums: Mapping[str, int], *, origin: str = "regular"
) -> Decision:
    """Decide whether a group has members enough to be submitted (R222, Q1)."""
    minimum = group_minimum(kind, minimums, origin=origin)
    if member_count < minimum:
        values = {"minimum": minimum, "missing": minimum - member_count}
        if origin in _SESSION_MINIMUMS:
            text = N_("增梯或到校施測至少需有 %(minimum)s 人，還差 %(missing)s 人")
        elif kind == GroupKind.FAMILY:
            text = N_("家庭團體至少需有 %(minimum)s 人，還差 %(missing)s 人")
        else:
            text = N_("團體報名至少需有 %(minimum)s 人，還差 %(missing)s 人")
        return refused(Message(text, values), _SIZE_CLAUSE)
    return allowed(Message("人數已達 %(minimum)s 人，可以送出", {"minimum": minimum}), _SIZE_CLAUSE)


def check_room_for(member_count: int) -> Decision:
    """Decide whether a group may become as large as this."""
    if member_count > LARGEST_GROUP:
        text = N_("一個團體最多 %(most)s 人，請另建一個團體")
        return refused(Message(text, {"most": LARGEST_GROUP}))
    return allowed(Message("可以新增考生"))


def check_places(places: int, *, member_count: int) -> Decision:
    """Decide whether a multi group may hold so many places (預定人數, R218)."""
    if places < member_count:
        text = N_("名單中已有 %(members)s 人，預定人數不能更少；要減少請先移除考生")
        return refused(Message(text, {"members": member_count}), field="places")
    return check_room_for(places)


def find_lapse(
    *,
    state: GroupState,
    same_day_submission: bool,
    created_at: datetime,
    closes_on: date,
    unpaid_last_day: date | None,
    now: datetime,
) -> CancelReason | None:
    """Return why a group no longer counts although nobody has cancelled it yet, or None.

    As for a single registration: a multi group must be submitted on the day its places were taken (R064,
    R219), a national one before registration closes, and an order must be paid in time (R088, R089).
    """
    return find_registration_lapse(
        form_state=as_form(state),
        same_day_submission=same_day_submission,
        created_at=created_at,
        closes_on=closes_on,
        unpaid_last_day=unpaid_last_day,
        now=now,
    )


def check_can_create(*, leader: bool, same_track: bool) -> Decision:
    """Decide whether an account may make groups for a round's track (R192, R195)."""
    if not leader:
        return refused(Message("這是個人報名帳號，請到「我的報名」報名"))
    if not same_track:
        return refused(Message("全國認證與多梯次認證的帳號分開建立，請改用另一個系統的帳號登入"))
    return allowed(Message("可以建立團體"))


def check_can_change(state: GroupState, lapse: CancelReason | None) -> Decision:
    """Decide whether the group's data and members can still be changed: until it is submitted.

    捌、二、(五)1; R067, R223, R225.
    """
    if state == GroupState.CANCELLED:
        return refused(Message("這個團體已取消，請重新建立團體"), NO_CHANGE_CLAUSE)
    if lapse == CancelReason.NOT_SUBMITTED:
        text = N_("這個團體沒有在選取梯次當天送出，已自動取消，請重新建立團體")
        return refused(Message(text), SAME_DAY_CLAUSE)
    if lapse == CancelReason.CLOSED:
        return refused(Message("報名已截止，這個團體沒有送出，已自動取消"), SAME_DAY_CLAUSE)
    if state == GroupState.SUBMITTED:
        return refused(
            Message("團體已經送出，名單與資料不能再修改；資料有誤請洽總試務中心"), NO_CHANGE_CLAUSE
        )
    return allowed(Message("送出前都可以修改"), NO_CHANGE_CLAUSE)


def check_can_cancel(state: GroupState, *, has_receipts: bool, owes: bool) -> Decision:
    """Decide whether the leader can withdraw the whole group by a button.

    One that is open or unpaid can be; money already received is given back by the refund procedure (玖),
    and a complete free group by the office, which may have counted on it.
    """
    if state == GroupState.CANCELLED:
        return refused(Message("這個團體已經取消了"))
    if has_receipts:
        return refused(Message("這個團體已經繳費，請改為申請退費"), "玖")
    if state == GroupState.SUBMITTED and not owes:
        return refused(Message("這個團體已完成報名，要取消請電洽總試務中心"))
    return allowed(Message("可以取消"))
