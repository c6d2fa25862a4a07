"""The words of the case desk for inboxes and for what was done with a case."""

from __future__ import annotations

from app.cases.models import Channel
from app.cases.states import Box
from app.core.messages import Message

BOXES = {
    Box.UNASSIGNED: Message("待分派案件"),
    Box.WAITING: Message("待接收案件"),
    Box.OPEN: Message("處理中案件"),
    Box.CLOSED: Message("已結案紀錄"),
}
CHANNELS = {Channel.ONLINE: Message("線上"), Channel.PAPER: Message("書面郵寄")}
CASE_ACTIONS = {
    "case.file": Message("收件"),
    "case.assign": Message("分派權責單位"),
    "case.accept": Message("確認接收"),
    "case.report_preliminary": Message("回報初步受理情形"),
    "case.extend": Message("延長處理期限"),
    "case.report_result": Message("回報處理結果"),
    "case.close": Message("結案"),
    "case.note": Message("加註內部備註"),
    "case.view": Message("查看申訴內容"),
    "case.unmask": Message("查看完整證號"),
}
