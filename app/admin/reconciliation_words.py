"""The words of the reconciliation desk."""

from __future__ import annotations

from app.admin.queries.reconciliation import POST
from app.core.messages import Message
from app.payments.reconciliation.lines import LineKind
from app.payments.reconciliation.states import FileState, FindingKind

GATEWAY_NAMES = {
    "ecpay": Message("綠界"),
    "line_pay": Message("LINE Pay"),
    "taishin": Message("台新銀行"),
    POST: Message("郵政匯票"),
}
LINE_KIND_NAMES = {
    LineKind.PAYMENT: Message("繳費"),
    LineKind.REFUND: Message("退款"),
    LineKind.REVERSAL: Message("銀行沖正"),
}
FILE_TAGS = {
    FileState.READING: ("waiting", Message("讀取中")),
    FileState.DONE: ("done", Message("已讀完")),
}
#: What became of a file's lines, in the order in which the page tells it.
COUNT_NAMES = {
    "matched": Message("本站已有，相符"),
    "healed": Message("本站沒收到通知，已由檔案入帳"),
    "suspense": Message("不知道是誰繳的，列入用途不明"),
    "missing": Message("檔案沒寫付款時間，已請金流查詢"),
    "differs": Message("金額不符"),
    "not_ours": Message("不是本站辦的退款"),
    "repeated": Message("以前的檔案已經有了"),
    "not_in_file": Message("本站有、檔案沒有"),
}
#: What each list is, and what to do with it.
KIND_ANSWERS = {
    FindingKind.NOT_IN_PORTAL: Message(
        "金流或銀行說收了錢，本站沒有入到訂單。用途不明的請先認領；等金流回覆的會自己結案。"
    ),
    FindingKind.NOT_IN_FILE: Message(
        "本站入了帳，檔案裡卻沒有。請向金流或銀行查詢；之後的檔案有了會自己結案。"
    ),
    FindingKind.AMOUNT_DIFFERS: Message("同一筆款項，檔案和本站的金額不同。本站的帳不會自己更動。"),
    FindingKind.EXTERNAL_REFUND: Message(
        "在金流後台辦的退款、爭議款或銀行沖正。報名不會自己取消，請查明後決定怎麼辦。"
    ),
}
EMPTY_WORDS = {
    FindingKind.NOT_IN_PORTAL: Message("沒有等候處理的款項。"),
    FindingKind.NOT_IN_FILE: Message("讀過的檔案裡，本站的收款都在。"),
    FindingKind.AMOUNT_DIFFERS: Message("金額都相符。"),
    FindingKind.EXTERNAL_REFUND: Message("沒有不是本站辦的退款。"),
}
