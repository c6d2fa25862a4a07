"""What a registration still lacks, corrections on request, and absences."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("id_blind", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "track",
            sa.Enum("national", "multi", name="track", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("test_on", sa.Date(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_absences_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("id_blind", "track", "test_on", name=op.f("uq_absences_id_blind_track_test_on")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_absences_registration_id")),
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_corrections_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("public_id", name=op.f("uq_corrections_public_id")),
    )
    op.create_index(op.f("ix_corrections_registration_id"), "corrections", ["registration_id"])
    op.create_table(
        "correction_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("suffix", sa.String(length=4), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_correction_files_correction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_correction_files_public_id")),
    )
    op.create_index(op.f("ix_correction_files_correction_id"), "correction_files", ["correction_id"])
    op.create_table(
        "amendment_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("wish_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("office_error", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "on_site",
                "done",
                "declined",
                name="amendment_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.String(length=200), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_amendment_requests_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_amendment_requests_public_id")),
    )
    op.create_index(op.f("ix_amendment_requests_registration_id"), "amendment_requests", ["registration_id"])
    op.create_index(op.f("ix_amendment_requests_state_id"), "amendment_requests", ["state", "id"])


def downgrade() -> None:
    op.drop_table("amendment_requests")
    op.drop_table("correction_files")
    op.drop_table("corrections")
    op.drop_table("absences")
