"""A database that an earlier version of the program wrote is brought up to date with nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from workbench.model.coding import Event, Operation, OperationKind, Rating, fold
from workbench.model.span import TimeSpan
from workbench.store import codings, rulings, schema
from workbench.store.engine import open_engine

# seq  kind   target  event  code  start  end    values
OPERATIONS = [
    (1, "add", None, "e1", "repair", 1000, None, {"comment": "said, not sung"}),
    (2, "add", None, "e2", "silence", 4000, 9000, {"unsure": True, "modifiers": ["strong"]}),
    (3, "amend", None, "e1", None, None, None, {"start_ms": 1200}),
    (4, "void", "op3", None, None, None, None, {}),
    (5, "rate", None, None, None, None, None, {"scale": "bond", "segment": 0, "value": 4, "no_evidence": False}),
    (7, "add", None, "e3", "repair", 7000, None, {}),
    (8, "void", "op7", None, None, None, None, {}),
]
EVENTS = (
    Event("e1", "repair", 1000, None, "said, not sung"),
    Event("e2", "silence", 4000, 9000, "", True, ("strong",)),
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """A database as the first version made it, with a coding that somebody works on."""
    made = open_engine(tmp_path / "first.db")
    schema.upgrade(made, "0001")
    with made.begin() as connection:
        for statement in (
            "INSERT INTO person VALUES ('ada', 'ada', 'Ada', 'hash', 1, NULL, 0, NULL)",
            "INSERT INTO study VALUES ('st', 'A study', '', 0, 1, 'mean', 1)",
            "INSERT INTO session VALUES ('s', 'st', 'S1', 'Session 1', 1, 1, '', 0)",
            "INSERT INTO recording VALUES ('r', 's', 'print', 'audio/ogg', '.ogg', 0, 1, 60000, 9, 0, 1)",
            "INSERT INTO definition VALUES ('h', 'scheme', 'a_scheme', '1', '{}', 1)",
            "INSERT INTO assignment VALUES ('a', 's', 'ada', 'h', NULL, '[[0, 60000]]', 'study', NULL, 1, NULL)",
            "INSERT INTO coding VALUES ('c', 'a', 'submitted', 1, 5, 700, 90)",
            "INSERT INTO coding_rating VALUES ('c', 'bond', 0, 4, 0)",
            "INSERT INTO coding_event VALUES ('e1', 'c', 'repair', 1000, NULL, 'said, not sung', 0, '[]')",
            "INSERT INTO coding_event VALUES ('e2', 'c', 'silence', 4000, 9000, '', 1, '[\"strong\"]')",
        ):
            connection.exec_driver_sql(statement)
        for seq, *rest, values in OPERATIONS:
            kind, target, event, code, start, end = rest
            connection.exec_driver_sql(
                "INSERT INTO coding_operation VALUES (?, ?, 'c', ?, ?, ?, ?, ?, ?, ?, 'ada', 'h', 1, 2)",
                (seq, f"op{seq}", kind, target, event, code, start, end, json.dumps(values)),
            )
    yield made
    made.dispose()


def test_a_coding_of_the_first_version_says_the_same_after_migrating(engine: sa.Engine) -> None:
    schema.upgrade(engine)
    with engine.connect() as connection:
        said = codings.content(connection, "c")
        kept = codings.operations(connection, "c")
    assert said.events == EVENTS and said.ratings == (Rating("bond", 0, 4.0),)
    assert [seq for seq, _ in kept] == [o[0] for o in OPERATIONS]
    assert fold(o for _, o in kept) == said
    assert [dict(o.values) for _, o in kept] == [o[-1] for o in OPERATIONS]


def test_its_rater_goes_on_with_it(engine: sa.Engine) -> None:
    schema.upgrade(engine)
    with engine.begin() as connection:
        coding = codings.get(connection, "c")
        assert coding is not None and coding.windows == (TimeSpan(0, 60_000),)
        assert not coding.live and coding.locked_at is None
        redo = Operation("op9", OperationKind.VOID, 1, target="op8")
        note = Operation("op10", OperationKind.NOTE, 1, values={"note": "n", "at_ms": 5, "text": "a note"})
        codings.append(connection, coding, [redo, note])
        said = codings.content(connection, "c")
        assert [e.id for e in said.events] == ["e1", "e2", "e3"] and [n.text for n in said.notes] == ["a note"]
        assert codings.last_sequence(connection, "c") == 10


def test_rulings_of_before_words_could_be_taken_out_stay_append_only(tmp_path: Path) -> None:
    made = open_engine(tmp_path / "third.db")
    schema.upgrade(made, "0003")
    with made.begin() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES ('ada', 'ada', 'Ada', 'hash', 1, NULL, 0, NULL)")
        connection.exec_driver_sql(
            "INSERT INTO ruling VALUES "
            "('r', 1, 's', 'c', 0, '2026-11-20', 'Q?', 'D.', '', NULL, NULL, NULL, '', 'ada', 5)"
        )
    schema.upgrade(made)
    with made.connect() as connection:
        (kept,) = rulings.versions(connection, "r")
    assert (kept.question, kept.written_at, kept.taken_out) == ("Q?", 5, "")
    for statement in ("UPDATE ruling SET question = '[taken out]'", "DELETE FROM ruling"):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), made.begin() as connection:
            connection.exec_driver_sql(statement)
    made.dispose()


def test_operations_stay_append_only_and_of_known_kinds(engine: sa.Engine) -> None:
    schema.upgrade(engine)
    for statement, why in (
        ("UPDATE coding_operation SET code = 'x'", "append-only"),
        ("DELETE FROM coding_operation", "append-only"),
        (
            "INSERT INTO coding_operation SELECT 99, 'x', coding_id, 'sing', target, event, code, start_ms, end_ms, "
            '"values", rater_id, scheme_hash, client_at, server_at FROM coding_operation LIMIT 1',
            "ck_coding_operation_kind",
        ),
    ):
        with pytest.raises(sa.exc.IntegrityError, match=why), engine.begin() as connection:
            connection.exec_driver_sql(statement)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
