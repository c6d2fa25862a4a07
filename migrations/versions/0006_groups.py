"""Groups, their members and their imports."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "family",
                "school",
                "community",
                "other",
                name="group_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "submitted",
                "cancelled",
                name="group_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("leader_name", sa.String(length=60), nullable=False),
        sa.Column("leader_phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("leader_email", sa.String(length=254), nullable=False),
        sa.Column("leader_zip_code", sa.String(length=6), nullable=False),
        sa.Column("leader_county", sa.String(length=10), nullable=False),
        sa.Column("leader_district", sa.String(length=10), nullable=False),
        sa.Column("leader_street_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "cancel_reason",
            sa.Enum(
                "not_submitted",
                "closed",
                "unpaid",
                "withdrawn",
                "removed",
                name="cancel_reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_groups_account_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["place_holds.id"], name=op.f("fk_groups_hold_id")),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_groups_offering_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_groups_order_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_groups_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("public_id", name=op.f("uq_groups_public_id")),
    )
    op.create_index(op.f("ix_groups_account_id_id"), "groups", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_groups_offering_id"), "groups", ["offering_id"], unique=False)
    op.create_index(op.f("ix_groups_order_id"), "groups", ["order_id"], unique=False)
    op.create_index(op.f("ix_groups_round_id_state"), "groups", ["round_id", "state"], unique=False)
    op.create_table(
        "group_members",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_group_members_group_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_group_members_registration_id")
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_group_members")),
    )
    op.create_index(op.f("ix_group_members_group_id"), "group_members", ["group_id"], unique=False)
    op.create_table(
        "sheet_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_sheet_imports_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_imports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sheet_imports_public_id")),
    )
    op.create_index(op.f("ix_sheet_imports_group_id"), "sheet_imports", ["group_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_sheet_imports_group_id"), table_name="sheet_imports")
    op.drop_table("sheet_imports")
    op.drop_index(op.f("ix_group_members_group_id"), table_name="group_members")
    op.drop_table("group_members")
    op.drop_index(op.f("ix_groups_round_id_state"), table_name="groups")
    op.drop_index(op.f("ix_groups_order_id"), table_name="groups")
    op.drop_index(op.f("ix_groups_offering_id"), table_name="groups")
    op.drop_index(op.f("ix_groups_account_id_id"), table_name="groups")
    op.drop_table("groups")
