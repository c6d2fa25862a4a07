"""What staff may do, by name; every staff page states the one it needs (W017)."""

from __future__ import annotations

from enum import StrEnum

from app.core.messages import Message


class Permission(StrEnum):
    REVIEW = "review"
    UNMASK = "unmask"
    CORRECT = "correct"
    GROUPS = "groups"
    SEATING = "seating"
    PAYMENTS = "payments"
    RECONCILE = "reconcile"
    REFUNDS_PREPARE = "refunds_prepare"
    REFUNDS_DECIDE = "refunds_decide"
    RESULTS = "results"
    PUBLISH_RESULTS = "publish_results"
    CASES = "cases"
    CASES_ASSIGN = "cases_assign"
    MAILINGS = "mailings"
    NEWS = "news"
    AUDIT = "audit"
    STAFF = "staff"
    LOOK_UP = "look_up"
    EXAM_DAY = "exam_day"
    ACCOMMODATION = "accommodation"


PERMISSION_NAMES = {
    Permission.REVIEW: Message("審查報名資格"),
    Permission.UNMASK: Message("查看完整個人資料"),
    Permission.CORRECT: Message("更正身分資料"),
    Permission.GROUPS: Message("移出團員、更換團報負責人、代為匯入"),
    Permission.SEATING: Message("排試場與座位"),
    Permission.PAYMENTS: Message("查看繳費，暫停與恢復繳費方式"),
    Permission.RECONCILE: Message("對帳、認領用途不明的款項"),
    Permission.REFUNDS_PREPARE: Message("擬辦退費"),
    Permission.REFUNDS_DECIDE: Message("核定退費"),
    Permission.RESULTS: Message("登錄成績"),
    Permission.PUBLISH_RESULTS: Message("公布各梯次成績"),
    Permission.CASES: Message("承辦案件"),
    Permission.CASES_ASSIGN: Message("分派案件"),
    Permission.MAILINGS: Message("寄送郵件"),
    Permission.NEWS: Message("發布公告"),
    Permission.AUDIT: Message("查閱稽核紀錄"),
    Permission.STAFF: Message("管理試務人員"),
    Permission.LOOK_UP: Message("查看報名（遮蔽個資）"),
    Permission.EXAM_DAY: Message("認證當天點名與登錄"),
    Permission.ACCOMMODATION: Message("回覆特殊需求申請"),
}
