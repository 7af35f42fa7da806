"""First tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("resource_kind", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_resource_id", "audit", ["resource_id"])

    op.create_table(
        "definition",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('scheme','instrument')", name=op.f("ck_definition_kind")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_definition")),
        sqlite_strict=True,
    )
    op.create_index("ix_definition_kind_name", "definition", ["kind", "name"])

    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("login_name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.Column("disabled_at", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login_name", name=op.f("uq_person_login_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("fictional", sa.Integer(), server_default="0", nullable=False),
        sa.Column("blinded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("score_of_record", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.CheckConstraint("score_of_record in ('mean','primary','consensus')", name=op.f("ck_study_score_of_record")),
        sa.CheckConstraint("blinded in (0, 1)", name=op.f("ck_study_blinded")),
        sa.CheckConstraint("fictional in (0, 1)", name=op.f("ck_study_fictional")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("name", name=op.f("uq_study_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "workspace",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_workspace")),
        sqlite_strict=True,
    )
    op.create_table(
        "login",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login")),
        sqlite_strict=True,
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.CheckConstraint("kind in ('patient','provider','family')", name=op.f("ck_participant_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("code", name=op.f("uq_participant_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role in ('observer','supervisor','researcher','administrator','provider')",
            name=op.f("ck_person_role_role"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
        sqlite_strict=True,
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.Integer(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=False),
        sa.Column("fictional", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("fictional in (0, 1)", name=op.f("ck_session_fictional")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_session_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("code", name=op.f("uq_session_code")),
        sqlite_strict=True,
    )
    op.create_index("ix_session_study_id", "session", ["study_id"])

    op.create_table(
        "administration",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Text(), nullable=False),
        sa.Column("perspective", sa.Text(), nullable=False),
        sa.Column("instrument_hash", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Integer(), nullable=True),
        sa.Column("completed_at", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "perspective in ('patient','provider','observer')", name=op.f("ck_administration_perspective")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_administration_created_by")),
        sa.ForeignKeyConstraint(
            ["instrument_hash"], ["definition.hash"], name=op.f("fk_administration_instrument_hash")
        ),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_administration_participant_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_administration_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_administration_token_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_administration_session_id", "administration", ["session_id"])

    op.create_table(
        "consent",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("document_hash", sa.Text(), nullable=True),
        sa.Column("given_at", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_consent_participant_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_consent_recorded_by")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_consent_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_strict=True,
    )
    op.create_index("ix_consent_participant_id", "consent", ["participant_id"])

    op.create_table(
        "recording",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("has_video", sa.Integer(), server_default="0", nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("offset_ms", sa.Integer(), server_default="0", nullable=False),
        sa.Column("added_at", sa.Integer(), nullable=False),
        sa.CheckConstraint("has_video in (0, 1)", name=op.f("ck_recording_has_video")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_recording_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_recording_fingerprint")),
        sqlite_strict=True,
    )
    op.create_index("ix_recording_session_id", "recording", ["session_id"])

    op.create_table(
        "session_participant",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_session_participant_participant_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_participant_session_id")),
        sa.PrimaryKeyConstraint("session_id", "participant_id", name=op.f("pk_session_participant")),
        sqlite_strict=True,
    )
    op.create_index("ix_session_participant_participant_id", "session_participant", ["participant_id"])

    op.create_table(
        "job",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", sa.REAL(), server_default="0", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.Integer(), nullable=True),
        sa.Column("heartbeat_at", sa.Integer(), nullable=True),
        sa.CheckConstraint("state in ('queued','running','done','failed','cancelled')", name=op.f("ck_job_state")),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name=op.f("fk_job_recording_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_job_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_strict=True,
    )
    op.create_index("ix_job_recording_id", "job", ["recording_id"])

    op.create_table(
        "response",
        sa.Column("administration_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_response_administration_id")
        ),
        sa.PrimaryKeyConstraint("administration_id", "item", name=op.f("pk_response")),
        sqlite_strict=True,
    )
    op.create_table(
        "transcript",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("models", sa.Text(), nullable=False),
        sa.Column("n_words", sa.Integer(), nullable=False),
        sa.Column("n_utterances", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name=op.f("fk_transcript_recording_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sa.UniqueConstraint("recording_id", "version", name=op.f("uq_transcript_recording_id_version")),
        sqlite_strict=True,
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("rater_id", sa.Text(), nullable=False),
        sa.Column("scheme_hash", sa.Text(), nullable=False),
        sa.Column("transcript_id", sa.Text(), nullable=True),
        sa.Column("windows", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.CheckConstraint("purpose in ('practice','study','criterion')", name=op.f("ck_assignment_purpose")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_assignment_created_by")),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name=op.f("fk_assignment_rater_id")),
        sa.ForeignKeyConstraint(["scheme_hash"], ["definition.hash"], name=op.f("fk_assignment_scheme_hash")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_assignment_session_id")),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcript.id"], name=op.f("fk_assignment_transcript_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "session_id",
            "rater_id",
            "scheme_hash",
            "purpose",
            name=op.f("uq_assignment_session_id_rater_id_scheme_hash_purpose"),
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_assignment_rater_id", "assignment", ["rater_id"])

    op.create_table(
        "transcript_speaker",
        sa.Column("transcript_id", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_transcript_speaker_participant_id")
        ),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcript.id"], name=op.f("fk_transcript_speaker_transcript_id")),
        sa.PrimaryKeyConstraint("transcript_id", "speaker", name=op.f("pk_transcript_speaker")),
        sqlite_strict=True,
    )
    op.create_table(
        "coding",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.Integer(), nullable=True),
        sa.Column("position_ms", sa.Integer(), server_default="0", nullable=False),
        sa.Column("time_spent_ms", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("state in ('draft','submitted','locked')", name=op.f("ck_coding_state")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_coding_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_coding_assignment_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "coding_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("coding_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("unsure", sa.Integer(), server_default="0", nullable=False),
        sa.Column("modifiers", sa.Text(), nullable=False),
        sa.CheckConstraint("unsure in (0, 1)", name=op.f("ck_coding_event_unsure")),
        sa.ForeignKeyConstraint(["coding_id"], ["coding.id"], name=op.f("fk_coding_event_coding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_event")),
        sqlite_strict=True,
    )
    op.create_index("ix_coding_event_coding_id", "coding_event", ["coding_id", "start_ms"])

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
        sa.CheckConstraint("kind in ('add','amend','void','rate')", name=op.f("ck_coding_operation_kind")),
        sa.ForeignKeyConstraint(["coding_id"], ["coding.id"], name=op.f("fk_coding_operation_coding_id")),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name=op.f("fk_coding_operation_rater_id")),
        sa.ForeignKeyConstraint(["scheme_hash"], ["definition.hash"], name=op.f("fk_coding_operation_scheme_hash")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_coding_operation")),
        sa.UniqueConstraint("id", name=op.f("uq_coding_operation_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_coding_operation_coding_id", "coding_operation", ["coding_id", "seq"])

    op.create_table(
        "coding_rating",
        sa.Column("coding_id", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("value", sa.REAL(), nullable=True),
        sa.Column("no_evidence", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("no_evidence in (0, 1)", name=op.f("ck_coding_rating_no_evidence")),
        sa.ForeignKeyConstraint(["coding_id"], ["coding.id"], name=op.f("fk_coding_rating_coding_id")),
        sa.PrimaryKeyConstraint("coding_id", "scale", "segment", name=op.f("pk_coding_rating")),
        sqlite_strict=True,
    )

    for table in ("audit", "coding_operation"):
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
