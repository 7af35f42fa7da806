"""Writing a study's long tables: sessions, utterances, events, ratings, responses and scores."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import __version__, agreement
from workbench.alliance import PerspectiveScore
from workbench.exchange.table_schema import instant
from workbench.exchange.tables import TablesError, write_tables
from workbench.model.access import Action
from workbench.model.assignment import Coding, Purpose
from workbench.model.consent import Scope
from workbench.model.instrument import Instrument
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.session import Session, Study
from workbench.model.session_people import speaker_kinds
from workbench.store import codings, forms, people, recordings, sessions
from workbench.store.seen import Way
from workbench.store.workspace import Workspace
from workbench.workflows.agree import Choice, Material, material
from workbench.workflows.align import on_its_own_clock
from workbench.workflows.coded_units import units_of_codings
from workbench.workflows.coding_rows import coding_rows
from workbench.workflows.keep_definition import instrument, scheme
from workbench.workflows.note_seen import note_seen
from workbench.workflows.open_recording import read_transcript
from workbench.workflows.refusal import Refused, demand
from workbench.workflows.ruling_rows import ruling_rows
from workbench.workflows.score import SessionScores, study_scores
from workbench.workflows.version_rows import version_rows

Row = dict[str, Any]


NO_CONSENT = "Consent to sharing for research is missing, or was withdrawn."
ONLY_SUBMITTED = "Codings for practice and criterion codings are left out; so are drafts, and what you may not read."


@dataclass(frozen=True, slots=True)
class Contents:
    """What an export of a study would hold for one person, and what it would leave out and why."""

    study: Study
    sessions: tuple[Session, ...]
    left_out: tuple[tuple[Session, str], ...]
    n_codings: int
    n_forms: int

    @property
    def file_name(self) -> str:
        """A name for the download: the study's, in letters that every file system takes."""
        return re.sub(r"[^a-z0-9]+", "-", self.study.name.lower()).strip("-")[:60] or "study"


@dataclass(frozen=True, slots=True)
class Packed:
    """Tables in one zip; `rows` counts them by table."""

    file_name: str
    data: bytes
    rows: Mapping[str, int]


def contents(workspace: Workspace, actor: Person, study_id: str) -> Contents:
    """What `export_study` would write for `actor`. Raises Refused."""
    demand(workspace, actor, Action.EXPORT)
    with workspace.reading() as connection:
        study = sessions.get_study(connection, study_id)
        every = sessions.sessions(connection, study_id=study_id)
        facts = sessions.facts_of(connection, [s.id for s in every])
        shared = [s for s in every if Scope.RESEARCH in facts[s.id].consented]
        ids = [s.id for s in shared]
        found = _for_study(codings.codings(connection, actor, session_ids=ids, finished_only=True))
        filled = [a for a in forms.administrations(connection, session_ids=ids) if a.completed_at is not None]
    left_out = tuple((s, NO_CONSENT) for s in every if s.id not in set(ids))
    return Contents(study, tuple(shared), left_out, len(found), len(filled))


def export_study(workspace: Workspace, actor: Person, study_id: str, folder: Path) -> Path:
    """Write the long tables of a study into the new folder `folder`, as CSV and Parquet with a codebook.

    Only sessions whose every participant consents to sharing for research are in it, only codings for
    the study that `actor` may read and that are submitted. The codebook says how many sessions were
    left out. Raises Refused; then nothing is written.
    """
    return _export(workspace, actor, contents(workspace, actor, study_id), folder)[0]


def export_zip(workspace: Workspace, actor: Person, study_id: str) -> Packed:
    """The tables of `export_study` in one zip, with nothing left on this computer. Raises Refused."""
    what = contents(workspace, actor, study_id)
    with tempfile.TemporaryDirectory() as temporary:
        folder, rows = _export(workspace, actor, what, Path(temporary) / what.file_name)
        packed = zipped({f"{what.file_name}/{f.name}": f.read_bytes() for f in sorted(folder.iterdir())})
    return Packed(f"{what.file_name}.zip", packed, rows)


