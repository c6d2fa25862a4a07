"""How people sign in: sessions, linked logins, captcha, password reset."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

PURPOSES = ("verify_email", "reset_password")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("language", sa.String(length=8), nullable=True))
    _allow_purposes(PURPOSES)
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("level", _choice("sign_in_level", "password", "provider", "second_factor"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_in_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_sessions_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_in_sessions_public_id")),
    )
    op.create_index(op.f("ix_sign_in_sessions_account_id"), "sign_in_sessions", ["account_id"])
    op.create_index(op.f("ix_sign_in_sessions_ends_at"), "sign_in_sessions", ["ends_at"])
    op.create_table(
        "linked_logins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("realm", _choice("realm", "national", "multi", "staff"), nullable=False),
        sa.Column("provider", _choice("provider", "google", "facebook"), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_linked_logins_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_logins")),
        sa.UniqueConstraint(
            "realm", "provider", "subject", name=op.f("uq_linked_logins_realm_provider_subject")
        ),
        sa.UniqueConstraint("account_id", "provider", name=op.f("uq_linked_logins_account_id_provider")),
    )
    op.create_table(
        "spent_captchas",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_captchas")),
    )
    op.create_index(op.f("ix_spent_captchas_spent_at"), "spent_captchas", ["spent_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_spent_captchas_spent_at"), table_name="spent_captchas")
    op.drop_table("spent_captchas")
    op.drop_table("linked_logins")
    op.drop_index(op.f("ix_sign_in_sessions_ends_at"), table_name="sign_in_sessions")
    op.drop_index(op.f("ix_sign_in_sessions_account_id"), table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.execute("DELETE FROM mailed_tokens WHERE purpose = 'reset_password'")
    _allow_purposes(PURPOSES[:1])
    op.drop_column("accounts", "language")


def _choice(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _allow_purposes(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("mailed_tokens") as tokens:
        tokens.drop_constraint(op.f("ck_mailed_tokens_token_purpose"), type_="check")
        tokens.create_check_constraint(op.f("ck_mailed_tokens_token_purpose"), f"purpose IN ({listed})")
