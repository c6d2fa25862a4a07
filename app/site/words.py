"""The words of the public pages for stored values."""

from __future__ import annotations

from app.core.messages import Message
from app.site.announcing import NewsState
from app.site.models import DocumentCategory, NewsCategory, SurveyOccasion

EVERYTHING = Message("全部")
NEWS_CATEGORIES = {
    NewsCategory.REGISTRATION: Message("報名"),
    NewsCategory.EXAM: Message("認證"),
    NewsCategory.RESULTS: Message("成績與證書"),
    NewsCategory.CHANGES: Message("日期與規定異動"),
    NewsCategory.OTHER: Message("其他"),
}
NEWS_STATES = {
    NewsState.DRAFT: ("neutral", Message("草稿")),
    NewsState.SCHEDULED: ("waiting", Message("預定")),
    NewsState.RUNNING: ("done", Message("公告中")),
    NewsState.ENDED: ("neutral", Message("已結束")),
}
DOCUMENT_CATEGORIES = {
    DocumentCategory.BROCHURE: Message("簡章"),
    DocumentCategory.MATERIALS: Message("教材"),
    DocumentCategory.FORM: Message("表格"),
    DocumentCategory.SAMPLE: Message("填寫範例"),
}
OCCASIONS = {
    SurveyOccasion.REGISTRATION: Message("報名"),
    SurveyOccasion.RESULTS: Message("成績與證書"),
}
# By the values of payments' Method: name, and what it needs.
METHOD_NAMES = {
    "store_barcode": (Message("便利商店條碼"), Message("7-11、全家、萊爾富、OK；印出或出示手機上的條碼")),
    "store_code": (
        Message("便利商店代碼"),
        Message("7-11、全家、萊爾富、OK；在店內機台輸入代碼"),
    ),
    "atm": (Message("ATM 或銀行轉帳"), Message("系統給您一組專用帳號")),
    "card": (Message("信用卡"), None),  # the brands are the year's (R097)
    "line_pay": (Message("LINE Pay"), Message("用手機確認付款")),
}