def agreement_files(workspace: Workspace, actor: Person, choice: Choice, lines: str) -> Packed:
    """The codings of a comparison as `workbench.agreement` reads them, with the lines that compute a result.

    Sessions without consent to sharing for research are left out: where there are some, the number
    differs from that on the screen, and the file says so. Raises Refused.
    """
    demand(workspace, actor, Action.EXPORT)
    chosen = material(workspace, actor, choice)
    kept = shareable(workspace, chosen)
    if not kept:
        raise Refused("None of these sessions may be shared for research.", [NO_CONSENT], kind="forbidden")
    study = chosen.study.only(sessions=kept)
    frames = {
        "events.csv": agreement.events_frame(study),
        "ratings.csv": agreement.ratings_frame(study),
        "utterances.csv": agreement.utterances_frame(study),
    }
    n_left = len(chosen.sessions) - len(kept)
    warning = f"# {n_left} sessions lack consent to sharing for research: the number will differ.\n" if n_left else ""
    files = {name: frame.to_csv(index=False).encode() for name, frame in frames.items()}
    files["same.py"] = f"# Alliance Workbench {__version__}\n{warning}{_printed(lines)}".encode()
    workspace.note(
        actor.id, "export.agreement", "study", choice.study_id, {"sessions": len(kept), "scheme": chosen.scheme.name}
    )
    return Packed("agreement.zip", zipped(files), {name: len(frame) for name, frame in frames.items()})


def shareable(workspace: Workspace, chosen: Material) -> list[str]:
    """The codes of the compared sessions whose every participant consents to sharing for research."""
    with workspace.reading() as connection:
        facts = sessions.facts_of(connection, [s.id for s in chosen.sessions])
    return sorted(s.code for s in chosen.sessions if Scope.RESEARCH in facts[s.id].consented)


def _printed(lines: str) -> str:
    """The same lines as a program: the last one prints what it computes."""
    *before, last = lines.strip().splitlines()
    return "\n".join([*before, f"print({last})", ""])


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _export(workspace: Workspace, actor: Person, what: Contents, folder: Path) -> tuple[Path, dict[str, int]]:
    shared, ids = list(what.sessions), {s.id for s in what.sessions}
    notes = [
        f"Study “{what.study.name}”, written by Alliance Workbench {__version__}.",
        f"{len(shared)} of {len(shared) + len(what.left_out)} sessions; the others lack consent to sharing for "
        "research.",
        ONLY_SUBMITTED.replace("you may not read", "the person who exported may not read"),
    ]
    tables, labels, closed = _tables(workspace, actor, shared)
    if closed:
        notes.append(f"Without utterances, because the transcript may not be opened: {', '.join(closed)}.")
    scored = [s for s in study_scores(workspace, actor, what.study.id) if s.session.id in ids]
    tables["scores"] = [row for s in scored for row in _score_rows(s)]
    # answers in forms and scores are outcomes: whoever still has to code a session sees none of it
    seen = {s.session.code for s in scored}
    for name in ("responses", "derived_scores"):
        tables[name] = [row for row in tables[name] if row["session"] in seen]
    if hidden := sorted(s.code for s in shared if s.code not in seen):
        notes.append(
            "Without scores and answers in forms, because the person who exported has still to code the session: "
            f"{', '.join(hidden)}."
        )
    rows = {name: len(some) for name, some in tables.items()}
    workspace.note(actor.id, "export.make", "study", what.study.id, {"sessions": len(shared), "rows": rows})
    try:
        return write_tables(tables, folder, labels=labels, notes=notes), rows
    except FileExistsError as error:
        raise Refused(f"{error}.") from None
    except TablesError as error:
        raise Refused("The export was not written.", str(error).splitlines()) from None
    except OSError as error:
        raise Refused(f"The export was not written: {error.strerror or error}. Nothing is left behind.") from None


def _for_study(found: Iterable[Coding]) -> list[Coding]:
    return [c for c in found if c.purpose is Purpose.STUDY]


