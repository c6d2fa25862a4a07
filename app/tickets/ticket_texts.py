"""What a ticket says to every candidate: the notes, and the exam-room rules of chapter 拾伍.

The rules are the brochure's own, shortened so that they fit half a page; nothing that costs points
is left out, and they keep the brochure's numbers. Each names its requirement.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import N_
from app.core.numerals import rule_number


@dataclass(frozen=True, slots=True)
class RoomRule:
    """One exam-room rule as printed: the brochure's number, the sentence, the requirement."""

    number: str
    text: str
    requirement: str


@dataclass(frozen=True, slots=True)
class DeviceDeduction:
    """Points off the certification score for a phone or device in one state, by where it lies."""

    state: str
    on_seat_or_body: int
    at_designated_place: int


# In the order in which a candidate needs them: before the day, at the door, in the seat.
CANDIDATE_NOTES = (
    # R179
    N_("請攜帶本准考證及國民身分證等身分證明文件正本入場；可使用之證件見試場規則一。"),
    # R180
    N_("請依進場時間到場。入場鈴（鐘）聲響後 10 分鐘內未進場，視同放棄，不得入場。"),
    # R181
    N_("入座後請核對座位號碼、螢幕檢核號碼與本證號碼，三者須相同；如有不同，請立即舉手。"),
    # R144, R186
    N_("本准考證不得書寫任何疑似與題目、作答相關之文字、數字或符號。"),
    # R138, R139
    N_("遺失本證：認證前請上網重新下載列印；認證當日請於進場時間前，持身分證明文件至試區試務中心補發。"),
    # R137, R142
    N_("資料有誤，請於開始下載後七日內來電總試務中心；個人身分資料須修正者，認證當日至試區試務中心辦理。"),
)

EXAM_ROOM_RULES = (
    RoomRule(
        rule_number("一"),
        N_(
            "攜帶准考證及國民身分證或有相片之健保卡、駕駛執照、護照、居留證正本入場應試；"
            "國民中小學考生亦可出示有效之在學證明或學生證。"
        ),
        "R179",
    ),
    RoomRule(
        rule_number("二"),
        N_(
            "未到認證時間不得先行入場；入場鈴（鐘）聲響後 10 分鐘內未進場者，視同放棄，不得入場；"
            "進場後須於認證完畢方得離場。"
        ),
        "R180",
    ),
    RoomRule(
        rule_number("三"),
        N_(
            "按准考證排定之地點、時間、試場、座號入座，並檢查座位號碼、螢幕檢核號碼與准考證號碼，三者須相同；"
            "若有不同，應立即舉手請監試人員處理，違者認證成績以零分計算。"
        ),
        "R181",
    ),
    RoomRule(
        rule_number("四"),
        N_(
            "未帶身分證明文件或准考證者，經監試人員核對確係本人，先准應試，該節結束後立即至試區試務中心辦理："
            "未帶身分證明文件者拍照存證並簽立切結書，未帶准考證者補發准考證；未依規定辦理者，認證成績以零分計算。"
        ),
        "R182",
    ),
    RoomRule(
        rule_number("五"),
        N_("認證時，除機器等問題得於不干擾他人下舉手發問外，其餘概不得發問。"),
        "R183",
    ),
    RoomRule(
        rule_number("六"),
        N_(
            "行動電話及電子通訊設備（含智慧手錶、手環與智慧眼鏡）須關機並放置於教室指定位置，違者依下表扣分。"
        ),
        "R184",
    ),
    RoomRule(
        rule_number("七"),
        N_(
            "應試僅需准考證及身分證明文件，其他物品一律放在教室指定位置。助聽器等個人醫療器材須於報名時申請，"
            "並經檢查方可使用；飲水、服藥等須經監試人員同意，違者扣認證成績 3 分。"
        ),
        "R185",
    ),
    RoomRule(
        rule_number("八"),
        N_(
            "准考證不得書寫疑似與題目、作答相關之文字、數字或符號，違者扣該科成績 5 分，"
            "准考證須繳回試務中心重新補發；經勸告不聽者，該科不予計分。"
        ),
        "R186",
    ),
    RoomRule(rule_number("九"), N_("應遵從監試人員之指示，違者認證成績以零分計算。"), "R187"),
    RoomRule(
        rule_number("十"),
        N_("不得損毀認證機器和耳機或將之攜出場外，違者認證成績以零分計算，並自負法律責任。"),
        "R188",
    ),
    # The brochure breaks this one rule in two lines, 十一 and 十二 (Q15).
    RoomRule(
        rule_number("十一、十二"),
        N_(
            "有上開或其他影響認證公平及其他考生權益之行為，由監試或試務人員登記，"
            "提請「客語能力認證委員會」依情節輕重審議處分。"
        ),
        "R189",
    ),
    RoomRule(
        rule_number("十三"),
        N_(
            "因電腦設備問題或停電等，致無法錄音或錄音不全者，安排於其他場次、場地或擇日補考；"
            "無法配合補考者，保留應試資格至下一年度認證。"
        ),
        "R175",
    ),
)

# R184; the table of rule 六.
DEVICE_DEDUCTIONS = (
    DeviceDeduction(N_("已關機"), 1, 0),
    DeviceDeduction(N_("未關機未發出聲響"), 3, 1),
    DeviceDeduction(N_("發出響鈴／振動／鬧鈴聲"), 5, 3),
)
