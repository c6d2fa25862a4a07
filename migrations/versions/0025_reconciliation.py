"""Reconciliation: files of gateways and banks, their lines, what does not agree; serials of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "virtual_account_serials",
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("due_on", name=op.f("pk_virtual_account_serials")),
    )
    op.create_table(
        "reconciliation_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "ecpay_trades",
                "ecpay_settlement",
                "taishin",
                name="file_source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "reading", "done", name="file_state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("lines_total", sa.Integer(), nullable=False),
        sa.Column("lines_done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("begins_on <= ends_on", name=op.f("ck_reconciliation_files_period")),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["accounts.id"], name=op.f("fk_reconciliation_files_imported_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_files")),
        sa.UniqueConstraint("digest", name=op.f("uq_reconciliation_files_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reconciliation_files_public_id")),
    )
    op.create_index(
        op.f("ix_reconciliation_files_source_state_ends_on"),
        "reconciliation_files",
        ["source", "state", "ends_on"],
    )

    op.create_table(
        "reconciliation_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "ecpay_trades",
                "ecpay_settlement",
                "taishin",
                name="file_source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("natural_key", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "payment",
                "refund",
                "reversal",
                name="line_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount_twd", sa.Integer(), nullable=False),
        sa.Column("fee_twd", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
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
            nullable=True,
        ),
        sa.Column("trade_number", sa.String(length=40), nullable=True),
        sa.Column("gateway_trade_number", sa.String(length=40), nullable=True),
        sa.Column("account", sa.String(length=20), nullable=True),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "matched",
                "healed",
                "suspense",
                "missing",
                "differs",
                "not_ours",
                name="line_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("receipt_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("amount_twd > 0", name=op.f("ck_reconciliation_lines_amount")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["reconciliation_files.id"], name=op.f("fk_reconciliation_lines_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_reconciliation_lines_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_lines")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reconciliation_lines_public_id")),
        sa.UniqueConstraint("source", "natural_key", name=op.f("uq_reconciliation_lines_source_natural_key")),
    )
    op.create_index(op.f("ix_reconciliation_lines_day_source"), "reconciliation_lines", ["day", "source"])
    op.create_index(
        op.f("ix_reconciliation_lines_file_id_state"), "reconciliation_lines", ["file_id", "state"]
    )
    op.create_index(op.f("ix_reconciliation_lines_receipt_id"), "reconciliation_lines", ["receipt_id"])

    op.create_table(
        "suspense_decisions",
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "matched",
                "return",
                name="suspense_action",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(action = 'matched') = (order_id IS NOT NULL)", name=op.f("ck_suspense_decisions_order")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_suspense_decisions_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_suspense_decisions_order_id")),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_suspense_decisions_receipt_id")
        ),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_suspense_decisions")),
    )
    op.create_index(op.f("ix_suspense_decisions_order_id"), "suspense_decisions", ["order_id"])

    op.create_table(
        "reconciliation_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_in_portal",
                "not_in_file",
                "amount_differs",
                "external_refund",
                name="finding_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("receipt_id", sa.Integer(), nullable=True),
        sa.Column("file_twd", sa.Integer(), nullable=True),
        sa.Column("portal_twd", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "closing_action",
            sa.Enum(
                "agreed",
                "corrected",
                "refunded",
                "borne",
                "explained",
                name="closing_action",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closing_action IS NULL)", name=op.f("ck_reconciliation_findings_closed")
        ),
        sa.CheckConstraint(
            "(line_id IS NULL) <> (receipt_id IS NULL)", name=op.f("ck_reconciliation_findings_about")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["accounts.id"], name=op.f("fk_reconciliation_findings_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["reconciliation_lines.id"], name=op.f("fk_reconciliation_findings_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["accounts.id"], name=op.f("fk_reconciliation_findings_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_reconciliation_findings_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_findings")),
        sa.UniqueConstraint("kind", "line_id", name=op.f("uq_reconciliation_findings_kind_line_id")),
        sa.UniqueConstraint("kind", "receipt_id", name=op.f("uq_reconciliation_findings_kind_receipt_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reconciliation_findings_public_id")),
    )
    op.create_index(
        op.f("ix_reconciliation_findings_kind_closed_at_id"),
        "reconciliation_findings",
        ["kind", "closed_at", "id"],
    )
    op.create_index(op.f("ix_reconciliation_findings_line_id"), "reconciliation_findings", ["line_id"])
    op.create_index(op.f("ix_reconciliation_findings_receipt_id"), "reconciliation_findings", ["receipt_id"])

    op.create_index(op.f("ix_payment_attempts_account_number"), "payment_attempts", ["account_number"])
    op.create_index(
        op.f("ix_payment_attempts_authorisation_number"), "payment_attempts", ["authorisation_number"]
    )

    op.create_index(op.f("ix_receipts_gateway_paid_at"), "receipts", ["gateway", "paid_at"])
    op.create_index(op.f("ix_receipts_outcome_id"), "receipts", ["outcome", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_receipts_outcome_id"), table_name="receipts")
    op.drop_index(op.f("ix_receipts_gateway_paid_at"), table_name="receipts")

    op.drop_index(op.f("ix_payment_attempts_authorisation_number"), table_name="payment_attempts")
    op.drop_index(op.f("ix_payment_attempts_account_number"), table_name="payment_attempts")

    op.drop_index(op.f("ix_reconciliation_findings_receipt_id"), table_name="reconciliation_findings")
    op.drop_index(op.f("ix_reconciliation_findings_line_id"), table_name="reconciliation_findings")
    op.drop_index(op.f("ix_reconciliation_findings_kind_closed_at_id"), table_name="reconciliation_findings")

    op.drop_table("reconciliation_findings")
    op.drop_index(op.f("ix_suspense_decisions_order_id"), table_name="suspense_decisions")

    op.drop_table("suspense_decisions")
    op.drop_index(op.f("ix_reconciliation_lines_receipt_id"), table_name="reconciliation_lines")
    op.drop_index(op.f("ix_reconciliation_lines_file_id_state"), table_name="reconciliation_lines")
    op.drop_index(op.f("ix_reconciliation_lines_day_source"), table_name="reconciliation_lines")

    op.drop_table("reconciliation_lines")
    op.drop_index(op.f("ix_reconciliation_files_source_state_ends_on"), table_name="reconciliation_files")

    op.drop_table("reconciliation_files")
    op.drop_table("virtual_account_serials")
