"""Money that goes back through the gateway it came by."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

STATES = ("waiting", "proposed", "granted", "paid", "refused", "withdrawn", "closed")


def upgrade() -> None:
    with op.batch_alter_table("refund_cases") as cases:
        cases.add_column(
            sa.Column("paid_by_gateway", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        _allow(cases, (*STATES, "sending"))
        cases.drop_constraint(op.f("ck_refund_cases_money_order"), type_="check")
        cases.create_check_constraint(
            op.f("ck_refund_cases_money_order"),
            "state <> 'paid' OR paid_by_gateway OR money_order_number IS NOT NULL",
        )
    with op.batch_alter_table("refund_cases") as cases:
        cases.alter_column("paid_by_gateway", server_default=None)
    op.create_table(
        "gateway_refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("amount_twd", sa.Integer(), nullable=False),
        sa.Column("before_twd", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_transit",
                "done",
                "failed",
                name="gateway_refund_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("result_code", sa.String(length=40), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_twd > 0 AND before_twd >= 0", name=op.f("ck_gateway_refunds_amounts")),
        sa.CheckConstraint(
            "(state = 'in_transit') = (ended_at IS NULL)", name=op.f("ck_gateway_refunds_ended")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["refund_cases.id"], name=op.f("fk_gateway_refunds_case_id")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["payment_attempts.id"], name=op.f("fk_gateway_refunds_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_refunds")),
    )
    op.create_index(op.f("ix_gateway_refunds_case_id"), "gateway_refunds", ["case_id"])
    op.create_index(op.f("ix_gateway_refunds_attempt_id"), "gateway_refunds", ["attempt_id"])
    op.create_index(op.f("ix_gateway_refunds_ask_at"), "gateway_refunds", ["ask_at"])
    # One refund of a case is under way or done, however many have failed before.
    living = sa.text("state <> 'failed'")
    op.create_index(
        "uq_gateway_refunds_living",
        "gateway_refunds",
        ["case_id"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )


def downgrade() -> None:
    op.drop_table("gateway_refunds")
    op.execute("UPDATE refund_cases SET state = 'granted' WHERE state = 'sending' OR paid_by_gateway")
    with op.batch_alter_table("refund_cases") as cases:
        _allow(cases, STATES)
        cases.drop_constraint(op.f("ck_refund_cases_money_order"), type_="check")
        cases.create_check_constraint(
            op.f("ck_refund_cases_money_order"), "state <> 'paid' OR money_order_number IS NOT NULL"
        )
        cases.drop_column("paid_by_gateway")


def _allow(cases, words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    constraint = op.f("ck_refund_cases_refund_state")
    cases.drop_constraint(constraint, type_="check")
    cases.create_check_constraint(constraint, f"state IN ({listed})")
