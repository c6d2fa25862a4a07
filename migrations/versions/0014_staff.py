"""Staff: roles granted, invitations, the second factor."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

PURPOSES = ("verify_email", "reset_password", "invite_staff")
HELD = sa.text("removed_at IS NULL")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("accounts", sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True))
    _allow_purposes(PURPOSES)
    op.create_table(
        "staff_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)", name=op.f("ck_staff_grants_removed")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_staff_grants_account_id")),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["accounts.id"], name=op.f("fk_staff_grants_granted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["accounts.id"], name=op.f("fk_staff_grants_removed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_grants")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staff_grants_public_id")),
    )
    op.create_index(
        "uq_staff_grants_held",
        "staff_grants",
        ["account_id", "role", "unit"],
        unique=True,
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    op.create_index(op.f("ix_staff_grants_role"), "staff_grants", ["role"])
    op.create_table(
        "second_factors",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("reset_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reset_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "(reset_asked_at IS NULL) = (reset_asked_by_id IS NULL)",
            name=op.f("ck_second_factors_reset_asked"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_second_factors_account_id")),
        sa.ForeignKeyConstraint(
            ["reset_asked_by_id"], ["accounts.id"], name=op.f("fk_second_factors_reset_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("public_id", name=op.f("uq_second_factors_public_id")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_codes_digest")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_recovery_codes_account_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
    op.drop_index(op.f("ix_staff_grants_role"), table_name="staff_grants")
    op.drop_index("uq_staff_grants_held", table_name="staff_grants", sqlite_where=HELD, postgresql_where=HELD)
    op.drop_table("staff_grants")
    op.execute("DELETE FROM mailed_tokens WHERE purpose = 'invite_staff'")
    _allow_purposes(PURPOSES[:2])
    op.drop_column("accounts", "disabled_at")
    op.drop_column("accounts", "last_sign_in_at")


def _allow_purposes(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("mailed_tokens") as tokens:
        tokens.drop_constraint(op.f("ck_mailed_tokens_token_purpose"), type_="check")
        tokens.create_check_constraint(op.f("ck_mailed_tokens_token_purpose"), f"purpose IN ({listed})")
