"""Mailings: batches, parcels, what is in them, requests to send again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "mailing_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "materials",
                "ticket",
                "score_report",
                "certificate",
                name="mailing_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("area", sa.String(length=10), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_mailing_batches_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_batches")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mailing_batches_public_id")),
    )
    op.create_index(
        op.f("ix_mailing_batches_round_id_id"), "mailing_batches", ["round_id", "id"], unique=False
    )
    op.create_table(
        "mailing_parcels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("organisation", sa.String(length=60), nullable=True),
        sa.Column("zip_code", sa.String(length=6), nullable=False),
        sa.Column("county", sa.String(length=10), nullable=False),
        sa.Column("district", sa.String(length=10), nullable=False),
        sa.Column("street_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("registered_number", sa.String(length=14), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column(
            "return_reason",
            sa.Enum(
                "unclaimed",
                "moved",
                "no_such_address",
                "unknown_person",
                "refused",
                name="return_reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "(returned_on IS NULL) = (return_reason IS NULL)", name=op.f("ck_mailing_parcels_returned")
        ),
        sa.CheckConstraint("position > 0", name=op.f("ck_mailing_parcels_position")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["mailing_batches.id"], name=op.f("fk_mailing_parcels_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_mailing_parcels_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_parcels")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_mailing_parcels_batch_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mailing_parcels_public_id")),
    )
    op.create_index(op.f("ix_mailing_parcels_group_id"), "mailing_parcels", ["group_id"], unique=False)
    op.create_index(
        op.f("ix_mailing_parcels_registered_number"), "mailing_parcels", ["registered_number"], unique=False
    )
    op.create_table(
        "mailing_resends",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "wrong_entry",
                "moved",
                "unclaimed",
                "office",
                name="resend_cause",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "postage_due",
                "ready",
                "refused",
                name="resend_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("postage_twd", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "state != 'postage_due' OR postage_twd IS NOT NULL", name=op.f("ck_mailing_resends_postage_due")
        ),
        sa.CheckConstraint("postage_twd > 0", name=op.f("ck_mailing_resends_postage")),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["mailing_parcels.id"], name=op.f("fk_mailing_resends_parcel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_resends")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mailing_resends_public_id")),
    )
    op.create_index(op.f("ix_mailing_resends_parcel_id"), "mailing_resends", ["parcel_id"], unique=False)
    op.create_index(op.f("ix_mailing_resends_state_id"), "mailing_resends", ["state", "id"], unique=False)
    op.create_index(
        "uq_mailing_resends_live",
        "mailing_resends",
        ["parcel_id"],
        unique=True,
        sqlite_where=sa.text("state != 'refused'"),
        postgresql_where=sa.text("state != 'refused'"),
    )
    op.create_table(
        "mailing_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "materials",
                "ticket",
                "score_report",
                "certificate",
                name="mailing_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("resend_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["mailing_parcels.id"], name=op.f("fk_mailing_items_parcel_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_mailing_items_registration_id")
        ),
        sa.ForeignKeyConstraint(
            ["resend_id"], ["mailing_resends.id"], name=op.f("fk_mailing_items_resend_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_items")),
        sa.UniqueConstraint(
            "parcel_id", "registration_id", name=op.f("uq_mailing_items_parcel_id_registration_id")
        ),
        sa.UniqueConstraint(
            "resend_id", "registration_id", name=op.f("uq_mailing_items_resend_id_registration_id")
        ),
    )
    op.create_index(
        op.f("ix_mailing_items_registration_id"), "mailing_items", ["registration_id"], unique=False
    )
    op.create_index(
        "uq_mailing_items_first",
        "mailing_items",
        ["registration_id", "kind"],
        unique=True,
        sqlite_where=sa.text("resend_id IS NULL"),
        postgresql_where=sa.text("resend_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_mailing_items_first",
        table_name="mailing_items",
        sqlite_where=sa.text("resend_id IS NULL"),
        postgresql_where=sa.text("resend_id IS NULL"),
    )
    op.drop_index(op.f("ix_mailing_items_registration_id"), table_name="mailing_items")
    op.drop_table("mailing_items")
    op.drop_index(
        "uq_mailing_resends_live",
        table_name="mailing_resends",
        sqlite_where=sa.text("state != 'refused'"),
        postgresql_where=sa.text("state != 'refused'"),
    )
    op.drop_index(op.f("ix_mailing_resends_state_id"), table_name="mailing_resends")
    op.drop_index(op.f("ix_mailing_resends_parcel_id"), table_name="mailing_resends")
    op.drop_table("mailing_resends")
    op.drop_index(op.f("ix_mailing_parcels_registered_number"), table_name="mailing_parcels")
    op.drop_index(op.f("ix_mailing_parcels_group_id"), table_name="mailing_parcels")
    op.drop_table("mailing_parcels")
    op.drop_index(op.f("ix_mailing_batches_round_id_id"), table_name="mailing_batches")
    op.drop_table("mailing_batches")
