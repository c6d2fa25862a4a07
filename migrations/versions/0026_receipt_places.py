"""The how manieth payment a receipt is for its order: money out of suspense may be older than it counts."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    with op.batch_alter_table("receipts") as receipts:
        receipts.add_column(sa.Column("place", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE receipts SET place = (SELECT count(*) FROM receipts AS earlier"
        " WHERE earlier.order_id = receipts.order_id AND earlier.id <= receipts.id)"
        " WHERE order_id IS NOT NULL"
    )
    with op.batch_alter_table("receipts") as receipts:
        receipts.create_unique_constraint(op.f("uq_receipts_order_id_place"), ["order_id", "place"])
        receipts.create_check_constraint(op.f("ck_receipts_place"), "(order_id IS NULL) = (place IS NULL)")


def downgrade() -> None:
    with op.batch_alter_table("receipts") as receipts:
        receipts.drop_constraint(op.f("ck_receipts_place"), type_="check")
        receipts.drop_constraint(op.f("uq_receipts_order_id_place"), type_="unique")
        receipts.drop_column("place")
