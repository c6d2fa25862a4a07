"""Questions people ask, by topic, answered from the brochure with the year's numbers (S005, S013)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.messages import Message


@dataclass(frozen=True, slots=True)
class Question:
    """:ivar key: part of its address, which stays
    :ivar answer: paragraphs
    """

    key: str
    text: Message
    answer: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """:ivar by_organiser: the council answers, not the exam's office (R173)"""

    key: str
    title: Message
    questions: tuple[Question, ...]
    by_organiser: bool = False


_TOPICS = (
    Topic(
        "registration",
        Message("報名"),
        (
            Question(
                "who", Message("誰可以報名？"), (Message("不限國籍、族群、性別、年齡、職業，都可以報名。"),)
            ),
            Question(
                "tracks",
                Message("全國認證和多梯次認證有什麼不同？"),
                (
                    Message(
                        "全國認證在全臺各考區同一天舉行，只能選一個梯次報名。多梯次認證幾乎每個月都有，"
                        "每個梯次在一個縣市舉行，可以報名不只一個梯次，也可以和全國認證一起報名。"
                        "兩種認證的帳號要分開建立。"
                    ),
                    Message("逐項的比較在「兩種認證的比較」頁面。"),
                ),
            ),
            Question(
                "same-day",
                Message("多梯次認證為什麼要當天送出？"),
                (
                    Message(
                        "選好梯次就會為您保留名額。當天 23:59 前沒有送出資料，系統會取消，名額讓給其他人。"
                    ),
                ),
            ),
            Question(
                "change",
                Message("送出以後可以修改嗎？"),
                (
                    Message(
                        "梯次、考區、腔調都不能更改。電話、電子信箱和地址隨時可以登入修改。姓名、出生日期或證號"
                        "有錯，請在報名期間內來電；截止後請在認證當天帶身分證件到試務中心更正。"
                    ),
                ),
            ),
            Question(
                "group",
                Message("團體報名最少幾個人？"),
                (
                    Message(
                        "家庭團體至少 %(family_minimum)s 人，其他團體至少 %(group_minimum)s 人。"
                        "一個團體只能報名同一個考區和同一個梯次；不同考區請另建一個團體。"
                    ),
                    Message("要收集紙本資料，請到下載頁面列印「考生資料收集表」。"),
                ),
            ),
            Question(
                "absence",
                Message("多梯次認證缺考會怎樣？"),
                (
                    Message(
                        "報名多梯次認證缺考，一年內不能再報名多梯次認證，以認證日期計算；全國認證不受影響。"
                    ),
                ),
            ),
        ),
    ),
    Topic(
        "payment",
        Message("繳費與退費"),
        (
            Question(
                "fee",
                Message("報名費多少？誰免繳？"),
                (
                    Message(
                        "報名費 %(fee)s，%(free_up_to_age)s 歲以下免繳。全國認證看出生日期："
                        "%(born)s（含）以後出生免繳。多梯次認證以認證當天的年齡計算。系統會依出生日期自動算好。"
                    ),
                ),
            ),
            Question(
                "deadline",
                Message("什麼時候要繳完？"),
                (
                    Message(
                        "送出當天算第一天：全國認證 %(national_days)s 天內，多梯次認證 %(multi_days)s 天內，"
                        "到最後一天的 23:59 為止。逾期就不能繳費，報名也會取消。"
                    ),
                ),
            ),
            Question(
                "methods",
                Message("可以用哪些方式繳費？"),
                (
                    Message(
                        "ATM 轉帳、信用卡和 LINE Pay；全國認證還可以到便利商店繳費。"
                        "期限內可以改用別的方式，期限不會因此延後。"
                    ),
                ),
            ),
            Question(
                "unpaid",
                Message("繳費了，為什麼還顯示未繳費？"),
                (Message("便利商店和 ATM 繳費要 2 到 3 個工作天才會入帳，請保留收據，不要重複繳費。"),),
            ),
            Question(
                "refund",
                Message("什麼情況可以退費？"),
                (
                    Message("認證延期或天然災害，無法參加：全額退費。"),
                    Message("其他不能歸責於您的原因，附上證明：扣除郵資及行政費 %(deduction)s 後退費。"),
                    Message("逾期繳費或多繳：由總試務中心主動辦理，扣除 %(deduction)s 後退費。"),
                    Message("請在認證當月月底前用掛號寄出退費申請書，郵戳為憑；退費一律用郵政匯票。"),
                ),
            ),
        ),
    ),
    Topic(
        "exam",
        Message("准考證與認證當天"),
        (
            Question(
                "ticket",
                Message("准考證怎麼拿？"),
                (
                    Message(
                        "到了開放日期，登入「我的報名」下載並自行列印，黑白或彩色都可以。報名時勾選寄發的人也會"
                        "收到紙本；沒收到一樣可以自行列印。內容有錯，請在開放下載後七天內來電。"
                    ),
                ),
            ),
            Question(
                "bring",
                Message("認證當天要帶什麼？"),
                (
                    Message(
                        "准考證，以及身分證、有照片的健保卡、駕照、護照或居留證正本；國中小學生可以用有效的在學"
                        "證明或學生證。進場鈴響後 10 分鐘就不能進場。"
                    ),
                ),
            ),
            Question(
                "form",
                Message("考什麼？要多久？"),
                (
                    Message(
                        "%(parts)s，共 %(test_minutes)s 分鐘；連同進場、檢測設備與問卷"
                        "約 %(session_minutes)s 分鐘。全程用電腦作答，口語用報名的腔調錄音。"
                    ),
                ),
            ),
        ),
    ),
    Topic(
        "results",
        Message("成績"),
        (
            Question(
                "pass",
                Message("怎樣算合格？"),
                (
                    Message(
                        "初級滿分 %(full_score)s 分，每一項都達到通過門檻，而且總分 %(pass_total)s 分以上"
                        "就合格。基礎級的門檻另外公布。只發一張證書，以較高的級別為準。"
                    ),
                ),
            ),
            Question(
                "recheck",
                Message("對成績有疑問怎麼辦？"),
                (
                    Message(
                        "請在成績公布隔天起 7 天內（不含假日），把成績單背面的「成績複查申請表」用掛號寄出，"
                        "郵戳為憑。"
                    ),
                ),
            ),
        ),
    ),
    Topic(
        "certificate",
        Message("證書補發"),
        (
            # R173: the portal does not handle it.
            Question(
                "reissue",
                Message("證書遺失、損壞，或因報名資料填錯要重製，怎麼辦？"),
                (
                    Message(
                        "請依「客語能力認證考試規費收費標準」及相關規定，直接向%(organiser)s申請補發；"
                        "總試務中心和這個網站不受理。"
                    ),
                ),
            ),
        ),
        by_organiser=True,
    ),
)


def topics(numbers: Mapping[str, Any]) -> list[Topic]:
    """Return the topics with the year's numbers in their answers; they name more places than each uses."""
    return [
        Topic(
            topic.key,
            topic.title,
            tuple(_filled(question, numbers) for question in topic.questions),
            topic.by_organiser,
        )
        for topic in _TOPICS
    ]


def _filled(question: Question, numbers: Mapping[str, Any]) -> Question:
    answer = tuple(Message(each.template, numbers) for each in question.answer)
    return Question(question.key, question.text, answer)


def all_questions(listed: Iterable[Topic]) -> list[tuple[Topic, Question]]:
    """Return every question with its topic, in order."""
    return [(topic, question) for topic in listed for question in topic.questions]
