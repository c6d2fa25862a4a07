"""The choices in a leader's sheet: the brochure's words, what they mean, and how else people write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.errors import InvalidValue
from app.core.messages import Listing, Message
from app.core.text import compact
from app.exams.choices import Dialect
from app.registration.choices import Background, Education, Occupation

DIALECTS = tuple(dialect.value for dialect in Dialect)


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down: what it offers and what each entry stands for.

    :ivar values: the entries in order, as printed, and the value behind each
    :ivar other_words: other spellings in use, and the entry each stands for
    """

    values: Mapping[str, object]
    other_words: Mapping[str, str] = field(default_factory=dict)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.values)

    def read(self, text: str) -> object:
        """Return the value of the entry written, read over width, spaces and usual abbreviations.

        :raises InvalidValue: naming the entries, if it is none of them
        """
        word = compact(text)
        for label, value in self.values.items():
            if compact(label) == word:
                return value
        if word in self.other_words:
            return self.values[self.other_words[word]]
        raise InvalidValue(Message("請從選單選一項：%(labels)s", {"labels": Listing(self.values)}))


NATIONALITY = Choice(
    {"本國": False, "外籍人士": True},
    {
        "本國籍": "本國",
        "中華民國": "本國",
        "臺灣": "本國",
        "台灣": "本國",
        "外籍": "外籍人士",
        "外國籍": "外籍人士",
    },
)
# 南四縣 is not among the brochure's five and is left to the leader (taiwan.md 6.4).
DIALECT = Choice(
    {word: word for word in DIALECTS}, {f"{word}腔": word for word in DIALECTS} | {"北四縣": "四縣"}
)
BACKGROUND = Choice({member.value: member for member in Background})
OCCUPATION = Choice({member.value: member for member in Occupation})
EDUCATION = Choice(
    {member.value: member for member in Education},
    dict.fromkeys(("小學", "國小", "小學以下", "小學含以下"), Education.PRIMARY.value)
    | dict.fromkeys(("國中", "初中", "國初中"), Education.JUNIOR_HIGH.value)
    | dict.fromkeys(("高中", "高職"), Education.SENIOR_HIGH.value)
    | dict.fromkeys(("大學", "大專", "專科", "大專院校"), Education.UNIVERSITY.value)
    | dict.fromkeys(("研究所", "碩士", "博士", "研究所以上"), Education.POSTGRADUATE.value),
)
TICKET_BY_POST = Choice(
    {"否，自行下載列印": False, "是，由總試務中心寄發": True},
    {"否": "否，自行下載列印", "是": "是，由總試務中心寄發"},
)
TO_LEADER = Choice(
    {"團報負責人地址": True, "個人通訊地址": False},
    {
        "團報負責人": "團報負責人地址",
        "負責人": "團報負責人地址",
        "個人": "個人通訊地址",
        "個人地址": "個人通訊地址",
    },
)
