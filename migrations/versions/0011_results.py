"""Marks, scores, results and certificates; points in whole tenths."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

LEVELS = ("basic", "elementary")
OUTCOMES = ("passed", "not_passed", "absent")
ALL_PARTS = "listening IS NOT NULL AND speaking IS NOT NULL AND reading IS NOT NULL"
NO_PART = "listening IS NULL AND speaking IS NULL AND reading IS NULL"
IN_FORCE = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "mark_schemes",
        sa.Column("round_id", sa.Integer(), nullable=False),
        *_parts(nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("listening + speaking + reading = 1000", name=op.f("ck_mark_schemes_full_score")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_mark_schemes_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_mark_schemes")),
    )
    op.create_table(
        "pass_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("level", _choice("level", LEVELS), nullable=False),
        *_parts(nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "listening >= 0 AND speaking >= 0 AND reading >= 0", name=op.f("ck_pass_marks_parts")
        ),
        sa.CheckConstraint("total > 0 AND total <= 1000", name=op.f("ck_pass_marks_total")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_pass_marks_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_marks")),
        sa.UniqueConstraint("round_id", "level", name=op.f("uq_pass_marks_round_id_level")),
    )
    op.create_table(
        "scores",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        *_parts(nullable=True),
        sa.Column("incidents", sa.JSON(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            f"(attended AND {ALL_PARTS}) OR (NOT attended AND {NO_PART})", name=op.f("ck_scores_attended")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_scores_registration_id")
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_scores")),
    )
    op.create_table(
        "score_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_score_imports_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_imports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_score_imports_public_id")),
    )
    op.create_index(op.f("ix_score_imports_round_id"), "score_imports", ["round_id"], unique=False)
    op.create_table(
        "result_publications",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_result_publications_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_result_publications")),
    )
    op.create_table(
        "results",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", _choice("outcome", OUTCOMES), nullable=False),
        sa.Column("level", _choice("level", LEVELS), nullable=True),
        *_parts(nullable=True),
        sa.Column("deducted", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("incidents", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_results_version")),
        sa.CheckConstraint(
            "(outcome = 'passed') = (level IS NOT NULL)", name=op.f("ck_results_passed_level")
        ),
        sa.CheckConstraint("deducted >= 0 AND total >= 0", name=op.f("ck_results_points")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_results_registration_id")
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_results")),
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("level", _choice("level", LEVELS), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoke_reason IS NULL)", name=op.f("ck_certificates_revoked")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_certificates_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
    )
    op.create_index(
        op.f("ix_certificates_registration_id"), "certificates", ["registration_id"], unique=False
    )
    op.create_index(
        "uq_certificates_in_force",
        "certificates",
        ["registration_id"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_index("uq_certificates_in_force", table_name="certificates")
    op.drop_index(op.f("ix_certificates_registration_id"), table_name="certificates")
    op.drop_table("certificates")
    op.drop_table("results")
    op.drop_table("result_publications")
    op.drop_index(op.f("ix_score_imports_round_id"), table_name="score_imports")
    op.drop_table("score_imports")
    op.drop_table("scores")
    op.drop_table("pass_marks")
    op.drop_table("mark_schemes")


def _parts(*, nullable: bool) -> list[sa.Column[int]]:
    names = ("listening", "speaking", "reading")
    return [sa.Column(name, sa.Integer(), nullable=nullable) for name in names]


def _choice(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)
