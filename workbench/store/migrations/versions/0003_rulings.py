"""Rulings of a scheme, and who has taken note of them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), server_default="0", nullable=False),
        sa.Column("decided_on", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), server_default="", nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Text(), server_default="", nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating in (0, 1)", name=op.f("ck_ruling_rating")),
        sa.CheckConstraint(
            "(session_id is null and start_ms is null and end_ms is null) "
            "or (session_id is not null and start_ms >= 0 and end_ms > start_ms)",
            name=op.f("ck_ruling_clip"),
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_ruling_session_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_ruling_written_by")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_ruling")),
        sqlite_strict=True,
    )
    op.create_index("ix_ruling_scheme", "ruling", ["scheme"])
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER ruling_no_{act.lower()} BEFORE {act} ON ruling "
            "BEGIN SELECT RAISE(ABORT, 'ruling is append-only'); END"
        )
    op.create_table(
        "ruling_seen",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("ruling_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ruling_seen_person_id")),
        sa.ForeignKeyConstraint(
            ["ruling_id", "version"], ["ruling.id", "ruling.version"], name=op.f("fk_ruling_seen_ruling_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "ruling_id", "version", name=op.f("pk_ruling_seen")),
        sqlite_strict=True,
    )
