"""The answers a candidate chooses from, in the brochure's words (R244-R248)."""

from __future__ import annotations

from enum import StrEnum

from app.core.messages import N_, PrintedWord


class Background(PrintedWord):
    """考生身分 (R246); never shown to those who review, seat or score (P007)."""

    BOTH_PARENTS = N_("父母均為客家人")
    ONE_PARENT = N_("父或母為客家人")
    HOKLO = N_("閩南人")
    INDIGENOUS = N_("原住民")
    OTHER = N_("其他")


class Occupation(PrintedWord):
    """考生職業 (R247)."""

    MILITARY = N_("軍")
    CIVIL_SERVANT = N_("公")
    TEACHER = N_("教")
    COMMERCE = N_("商")
    FARMING = N_("農")
    INDUSTRY = N_("工")
    STUDENT = N_("學生")
    SERVICES = N_("服務業")
    FREELANCE = N_("自由業")
    HOMEMAKER = N_("家管")
    OTHER = N_("其他")


class Education(PrintedWord):
    """教育程度 (R248)."""

    PRIMARY = N_("小學(含)以下")
    JUNIOR_HIGH = N_("國(初)中")
    SENIOR_HIGH = N_("高中職")
    UNIVERSITY = N_("大專校院")
    POSTGRADUATE = N_("研究所(含)以上")


class MailTo(StrEnum):
    """Where post goes: the candidate's own address or the group leader's (R244)."""

    SELF = "self"
    LEADER = "leader"
