"""What there is to choose from in an exam year: tracks, levels, dialects; pure."""

from __future__ import annotations

from enum import StrEnum

from app.core.messages import N_, PrintedWord


class Track(StrEnum):
    """全國認證 and 多梯次認證; accounts, deadlines and payment methods differ (R191, R254-R260)."""

    NATIONAL = "national"
    MULTI = "multi"


class Level(StrEnum):
    BASIC = "basic"
    ELEMENTARY = "elementary"


class Dialect(PrintedWord):
    """The five dialects of the exam (R055)."""

    SIXIAN = N_("四縣")
    HAILU = N_("海陸")
    DAPU = N_("大埔")
    RAOPING = N_("饒平")
    ZHAOAN = N_("詔安")


class OfferingOrigin(StrEnum):
    REGULAR = "regular"
    ADDITIONAL = "additional"
    ON_CAMPUS = "on_campus"
