"""What the office publishes, announcements and files, and what people say of the portal."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, WithPublicId, choice_column
from app.exams.models import Round


class NewsCategory(StrEnum):
    REGISTRATION = "registration"
    EXAM = "exam"
    RESULTS = "results"
    CHANGES = "changes"  # of dates and rules (R007, R009)
    OTHER = "other"


class DocumentCategory(StrEnum):
    BROCHURE = "brochure"
    MATERIALS = "materials"
    FORM = "form"
    SAMPLE = "sample"


class SurveyOccasion(StrEnum):
    REGISTRATION = "registration"
    RESULTS = "results"


class Announcement(WithPublicId, Base):
    """An announcement, of a round or of all (R007); the texts before a correction are in the audit log."""

    __tablename__ = "announcements"
    __table_args__ = (
        sa.CheckConstraint("(title_en IS NULL) = (body_en IS NULL)", name="english"),
        sa.CheckConstraint("ended_at IS NULL OR published_at IS NOT NULL", name="ended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[NewsCategory] = choice_column(NewsCategory)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"))  # NULL: concerns all
    title: Mapped[str] = mapped_column(sa.String(100))
    body: Mapped[str] = mapped_column(sa.Text)
    title_en: Mapped[str | None] = mapped_column(sa.String(200))  # NULL: in Chinese only
    body_en: Mapped[str | None] = mapped_column(sa.Text)  # NULL: as above
    starts_on: Mapped[date | None]  # NULL: at once when it is published
    last_day: Mapped[date | None]  # inclusive; NULL: for good (永久)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)  # NULL: a draft
    ended_at: Mapped[datetime | None]  # NULL: nobody ended it before its last day
    corrected_at: Mapped[datetime | None]  # NULL: reads as it was published

    exam_round: Mapped[Round | None] = relationship()


class PublicDocument(WithPublicId, Base):
    """A file for everybody; each replacement is a version more, the newest is handed out."""

    __tablename__ = "public_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[DocumentCategory] = choice_column(DocumentCategory)
    title: Mapped[str] = mapped_column(sa.String(80))
    title_en: Mapped[str | None] = mapped_column(sa.String(160))  # NULL: in Chinese only
    note: Mapped[str | None] = mapped_column(sa.String(200))  # NULL: nothing to add
    opens_on: Mapped[date]
    position: Mapped[int]
    withdrawn_at: Mapped[datetime | None]  # NULL: published

    versions: Mapped[list[PublicDocumentVersion]] = relationship(
        back_populates="document", order_by="PublicDocumentVersion.number"
    )

    @property
    def current(self) -> PublicDocumentVersion:
        return self.versions[-1]


class PublicDocumentVersion(Base):
    __tablename__ = "public_document_versions"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("public_documents.id"))
    number: Mapped[int]  # from 1
    suffix: Mapped[str] = mapped_column(sa.String(4))  # pdf, odt, ods, odp: what the content is
    size_bytes: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    uploaded_at: Mapped[datetime]

    document: Mapped[PublicDocument] = relationship(back_populates="versions")


class SurveyAnswer(Base):
    """What an account's owner says of the portal, once per occasion (S026)."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "occasion"),
        sa.CheckConstraint("points BETWEEN 1 AND 5", name="points"),
        sa.Index(None, "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    occasion: Mapped[SurveyOccasion] = choice_column(SurveyOccasion)
    points: Mapped[int]  # 1 very dissatisfied to 5 very satisfied
    comment: Mapped[str | None] = mapped_column(sa.String(500))  # NULL: without a word
    answered_at: Mapped[datetime]
