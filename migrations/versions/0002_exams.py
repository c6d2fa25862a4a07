"""The exam year: rounds, offerings and the places taken from them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "exam_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roc_year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("published_from", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_years")),
        sa.UniqueConstraint("roc_year", name=op.f("uq_exam_years_roc_year")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("exam_year_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "track",
            sa.Enum("national", "multi", name="track", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("test_on", sa.Date(), nullable=False),
        sa.Column("registration_opens_on", sa.Date(), nullable=False),
        sa.Column("registration_closes_on", sa.Date(), nullable=False),
        sa.Column("materials_from", sa.Date(), nullable=False),
        sa.Column("ticket_from", sa.Date(), nullable=False),
        sa.Column("ticket_opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticket_correction_until", sa.Date(), nullable=False),
        sa.Column("score_from", sa.Date(), nullable=False),
        sa.Column("score_opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recheck_from", sa.Date(), nullable=False),
        sa.Column("recheck_until", sa.Date(), nullable=False),
        sa.Column("certificate_from", sa.Date(), nullable=False),
        sa.Column("certificate_chase_after", sa.Date(), nullable=False),
        sa.Column("refund_apply_by", sa.Date(), nullable=False),
        sa.Column("refund_pay_by", sa.Date(), nullable=False),
        sa.Column("question_dispute_by", sa.Date(), nullable=False),
        sa.Column("fee_twd", sa.Integer(), nullable=False),
        sa.Column("free_up_to_age", sa.Integer(), nullable=False),
        sa.Column("fee_reference_on", sa.Date(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("payment_methods", sa.JSON(), nullable=False),
        sa.CheckConstraint("fee_twd >= 0", name=op.f("ck_rounds_fee")),
        sa.CheckConstraint("payment_days > 0", name=op.f("ck_rounds_payment_days")),
        sa.CheckConstraint(
            "registration_opens_on <= registration_closes_on", name=op.f("ck_rounds_registration_period")
        ),
        sa.ForeignKeyConstraint(["exam_year_id"], ["exam_years.id"], name=op.f("fk_rounds_exam_year_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("code", name=op.f("uq_rounds_code")),
        sa.UniqueConstraint(
            "exam_year_id", "track", "number", name=op.f("uq_rounds_exam_year_id_track_number")
        ),
    )
    op.create_table(
        "offerings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=False),
        sa.Column("site", sa.String(length=60), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "regular",
                "additional",
                "on_campus",
                name="offering_origin",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_offerings_capacity")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_offerings_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offerings")),
        sa.UniqueConstraint("round_id", "area", "origin", name=op.f("uq_offerings_round_id_area_origin")),
    )
    op.create_table(
        "place_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("places > 0", name=op.f("ck_place_holds_places")),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_place_holds_offering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_holds")),
    )
    op.create_index(
        op.f("ix_place_holds_offering_id_until_at"), "place_holds", ["offering_id", "until_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_place_holds_offering_id_until_at"), table_name="place_holds")
    op.drop_table("place_holds")
    op.drop_table("offerings")
    op.drop_table("rounds")
    op.drop_table("exam_years")
