"""The words of the staff's pages for stored values: (kind of status tag, word)."""

from __future__ import annotations

from app.admin.deeds import Deed, done
from app.core.messages import N_, Message
from app.groups.states import GroupState
from app.payments.gateways.base import Method
from app.payments.states import AttemptState, NoticeOutcome, ReceiptOutcome
from app.payments.status import PaymentKind
from app.registration.states import FormState, ReviewState

REVIEW_TAGS = {
    ReviewState.PENDING: ("waiting", Message("待審")),
    ReviewState.RETURNED: ("attention", Message("待補正")),
    ReviewState.APPROVED: ("done", Message("已通過")),
}
FORM_TAGS = {
    FormState.DRAFT: ("neutral", Message("填寫中")),
    FormState.SUBMITTED: ("done", Message("已送出")),
    FormState.CANCELLED: ("neutral", Message("已取消")),
}
GROUP_TAGS = {
    GroupState.OPEN: ("neutral", Message("填寫報名表中")),
    GroupState.SUBMITTED: ("done", Message("已送出")),
    GroupState.CANCELLED: ("neutral", Message("已取消")),
}
PAYMENT_TAG_KINDS = {
    PaymentKind.EXEMPT: "done",
    PaymentKind.PAID: "done",
    PaymentKind.OPEN: "waiting",
    PaymentKind.PARTIAL: "attention",
    PaymentKind.EXPIRED: "overdue",
    PaymentKind.CANCELLED: "neutral",
}
RECEIPT_TAGS = {
    ReceiptOutcome.APPLIED: ("done", Message("已入帳")),
    ReceiptOutcome.LATE: ("attention", Message("逾期，可退費")),
    ReceiptOutcome.SURPLUS: ("attention", Message("溢繳，可退費")),
    ReceiptOutcome.CANCELLED_ORDER: ("attention", Message("報名已取消，可退費")),
    ReceiptOutcome.SUSPENSE: ("attention", Message("用途不明")),
}
ATTEMPT_TAGS = {
    AttemptState.STARTED: ("neutral", Message("已前往金流")),
    AttemptState.CODE_ISSUED: ("waiting", Message("已取得繳費代號")),
    AttemptState.PAID: ("done", Message("已付款")),
    AttemptState.CONFIRMING: ("waiting", Message("確認中")),
    AttemptState.FAILED: ("overdue", Message("未成功")),
    AttemptState.ABANDONED: ("neutral", Message("未完成")),
}
NOTICE_TAGS = {
    NoticeOutcome.APPLIED: ("done", Message("已入帳")),
    NoticeOutcome.CODE_STORED: ("done", Message("已存繳費代號")),
    NoticeOutcome.REPEATED: ("neutral", Message("重複通知")),
    NoticeOutcome.NOTED: ("info", Message("已記錄")),
    NoticeOutcome.FORGED: ("overdue", Message("檢查碼不符")),
    NoticeOutcome.FOREIGN: ("overdue", Message("不是本站商店")),
    NoticeOutcome.UNKNOWN: ("attention", Message("查無訂單")),
    NoticeOutcome.MALFORMED: ("overdue", Message("無法判讀")),
}
METHOD_NAMES = {
    Method.STORE_BARCODE: Message("超商條碼"),
    Method.STORE_CODE: Message("超商代碼"),
    Method.ATM: Message("ATM 轉帳"),
    Method.CARD: Message("信用卡"),
    Method.LINE_PAY: Message("LINE Pay"),
}
ACTIONS: dict[str, Deed] = {
    "registration.create": Message("建立報名"),
    "registration.change": Message("修改資料"),
    "registration.submit": Message("送出報名"),
    "registration.keep_place": Message("繳費入帳，保留名額"),
    "registration.cancel": done(N_("取消報名"), N_("已取消報名")),
    "registration.approve": Message("資格審查通過"),
    "registration.return": done(N_("退回補正"), N_("已退回補正")),
    "registration.correct": Message("考生補正"),
    "registration.change_contact": done(N_("修改聯絡方式"), N_("已修改聯絡方式")),
    "registration.ask_amendment": done(N_("申請更正身分資料"), N_("已申請更正身分資料")),
    "registration.amend": done(N_("更正身分資料"), N_("已更正身分資料")),
    "registration.decline_amendment": Message("不更正身分資料"),
    "registration.carry_over": Message("保留應試資格到下一年度"),
    "registration.use_carry_over": Message("使用保留的應試資格"),
    "registration.leave_group": Message("移出團體，改為個人報名"),
    "registration.follow_leader": Message("隨團報負責人更新聯絡資料"),
    "ticket.issue": Message("製發准考證"),
    "ticket.renew": Message("准考證換新版"),
    "ticket.reissue": Message("試區補發准考證"),
    "seat.move": Message("更換座位"),
    "absence.record": Message("登錄缺考"),
    "absence.withdraw": Message("撤銷缺考"),
    "examday.attendance": done(N_("點名"), N_("已登錄點名")),
    "examday.task_done": Message("補辦手續完成"),
    "examday.incident": done(N_("登錄試場事件"), N_("已登錄試場事件")),
    "examday.withdraw_incident": done(N_("撤銷試場事件"), N_("已撤銷試場事件")),
    "examday.decide": done(N_("認證委員會決議"), N_("已登錄認證委員會決議")),
    "examday.resit": done(N_("安排補考"), N_("已安排補考")),
    "examday.report_ticket": done(N_("回報准考證錯誤"), N_("已回報准考證錯誤")),
    "examday.answer_report": Message("處理准考證回報"),
    "examday.view_seat": Message("查看座位"),
    "registration.describe_arrangement": Message("填寫特殊需求的輔具與證明"),
    "registration.remove_arrangement_file": Message("移除特殊需求的證明文件"),
    "registration.decide_arrangement": done(N_("回覆特殊需求申請"), N_("已回覆特殊需求申請")),
    "registration.view_arrangement": Message("查看特殊需求申請"),
    "registration.view_arrangement_file": Message("下載特殊需求的證明文件"),
    "registration.view_file": Message("下載補正文件"),
    "registration.view": Message("查看（遮蔽個資）"),
    "registration.unmask": done(N_("查看完整資料"), N_("已查看完整資料")),
    "refund.open": Message("退費立案"),
    "refund.request": done(N_("申請退費"), N_("已申請退費")),
    "refund.withdraw": Message("撤回退費申請"),
    "refund.record_application": Message("登錄退費申請書"),
    "refund.propose": Message("退費擬辦"),
    "refund.send_back": Message("退費退回承辦"),
    "refund.grant": Message("核准退費"),
    "refund.refuse": done(N_("不予退費"), N_("已決定不予退費")),
    "refund.pay": Message("登錄退費匯票"),
    "refund.move_pay_by": Message("延後退款期限"),
    "refund.move_apply_by": Message("延後退費申請期限"),
    "refund.view": Message("查看退費案件"),
    "refund.list_payouts": Message("匯出退費匯票清單"),
    "mailing.make_batch": Message("製作一批郵件"),
    "mailing.dissolve_batch": Message("拆掉一批郵件"),
    "mailing.post_batch": done(N_("登錄寄出"), N_("已登錄寄出")),
    "mailing.change_number": done(N_("更正掛號號碼"), N_("已更正掛號號碼")),
    "mailing.return_parcel": done(N_("登錄退回"), N_("已登錄退回")),
    "mailing.ask_resend": done(N_("申請重寄"), N_("已申請重寄")),
    "mailing.bill_resend": Message("請付重寄郵資"),
    "mailing.receive_resend": Message("收到重寄郵資"),
    "mailing.waive_resend": Message("免付重寄郵資"),
    "mailing.refuse_resend": done(N_("不予重寄"), N_("已決定不予重寄")),
    "mailing.view_batch": Message("查看一批郵件"),
    "mailing.view_parcel": Message("查看郵件"),
    "mailing.view_resend": Message("查看重寄申請"),
    "mailing.take_out": Message("列印標籤或郵寄清單"),
    "exams.publish_notice": Message("發布延期或災害公告"),
    "exams.move_dates": done(N_("調整日期"), N_("已調整日期")),
    "seating.move_day": Message("場次隨認證日期移動"),
    "documents.publish": done(N_("發布檔案"), N_("已發布檔案")),
    "documents.describe": Message("修改檔案說明"),
    "documents.replace": Message("檔案換新版"),
    "documents.withdraw": Message("撤下檔案"),
    "documents.restore": Message("重新發布檔案"),
    "survey.answer": Message("填寫滿意度調查"),
    "news.draft": done(N_("寫公告"), N_("已寫公告草稿")),
    "news.correct": done(N_("修改公告"), N_("已修改公告")),
    "news.publish": done(N_("發布公告"), N_("已發布公告")),
    "news.end": done(N_("結束公告"), N_("已結束公告")),
}
