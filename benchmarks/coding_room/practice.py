"""The workspace that is measured: the demo's, with long sessions, an hour of video and raters to code them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.coding_room.hour import write_hour
from tests.browsing import Site, served
from workbench import schemes
from workbench.model.assignment import Assignment
from workbench.model.coding import Operation, OperationKind
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.model.people import ParticipantKind, Person, Role
from workbench.model.session import Recording, Session
from workbench.model.transcript import SpeakerTurn, Transcript, Utterance, Word
from workbench.store import assignments, codings, recordings
from workbench.workflows import (
    add_session,
    assign,
    import_transcript,
    keep_definition,
    manage_people,
    open_recording,
    record_consent,
    see_rulings,
)

HOUR_MS = 3_600_000
WORDS, WORDS_EACH = 10_000, 7
SCHEME = "alliance_behaviours"
PASSWORD = "one of the measured"


@contextmanager
def practice(folder: Path) -> Iterator[Site]:
    """The demo, served, with a study "Measured" to which the functions below add."""
    with served(folder / "site") as site:
        add_session.add_study(site.workspace, None, "Measured")
        yield site


def rater(site: Site, login_name: str) -> Person:
    """A new observer, who knows the rulings: nothing stands before the room."""
    person = manage_people.add_person(site.workspace, None, login_name, login_name.title(), PASSWORD, [Role.OBSERVER])
    site.passwords = {**site.passwords, login_name: PASSWORD}
    new = see_rulings.news(site.workspace, person, schemes.shipped_schemes()[SCHEME])
    see_rulings.take_note(site.workspace, person, [(each.ruling.id, each.ruling.version) for each in new])
    return person


def hour_session(site: Site, code: str, *, video: Path | None = None, words: int = WORDS) -> tuple[Session, Recording]:
    """A session of an hour with a transcript of `words` words, and with the video if one is given."""
    workspace = site.workspace
    study = add_session.find_study(workspace, "Measured")
    members = [
        add_session.add_participant(workspace, None, f"{kind.value}-{code}", kind)
        for kind in (ParticipantKind.PATIENT, ParticipantKind.PROVIDER)
    ]
    session = add_session.add_session(workspace, None, study.id, code, [m.id for m in members])
    for member in members:
        record_consent.record_consent(workspace, None, session.id, member.id, Scope, "I agree.")
    medium = video or sound(site.folder)
    look = ("video/mp4", ".mp4", True) if video else ("audio/mp4", ".m4a", False)
    recording = Recording(new_id(), session.id, *look, 1, HOUR_MS, medium.stat().st_size, 0, now_ms())
    with medium.open("rb") as file:
        workspace.vault.write(recording.id, open_recording.MEDIA, file)
    chance = random.Random(1)
    peaks = bytes(chance.randrange(256) for _ in range(2 * open_recording.PEAKS_PER_SECOND * HOUR_MS // 1000))
    workspace.vault.write(recording.id, open_recording.PEAKS, peaks)
    with workspace.changing(None, "recording.add", "session", session.id) as connection:
        recordings.add(connection, recording, recording.id)
    import_transcript.import_transcript(workspace, None, recording.id, transcript(words))
    return session, recording


def sound(folder: Path) -> Path:
    """A small hour of video whose picture nobody needs: it plays like any sound."""
    file = folder / "hour.mp4"
    return file if file.exists() else write_hour(file, megabytes=60)


def assigned(site: Site, session: Session, person: Person, events: int = 0) -> Assignment:
    """The session assigned to a rater, who has coded so many events already, every fifth with an amendment."""
    workspace = site.workspace
    scheme = keep_definition.keep_scheme(workspace, None, schemes.shipped_schemes()[SCHEME])
    made = assign.assign(workspace, None, session.id, person.id, scheme.hash)
    with workspace.changing(person.id, "coding.start", "session", session.id) as connection:
        coding_id = codings.start(connection, made.id)
    codes = [c.id for c in scheme.codes if c.kind.value == "point"]
    chance = random.Random(2)
    done: list[Operation] = []
    for number in range(events):
        event = new_id()
        at = chance.randrange(HOUR_MS)
        add = OperationKind.ADD
        done.append(Operation(new_id(), add, 2 * number, None, event, codes[number % len(codes)], at, None, {}))
        if number % 5 == 0:
            values = {"comment": f"comment {number}"}
            amend = OperationKind.AMEND
            done.append(Operation(new_id(), amend, 2 * number + 1, None, event, None, None, None, values))
    with workspace.changing(person.id, "coding.write", "coding", coding_id) as connection:
        coding = codings.get(connection, coding_id)
        assert coding is not None
        for first in range(0, len(done), 200):
            codings.append(connection, coding, done[first : first + 200])
    with workspace.reading() as connection:
        return assignments.every(connection, assignment_id=made.id)[0]


def transcript(words: int) -> Transcript:
    """Two people who speak in turns through the hour."""
    chance = random.Random(3)
    syllables = ["we", "ring", "al", "li", "ance", "good", "an", "cer", "tain", "felt", "how", "that", "said", "more"]
    each = HOUR_MS // words
    said: list[Word] = []
    spoken: list[Utterance] = []
    turns: list[SpeakerTurn] = []
    for first in range(0, words, WORDS_EACH):
        speaker = f"S{1 + first // WORDS_EACH % 2}"
        end = min(words, first + WORDS_EACH)
        here = [
            Word(n * each, (n + 1) * each - 20, "".join(chance.choices(syllables, k=chance.randint(1, 3))), speaker)
            for n in range(first, end)
        ]
        said.extend(here)
        text = " ".join(w.text for w in here)
        spoken.append(Utterance(f"U{len(spoken)}", here[0].start_ms, here[-1].end_ms, speaker, text, first, end))
        turns.append(SpeakerTurn(here[0].start_ms, here[-1].end_ms, speaker))
    return Transcript(HOUR_MS, "en", tuple(said), tuple(spoken), tuple(turns))


def points(site: Site, assignment: Assignment) -> tuple[str, ...]:
    """The codes of an assignment's scheme that mark a moment."""
    scheme = keep_definition.scheme(site.workspace, assignment.scheme_hash)
    return tuple(c.id for c in scheme.codes if c.kind.value == "point")
