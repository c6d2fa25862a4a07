"""Additional sessions for one account; aids, proof and answers of special arrangements."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    # Plain SQL: Alembic would build the table anew on SQLite, and rows of other tables refer to it.
    op.execute(
        "ALTER TABLE offerings ADD COLUMN reserved_for INTEGER"
        " CONSTRAINT fk_offerings_reserved_for REFERENCES accounts (id)"
    )
    op.create_table(
        "extra_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", _words("offering_origin", "regular", "additional", "on_campus"), nullable=False),
        sa.Column("school", _words("school", "primary", "junior_high", "other"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=True),
        sa.Column("rooms", sa.Integer(), nullable=True),
        sa.Column("computers", sa.Integer(), nullable=True),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _words("extra_session_state", "waiting", "approved", "refused"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.String(length=300), nullable=True),
        sa.Column("offering_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("kind <> 'regular'", name=op.f("ck_extra_sessions_kind")),
        sa.CheckConstraint("expected > 0", name=op.f("ck_extra_sessions_expected")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_extra_sessions_account_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_extra_sessions_round_id")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offerings.id"], name=op.f("fk_extra_sessions_offering_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_extra_sessions_public_id")),
    )
    op.create_index(op.f("ix_extra_sessions_account_id"), "extra_sessions", ["account_id"])
    op.create_index(op.f("ix_extra_sessions_state_id"), "extra_sessions", ["state", "id"])
    op.create_index(
        "uq_extra_sessions_waiting",
        "extra_sessions",
        ["account_id", "round_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "arrangements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _words("arrangement_state", "waiting", "granted", "partly", "refused"),
            nullable=False,
        ),
        sa.Column("aids_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("provided_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_arrangements_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_arrangements_public_id")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_arrangements_registration_id")),
    )
    op.create_index(op.f("ix_arrangements_state_id"), "arrangements", ["state", "id"])
    op.create_table(
        "arrangement_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.Column("suffix", sa.String(length=4), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangements.id"], name=op.f("fk_arrangement_files_arrangement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_arrangement_files_public_id")),
    )
    op.create_index(op.f("ix_arrangement_files_arrangement_id"), "arrangement_files", ["arrangement_id"])


def downgrade() -> None:
    op.drop_table("arrangement_files")
    op.drop_table("arrangements")
    op.drop_table("extra_sessions")
    op.drop_column("offerings", "reserved_for")
