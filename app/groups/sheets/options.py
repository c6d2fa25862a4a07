"""The choices in a leader's sheet: the brochure's words, what they mean, and how else people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.core.errors import InvalidValue
from app.core.messages import Listing, Message
from app.core.text import compact
from app.exams.choices import Dialect
from app.registration.choices import Background, Education, Occupation

_TICKED = re.compile(r"[■☑☒✓✔√▣●◉]\s*([^\s■☑☒✓✔√▣●◉□☐○◯、,，;；/]+)")
DIALECTS = tuple(dialect.value for dialect in Dialect)


@dataclass(frozen=True)
class Choice:
    """A drop-down: what it offers and what each entry stands for.

    :ivar values: the entries in order, as printed, and the value behind each
    :ivar other_words: other spellings in use, and the entry each surely stands for
    :ivar hints: words that only make an entry likely: offered, never taken
    """

    values: Mapping[str, object]
    other_words: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.values)

    @cached_property
    def _label_by_word(self) -> dict[str, str]:
        others = {compact(word): label for word, label in self.other_words.items()}
        return others | {compact(label): label for label in self.values}

    def find_label(self, text: str) -> str | None:
        """Return the entry written, read over width, spaces and usual abbreviations; None: none of them."""
        return self._label_by_word.get(compact(text))

    def find_ticked(self, text: str) -> str | None:
        """Return the one entry with a filled box or a tick before it: ``■四縣 □海陸``; None: not just one."""
        ticked = {self.find_label(word) for word in _TICKED.findall(text)}
        return ticked.pop() if len(ticked) == 1 else None

    def read(self, text: str) -> object:
        """Return the value of the entry written.

        :raises InvalidValue: naming the entries, if it is none of them
        """
        label = self.find_label(text)
        if label is None:
            raise InvalidValue(self.refusal)
        return self.values[label]

    @property
    def refusal(self) -> Message:
        """Return the sentence for a word that is none of the entries."""
        return Message("請從選單選一項：%(labels)s", {"labels": Listing(self.values)})


def _all(words: str, label: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), label)


def _words(**by_label: str) -> dict[str, str]:
    return {word: label for label, words in by_label.items() for word in words.split()}


_COUNTRIES = (
    "越南 印尼 印度尼西亞 泰國 菲律賓 馬來西亞 新加坡 緬甸 柬埔寨 日本 韓國 南韓 美國 加拿大 英國 法國 "
    "德國 澳洲 "
    "紐西蘭 印度 義大利 西班牙 巴西 俄羅斯 南非 蒙古"
)
NATIONALITY = Choice(
    {"本國": False, "外籍人士": True},
    _words(
        本國=(
            "本國籍 本國人 本籍 我國 中華民國 中華民國籍 臺灣 台灣 臺灣籍 台灣籍 臺 ROC R.O.C. Taiwan TAIWAN "
            "TW Taiwanese 國人"
        ),
        外籍人士="外籍 外國籍 外國 外國人 非本國 非本國籍 外籍生 Foreign foreigner",
    ),
    dict.fromkeys(_COUNTRIES.split(), ("外籍人士",))
    | dict.fromkeys(("中國", "大陸", "香港", "澳門"), ("本國", "外籍人士")),
)
_ENGLISH_DIALECTS = {
    "Sixian": "四縣",
    "Hailu": "海陸",
    "Dapu": "大埔",
    "Raoping": "饒平",
    "Zhaoan": "詔安",
    "Zhao'an": "詔安",
}
# 南四縣 is not among the brochure's five and is left to the leader (taiwan.md 6.4).
DIALECT = Choice(
    {word: word for word in DIALECTS},
    {
        f"{word}{ending}": word
        for word in DIALECTS
        for ending in ("腔", "話", "語", "音", "腔調", "客語", "客家話")
    }
    | {f"{number}.{word}": word for number, word in enumerate(DIALECTS, start=1)}
    | {f"{before}四縣{ending}": "四縣" for before in ("北", "苗栗") for ending in ("", "腔")}
    | _ENGLISH_DIALECTS
    | {word.upper(): label for word, label in _ENGLISH_DIALECTS.items()}
    | {word.lower(): label for word, label in _ENGLISH_DIALECTS.items()},
    {
        "南四": ("四縣",),
        "六堆": ("四縣",),
        "美濃": ("四縣",),
        "苗栗": ("四縣",),
        "新竹": ("海陸",),
        "東勢": ("大埔",),
    }
    | {
        "卓蘭": ("饒平",),
        "崙背": ("詔安",),
        "四": ("四縣",),
        "海": ("海陸",),
        "平": ("饒平",),
        "安": ("詔安",),
    },
)
_BOTH, _ONE = Background.BOTH_PARENTS.value, Background.ONE_PARENT.value
BACKGROUND = Choice(
    {member.value: member for member in Background},
    _all(
        "父母皆為客家人 父母都是客家人 父母均是客家人 父母皆是客家人 父母均客家人 雙親均為客家人 "
        "雙親皆為客家人 父母皆客 均為客家人",
        _BOTH,
    )
    | _all(
        "父為客家人 母為客家人 父親為客家人 母親為客家人 父是客家人 母是客家人 父親是客家人 母親是客家人 "
        "父或母是客家人 "
        "父母一方為客家人 父母其中一方為客家人 父或母客家人 父客家人 母客家人",
        _ONE,
    )
    | dict.fromkeys(("閩南", "閩南籍", "河洛人", "福佬人", "臺灣閩南人"), Background.HOKLO.value)
    | dict.fromkeys(("原住民族", "原民", "原住民籍"), Background.INDIGENOUS.value)
    | dict.fromkeys(("其它", "其他身分"), Background.OTHER.value),
    {"客家": (_BOTH, _ONE), "客": (_BOTH, _ONE)}
    | dict.fromkeys(("外省", "新住民", "外籍", "一般", "漢"), (Background.OTHER.value,)),
)
OCCUPATION = Choice(
    {member.value: member for member in Occupation},
    _all(
        "學 在學 在學學生 學生(在學) 國小學生 國中學生 高中學生 大學生 研究生 小學生 國小生 國中生 高中生",
        "學生",
    )
    | _all("軍人 職業軍人 國軍", Occupation.MILITARY.value)
    | _all("公務員 公務人員 公職 公家機關", Occupation.CIVIL_SERVANT.value)
    | _all("教師 老師 教職 教職員 教育 教育人員", Occupation.TEACHER.value)
    | _all("商業 經商 從商", Occupation.COMMERCE.value)
    | _all("農業 農民 務農 農夫", Occupation.FARMING.value)
    | _all("工業 工人 勞工 作業員", Occupation.INDUSTRY.value)
    | _all("服務 服務人員", Occupation.SERVICES.value)
    | _all("自由 自由工作者 自營", Occupation.FREELANCE.value)
    | _all("家庭主婦 主婦 家庭管理 家庭主夫", Occupation.HOMEMAKER.value)
    | _all("其它 待業 退休 退休人員 無業", Occupation.OTHER.value),
    {"公教": (Occupation.CIVIL_SERVANT.value, Occupation.TEACHER.value)}
    | {"軍公教": (Occupation.MILITARY.value, Occupation.CIVIL_SERVANT.value, Occupation.TEACHER.value)}
    | dict.fromkeys(("無", "兒童", "幼"), (Occupation.OTHER.value, "學生")),
)
_STAGES = {
    Education.PRIMARY.value: (
        "小學 國小 國民小學 小學以下 小學含以下 小學(含以下) 國小含以下 國小(含)以下 國小以下 小"
    ),
    Education.JUNIOR_HIGH.value: "國中 初中 國初中 國民中學 國(初)中學 國中部",
    Education.SENIOR_HIGH.value: (
        "高中 高職 高中(職) 高中/職 高中/高職 高中、高職 高中高職 高級中學 職校 五專前三年 綜高"
    ),
    Education.UNIVERSITY.value: (
        "大學 大專 專科 大專院校 大學院校 學士 二專 二技 四技 五專 技術學院 科技大學 大學(專)"
    ),
    Education.POSTGRADUATE.value: (
        "研究所 碩士 博士 研究所以上 碩士班 博士班 碩博士 研究所含以上 研究所(含以上)"
    ),
}
EDUCATION = Choice(
    {member.value: member for member in Education},
    {word: label for label, words in _STAGES.items() for word in words.split()}
    | {
        f"{stage}{grade}{ending}": label
        for stage, label, most in (
            ("國小", Education.PRIMARY.value, 6),
            ("小", Education.PRIMARY.value, 6),
            ("國中", Education.JUNIOR_HIGH.value, 3),
            ("國", Education.JUNIOR_HIGH.value, 3),
            ("高中", Education.SENIOR_HIGH.value, 3),
            ("高", Education.SENIOR_HIGH.value, 3),
            ("大學", Education.UNIVERSITY.value, 4),
            ("大", Education.UNIVERSITY.value, 4),
        )
        for grade in "一二三四五六"[:most]
        for ending in ("", "年級")
    }
    | {
        f"{word}{ending}": label
        for label, words in _STAGES.items()
        for word in words.split()
        for ending in ("畢", "畢業", "肄業", "在學", "就讀中")
        if len(word) > 1
    }
    | _all("國校 國校畢 國校畢業", Education.PRIMARY.value),
    dict.fromkeys(("幼", "學齡前", "未就學"), (Education.PRIMARY.value,))
    | {"年級": tuple(_STAGES)[:3], "中學": tuple(_STAGES)[1:3], "高": (Education.SENIOR_HIGH.value,)},
)
TICKET_BY_POST = Choice(
    {"否，自行下載列印": False, "是，由總試務中心寄發": True},
    _words(
        **{
            "否，自行下載列印": "否 不 不用 不要 不需要 不寄 不需寄發 免 自行下載 自行列印 自印 N n NO No no",
            "是，由總試務中心寄發": "是 要 需要 需寄發 寄 寄發 郵寄 Y y YES Yes yes V v ✓ ✔",
        }
    ),
)
TO_LEADER = Choice(
    {"團報負責人地址": True, "個人通訊地址": False},
    _words(
        團報負責人地址="團報負責人 負責人 負責人地址 團報 團體 學校 學校地址 校方 老師 導師 團報地址",
        個人通訊地址="個人 個人地址 本人 本人地址 自己 自宅 家裡 家中 住家 住址 考生 考生地址 通訊地址",
    ),
)
