"""Methods that the office has closed, and gateways that do not answer."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "method_closures",
        sa.Column(
            "method",
            sa.Enum(
                "store_barcode",
                "store_code",
                "atm",
                "card",
                "line_pay",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=100), nullable=False),
        sa.Column("text_en", sa.String(length=200), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("method", name=op.f("pk_method_closures")),
    )
    op.create_table(
        "gateway_silences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_silences")),
    )
    op.create_index(op.f("ix_gateway_silences_gateway"), "gateway_silences", ["gateway"])


def downgrade() -> None:
    op.drop_table("gateway_silences")
    op.drop_table("method_closures")
