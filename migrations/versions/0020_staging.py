"""The import workbench: uploaded sheets, their rows, what was done to them, headings remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    # The reports of the import before: what became of rows that went in at once.
    op.drop_table("sheet_imports")
    op.create_table(
        "staged_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            choice("sheet_state", "reading", "matching", "open", "done", "failed", "discarded"),
            nullable=False,
        ),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("reading_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_staged_sheets_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_sheets")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staged_sheets_public_id")),
    )
    op.create_index(op.f("ix_staged_sheets_group_id_state"), "staged_sheets", ["group_id", "state"])
    op.create_index(op.f("ix_staged_sheets_state_touched_at"), "staged_sheets", ["state", "touched_at"])
    op.create_table(
        "staged_rows",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "state",
            choice(
                "row_state",
                "in",
                "left_out",
                "duplicate",
                "to_fix",
                "known",
                "differs",
                "taken",
                "repaired",
                "ready",
            ),
            nullable=False,
        ),
        sa.Column("id_blind", sa.LargeBinary(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mark_codes", sa.Text(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_staged_rows_registration_id")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["staged_sheets.id"], name=op.f("fk_staged_rows_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", "number", name=op.f("pk_staged_rows")),
    )
    op.create_index(op.f("ix_staged_rows_id_blind"), "staged_rows", ["id_blind"])
    op.create_index(
        op.f("ix_staged_rows_sheet_id_state_number"), "staged_rows", ["sheet_id", "state", "number"]
    )
    op.create_table(
        "staged_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["staged_sheets.id"], name=op.f("fk_staged_changes_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_changes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staged_changes_public_id")),
    )
    op.create_index(op.f("ix_staged_changes_sheet_id_id"), "staged_changes", ["sheet_id", "id"])
    op.create_table(
        "heading_memories",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(length=60), nullable=False),
        sa.Column("column_key", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_heading_memories_account_id")),
        sa.PrimaryKeyConstraint("account_id", "heading", name=op.f("pk_heading_memories")),
    )


def downgrade() -> None:
    for table in ("heading_memories", "staged_changes", "staged_rows", "staged_sheets"):
        op.drop_table(table)
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
    op.create_index(op.f("ix_sheet_imports_group_id"), "sheet_imports", ["group_id"])
