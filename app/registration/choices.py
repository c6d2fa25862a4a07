"""The answers a candidate chooses from, in the brochure's words (R244-R248)."""

from __future__ import annotations

from enum import StrEnum


class Background(StrEnum):
    """考生身分 (R246); never shown to those who review, seat or score (P007)."""

    BOTH_PARENTS = "父母均為客家人"
    ONE_PARENT = "父或母為客家人"
    HOKLO = "閩南人"
    INDIGENOUS = "原住民"
    OTHER = "其他"


class Occupation(StrEnum):
    """考生職業 (R247)."""

    MILITARY = "軍"
    CIVIL_SERVANT = "公"
    TEACHER = "教"
    COMMERCE = "商"
    FARMING = "農"
    INDUSTRY = "工"
    STUDENT = "學生"
    SERVICES = "服務業"
    FREELANCE = "自由業"
    HOMEMAKER = "家管"
    OTHER = "其他"


class Education(StrEnum):
    """教育程度 (R248)."""

    PRIMARY = "小學(含)以下"
    JUNIOR_HIGH = "國(初)中"
    SENIOR_HIGH = "高中職"
    UNIVERSITY = "大專校院"
    POSTGRADUATE = "研究所(含)以上"


class MailTo(StrEnum):
    """Where post goes: the candidate's own address or the group leader's (R244)."""

    SELF = "self"
    LEADER = "leader"
