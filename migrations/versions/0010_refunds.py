"""Refunds and money orders."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def _choice(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "postponement_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=True),
        sa.Column("cause", _choice("notice_cause", "postponed", "disaster"), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=True),
        sa.Column("new_test_on", sa.Date(), nullable=True),
        sa.Column("new_place", sa.String(length=200), nullable=True),
        sa.Column("mass_pay_by", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "cause <> 'postponed' OR (new_test_on IS NOT NULL AND new_place IS NOT NULL)",
            name=op.f("ck_postponement_notices_new_test"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_postponement_notices_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postponement_notices")),
        sa.UniqueConstraint("public_id", name=op.f("uq_postponement_notices_public_id")),
    )
    op.create_index(op.f("ix_postponement_notices_round_id"), "postponement_notices", ["round_id"])
    op.create_table(
        "refund_cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(length=10), nullable=True),
        sa.Column(
            "reason",
            _choice("refund_reason", "late", "overpaid", "postponed", "disaster", "other"),
            nullable=False,
        ),
        sa.Column(
            "state",
            _choice(
                "refund_state", "waiting", "proposed", "granted", "paid", "refused", "withdrawn", "closed"
            ),
            nullable=False,
        ),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("basis_twd", sa.Integer(), nullable=False),
        sa.Column("deduction_twd", sa.Integer(), nullable=False),
        sa.Column("amount_twd", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.String(length=500), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("apply_by", sa.Date(), nullable=True),
        sa.Column("pay_by", sa.Date(), nullable=True),
        sa.Column("postmarked_on", sa.Date(), nullable=True),
        sa.Column("paper_proof", sa.Boolean(), nullable=False),
        sa.Column("payee_name", sa.String(length=60), nullable=True),
        sa.Column("payee_address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("payee_phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_grant", sa.Boolean(), nullable=True),
        sa.Column("proposal_note", sa.String(length=300), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=300), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("money_order_number", sa.String(length=20), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "basis_twd > 0 AND amount_twd >= 0 AND deduction_twd >= 0", name=op.f("ck_refund_cases_amounts")
        ),
        sa.CheckConstraint("amount_twd + deduction_twd = basis_twd", name=op.f("ck_refund_cases_sum")),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name=op.f("ck_refund_cases_two_persons")),
        sa.CheckConstraint(
            "state <> 'paid' OR money_order_number IS NOT NULL", name=op.f("ck_refund_cases_money_order")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refund_cases_order_id")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipts.id"], name=op.f("fk_refund_cases_receipt_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_refund_cases_round_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["accounts.id"], name=op.f("fk_refund_cases_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_refund_cases_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_cases")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_refund_cases_receipt_id")),
        sa.UniqueConstraint("money_order_number", name=op.f("uq_refund_cases_money_order_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_refund_cases_public_id")),
    )
    op.create_index(op.f("ix_refund_cases_order_id"), "refund_cases", ["order_id"])
    op.create_index(op.f("ix_refund_cases_round_id"), "refund_cases", ["round_id"])
    op.create_index(op.f("ix_refund_cases_state_pay_by"), "refund_cases", ["state", "pay_by"])
    op.create_table(
        "refund_proofs",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("mimetype", sa.String(length=40), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["refund_cases.id"], name=op.f("fk_refund_proofs_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_refund_proofs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_refund_proofs_public_id")),
    )


def downgrade() -> None:
    op.drop_table("refund_proofs")
    op.drop_index(op.f("ix_refund_cases_state_pay_by"), table_name="refund_cases")
    op.drop_index(op.f("ix_refund_cases_round_id"), table_name="refund_cases")
    op.drop_index(op.f("ix_refund_cases_order_id"), table_name="refund_cases")
    op.drop_table("refund_cases")
    op.drop_index(op.f("ix_postponement_notices_round_id"), table_name="postponement_notices")
    op.drop_table("postponement_notices")
