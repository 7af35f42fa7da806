"""The tables. Ids are UUIDv7 text, instants UTC milliseconds, media times milliseconds, JSON is text.

Every constraint has a name, so that a later migration can find it. On SQLite all tables are STRICT.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    REAL,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *columns: Any) -> Table[Any]:
    return Table(name, metadata, *columns, sqlite_strict=True)


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _ref(name: str, target: str, nullable: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey(target), nullable=nullable)


def _flag(name: str) -> tuple[Column[int], CheckConstraint]:
    return Column(name, Integer, nullable=False, server_default="0"), CheckConstraint(f"{name} in (0, 1)", name=name)


workspace = _table("workspace", Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

person = _table(
    "person",
    _id(),
    Column("login_name", Text, nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("disabled_at", Integer),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Integer),
)

person_role = _table(
    "person_role",
    _ref("person_id", "person.id"),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("person_id", "role"),
    CheckConstraint("role in ('observer','supervisor','researcher','administrator','provider')", name="role"),
)

# A rater of several people: a person without a sign-in, and who codes as it.
team_member = _table(
    "team_member",
    _ref("team_id", "person.id"),
    _ref("person_id", "person.id"),
    PrimaryKeyConstraint("team_id", "person_id"),
    CheckConstraint("team_id <> person_id", name="not_itself"),
    Index("ix_team_member_person_id", "person_id"),
)

# How somebody wants a part of the program, such as the coding room; `body` is a JSON object.
preference = _table(
    "preference",
    _ref("person_id", "person.id"),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("person_id", "name"),
)

login = _table(
    "login",
    Column("token_hash", Text, primary_key=True),
    _ref("person_id", "person.id"),
    Column("csrf", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("seen_at", Integer, nullable=False),
    Column("expires_at", Integer, nullable=False),
)

study = _table(
    "study",
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("description", Text, nullable=False),
    *_flag("fictional"),
    *_flag("blinded"),
    Column("score_of_record", Text, nullable=False),
    CheckConstraint("score_of_record in ('mean','primary','consensus')", name="score_of_record"),
    Column("created_at", Integer, nullable=False),
)

participant = _table(
    "participant",
    _id(),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    CheckConstraint("kind in ('patient','provider','family')", name="kind"),
    _ref("person_id", "person.id", nullable=True),
)

session = _table(
    "session",
    _id(),
    _ref("study_id", "study.id"),
    Column("code", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("held_at", Integer, nullable=False),
    Column("setting", Text, nullable=False),
    *_flag("fictional"),
    Index("ix_session_study_id", "study_id"),
)

session_participant = _table(
    "session_participant",
    _ref("session_id", "session.id"),
    _ref("participant_id", "participant.id"),
    PrimaryKeyConstraint("session_id", "participant_id"),
    Index("ix_session_participant_participant_id", "participant_id"),
)

consent = _table(
    "consent",
    _id(),
    _ref("participant_id", "participant.id"),
    _ref("session_id", "session.id", nullable=True),
    Column("scopes", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("document_hash", Text),
    Column("given_at", Integer, nullable=False),
    Column("until", Integer),
    Column("withdrawn_at", Integer),
    _ref("recorded_by", "person.id", nullable=True),
    Column("recorded_at", Integer, nullable=False),
    Index("ix_consent_participant_id", "participant_id"),
)

recording = _table(
    "recording",
    _id(),
    _ref("session_id", "session.id"),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("media_type", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    *_flag("has_video"),
    Column("channels", Integer, nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("offset_ms", Integer, nullable=False, server_default="0"),
    Column("added_at", Integer, nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    # when it was chosen as the main one, whose time is the session's; else the first that was added is
    Column("main_at", Integer),
    Index("ix_recording_session_id", "session_id"),
)

transcript = _table(
    "transcript",
    _id(),
    _ref("recording_id", "recording.id"),
    Column("version", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("models", Text, nullable=False),
    Column("n_words", Integer, nullable=False),
    Column("n_utterances", Integer, nullable=False),
    Column("created_at", Integer, nullable=False),
    UniqueConstraint("recording_id", "version"),
)

transcript_speaker = _table(
    "transcript_speaker",
    _ref("transcript_id", "transcript.id"),
    Column("speaker", Text, nullable=False),
    _ref("participant_id", "participant.id"),
    PrimaryKeyConstraint("transcript_id", "speaker"),
)

job = _table(
    "job",
    _id(),
    Column("kind", Text, nullable=False),
    _ref("recording_id", "recording.id"),
    Column("state", Text, nullable=False),
    CheckConstraint("state in ('queued','running','done','failed','cancelled')", name="state"),
    Column("progress", REAL, nullable=False, server_default="0"),
    Column("message", Text, nullable=False, server_default=""),
    Column("settings", Text, nullable=False),
    _ref("requested_by", "person.id", nullable=True),
    Column("created_at", Integer, nullable=False),
    Column("started_at", Integer),
    Column("finished_at", Integer),
    Column("heartbeat_at", Integer),
    Index("ix_job_recording_id", "recording_id"),
)

definition = _table(
    "definition",
    Column("hash", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    CheckConstraint("kind in ('scheme','instrument')", name="kind"),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("added_at", Integer, nullable=False),
    Index("ix_definition_kind_name", "kind", "name"),
)

# Append-only (a trigger refuses UPDATE and DELETE): a correction is a further version, and so is a withdrawal. Where
# the newest version says `taken_out`, words can go from the versions before it, and nothing else of them can change.
# A ruling belongs to a scheme by name and holds in each of its versions; `code` is a code or, with `rating`, a rating.
ruling = _table(
    "ruling",
    Column("id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("code", Text, nullable=False),
    *_flag("rating"),
    Column("decided_on", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("example", Text, nullable=False, server_default=""),
    _ref("session_id", "session.id", nullable=True),
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    CheckConstraint(
        "(session_id is null and start_ms is null and end_ms is null) "
        "or (session_id is not null and start_ms >= 0 and end_ms > start_ms)",
        name="clip",
    ),
    Column("withdrawn", Text, nullable=False, server_default=""),
    _ref("written_by", "person.id"),
    Column("written_at", Integer, nullable=False),
    Column("taken_out", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("id", "version"),
    Index("ix_ruling_scheme", "scheme"),
)

# Which version of a ruling a person has taken note of.
ruling_seen = _table(
    "ruling_seen",
    _ref("person_id", "person.id"),
    Column("ruling_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    PrimaryKeyConstraint("person_id", "ruling_id", "version"),
    ForeignKeyConstraint(["ruling_id", "version"], ["ruling.id", "ruling.version"]),
)

assignment = _table(
    "assignment",
    _id(),
    _ref("session_id", "session.id"),
    _ref("rater_id", "person.id"),
    _ref("scheme_hash", "definition.hash"),
    _ref("transcript_id", "transcript.id", nullable=True),
    Column("windows", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    CheckConstraint("purpose in ('practice','study','criterion')", name="purpose"),
    Column("due_at", Integer),
    Column("created_at", Integer, nullable=False),
    _ref("created_by", "person.id", nullable=True),
    *_flag("live"),
    Column("window_rule", Text, nullable=False, server_default=""),
    UniqueConstraint("session_id", "rater_id", "scheme_hash", "purpose"),
    Index("ix_assignment_rater_id", "rater_id"),
)

coding = _table(
    "coding",
    _id(),
    Column("assignment_id", Text, ForeignKey("assignment.id"), nullable=False, unique=True),
    Column("state", Text, nullable=False),
    CheckConstraint("state in ('draft','submitted','locked')", name="state"),
    Column("started_at", Integer, nullable=False),
    Column("submitted_at", Integer),
    Column("position_ms", Integer, nullable=False, server_default="0"),
    Column("time_spent_ms", Integer, nullable=False, server_default="0"),
    Column("locked_at", Integer),
    _ref("locked_by", "person.id", nullable=True),
    Column("reopened_at", Integer),
    Column("reopen_reason", Text),
)

# Who was shown a finished coding that is not theirs: the coding itself, or numbers made from it.
coding_seen = _table(
    "coding_seen",
    _ref("coding_id", "coding.id"),
    _ref("person_id", "person.id"),
    Column("way", Text, nullable=False),
    CheckConstraint("way in ('opened','counted')", name="way"),
    Column("at", Integer, nullable=False),
    PrimaryKeyConstraint("coding_id", "person_id", "way"),
)

# Append-only (a trigger refuses UPDATE and DELETE). `seq` orders operations as the server took them.
coding_operation = _table(
    "coding_operation",
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    _ref("coding_id", "coding.id"),
    Column("kind", Text, nullable=False),
    CheckConstraint(
        "kind in ('add','amend','void','rate','link','note','boundary','reason','finish','clock','align')", name="kind"
    ),
    Column("target", Text),
    Column("event", Text),
    Column("code", Text),
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    Column("values", Text, nullable=False),
    _ref("rater_id", "person.id"),
    _ref("scheme_hash", "definition.hash"),
    Column("client_at", Integer, nullable=False),
    Column("server_at", Integer, nullable=False),
    Index("ix_coding_operation_coding_id", "coding_id", "seq"),
    Index("ix_coding_operation_coding_id_kind", "coding_id", "kind"),
    Index("ix_coding_operation_event", "event"),
    Index("ix_coding_operation_target", "target"),
)

# What the operations add up to now; rewritten for a coding in the transaction that adds operations.
coding_event = _table(
    "coding_event",
    _id(),
    _ref("coding_id", "coding.id"),
    Column("code", Text, nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer),
    Column("comment", Text, nullable=False),
    *_flag("unsure"),
    Column("modifiers", Text, nullable=False),
    Column("second_choice", Text, nullable=False, server_default=""),
    Column("question", Text, nullable=False, server_default=""),
    Column("who", Text, nullable=False, server_default=""),
    Column("whom", Text, nullable=False, server_default=""),
    Column("unit", Text, nullable=False, server_default=""),
    Column("lag_ms", Integer, nullable=False, server_default="0"),
    Index("ix_coding_event_coding_id", "coding_id", "start_ms"),
)

coding_rating = _table(
    "coding_rating",
    _ref("coding_id", "coding.id"),
    Column("scale", Text, nullable=False),  # and the person who is rated: see contents._joined
    Column("segment", Integer, nullable=False),
    Column("value", REAL),
    *_flag("no_evidence"),
    PrimaryKeyConstraint("coding_id", "scale", "segment"),
)

administration = _table(
    "administration",
    _id(),
    _ref("session_id", "session.id"),
    _ref("participant_id", "participant.id"),
    Column("perspective", Text, nullable=False),
    CheckConstraint("perspective in ('patient','provider','observer')", name="perspective"),
    _ref("instrument_hash", "definition.hash"),
    Column("token_hash", Text, unique=True),
    Column("created_at", Integer, nullable=False),
    Column("expires_at", Integer),
    Column("completed_at", Integer),
    _ref("created_by", "person.id", nullable=True),
    Index("ix_administration_session_id", "session_id"),
)

response = _table(
    "response",
    _ref("administration_id", "administration.id"),
    Column("item", Text, nullable=False),
    Column("value", Integer, nullable=False),
    PrimaryKeyConstraint("administration_id", "item"),
)

# Hash-chained and append-only (a trigger refuses UPDATE and DELETE).
audit = _table(
    "audit",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Integer, nullable=False),
    Column("actor_id", Text),
    Column("action", Text, nullable=False),
    Column("resource_kind", Text, nullable=False),
    Column("resource_id", Text),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Index("ix_audit_resource_id", "resource_id"),
)