def _tables(
    workspace: Workspace, actor: Person, shared: list[Session]
) -> tuple[dict[str, list[Row]], dict[tuple[str, str], dict[str, str]], list[str]]:
    """The tables but for the scores, the labels of their values, and the sessions whose transcript stays closed."""
    ids = [s.id for s in shared]
    with workspace.reading() as connection:
        found = _for_study(codings.codings(connection, actor, session_ids=ids, finished_only=True))
    note_seen(workspace, actor, found, Way.COUNTED)
    with workspace.reading() as connection:
        said = codings.contents(connection, [c.id for c in found])
        on_clock = {c.id for c in found if on_its_own_clock(connection, c)}
        raters = {c.rater_id: people.get(connection, c.rater_id).login_name for c in found}
        filled = [a for a in forms.administrations(connection, session_ids=ids) if a.completed_at is not None]
        first_ms: dict[str, int] = {}
        for recording in recordings.of_sessions(connection, ids):
            first_ms.setdefault(recording.session_id, recording.duration_ms)
        versions = recordings.transcripts_of(connection, ids)
    cut = units_of_codings(workspace, actor, found, said)
    schemes = {h: scheme(workspace, h) for h in {c.scheme_hash for c in found}}
    instruments = {h: instrument(workspace, h) for h in {a.instrument_hash for a in filled}}
    by_id = {s.id: s for s in shared}
    windows = {c.session_id: sum(w.length_ms for w in c.windows) for c in found}
    tables: dict[str, list[Row]] = {
        "sessions": [_session_row(s, first_ms.get(s.id), windows.get(s.id)) for s in shared],
        "utterances": [],
        **coding_rows(found, said, {s.id: s.code for s in shared}, raters, schemes, on_clock, cut),
        "code_versions": list(version_rows(workspace, schemes.values())),
        "rulings": list(ruling_rows(workspace, actor, schemes.values(), by_id)),
        "responses": [
            {
                "session": by_id[a.session_id].code,
                "perspective": a.perspective.value,
                "participant": _code_of(by_id[a.session_id], a.participant_id),
                "instrument": instruments[a.instrument_hash].name,
                "version": instruments[a.instrument_hash].version,
                "item": item,
                "value": float(value),
                "completed_at": instant(a.completed_at or 0),
            }
            for a in filled
            for item, value in sorted(a.responses.items())
        ],
    }
    closed = set()
    for version in versions:
        session = by_id[version.session_id]
        try:
            tables["utterances"] += _utterance_rows(workspace, actor, session, version.id)
        except Refused:
            closed.add(session.code)
    return tables, _labels(schemes.values(), instruments.values()), sorted(closed)


def _session_row(session: Session, duration_ms: int | None, window_ms: int | None) -> Row:
    return {
        "study": session.study_name,
        "session": session.code,
        "number": session.number,
        "provider": session.provider.code if session.provider else None,
        "patient": session.patient.code if session.patient else None,
        "held_at": instant(session.held_at),
        "setting": session.setting,
        "duration_ms": duration_ms,
        "window_ms": window_ms,
        "fictional": session.fictional,
    }


def _utterance_rows(workspace: Workspace, actor: Person, session: Session, transcript_id: str) -> list[Row]:
    version, transcript = read_transcript(workspace, actor, transcript_id)
    roles = speaker_kinds(session, version)
    return [
        {
            "session": session.code,
            "recording": version.recording_id,
            "transcript_version": version.version,
            "utterance": u.id,
            "start_ms": u.start_ms,
            "end_ms": u.end_ms,
            "speaker": u.speaker,
            "participant_role": roles.get(u.speaker or ""),
            "text": u.text,
        }
        for u in transcript.utterances
    ]


def _score_rows(scored: SessionScores) -> Iterator[Row]:
    base: Row = {"session": scored.session.code, "subscale": None, "n_items": None, "n_observers": None}
    for score in scored.scores:
        yield _total_row(base, score)
        for part in score.form.subscales if score.form else ():
            yield base | {
                "perspective": score.perspective.value,
                "score": score.instrument,
                "subscale": part.id,
                "raw": part.raw,
                "pomp": part.value,
                "n_items": part.n_answered,
                "reason": part.reason,
            }
    together = {"perspective": "combined", "raw": None}
    composite = scored.composite
    yield base | together | {"score": "session_composite", "pomp": composite.value, "reason": composite.reason}
    for difference in scored.discrepancies:
        name = f"discrepancy_{difference.first.value}_minus_{difference.second.value}"
        yield base | together | {"score": name, "pomp": difference.value, "reason": difference.reason}


def _total_row(base: Row, score: PerspectiveScore) -> Row:
    return base | {
        "perspective": score.perspective.value,
        "score": score.instrument or score.perspective.value,
        "raw": score.raw,
        "pomp": score.value,
        "n_items": score.n_answered,
        "n_observers": score.n_observers or None,
        "reason": score.reason,
    }


def _code_of(session: Session, participant_id: str) -> str | None:
    return next((p.code for p in session.participants if p.participant_id == participant_id), None)


def _labels(
    schemes: Iterable[CodingScheme], instruments: Iterable[Instrument]
) -> dict[tuple[str, str], dict[str, str]]:
    columns = (("events", "code"), ("ratings", "scale"), ("derived_scores", "score"))
    labels: dict[tuple[str, str], dict[str, str]] = {column: {} for column in columns}
    items: dict[str, str] = {}
    for used in schemes:
        labels["events", "code"] |= {c.id: c.label for c in used.codes}
        labels["ratings", "scale"] |= {r.id: r.label for r in used.ratings}
        labels["derived_scores", "score"] |= {s.id: s.label for s in used.scores}
    for form in instruments:
        items |= {i.id: i.text for i in form.items}
    return labels | {("responses", "item"): items}
