"""The exam day: attendance, follow-ups, incidents, re-sits, ticket errors; the right to sit next year."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "room_closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["exam_rooms.id"], name=op.f("fk_room_closings_room_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_room_closings_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_closings")),
        sa.UniqueConstraint("slot_id", "room_id", name=op.f("uq_room_closings_slot_id_room_id")),
    )
    op.create_index(op.f("ix_room_closings_room_id"), "room_closings", ["room_id"], unique=False)

    op.create_table(
        "attendances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "present",
                "late",
                "absent",
                name="attendance_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "document",
            sa.Enum(
                "national_id",
                "nhi_card",
                "driving_licence",
                "passport",
                "resident_certificate",
                "student_card",
                name="id_document",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("document IS NULL OR state = 'present'", name=op.f("ck_attendances_document")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_attendances_registration_id")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_attendances_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint(
            "registration_id", "slot_id", name=op.f("uq_attendances_registration_id_slot_id")
        ),
    )
    op.create_index(op.f("ix_attendances_slot_id"), "attendances", ["slot_id"], unique=False)

    op.create_table(
        "carry_overs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("id_blind", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "track",
            sa.Enum("national", "multi", name="track", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("roc_year", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("used_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_carry_overs_registration_id")
        ),
        sa.ForeignKeyConstraint(["used_by_id"], ["registrations.id"], name=op.f("fk_carry_overs_used_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carry_overs")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_carry_overs_registration_id")),
        sa.UniqueConstraint("used_by_id", name=op.f("uq_carry_overs_used_by_id")),
    )
    op.create_index(
        op.f("ix_carry_overs_id_blind_roc_year"), "carry_overs", ["id_blind", "roc_year"], unique=False
    )

    op.create_table(
        "incident_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rule",
                "committee",
                "machine",
                name="incident_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=4), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "kind <> 'machine' OR code IS NULL", name=op.f("ck_incident_reports_machine_code")
        ),
        sa.CheckConstraint("kind <> 'rule' OR code IS NOT NULL", name=op.f("ck_incident_reports_rule_code")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL)", name=op.f("ck_incident_reports_decided")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_incident_reports_registration_id")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_incident_reports_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_reports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incident_reports_public_id")),
    )
    op.create_index(
        op.f("ix_incident_reports_registration_id_id"),
        "incident_reports",
        ["registration_id", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_incident_reports_slot_id"), "incident_reports", ["slot_id"], unique=False)

    op.create_table(
        "ticket_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "item",
            sa.Enum(
                "identity",
                "exam",
                "seat",
                "other",
                name="report_item",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "fixed",
                "on_site",
                "declined",
                name="report_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.String(length=200), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f("ck_ticket_reports_decided")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_ticket_reports_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_reports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ticket_reports_public_id")),
    )
    op.create_index(
        op.f("ix_ticket_reports_registration_id"), "ticket_reports", ["registration_id"], unique=False
    )
    op.create_index(op.f("ix_ticket_reports_state_id"), "ticket_reports", ["state", "id"], unique=False)
    op.create_index(
        "uq_ticket_reports_open",
        "ticket_reports",
        ["registration_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )

    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attendance_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "affidavit", "ticket", name="task_kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendance_id"], ["attendances.id"], name=op.f("fk_follow_ups_attendance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("attendance_id", "kind", name=op.f("uq_follow_ups_attendance_id_kind")),
        sa.UniqueConstraint("public_id", name=op.f("uq_follow_ups_public_id")),
    )
    op.create_table(
        "resits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident_reports.id"], name=op.f("fk_resits_incident_id")),
        sa.ForeignKeyConstraint(["room_id"], ["exam_rooms.id"], name=op.f("fk_resits_room_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_resits_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resits")),
        sa.UniqueConstraint("incident_id", name=op.f("uq_resits_incident_id")),
    )
    op.create_index(op.f("ix_resits_room_id"), "resits", ["room_id"], unique=False)
    op.create_index(op.f("ix_resits_slot_id"), "resits", ["slot_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_resits_slot_id"), table_name="resits")
    op.drop_index(op.f("ix_resits_room_id"), table_name="resits")

    op.drop_table("resits")
    op.drop_table("follow_ups")
    op.drop_index("uq_ticket_reports_open", table_name="ticket_reports")
    op.drop_index(op.f("ix_ticket_reports_state_id"), table_name="ticket_reports")
    op.drop_index(op.f("ix_ticket_reports_registration_id"), table_name="ticket_reports")

    op.drop_table("ticket_reports")
    op.drop_index(op.f("ix_incident_reports_slot_id"), table_name="incident_reports")
    op.drop_index(op.f("ix_incident_reports_registration_id_id"), table_name="incident_reports")

    op.drop_table("incident_reports")
    op.drop_index(op.f("ix_carry_overs_id_blind_roc_year"), table_name="carry_overs")

    op.drop_table("carry_overs")
    op.drop_index(op.f("ix_attendances_slot_id"), table_name="attendances")

    op.drop_table("attendances")
    op.drop_index(op.f("ix_room_closings_room_id"), table_name="room_closings")

    op.drop_table("room_closings")
