"""Announcements, public files, moved dates, answers to the survey."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            choice("news_category", "registration", "exam", "results", "changes", "other"),
            nullable=False,
        ),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=True),
        sa.Column("body_en", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("(title_en IS NULL) = (body_en IS NULL)", name=op.f("ck_announcements_english")),
        sa.CheckConstraint(
            "ended_at IS NULL OR published_at IS NOT NULL", name=op.f("ck_announcements_ended")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_announcements_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_announcements_public_id")),
    )
    op.create_index(op.f("ix_announcements_published_at"), "announcements", ["published_at"])
    op.create_table(
        "public_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            choice("document_category", "brochure", "materials", "form", "sample"),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("title_en", sa.String(length=160), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_documents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_public_documents_public_id")),
    )
    op.create_table(
        "public_document_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("suffix", sa.String(length=4), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_public_document_versions_number")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["public_documents.id"], name=op.f("fk_public_document_versions_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_document_versions")),
        sa.UniqueConstraint(
            "document_id", "number", name=op.f("uq_public_document_versions_document_id_number")
        ),
    )
    op.create_table(
        "date_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("old", sa.String(length=40), nullable=False),
        sa.Column("new", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_date_changes_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_changes")),
    )
    op.create_index(op.f("ix_date_changes_round_id"), "date_changes", ["round_id"])
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("occasion", choice("survey_occasion", "registration", "results"), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points BETWEEN 1 AND 5", name=op.f("ck_survey_answers_points")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_survey_answers_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sa.UniqueConstraint("account_id", "occasion", name=op.f("uq_survey_answers_account_id_occasion")),
    )
    op.create_index(op.f("ix_survey_answers_answered_at"), "survey_answers", ["answered_at"])


def downgrade() -> None:
    for table in (
        "survey_answers",
        "date_changes",
        "public_document_versions",
        "public_documents",
        "announcements",
    ):
        op.drop_table(table)
