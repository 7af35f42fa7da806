"""The coding room: more kinds of operations, more said of an event, teams, preferences, who has seen a coding

`ALTER TABLE … ADD COLUMN` keeps a table STRICT, with its triggers and named constraints; Alembic's batch
mode would drop them. Only `coding_operation` has to be written anew, for its CHECK, and that by hand.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = "'add','amend','void','rate','link','note','boundary','reason','finish','clock','align'"


def upgrade() -> None:
    _operations()
    for column in ("second_choice", "question", "who", "whom", "unit"):
        op.add_column("coding_event", sa.Column(column, sa.Text(), server_default="", nullable=False))
    op.add_column("coding_event", sa.Column("lag_ms", sa.Integer(), server_default="0", nullable=False))
    op.add_column("recording", sa.Column("label", sa.Text(), server_default="", nullable=False))
    op.add_column("recording", sa.Column("main_at", sa.Integer(), nullable=True))
    op.add_column("coding", sa.Column("locked_at", sa.Integer(), nullable=True))
    # in plain SQL, because Alembic would add a constraint in a second statement, which SQLite has not
    op.execute("ALTER TABLE coding ADD COLUMN locked_by TEXT CONSTRAINT fk_coding_locked_by REFERENCES person (id)")
    op.add_column("coding", sa.Column("reopened_at", sa.Integer(), nullable=True))
    op.add_column("coding", sa.Column("reopen_reason", sa.Text(), nullable=True))
    op.execute(
        "ALTER TABLE assignment ADD COLUMN live INTEGER DEFAULT '0' NOT NULL "
        "CONSTRAINT ck_assignment_live CHECK (live in (0, 1))"
    )
    op.add_column("assignment", sa.Column("window_rule", sa.Text(), server_default="", nullable=False))
    _new_tables()


def _operations() -> None:
    op.rename_table("coding_operation", "coding_operation_before")
    op.drop_index("ix_coding_operation_coding_id", "coding_operation_before")
    op.create_table(
        "coding_operation",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("coding_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("rater_id", sa.Text(), nullable=False),
        sa.Column("scheme_hash", sa.Text(), nullable=False),
        sa.Column("client_at", sa.Integer(), nullable=False),
        sa.Column("server_at", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind in ({KINDS})", name=op.f("ck_coding_operation_kind")),
        sa.ForeignKeyConstraint(["coding_id"], ["coding.id"], name=op.f("fk_coding_operation_coding_id")),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name=op.f("fk_coding_operation_rater_id")),
        sa.ForeignKeyConstraint(["scheme_hash"], ["definition.hash"], name=op.f("fk_coding_operation_scheme_hash")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_coding_operation")),
        sa.UniqueConstraint("id", name=op.f("uq_coding_operation_id")),
        sqlite_strict=True,
    )
    # all of them: the new table has the same columns in the same order
    op.execute("INSERT INTO coding_operation SELECT * FROM coding_operation_before")
    op.drop_table("coding_operation_before")
    op.create_index("ix_coding_operation_coding_id", "coding_operation", ["coding_id", "seq"])
    op.create_index("ix_coding_operation_coding_id_kind", "coding_operation", ["coding_id", "kind"])
    op.create_index("ix_coding_operation_event", "coding_operation", ["event"])
    op.create_index("ix_coding_operation_target", "coding_operation", ["target"])
    for act in ("UPDATE", "DELETE"):  # the old ones went with the old table
        op.execute(
            f"CREATE TRIGGER coding_operation_no_{act.lower()} BEFORE {act} ON coding_operation "
            "BEGIN SELECT RAISE(ABORT, 'coding_operation is append-only'); END"
        )


def _new_tables() -> None:
    op.create_table(
        "coding_seen",
        sa.Column("coding_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.CheckConstraint("way in ('opened','counted')", name=op.f("ck_coding_seen_way")),
        sa.ForeignKeyConstraint(["coding_id"], ["coding.id"], name=op.f("fk_coding_seen_coding_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coding_seen_person_id")),
        sa.PrimaryKeyConstraint("coding_id", "person_id", "way", name=op.f("pk_coding_seen")),
        sqlite_strict=True,
    )
    op.create_table(
        "preference",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preference_person_id")),
        sa.PrimaryKeyConstraint("person_id", "name", name=op.f("pk_preference")),
        sqlite_strict=True,
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.CheckConstraint("team_id <> person_id", name=op.f("ck_team_member_not_itself")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_member_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["person.id"], name=op.f("fk_team_member_team_id")),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_team_member")),
        sqlite_strict=True,
    )
    op.create_index("ix_team_member_person_id", "team_member", ["person_id"])
