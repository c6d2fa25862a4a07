"""Confirmations: a group's switch, each member's link, each mistake reported."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "group_confirmations",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_group_confirmations_group_id")),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_group_confirmations")),
    )
    op.create_table(
        "confirmation_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("person_blind", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_seal", sa.LargeBinary(length=32), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_seal IS NULL)", name=op.f("ck_confirmation_links_confirmed")
        ),
        sa.CheckConstraint("mails >= 0", name=op.f("ck_confirmation_links_mails")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_confirmation_links_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_links")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_confirmation_links_registration_id")),
        sa.UniqueConstraint("digest", name=op.f("uq_confirmation_links_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_confirmation_links_public_id")),
    )
    op.create_table(
        "confirmation_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "name",
                "birth",
                "dialect",
                "place",
                "other",
                name="reported_field",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_confirmation_reports_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_reports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_confirmation_reports_public_id")),
    )
    op.create_index(
        op.f("ix_confirmation_reports_registration_id"), "confirmation_reports", ["registration_id"]
    )
    op.create_index(op.f("ix_confirmation_reports_told_at"), "confirmation_reports", ["told_at"])


def downgrade() -> None:
    for table in ("confirmation_reports", "confirmation_links", "group_confirmations"):
        op.drop_table(table)
