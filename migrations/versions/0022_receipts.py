"""Money that nobody knows yet what it is for, what gateways call their trades, and when to ask them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

METHODS = ("store_barcode", "atm", "card", "line_pay")
STATES = ("started", "code_issued", "paid", "failed")
OUTCOMES = ("applied", "late", "surplus", "cancelled_order")


def upgrade() -> None:
    with op.batch_alter_table("payment_attempts") as attempts:
        attempts.add_column(sa.Column("store_code", sa.String(length=20), nullable=True))
        attempts.add_column(sa.Column("payment_url", sa.Text(), nullable=True))
        attempts.add_column(sa.Column("gateway_trade_number", sa.String(length=40), nullable=True))
        attempts.add_column(sa.Column("authorisation_number", sa.String(length=20), nullable=True))
        attempts.add_column(sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
        attempts.add_column(sa.Column("times_asked", sa.Integer(), nullable=False, server_default="0"))
        _allow(attempts, "payment_attempts", "method", ("method", (*METHODS, "store_code")))
        _allow(attempts, "payment_attempts", "state", ("attempt_state", (*STATES, "confirming", "abandoned")))
    with op.batch_alter_table("payment_attempts") as attempts:
        attempts.alter_column("times_asked", server_default=None)
    op.create_index(op.f("ix_payment_attempts_ask_at"), "payment_attempts", ["ask_at"])
    with op.batch_alter_table("receipts") as receipts:
        receipts.add_column(sa.Column("fee_twd", sa.Integer(), nullable=True))
        receipts.add_column(
            sa.Column(
                "source",
                sa.Enum(
                    "notice",
                    "query",
                    "confirmation",
                    "file",
                    name="receipt_source",
                    native_enum=False,
                    create_constraint=True,
                    length=24,
                ),
                nullable=False,
                server_default="notice",
            )
        )
        receipts.alter_column("order_id", existing_type=sa.Integer(), nullable=True)
        receipts.alter_column("attempt_id", existing_type=sa.Integer(), nullable=True)
        _allow(receipts, "receipts", "outcome", ("receipt_outcome", (*OUTCOMES, "suspense")))
        receipts.create_check_constraint(
            op.f("ck_receipts_suspense"), "(order_id IS NULL) = (outcome = 'suspense')"
        )
    with op.batch_alter_table("receipts") as receipts:
        receipts.alter_column("source", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM receipts WHERE outcome = 'suspense'")
    with op.batch_alter_table("receipts") as receipts:
        receipts.drop_constraint(op.f("ck_receipts_suspense"), type_="check")
        receipts.drop_constraint(op.f("ck_receipts_receipt_source"), type_="check")
        _allow(receipts, "receipts", "outcome", ("receipt_outcome", OUTCOMES))
        receipts.drop_column("source")
        receipts.drop_column("fee_twd")
        receipts.alter_column("order_id", existing_type=sa.Integer(), nullable=False)
        receipts.alter_column("attempt_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index(op.f("ix_payment_attempts_ask_at"), table_name="payment_attempts")
    op.execute("UPDATE payment_attempts SET state = 'failed' WHERE state IN ('confirming', 'abandoned')")
    op.execute("UPDATE payment_attempts SET method = 'store_barcode' WHERE method = 'store_code'")
    with op.batch_alter_table("payment_attempts") as attempts:
        _allow(attempts, "payment_attempts", "method", ("method", METHODS))
        _allow(attempts, "payment_attempts", "state", ("attempt_state", STATES))
        for name in (
            "times_asked",
            "ask_at",
            "authorisation_number",
            "gateway_trade_number",
            "payment_url",
            "store_code",
        ):
            attempts.drop_column(name)


def _allow(table, table_name: str, column: str, check: tuple[str, tuple[str, ...]]) -> None:
    name, words = check
    listed = ", ".join(f"'{word}'" for word in words)
    constraint = op.f(f"ck_{table_name}_{name}")
    table.drop_constraint(constraint, type_="check")
    table.create_check_constraint(constraint, f"{column} IN ({listed})")
