"""The words of the case desk for inboxes and for what was done with a case."""

from __future__ import annotations

from app.admin.deeds import Deed, done
from app.cases.models import Channel
from app.cases.states import Box
from app.core.messages import N_, Message

BOXES = {
    Box.UNASSIGNED: Message("待分派案件"),
    Box.WAITING: Message("待接收案件"),
    Box.OPEN: Message("處理中案件"),
    Box.CLOSED: Message("已結案紀錄"),
}
CHANNELS = {Channel.ONLINE: Message("線上"), Channel.PAPER: Message("書面郵寄")}
CASE_ACTIONS: dict[str, Deed] = {
    "case.file": done(N_("收件"), N_("案件已收件")),
    "case.assign": Message("分派權責單位"),
    "case.accept": done(N_("確認接收"), N_("已確認接收")),
    "case.report_preliminary": done(N_("回報初步受理情形"), N_("已回報初步受理情形")),
    "case.extend": done(N_("延長處理期限"), N_("已延長處理期限")),
    "case.report_result": done(N_("回報處理結果"), N_("已回報處理結果")),
    "case.close": Message("結案"),
    "case.note": Message("加註內部備註"),
    "case.view": Message("查看申訴內容"),
    "case.unmask": done(N_("查看完整證號"), N_("已查看完整證號")),
}
