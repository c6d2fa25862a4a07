"""The kinds of cases as data: what each asks, which clock it keeps, what can come of it; pure (S004).

A new kind is a new entry here: forms, pages, desk and deadlines are made of it. A stored code that has
left an option list keeps its label in `RETIRED`, so that old cases stay readable (W030).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.cases.kind_types import CaseKind, Choice, Clock, FieldSpec, FieldType, Outcome, Unit
from app.core.messages import Message
from app.exams.choices import Dialect

UNIT_NAMES: Mapping[str, Message] = {
    Unit.EXAM_OFFICE: Message("試務組"),
    Unit.COMMITTEE: Message("客語能力認證委員會"),
    Unit.SERVICE: Message("客服組"),
    Unit.PERSONNEL: Message("人事室"),
}


NAME = FieldSpec("name", Message("姓名"), FieldType.NAME, Message("請填寫姓名"), longest=60)
PHONE = FieldSpec(
    "phone",
    Message("電話"),
    FieldType.PHONE,
    Message("請填寫電話，例如 0912-345-678"),
    Message("例如 039-2345678、02-23979298 或手機 0912-345-678；分機寫在 # 後面。"),
    longest=30,
)
EMAIL = FieldSpec(
    "email",
    Message("電子信箱"),
    FieldType.EMAIL,
    Message("請填寫電子信箱"),
    Message("案件號碼和進度通知會寄到這裡。"),
    longest=254,
)
ADDRESS = FieldSpec(
    "address",
    Message("地址"),
    FieldType.LINE,
    Message("請填寫地址"),
    Message("結果通知會寄到這裡，請含郵遞區號。"),
    longest=160,
)
IDENTITY = FieldSpec(
    "identity", Message("身分證統一編號"), FieldType.IDENTITY, Message("請填寫身分證統一編號"), longest=30
)
TICKET = FieldSpec(
    "ticket",
    Message("准考證號碼"),
    FieldType.LINE,
    Message("請填寫准考證號碼"),
    Message("印在准考證左上方與成績單上。"),
    longest=20,
)
DIALECT = FieldSpec(
    "dialect",
    Message("報考腔調"),
    FieldType.CHOICE,
    Message("請選擇報考腔調"),
    choices=tuple(Choice(each.value, Message(each.value)) for each in Dialect),
)
ROUND = FieldSpec("round", Message("認證梯次"), FieldType.ROUND, Message("請選擇認證梯次"))
EVENT_ON = FieldSpec(
    "event_on",
    Message("情事發生日期"),
    FieldType.DAY,
    Message("請填寫情事發生的日期，例如 112/9/2"),
    Message("申訴要在發生之日起 10 日內提出。民國年或西元年都可以。"),
    longest=30,
)
# All that an appeal has to state (R160), and a dispute in the same way (R161).
APPELLANT = (NAME, PHONE, EMAIL, ADDRESS, IDENTITY, TICKET, DIALECT)


def statement(label: Message, missing: Message | None, hint: Message, longest: int = 1000) -> FieldSpec:
    return FieldSpec("statement", label, FieldType.TEXT, missing, hint, longest=longest)


_TOLD = Choice("told", Message("已收受案件並向申請人說明"))
_NOT_REACHED = Choice("not_reached", Message("已收受案件，惟尚無法聯繫申請人"))
_PRELIMINARIES = (_TOLD, _NOT_REACHED)
_EXTENDED = Outcome("extended", Message("延長處理期限"), extends=True)

RECHECK = CaseKind(
    key="recheck",
    name=Message("成績複查"),
    summary=Message("對公布的成績有疑問，請總試務中心重新核對各部分的分數與加總。"),
    time_limit=Message("成績公布次日起 7 日內（不含假日）"),
    fields=(
        ROUND,
        *APPELLANT,
        FieldSpec(
            "part",
            Message("要複查的部分"),
            FieldType.CHOICE,
            Message("請選擇要複查的部分"),
            choices=(
                Choice("all", Message("全部")),
                Choice("listening", Message("聽力測驗")),
                Choice("reading", Message("閱讀測驗")),
                Choice("oral", Message("口語測驗")),
            ),
        ),
        statement(Message("複查理由"), None, Message("可以不填；寫出來有助於核對。"), longest=500),
    ),
    clock=Clock.RECHECK,
    clause="拾壹、二(一)",
    unit=Unit.EXAM_OFFICE,
    assigned_at_once=True,
    preliminaries=_PRELIMINARIES,
    results=(
        Outcome("upheld", Message("成績無誤，維持原成績")),
        Outcome("corrected", Message("成績有誤，更正成績")),
        Outcome("inadmissible", Message("不符複查規定，不予受理")),
        _EXTENDED,
    ),
    notices=(
        Message("不得要求重新評閱、提供閱覽答案卷或錄音檔，也不得要求告知閱卷委員的姓名或其他資料。"),
        Message("也可以填成績單背面的申請表，掛號郵寄到總試務中心信箱，以郵戳為憑。"),
    ),
    remedies=(Message("如不服複查結果，請依訴願法第 7 條，於文到後 30 日內向客家委員會或行政院提起訴願。"),),
)

QUESTION_DISPUTE = CaseKind(
    key="question_dispute",
    name=Message("試題疑義"),
    summary=Message("認為試題或答案有誤，請命題單位說明。"),
    time_limit=Message("認證當月底前"),
    fields=(
        ROUND,
        *APPELLANT,
        FieldSpec(
            "question",
            Message("部分與題號"),
            FieldType.LINE,
            Message("請填寫是哪一部分、第幾題"),
            Message("例如 聽力測驗第 12 題。"),
            longest=60,
        ),
        statement(
            Message("疑義說明"),
            Message("請寫出試題有什麼疑義"),
            Message("請寫出題目哪裡有疑義、您認為的答案與依據。"),
        ),
    ),
    clock=Clock.DISPUTE,
    clause="拾貳、二",
    unit=Unit.COMMITTEE,
    assigned_at_once=True,
    preliminaries=_PRELIMINARIES,
    results=(
        Outcome("upheld", Message("試題無誤，維持原答案")),
        Outcome("answer_changed", Message("更正答案")),
        Outcome("question_voided", Message("該題不計分或一律給分")),
        Outcome("inadmissible", Message("不符規定，不予受理")),
        _EXTENDED,
    ),
    notices=(Message("也可以用書面掛號郵寄到總試務中心信箱，以郵戳為憑，逾期不予受理。"),),
)

APPEAL = CaseKind(
    key="appeal",
    name=Message("申訴"),
    summary=Message("認為自己的認證權益受到影響，向客語能力認證委員會申訴。"),
    time_limit=Message("情事發生之日起 10 日內"),
    fields=(
        *APPELLANT,
        EVENT_ON,
        statement(
            Message("申訴事由"),
            Message("請寫出詳細的申訴事由"),
            Message("請寫出時間、地點、經過，以及影響了您的什麼權益。"),
        ),
    ),
    clock=Clock.APPEAL,
    clause="拾貳、一",
    unit=Unit.COMMITTEE,
    assigned_at_once=True,
    preliminaries=_PRELIMINARIES,
    results=(
        Outcome("founded", Message("申訴有理由")),
        Outcome("unfounded", Message("申訴無理由")),
        Outcome("inadmissible", Message("不符規定，不予受理")),
        Outcome("withdrawn", Message("申訴人撤回")),
        _EXTENDED,
    ),
    notices=(
        Message("也可以用書面掛號郵寄到總試務中心信箱，信封註明「申訴書」，以郵戳為憑，逾期不予受理。"),
    ),
)

COMPLAINT = CaseKind(
    key="complaint",
    name=Message("意見與陳情"),
    summary=Message("對報名、繳費、試場或服務有意見，或遇到問題還沒有解決。"),
    time_limit=Message("隨時可以提出"),
    fields=(
        NAME,
        PHONE,
        EMAIL,
        FieldSpec(
            "topic",
            Message("關於什麼"),
            FieldType.CHOICE,
            Message("請選擇意見是關於什麼"),
            choices=(
                Choice("registration", Message("報名與資格審查")),
                Choice("payment", Message("繳費與退費")),
                Choice("venue", Message("試場與監試")),
                Choice("staff", Message("服務人員")),
                Choice("website", Message("網站與系統")),
                Choice("other", Message("其他")),
            ),
        ),
        statement(
            Message("內容"),
            Message("請寫出您的意見或遇到的問題"),
            Message("請寫出時間、地點和經過，方便我們查明後回覆您。"),
        ),
    ),
    clock=Clock.NONE,
    clause="",
    unit=Unit.SERVICE,
    assigned_at_once=False,
    preliminaries=_PRELIMINARIES,
    results=(
        Outcome("resolved", Message("已處理並回覆")),
        Outcome("duplicate", Message("同一事由已處理完竣或處理中")),
        Outcome("elsewhere", Message("非本中心權責，已移送權責機關")),
        Outcome("withdrawn", Message("申請人撤回")),
        _EXTENDED,
    ),
    notices=(Message("您的身分與內容只有承辦人員看得到。"),),
)

PERSONAL_DATA = CaseKind(
    key="personal_data",
    name=Message("個人資料權利"),
    summary=Message("查詢、閱覽或複製您的個人資料，或要求補充、更正、停止使用、刪除。"),
    time_limit=Message("隨時可以提出，15 日內答覆"),
    fields=(
        NAME,
        PHONE,
        EMAIL,
        IDENTITY,
        FieldSpec(
            "right",
            Message("您要求什麼"),
            FieldType.CHOICE,
            Message("請選擇您要求什麼"),
            choices=(
                Choice("access", Message("查詢或閱覽我的資料")),
                Choice("copy", Message("我的資料的複製本")),
                Choice("correction", Message("補充或更正")),
                Choice("restriction", Message("停止蒐集、處理或利用")),
                Choice("erasure", Message("刪除我的資料")),
            ),
        ),
        statement(Message("說明"), None, Message("要更正或刪除哪些資料、為什麼；可以不填。"), longest=500),
    ),
    clock=Clock.NONE,
    clause="",
    unit=Unit.EXAM_OFFICE,
    assigned_at_once=True,
    preliminaries=_PRELIMINARIES,
    results=(
        Outcome("granted", Message("已照要求辦理")),
        Outcome("in_part", Message("部分照要求辦理，其餘依法保留")),
        Outcome("denied", Message("依法不能照要求辦理")),
        Outcome("withdrawn", Message("申請人撤回")),
        _EXTENDED,
    ),
    notices=(
        Message("登入後可以在「帳號設定」直接下載您的資料。為了確認是您本人，我們會與您聯絡。"),
        Message("停止使用或刪除後，可能無法完成報名或應試；依法要保存的帳務與成績紀錄會保留到期限為止。"),
    ),
    # 個人資料保護法第 13 條: 15 days for access and copies, 30 for the rest. One clock, the shorter.
    result_days=15,
)

# The manual's own form (W006-W010).
WORKPLACE_BULLYING = CaseKind(
    key="workplace_bullying",
    name=Message("職場霸凌通報"),
    summary=Message("在機關遭受疑似職場霸凌，本中心以保密方式交由權責單位處理，並追蹤後續進度。"),
    time_limit=Message("隨時可以提出"),
    fields=(
        FieldSpec(
            "agency", Message("服務機關(單位)"), FieldType.LINE, Message("請填寫服務機關（單位）"), longest=60
        ),
        FieldSpec("post", Message("職稱"), FieldType.LINE, Message("請填寫職稱"), longest=40),
        NAME,
        FieldSpec(
            "standing",
            Message("身分別"),
            FieldType.CHOICE,
            Message("請選擇身分別"),
            choices=(
                Choice("civil_servant", Message("公務人員")),
                Choice("educator", Message("教育人員")),
                Choice("employed", Message("聘僱人員")),
                Choice("contracted", Message("約用人員")),
                Choice("worker", Message("工友(含技工、駕駛)")),
                Choice("guard", Message("駐衛警")),
                Choice("contractor", Message("承攬人員")),
                Choice("other", Message("其他")),
            ),
            other="other",
        ),
        PHONE,
        EMAIL,
        statement(
            Message("申訴事實及理由"),
            Message("請寫出申訴的事實及理由"),
            Message("請說明申訴對象（含服務機關、單位、職稱）、時間、地點及相關的人、事、物。"),
        ),
    ),
    clock=Clock.NONE,
    clause="",
    unit=Unit.PERSONNEL,
    assigned_at_once=False,
    preliminaries=(
        Choice("told", Message("已收受案件並向通報人說明(如：電話、電子郵件或函文等)")),
        Choice("not_reached", Message("已收受案件，惟尚無法聯繫通報人")),
    ),
    results=(
        Outcome("duplicate", Message("同一事由已處理完竣或處理中")),
        Outcome("outside", Message("非屬職場霸凌事件，已依相關規定辦理")),
        Outcome(
            "decided",
            Message("依機關職場霸凌相關規定處理"),
            findings=(
                Outcome("founded", Message("職場霸凌成立"), needs_measures=True),
                Outcome("unfounded", Message("職場霸凌不成立")),
                Outcome("withdrawn", Message("撤案")),
                Outcome("extended", Message("延長調查中"), extends=True),
            ),
        ),
    ),
    measures=(
        Choice("transfer", Message("職務調動")),
        Choice("discipline", Message("行政懲處")),
        Choice("referral", Message("移付懲戒")),
    ),
    notices=(
        Message("我們會保密處理並追蹤後續進度；請明確填寫各欄，才能轉交權責單位。"),
        Message("依法不得對提出通報的人有任何不利的對待。"),
    ),
    reply_required=False,
)

KINDS: Mapping[str, CaseKind] = {
    kind.key: kind
    for kind in (RECHECK, QUESTION_DISPUTE, APPEAL, COMPLAINT, PERSONAL_DATA, WORKPLACE_BULLYING)
}

# Codes that older cases carry and no dialog offers any more (W030).
RETIRED: Mapping[str, Message] = {
    "handed_over": Message("已依機關職場霸凌相關規定，交由申訴處理單位辦理"),
    "as_petition": Message("已依一般人民陳情案件處理"),
}


def preliminary_label(kind: CaseKind, code: str) -> Message:
    """Return the words of a stored preliminary report, also of one that is no longer offered."""
    offered = {each.code: each.label for each in kind.preliminaries}
    return offered.get(code) or RETIRED.get(code) or Message("%(code)s", {"code": code})


def outcome_label(kind: CaseKind, code: str) -> Message:
    """Return the words of a stored result or finding."""
    outcome = kind.find_outcome(code)
    return outcome.label if outcome else RETIRED.get(code) or Message("%(code)s", {"code": code})
