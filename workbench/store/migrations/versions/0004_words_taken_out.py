"""Words can be taken out of a ruling for good

A version that says so lets the versions before it lose words: each text may differ only in that `[taken out]` stands
where something stood. Nothing else of a ruling can be changed, and nothing deleted.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SAME = ("id", "version", "scheme", "code", "rating", "decided_on", "session_id", "start_ms", "end_ms")
SAME_TOO = ("written_by", "written_at", "taken_out")
TEXTS = ("question", "decision", "example", "withdrawn")


def _only_less(text: str) -> str:
    """The old text is the new one with anything where the new one has the mark: GLOB, with all but that escaped."""
    # no text holds the character 1: `rule` refuses what cannot be printed
    pattern = f"replace(NEW.{text}, '[taken out]', char(1))"
    for sign in ("[", "*", "?"):
        pattern = f"replace({pattern}, '{sign}', '[{sign}]')"
    return f"OLD.{text} GLOB replace({pattern}, char(1), '*')"


def upgrade() -> None:
    op.add_column("ruling", sa.Column("taken_out", sa.Text(), server_default="", nullable=False))
    op.execute("DROP TRIGGER ruling_no_update")
    newest = "SELECT taken_out FROM ruling WHERE id = OLD.id ORDER BY version DESC LIMIT 1"
    allowed = [
        f"({newest}) <> ''",
        *(f"NEW.{name} IS OLD.{name}" for name in (*SAME, *SAME_TOO)),
        *map(_only_less, TEXTS),
    ]
    op.execute(
        f"CREATE TRIGGER ruling_no_update BEFORE UPDATE ON ruling WHEN NOT ({' AND '.join(allowed)}) "
        "BEGIN SELECT RAISE(ABORT, 'ruling is append-only'); END"
    )
