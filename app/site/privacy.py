"""What the privacy notice says, as a registry: data, purpose, time; processors; cookies (P001-P004)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app

from app.core.messages import Message


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the notice, which consents name; a change of meaning is a new one."""

    number: str
    since: date
    change: Message


@dataclass(frozen=True, slots=True)
class DataKind:
    """:ivar tables: where it is kept; a test holds that every table about people stands in one kind"""

    name: Message
    what: Message
    purpose: Message
    kept: Message
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Processor:
    name: Message
    purpose: Message
    gets: Message


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    purpose: Message
    lasts: Message


VERSIONS = (
    Version("112-2", date(2023, 5, 1), Message("逐項列出資料、用途、保存期間、受託處理者與 Cookie")),
    Version("112-1", date(2022, 12, 15), Message("第一版")),
)


class _Setting:
    """A time that this portal was set up with, as it stands when the notice is shown."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return str(getattr(current_app.extensions["settings"], self.name))


_ARCHIVED = Message("辦理完成後，依檔案法與認證作業規定的年限保存")

PERSONAL_DATA = (
    DataKind(
        Message("帳號"),
        Message("電子信箱、密碼（只存無法還原的雜湊值）、登入裝置與時間、您的同意紀錄"),
        Message("登入、保護帳號、證明您同意過什麼"),
        Message("帳號停用或您要求刪除為止；登入中的裝置最多 12 小時"),
        ("accounts", "consents", "sign_in_sessions", "linked_logins", "mailed_tokens"),
    ),
    DataKind(
        Message("報名資料"),
        Message("姓名、證號、出生日期、聯絡方式、緊急聯絡人、考區、腔調；證號與聯絡資料加密保存"),
        Message("報名、資格審查、計算報名費、寄送通知與文件"),
        _ARCHIVED,
        ("registrations", "groups", "group_members", "corrections", "correction_files", "amendment_requests"),
    ),
    DataKind(
        Message("團員核對"),
        Message("您在團體報名的核對連結上確認的時間、回報的錯誤；回報的內容加密保存"),
        Message("讓團報負責人在送出前改正資料；回報的內容只給團報負責人看"),
        Message("報名截止後 30 天刪除"),
        ("group_confirmations", "confirmation_links", "confirmation_reports"),
    ),
    DataKind(
        Message("匯入中的名冊"),
        Message("團報負責人上傳的名冊與修改紀錄，逐列加密保存；檔案讀完就刪除"),
        Message("讓負責人逐格核對、修改，再加入團體名單"),
        Message(
            "加入名單後 %(days)s 天；捨棄、送出團體或報名截止時立即刪除", {"days": _Setting("import_days")}
        ),
        ("staged_sheets", "staged_rows", "staged_changes", "heading_memories"),
    ),
    DataKind(
        Message("統計欄位"),
        Message("考生身分、職業、教育程度"),
        Message("整體統計；不影響審查、座位與成績，辦理這些工作的人看不到"),
        _ARCHIVED,
        ("registrations",),
    ),
    DataKind(
        Message("特殊應考服務"),
        Message("需要的協助與證明文件；加密保存，只有承辦人看得到"),
        Message("安排應考服務"),
        _ARCHIVED,
        ("registrations", "arrangements", "arrangement_files"),
    ),
    DataKind(
        Message("繳費與退費"),
        Message("訂單、入帳紀錄、金流與銀行的對帳檔、退費申請、受款人姓名與地址；不經手也不保存信用卡號"),
        Message("收款、對帳、退費"),
        Message("依商業會計法保存 5 年"),
        ("orders", "refund_cases", "refund_proofs", "reconciliation_files", "reconciliation_lines"),
    ),
    DataKind(
        Message("准考證與成績"),
        Message("座位、准考證號碼、成績、違規與缺考紀錄、證書號碼"),
        Message("應試、計分、發證、查驗文件真偽"),
        _ARCHIVED,
        (
            "seats",
            "scores",
            "absences",
            "results",
            "certificates",
            "attendances",
            "follow_ups",
            "incident_reports",
            "ticket_reports",
            "carry_overs",
        ),
    ),
    DataKind(
        Message("郵寄"),
        Message("收件人、收件地址、寄出與退回的日期、掛號號碼；地址加密保存"),
        Message("寄送教材、准考證、成績單與證書"),
        _ARCHIVED,
        ("mailing_parcels", "mailing_items", "mailing_resends"),
    ),
    DataKind(
        Message("增開考區申請"),
        Message("團體名稱、聯絡人、預估人數與希望的地點"),
        Message("審核並安排增開的考區"),
        _ARCHIVED,
        ("extra_sessions",),
    ),
    DataKind(
        Message("試務人員"),
        Message("角色、兩步驟驗證的密鑰（加密保存）與備用碼（只存雜湊值）"),
        Message("確認試務人員的身分與權限"),
        Message("離職或停用為止；授權紀錄與操作紀錄一起保存"),
        ("staff_grants", "second_factors", "recovery_codes"),
    ),
    DataKind(
        Message("申訴與意見"),
        Message("您在申請中填寫的內容與聯絡方式；加密保存"),
        Message("處理並答覆您的案件"),
        _ARCHIVED,
        ("cases", "case_notes"),
    ),
    DataKind(
        Message("滿意度調查"),
        Message("分數與意見；自由填寫"),
        Message("改善服務；只公布平均"),
        _ARCHIVED,
        ("survey_answers",),
    ),
    DataKind(
        Message("操作紀錄"),
        Message("誰在什麼時候看了或改了什麼、網路位址"),
        Message("保護您的資料，追查不當使用"),
        Message("5 年；網站的存取紀錄 6 個月"),
        ("audit_log",),
    ),
)


def processors() -> list[Processor]:
    """Return who processes data on the office's behalf, as this portal is set up."""
    settings = current_app.extensions["settings"]
    listed = [
        Processor(
            Message("綠界科技（臺灣）"),
            Message("信用卡、ATM 與便利商店的收款"),
            Message("訂單編號、金額、項目；您的卡號直接給金流業者，不經過這裡"),
        ),
        Processor(
            Message("郵件主機"), Message("寄送通知信"), Message("電子信箱與信件內容，其中沒有完整的證號")
        ),
    ]
    if settings.line_pay_channel_id:
        listed.append(
            Processor(
                Message("LINE Pay（臺灣）"),
                Message("LINE Pay 的收款"),
                Message("訂單編號、金額、項目；您的 LINE 帳號由 LINE Pay 處理，不經過這裡"),
            )
        )
    if settings.google_client_id:
        listed.append(_provider(Message("Google（美國）")))
    if settings.facebook_client_id:
        listed.append(_provider(Message("Facebook（美國）")))
    if settings.captcha_kind == "hcaptcha":
        listed.append(
            Processor(
                Message("hCaptcha（美國）"),
                Message("在少數表單分辨真人與程式"),
                Message("您開啟那一頁時的網路位址與瀏覽器資料"),
            )
        )
    return listed


def _provider(name: Message) -> Processor:
    gets = Message("它知道您登入了這個網站；我們只取得您的電子信箱")
    return Processor(name, Message("您選擇用它登入時，確認您的身分"), gets)


def cookies() -> list[Cookie]:
    """Return the cookies that are set; there are no others."""
    name = current_app.config["SESSION_COOKIE_NAME"]
    purpose = Message("記住登入、語言、文字大小，並防止他人冒用您送出表單")
    return [Cookie(name, purpose, Message("關閉瀏覽器就刪除；登入最多 12 小時"))]
