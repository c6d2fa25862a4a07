"""Registrations."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_UNIQUE = (
    ("uq_registrations_draft_national", ["account_id", "national_year", "id_blind"], "draft"),
    ("uq_registrations_draft_round", ["account_id", "round_id", "id_blind"], "draft"),
    ("uq_registrations_person_national", ["national_year", "id_blind"], "submitted"),
    ("uq_registrations_person_round", ["round_id", "id_blind"], "submitted"),
)


def upgrade() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("national_year", sa.Integer(), nullable=True),
        sa.Column("in_group", sa.Boolean(), nullable=False),
        sa.Column("chinese_name", sa.String(length=60), nullable=False),
        sa.Column("english_name", sa.String(length=100), nullable=True),
        sa.Column("is_foreign", sa.Boolean(), nullable=False),
        sa.Column(
            "id_kind",
            sa.Enum(
                "national",
                "resident",
                "resident_old",
                "passport",
                name="id_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_blind", sa.LargeBinary(length=32), nullable=False),
        sa.Column("birth_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mobile_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("zip_code", sa.String(length=6), nullable=False),
        sa.Column("county", sa.String(length=10), nullable=False),
        sa.Column("district", sa.String(length=10), nullable=False),
        sa.Column("street_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("emergency_name", sa.String(length=60), nullable=False),
        sa.Column("emergency_relation", sa.String(length=20), nullable=False),
        sa.Column("emergency_phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "dialect",
            sa.Enum(
                "四縣",
                "海陸",
                "大埔",
                "饒平",
                "詔安",
                name="dialect",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "background",
            sa.Enum(
                "父母均為客家人",
                "父或母為客家人",
                "閩南人",
                "原住民",
                "其他",
                name="background",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "occupation",
            sa.Enum(
                "軍",
                "公",
                "教",
                "商",
                "農",
                "工",
                "學生",
                "服務業",
                "自由業",
                "家管",
                "其他",
                name="occupation",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "education",
            sa.Enum(
                "小學(含)以下",
                "國(初)中",
                "高中職",
                "大專校院",
                "研究所(含)以上",
                name="education",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("ticket_by_post", sa.Boolean(), nullable=False),
        sa.Column(
            "materials_to",
            sa.Enum(
                "self", "leader", name="materials_to", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "ticket_to",
            sa.Enum("self", "leader", name="ticket_to", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "score_to",
            sa.Enum("self", "leader", name="score_to", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("accommodation_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "form_state",
            sa.Enum(
                "draft",
                "submitted",
                "cancelled",
                name="form_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "review_state",
            sa.Enum(
                "pending",
                "returned",
                "approved",
                name="review_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=40), nullable=True),
        sa.Column("fee_twd", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_registrations_account_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["place_holds.id"], name=op.f("fk_registrations_hold_id")),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_registrations_offering_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_registrations_order_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_registrations_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_registrations_public_id")),
    )
    op.create_index(
        op.f("ix_registrations_account_id_id"), "registrations", ["account_id", "id"], unique=False
    )
    op.create_index(op.f("ix_registrations_id_blind"), "registrations", ["id_blind"], unique=False)
    op.create_index(op.f("ix_registrations_offering_id"), "registrations", ["offering_id"], unique=False)
    op.create_index(op.f("ix_registrations_order_id"), "registrations", ["order_id"], unique=False)
    op.create_index(
        op.f("ix_registrations_round_id_form_state_review_state"),
        "registrations",
        ["round_id", "form_state", "review_state"],
        unique=False,
    )
    for name, columns, state in _UNIQUE:
        where = sa.text(f"form_state = '{state}'")
        op.create_index(
            name, "registrations", columns, unique=True, sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    for name, _columns, _state in reversed(_UNIQUE):
        op.drop_index(name, table_name="registrations")
    op.drop_index(op.f("ix_registrations_round_id_form_state_review_state"), table_name="registrations")
    op.drop_index(op.f("ix_registrations_order_id"), table_name="registrations")
    op.drop_index(op.f("ix_registrations_offering_id"), table_name="registrations")
    op.drop_index(op.f("ix_registrations_id_blind"), table_name="registrations")
    op.drop_index(op.f("ix_registrations_account_id_id"), table_name="registrations")
    op.drop_table("registrations")
