"""What a coding lacks before it can be submitted: its rater's checklist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from workbench.model.alignment import observed
from workbench.model.assignment import Coding
from workbench.model.checklist import Entry, EntryKind, blocking, checklist
from workbench.model.coding import CodingContent
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.session_people import SessionPerson, session_people, speaker_kinds
from workbench.model.transcript import Transcript
from workbench.model.units import units
from workbench.store import codings, sessions
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.align import clock_missing, on_its_own_clock
from workbench.workflows.keep_definition import scheme as kept_scheme
from workbench.workflows.note_seen import admit_reader
from workbench.workflows.open_recording import read_transcript
from workbench.workflows.refusal import Refused

_NO_UTTERANCES = (
    "This coding was begun without a transcript: which utterances have no code yet cannot be said, "
    "and none is asked for."
)


class Incomplete(Refused):
    """A coding that cannot be submitted yet; `entries` is its whole checklist, `problems` what blocks."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__("This coding is not complete yet.", [e.sentence for e in blocking(entries)])
        self.entries = tuple(entries)


@dataclass(frozen=True, slots=True)
class Checked:
    """A coding held against its scheme: the entries, and what they were made from."""

    coding: Coding
    scheme: CodingScheme
    content: CodingContent
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What does not change while a coding is worked on: its scheme and, where utterances are coded,
    the frozen transcript with the kind of participant that each speaker is. `people`: those of the session."""

    scheme: CodingScheme
    people: tuple[SessionPerson, ...] = ()
    transcript: Transcript | None = None
    kinds: dict[str, str] = field(default_factory=dict)


def check_coding(workspace: Workspace, actor: Person, coding_id: str) -> Checked:
    """The checklist of a coding as it stands. Raises Refused."""
    admit_reader(workspace, actor, coding_id)
    frame = frame_of(workspace, actor, coding_id)
    with workspace.reading() as connection:
        return checked(connection, coding_id, frame)


def frame_of(workspace: Workspace, actor: Person, coding_id: str) -> Frame:
    """Scheme and units of a coding. The transcript is opened through the door for recordings, and
    only where a code is asked for every utterance. The caller has asked permission. Raises Refused."""
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
        assert coding is not None
        session = sessions.get_session(connection, coding.session_id)
    scheme, people = kept_scheme(workspace, coding.scheme_hash), session_people(session)
    if scheme.unit != "utterance" or not scheme.show_transcript or coding.transcript_id is None:
        return Frame(scheme, people)
    version, transcript = read_transcript(workspace, actor, coding.transcript_id)
    return Frame(scheme, people, transcript, speaker_kinds(session, version))


def checked(connection: Connection, coding_id: str, frame: Frame) -> Checked:
    """The checklist of what the coding says as `connection` sees it."""
    coding = codings.get(connection, coding_id)
    assert coding is not None
    content = codings.content(connection, coding_id)
    cut = units(frame.transcript, content.boundaries) if frame.transcript else ()
    windows, lacking = coding.windows, ""
    if on_its_own_clock(connection, coding):
        lacking = clock_missing(content)
        windows = () if lacking else observed(content.clock)
    entries = checklist(frame.scheme, content, windows, cut, frame.kinds, frame.people)
    if lacking:
        entries = (Entry(EntryKind.CLOCK, lacking), *entries)
    if frame.scheme.unit == "utterance" and frame.transcript is None:
        entries = (*entries, Entry(EntryKind.UNCODED, _NO_UTTERANCES, blocks=False))
    return Checked(coding, frame.scheme, content, entries)


def complete(connection: Connection, coding_id: str, frame: Frame) -> Checked:
    """The same, where nothing is missing. Raises Incomplete."""
    found = checked(connection, coding_id, frame)
    if blocking(found.entries):
        raise Incomplete(found.entries)
    return found
