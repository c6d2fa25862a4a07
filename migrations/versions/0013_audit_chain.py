"""The audit log's chain, and its searches by action and by actor."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    # NULL for the rows that are there: the log can only grow, and the chain begins after them.
    op.add_column("audit_log", sa.Column("digest", sa.LargeBinary(length=32), nullable=True))
    op.create_index(op.f("ix_audit_log_action"), "audit_log", ["action"])
    op.create_index(op.f("ix_audit_log_actor_account_id"), "audit_log", ["actor_account_id"])
    op.create_index(op.f("ix_audit_log_request_id"), "audit_log", ["request_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_log_request_id"), table_name="audit_log")
    op.drop_index(op.f("ix_audit_log_actor_account_id"), table_name="audit_log")
    op.drop_index(op.f("ix_audit_log_action"), table_name="audit_log")
    op.drop_column("audit_log", "digest")
