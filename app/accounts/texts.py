"""What an applicant reads before choosing the kind of registration, in the versions kept with the consent.

A change of wording is a new version: the consent on record names the one that was read (R202, R203).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import Message
from app.core.numerals import rule_number


@dataclass(frozen=True, slots=True)
class Clause:
    """:ivar number: as the text numbers it, e.g. ``三``; empty where it does not
    :ivar deductions: the table under it: a device's state, what it costs at the seat, what at its place
    """

    text: Message
    number: str = ""
    deductions: tuple[tuple[Message, Message, Message], ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """:ivar code: the name under which consents keep it
    :ivar version: the brochure's year and a running number
    """

    code: str
    version: str
    title: Message
    clauses: tuple[Clause, ...]

    @property
    def is_numbered(self) -> bool:
        return any(clause.number for clause in self.clauses)


# R204; the screen in appendix 2 is legible in part only, its four points are kept.
CONSENT = Agreement(
    "registration_consent",
    "112-1",
    Message("報名同意書"),
    (
        Clause(
            Message(
                "本人已詳閱客語能力基礎級暨初級認證簡章，清楚了解報名的相關規定及重要資訊；"
                "報名時如有錯誤，由本人自行承擔損失。"
            ),
        ),
        Clause(
            Message(
                "報名所填資料均為考生本人的資料，並與身分證明文件正本相符；如有不符，本人願負法律責任，"
                "並同意遵守試場規則與試場管理。"
            ),
        ),
        Clause(Message("本人會在繳費期限前繳交報名費；逾期未繳，報名無效。")),
        Clause(
            Message(
                "本人已詳閱個人資料保護政策，同意主辦單位及總試務中心依政策蒐集、處理及利用本人的個人資料。"
            ),
        ),
    ),
)

# R184
_DEVICE_DEDUCTIONS = (
    (Message("已關機"), Message("扣認證成績 1 分"), Message("無違反試場規則")),
    (Message("未關機未發出聲響"), Message("扣認證成績 3 分"), Message("扣認證成績 1 分")),
    (Message("發出響鈴／振動／鬧鈴聲"), Message("扣認證成績 5 分"), Message("扣認證成績 3 分")),
)

# Chapter 拾伍, R175 and R179-R189, in full.
EXAM_ROOM_RULES = Agreement(
    "exam_room_rules",
    "112-1",
    Message("試場規則"),
    (
        Clause(
            Message(
                "考生應攜帶准考證及國民身分證或有相片之健保卡或駕駛執照或護照或居留證正本入場應試。"
                "就讀國民中小學之考生，亦可出示有效之在學證明或學生證。"
            ),
            rule_number("一"),
        ),
        Clause(
            Message(
                "考生請於規定時間內應試，未到認證時間不得先行入場。認證依認證時間、場次準時應試，"
                "入場鈴（鐘）聲響後 10 分鐘內未進場者，視同放棄，不得入場，進場後須於認證完畢方得離場。"
            ),
            rule_number("二"),
        ),
        Clause(
            Message(
                "考生請按照准考證上排定之地點、時間、試場、座號入座。入座後，請檢查座位號碼、螢幕檢核號碼"
                "與准考證上之號碼，三者須相同。若有不同，應立即舉手，請監試人員處理，違者認證成績以零分計算。"
            ),
            rule_number("三"),
        ),
        Clause(
            Message(
                "未帶身分證明文件者，經監試人員核對確係考生本人無誤者，先准予應試，但應於該節認證結束後，"
                "立即至試區試務中心拍照存證及簽立切結書；未帶准考證者，經監試人員核對確係考生本人無誤者，"
                "先准予應試，但應於該節認證結束後，立即至試區試務中心補發准考證。"
                "未依規定辦理者，認證成績以零分計算。"
            ),
            rule_number("四"),
        ),
        Clause(
            Message("認證時，除機器等問題得於不干擾其他考生的情形下舉手發問外，其餘概不得發問。"),
            rule_number("五"),
        ),
        Clause(
            Message(
                "若有攜帶行動電話或電子通訊設備者，包含如 Apple Watch、小米手環等智慧手錶與智慧眼鏡，"
                "須關機並放置於教室指定位置，違者依下表情形扣分。"
            ),
            rule_number("六"),
            _DEVICE_DEDUCTIONS,
        ),
        Clause(
            Message(
                "考生應試僅需攜帶准考證及身分證明文件外，其他非應試用品請一律放在教室指定位置。"
                "如需攜帶非應試用品（如助聽器或其他個人醫療器材），須於報名時提出申請，並經檢查方可使用；"
                "如需於認證中進行非應試程序行為（如飲水或服藥等），須經監試人員同意後才可進行，"
                "違者扣認證成績 3 分。"
            ),
            rule_number("七"),
        ),
        Clause(
            Message(
                "准考證不得書寫疑似與題目、作答相關之任何文字、數字或符號等，違者扣減其該科成績 5 分"
                "並須繳回試務中心重新補發，經勸告不聽者，該科不予計分。"
            ),
            rule_number("八"),
        ),
        Clause(Message("認證時應遵從現場監試人員之指示，違者認證成績以零分計算。"), rule_number("九")),
        Clause(
            Message(
                "考生不得損毀任何認證機器和耳機或將之攜出場外，違者認證成績以零分計算，並自負相關法律責任。"
            ),
            rule_number("十"),
        ),
        # The brochure breaks this one rule in two lines, 十一 and 十二 (Q15).
        Clause(
            Message(
                "考生如有上開或其他影響認證公平及其他考生權益之行為，得由監試或試務人員予以登記，"
                "提請「客語能力認證委員會」依情節之輕重審議處分。"
            ),
            rule_number("十一、十二"),
        ),
        Clause(
            Message(
                "如因電腦設備發生問題或停電等異常情形，致無法錄音或錄音不全者，將安排於其他場次、場地補考、"
                "或擇日補考，若無法配合補考者，將保留應試資格至下一年度認證。"
            ),
            rule_number("十三"),
        ),
    ),
)

# Appendix 2, 2-1; R194, R195, R205, R210.
NOTES = Agreement(
    "registration_notes",
    "112-1",
    Message("報名注意事項"),
    (
        Clause(
            Message(
                "選擇「個人報名」後，這個帳號只能個人報名。一個個人報名帳號可以建立多位考生的報名資料；"
                "不需要團體報名時，請選擇「個人報名」。"
            ),
        ),
        Clause(
            Message(
                "選擇「團體報名」後，這個帳號就是團報負責人的帳號，接著建立團體。"
                "一個團體報名帳號可以建立多個團體，由負責人為團員報名。"
            ),
        ),
        Clause(Message("一個帳號只能選擇一種報名類型，選定後無法變更。")),
    ),
)

AGREEMENTS = (CONSENT, EXAM_ROOM_RULES, NOTES)
TITLES = {agreement.code: agreement.title for agreement in AGREEMENTS}
