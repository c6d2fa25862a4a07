"""The brochure's names of tracks, levels, rounds and areas, as people read them; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.core.messages import Message, Wording
from app.core.numerals import read_numeral
from app.core.roc_dates import format_roc_year
from app.exams.choices import Dialect, Level, Track

TRACK_NAMES = {Track.NATIONAL: Message("全國認證"), Track.MULTI: Message("多梯次認證")}
LEVEL_NAMES = {Level.BASIC: Message("基礎級"), Level.ELEMENTARY: Message("初級")}
BOTH_LEVELS = Message("基礎級暨初級")

# The names that the year's file gives, in its own spelling.
_NAMES = {
    str(name): name
    for name in (
        Message("基隆"),
        Message("臺北"),
        Message("宜蘭"),
        Message("桃園"),
        Message("新竹"),
        Message("苗栗"),
        Message("臺中"),
        Message("彰化"),
        Message("南投"),
        Message("雲林"),
        Message("嘉義"),
        Message("臺南"),
        Message("高雄"),
        Message("屏東"),
        Message("花蓮"),
        Message("臺東"),
        Message("北部"),
        Message("中部"),
        Message("南部"),
        Message("東部"),
        Message("客家委員會"),
        Message("國立臺灣師範大學（進修推廣學院）"),
        Message("客語能力認證總試務中心"),
        Message("106 臺北市和平東路一段 162 號"),
        Message("106209 臺北師大郵局第 13 號信箱（客語能力認證總試務中心）"),
        Message("客語能力認證"),
        Message("聽力"),
        Message("口語"),
        Message("閱讀"),
        Message("單句理解"),
        Message("對話理解"),
        Message("複誦"),
        Message("看圖表達"),
        Message("口語表達"),
        Message("閱讀理解"),
        Message("已關機"),
        Message("未關機未發出聲響"),
        Message("發出響鈴/振動/鬧鈴聲"),
    )
}
_NATIONAL_ROUND = re.compile("全國認證第([一二三四五六七八九十]+)梯次")
_MULTI_ROUND = re.compile("多梯次認證[(（]([一二三四五六七八九十]+)[)）]")


def level_words(levels: Iterable[str]) -> Message:
    """Return a round's levels in one word: 基礎級暨初級."""
    names = [LEVEL_NAMES[Level(level)] for level in levels]
    return BOTH_LEVELS if len(names) > 1 else names[0]


def name_wording(name: str) -> str:
    """Return an area, region or institution of the year's file with its English; unknown ones as they are."""
    return Wording(name, _NAMES[name]) if name in _NAMES else name


def round_wording(name: str) -> str:
    """Return the name of a round with its English: 多梯次認證(五) is "Multi-session exam, round 5"."""
    if found := _NATIONAL_ROUND.fullmatch(name):
        return Wording(name, Message("全國認證第%(number)s梯次", {"number": read_numeral(found[1])}))
    if found := _MULTI_ROUND.fullmatch(name):
        return Wording(name, Message("多梯次認證（%(number)s）", {"number": read_numeral(found[1])}))
    return name


def exam_wording(title: str) -> str:
    """Return the exam's name for a year with its English: 112 年度客語能力基礎級暨初級認證.

    :param title: of the brochure, which ends with 簡章
    """
    title = title.removesuffix("簡章")
    found = re.fullmatch("([0-9]+) 年度客語能力基礎級暨初級認證", title)
    if not found:
        return title
    values = {"year": format_roc_year(int(found[1]))}
    return Wording(title, Message("%(year)s 年度客語能力基礎級暨初級認證", values))


def with_area(area: str) -> Wording:
    """Return an area as papers name it, 臺北考區, with its English."""
    return Wording(str(Message("%(area)s考區", {"area": area})), area)


def with_dialect(dialect: Dialect) -> Wording:
    """Return a dialect as papers name it, 四縣腔, with its English."""
    return Wording(str(Message("%(dialect)s腔", {"dialect": dialect.value})), dialect.value)
