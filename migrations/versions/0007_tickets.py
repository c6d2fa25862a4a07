"""Venues, rooms, slots, seats and tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "venues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venues")),
        sa.UniqueConstraint("area", "name", name=op.f("uq_venues_area_name")),
    )
    op.create_table(
        "exam_rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_exam_rooms_capacity")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_exam_rooms_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_rooms")),
        sa.UniqueConstraint("venue_id", "name", name=op.f("uq_exam_rooms_venue_id_name")),
    )
    op.create_table(
        "slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("entry_at < starts_at", name=op.f("ck_slots_entry_before_start")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_slots_round_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_slots_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint("round_id", "venue_id", "number", name=op.f("uq_slots_round_id_venue_id_number")),
    )
    op.create_index(op.f("ix_slots_venue_id"), "slots", ["venue_id"], unique=False)
    op.create_table(
        "seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_seats_number")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_seats_registration_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["exam_rooms.id"], name=op.f("fk_seats_room_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_seats_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_seats_registration_id")),
        sa.UniqueConstraint("slot_id", "room_id", "number", name=op.f("uq_seats_slot_id_room_id_number")),
    )
    op.create_index(op.f("ix_seats_room_id"), "seats", ["room_id"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_tickets_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_tickets_seat_id")),
    )


def downgrade() -> None:
    op.drop_table("tickets")
    op.drop_index(op.f("ix_seats_room_id"), table_name="seats")
    op.drop_table("seats")
    op.drop_index(op.f("ix_slots_venue_id"), table_name="slots")
    op.drop_table("slots")
    op.drop_table("exam_rooms")
    op.drop_table("venues")
