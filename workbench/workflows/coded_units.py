"""What raters coded in a session, as agreement compares it: events, ratings, and the utterances they worked on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workbench.agreement import RaterCoding
from workbench.model.assignment import Coding
from workbench.model.coding import CodingContent, Event, event_order
from workbench.model.observed import dark_spans
from workbench.model.people import Person
from workbench.model.rated import ratings_asked
from workbench.model.scheme import CodingScheme
from workbench.model.session import Session, TranscriptVersion
from workbench.model.session_people import speaker_kinds
from workbench.model.span import TimeSpan
from workbench.model.transcript import Transcript
from workbench.model.units import Unit, unit_of_each, units, units_to_code
from workbench.store import codings, sessions
from workbench.store.seen import Way
from workbench.store.workspace import Workspace
from workbench.workflows.keep_definition import scheme
from workbench.workflows.note_seen import note_seen
from workbench.workflows.open_recording import read_transcript
from workbench.workflows.refusal import Refused

Spoken = tuple[TranscriptVersion, Transcript]


def rater_codings(
    workspace: Workspace,
    actor: Person,
    scheme: CodingScheme,
    some: Sequence[Coding],
    names: Mapping[str, str],
    way: Way = Way.COUNTED,
    *,
    with_utterances: bool = True,
) -> tuple[RaterCoding, ...]:
    """What these codings say, with the raters by `names` (by person id). They count as seen by `actor` in this
    `way`, who may read them: the caller has asked. Without `with_utterances` transcripts are read only where
    utterances are what is coded."""
    note_seen(workspace, actor, some, way)
    with workspace.reading() as connection:
        said = codings.contents(connection, [c.id for c in some])
        of_sessions = {s.id: s for s in sessions.sessions(connection, ids={c.session_id for c in some})}
    needed = with_utterances or scheme.unit == "utterance"
    spoken = _spoken(workspace, actor, some if needed else ())
    out = []
    for c in some:
        session = of_sessions[c.session_id]
        events, utterances = _in_units(scheme, said[c.id], spoken.get(c.transcript_id or ""), session)
        out.append(
            RaterCoding(
                session=session.code,
                rater=names[c.rater_id],
                events=events,
                ratings=ratings_asked(scheme, said[c.id], c.windows),
                windows=c.windows,
                not_observable=dark_spans(said[c.id], c.windows),
                utterances=utterances,
                dyad=_dyad(session),
                coded_at=c.submitted_at,
            )
        )
    return tuple(out)


def units_of_codings(
    workspace: Workspace, actor: Person, some: Iterable[Coding], said: Mapping[str, CodingContent]
) -> dict[str, tuple[Unit, ...]]:
    """The coding units of codings on schemes that code utterances, by the coding's id: those of its transcript, as
    its rater split and merged them. None of a coding whose transcript `actor` may not read."""
    of_utterances = [c for c in some if _codes_units(scheme(workspace, c.scheme_hash))]
    spoken = _spoken(workspace, actor, of_utterances)
    found = {c.id: spoken.get(c.transcript_id or "") for c in of_utterances}
    return {coding: units(there[1], said[coding].boundaries) for coding, there in found.items() if there}


def _codes_units(of: CodingScheme) -> bool:
    return any(of.is_of_units(code) for code in of.codes)


def _spoken(workspace: Workspace, actor: Person, some: Iterable[Coding]) -> dict[str, Spoken | None]:
    return {t: _transcript(workspace, actor, t) for t in {c.transcript_id for c in some} if t is not None}


def _transcript(workspace: Workspace, actor: Person, transcript_id: str) -> Spoken | None:
    try:
        return read_transcript(workspace, actor, transcript_id)
    except Refused:
        return None


def _dyad(session: Session) -> str:
    """Patient and provider by their codes, or nothing where one of them is not known."""
    patient, provider = session.patient, session.provider
    return f"{patient.code} with {provider.code}" if patient and provider else ""


def _in_units(
    scheme: CodingScheme, said: CodingContent, spoken: Spoken | None, session: Session
) -> tuple[tuple[Event, ...], tuple[TimeSpan, ...]]:
    """Codes, and the utterances that they are compared over. Where utterances are coded these are the units
    as this rater split and merged them, of those who are to be coded, and a code stands where its unit does."""
    if spoken is None:
        return said.codes, ()
    version, transcript = spoken
    if scheme.unit != "utterance":
        return said.codes, tuple(TimeSpan(u.start_ms, u.end_ms) for u in transcript.utterances)
    cut = units(transcript, said.boundaries)
    asked = units_to_code(cut, kinds=speaker_kinds(session, version), units_of=scheme.units_of)
    events = tuple(
        replace(e, start_ms=unit.start_ms, end_ms=unit.end_ms) if e.unit and unit else e
        for e, unit in zip(said.codes, unit_of_each(said.codes, cut), strict=True)
    )
    return tuple(sorted(events, key=event_order)), tuple(TimeSpan(u.start_ms, u.end_ms) for u in asked)
