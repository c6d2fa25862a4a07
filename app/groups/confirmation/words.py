"""The words of confirmation: states and fields, as people read them."""

from __future__ import annotations

from app.core.messages import Message
from app.groups.confirmation.rules import MemberState, ReportedField
from app.registration.status import Tag

STATE_TAGS = {
    MemberState.CONFIRMED: (Tag.DONE, Message("已確認")),
    MemberState.WAITING: (Tag.WAITING, Message("等候回覆")),
    MemberState.REPORTED: (Tag.ATTENTION, Message("回報有誤")),
    MemberState.CHANGED: (Tag.ATTENTION, Message("資料改過，要再確認")),
    MemberState.NOT_ASKED: (Tag.NEUTRAL, Message("還沒通知")),
}
FIELD_NAMES = {
    ReportedField.NAME: Message("姓名"),
    ReportedField.BIRTH: Message("出生日期"),
    ReportedField.DIALECT: Message("腔調"),
    ReportedField.PLACE: Message("考區或日期"),
    ReportedField.OTHER: Message("其他"),
}
