"""The demo's workspace: the sample sessions, a fictional study and people to sign in as.

One sample session is transcribed live by the models of this computer; the others come with what the
same pipeline wrote (`sample_media/NAME.transcript.json`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench import schemes
from workbench.model.assignment import Purpose
from workbench.model.consent import Scope
from workbench.model.ids import now_ms
from workbench.model.instrument import Perspective
from workbench.model.job import Job
from workbench.model.people import ParticipantKind, Person, Role
from workbench.model.ruling import Clip
from workbench.model.scheme import CodingScheme
from workbench.model.session import Recording, Session
from workbench.model.span import TimeSpan
from workbench.model.transcript import Transcript, transcript_from_dict
from workbench.registry import shipped
from workbench.settings import Settings
from workbench.speech.steps import Settings as SpeechSettings
from workbench.store import recordings, sessions
from workbench.store.workspace import Workspace
from workbench.workflows import (
    add_session,
    assign,
    import_study,
    import_transcript,
    intake,
    keep_definition,
    manage_people,
    map_speakers,
    open_workspace,
    record_consent,
    rule,
    see_rulings,
    transcribe,
)
from workbench.workflows.refusal import Refused

PEOPLE = (
    ("observer1", "Observer One", (Role.OBSERVER,)),
    ("observer2", "Observer Two", (Role.OBSERVER,)),
    ("supervisor", "Supervisor", (Role.SUPERVISOR,)),
    ("researcher", "Researcher", (Role.RESEARCHER,)),
    ("admin", "Administrator", (Role.ADMINISTRATOR,)),
    ("provider", "Provider", (Role.PROVIDER,)),
)
STATEMENT = "Synthetic voices reading a fictional text: nobody's consent is needed. Recorded here as it would be."
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A shipped recording and how it is used: which one is for practice, which is transcribed live."""

    name: str
    media: str
    code: str
    title: str
    setting: str
    provider: str
    patient: str
    days_ago: int
    family: str = ""

    @property
    def people(self) -> dict[ParticipantKind, str]:
        """Who takes part, by what they are; at most one of each kind."""
        found = {ParticipantKind.PROVIDER: self.provider, ParticipantKind.PATIENT: self.patient}
        return found | ({ParticipantKind.FAMILY: self.family} if self.family else {})


PRACTICE = Sample(
    "dev1_rupture_repair", "dev1_rupture_repair.webm", "S1", "Rupture and repair", "telehealth", "PR1", "PT1", 3
)
CODED = Sample("dev2_goals", "dev2_goals.ogg", "S2", "Working out the goals", "in person", "PR2", "PT2", 2)
LIVE = Sample("dev3_homework", "dev3_homework.ogg", "S3", "Homework not done", "in person", "PR2", "PT3", 1)
FAMILY = Sample("dev4_family", "dev4_family.webm", "S4", "The alarm at night", "telehealth", "PR3", "PT4", 0, "FM4")
SAMPLES = (PRACTICE, CODED, LIVE, FAMILY)


@dataclass(frozen=True, slots=True)
class Demo:
    """The open demo workspace; `passwords` by login name, only when they were just made."""

    workspace: Workspace
    passwords: Mapping[str, str] | None


def open_or_seed(settings: Settings, *, fresh: bool = False, say: Callable[[str], None] = lambda _: None) -> Demo:
    """Open the demo's workspace, or make it. `fresh` makes it anew, with new passwords.

    Raises Refused when the folder holds a workspace that is not the demo's: that one is never touched.
    A demo whose making was interrupted is made anew.
    """
    if open_workspace.exists(settings):
        workspace = open_workspace.open_(settings)
        if not workspace.is_demo:
            workspace.close()
            raise Refused(f"The workspace in {settings.workspace} is not the demo's. Choose another folder.")
        if not fresh and workspace.fact("seeded") == "yes":
            return Demo(workspace, None)
        workspace.close()
        shutil.rmtree(settings.workspace)
    workspace = open_workspace.create(settings, demo=True)
    try:
        passwords = _seed(workspace, say)
    except BaseException:
        workspace.close()
        raise
    return Demo(workspace, passwords)


def new_passwords(workspace: Workspace) -> dict[str, str]:
    """Fresh passwords for the demo's people. Raises Refused in a workspace that is not the demo's."""
    if not workspace.is_demo:
        raise Refused("New passwords for everybody are made in the demo only.")
    made = {}
    for login_name, _, _ in PEOPLE:
        made[login_name] = manage_people.new_password()
        person = manage_people.find_person(workspace, login_name)
        manage_people.set_password(workspace, None, person.id, made[login_name])
    return made


def start_live(workspace: Workspace) -> Job | None:
    """Transcribe the one sample that has no transcript yet; None when it has one or is being done."""
    with workspace.reading() as connection:
        session = next(s for s in sessions.sessions(connection) if s.code == LIVE.code)
        recording = recordings.of_session(connection, session.id)[0]
        done = recordings.transcripts(connection, session.id)
        running = recordings.jobs(connection, recording_id=recording.id, open_only=True)
    if done or running:
        return None
    settings = SpeechSettings(
        model=workspace.settings.transcription_model,
        diarization=workspace.settings.diarization_model,
        language="en",
        speakers=2,
    )
    return transcribe.start_transcription(workspace, None, recording.id, settings)


def _seed(workspace: Workspace, say: Callable[[str], None]) -> dict[str, str]:
    passwords = {login_name: manage_people.new_password() for login_name, _, _ in PEOPLE}
    people = {
        login_name: manage_people.add_person(workspace, None, login_name, shown, passwords[login_name], roles)
        for login_name, shown, roles in PEOPLE
    }
    kept = {s.name: keep_definition.keep_scheme(workspace, None, s) for s in schemes.shipped_schemes().values()}
    scheme = kept["alliance_behaviours"]
    for instrument in schemes.shipped_instruments().values():
        keep_definition.keep_instrument(workspace, None, instrument)
    say("Taking in the sample recordings: encrypted in the vault, consent recorded first")
    taken = {s.name: _take_in(workspace, s, people) for s in SAMPLES}
    _practice(workspace, *taken[PRACTICE.name], scheme, people)
    raters = _sample_raters(workspace)
    for sample in (PRACTICE, CODED):
        _coded(workspace, sample, *taken[sample.name], scheme, raters)
    _answered(workspace, taken[CODED.name][0])
    live, _ = taken[LIVE.name]
    for rater in ("observer1", "observer2"):
        assign.assign(workspace, people["supervisor"], live.id, people[rater].id, scheme.hash)
    _other_ways_of_coding(workspace, taken, kept, people)
    _rulings(workspace, taken, scheme, people)
    say("Taking in the fictional study: 27 sessions, 3 raters, patient and provider forms")
    import_study.import_study(workspace, shipped("sample_media") / "fictional_study" / "study.json")
    workspace.set_fact("seeded", "yes")
    return passwords


def _take_in(workspace: Workspace, sample: Sample, people: Mapping[str, Person]) -> tuple[Session, Recording]:
    known = {p.code: p for p in add_session.participants(workspace)}
    if "Sample sessions" not in {s.name for s in add_session.studies(workspace)}:
        add_session.add_study(workspace, None, "Sample sessions", "Synthetic sessions that come with the program.")
    study = add_session.find_study(workspace, "Sample sessions")
    for kind, code in sample.people.items():
        if code not in known:
            account = people["provider"].id if code == PRACTICE.provider else None
            known[code] = add_session.add_participant(workspace, None, code, kind, account)
    members = [known[code].id for code in sample.people.values()]
    session = add_session.add_session(
        workspace,
        None,
        study.id,
        sample.code,
        members,
        title=sample.title,
        held_at=now_ms() - sample.days_ago * _DAY_MS,
        setting=sample.setting,
    )
    for member in members:
        record_consent.record_consent(workspace, None, session.id, member, Scope, STATEMENT)
    media = shipped("sample_media") / sample.media
    recording = intake.take_in(workspace, None, session.id, media, name=media.name)
    stored = shipped("sample_media") / f"{sample.name}.transcript.json"
    if sample is not LIVE:
        transcript = transcript_from_dict(json.loads(stored.read_text(encoding="utf-8")))
        version = import_transcript.import_transcript(workspace, None, recording.id, transcript)
        by_kind = {p.kind: p.participant_id for p in session.participants}
        who = {label: by_kind[kind] for label, kind in _true_speakers(sample, transcript).items()}
        map_speakers.map_speakers(workspace, people["supervisor"], version.id, who)
    return session, recording


def _true_speakers(sample: Sample, transcript: Transcript) -> dict[str, ParticipantKind]:
    """Who the diarized labels are, by their overlap with the true turns that come with the sample."""
    truth = json.loads((shipped("sample_media") / f"{sample.name}.json").read_text(encoding="utf-8"))
    turns = [(TimeSpan(round(t["start"] * 1000), round(t["end"] * 1000)), t["speaker"]) for t in truth["turns"]]
    kinds = {"T": ParticipantKind.PROVIDER, "C": ParticipantKind.PATIENT, "F": ParticipantKind.FAMILY}
    out = {}
    for label in transcript.speakers:
        heard = [TimeSpan(t.start_ms, t.end_ms) for t in transcript.turns if t.speaker == label]
        overlap = {s: sum(h.overlap_ms(t) for h in heard for t, who in turns if who == s) for s in kinds}
        out[label] = kinds[max(sorted(overlap), key=lambda s: overlap[s])]
    return out


def _practice(
    workspace: Workspace, session: Session, recording: Recording, scheme: CodingScheme, people: Mapping[str, Person]
) -> None:
    """The criterion coding of the practice session, and the practice of both observers."""
    criterion = _shipped_json("codings", f"{PRACTICE.name}.criterion.json")
    criterion["events"] += [e | {"unsure": True} for e in criterion["also_defensible"]]
    whole = [TimeSpan(0, recording.duration_ms)]
    detail = {"purpose": Purpose.CRITERION.value}
    with workspace.changing(None, "coding.import", "session", session.id, detail) as connection:
        transcript = recordings.transcripts(connection, session.id)[-1].id
        import_study.add_coding(
            connection,
            session,
            people["supervisor"].id,
            scheme,
            whole,
            criterion,
            now_ms(),
            Purpose.CRITERION,
            transcript,
        )
    for rater in ("observer1", "observer2"):
        assign.assign(
            workspace,
            people["supervisor"],
            session.id,
            people[rater].id,
            scheme.hash,
            whole,
            purpose=Purpose.PRACTICE,
        )


def _other_ways_of_coding(
    workspace: Workspace,
    taken: Mapping[str, tuple[Session, Recording]],
    kept: Mapping[str, CodingScheme],
    people: Mapping[str, Person],
) -> None:
    """Two slices of one session in segments, another utterance by utterance, and a family person by person."""
    slices = [TimeSpan(15_000, 110_000), TimeSpan(125_000, 230_000)]
    ways = ((PRACTICE, "rupture_repair"), (CODED, "mi_integrity"), (FAMILY, "family_alliance"))
    for sample, scheme in ways:
        windows = slices if sample is PRACTICE else []
        session, _ = taken[sample.name]
        for rater in ("observer1", "observer2"):
            assign.assign(workspace, people["supervisor"], session.id, people[rater].id, kept[scheme].hash, windows)


def _rulings(
    workspace: Workspace,
    taken: Mapping[str, tuple[Session, Recording]],
    scheme: CodingScheme,
    people: Mapping[str, Person],
) -> None:
    """What the sample team's meetings decided; both observers were there."""
    for made in _shipped_json("codings", f"{scheme.name}.rulings.json")["rulings"]:
        clip = None
        if at := made.get("clip"):
            session = next(s for s, _ in taken.values() if s.code == at["session"])
            clip = Clip(session.id, TimeSpan(at["start_ms"], at["end_ms"]))
        day = datetime.fromtimestamp((now_ms() - made["days_ago"] * _DAY_MS) / 1000, UTC).date()
        wording = rule.Wording(
            made["code"], day, made["question"], made["decision"], made.get("example"), clip, made.get("rating", False)
        )
        ruling = rule.make_ruling(workspace, people["supervisor"], scheme.name, wording, day)
        for rater in ("observer1", "observer2"):
            see_rulings.take_note(workspace, people[rater], [(ruling.id, ruling.version)])


def _sample_raters(workspace: Workspace) -> list[Person]:
    """Two raters who coded before the demo began; nobody can sign in as them."""
    return [
        manage_people.add_person(
            workspace,
            None,
            f"sample-rater{number}",
            f"Sample rater {number}",
            manage_people.new_password(),
            [Role.OBSERVER],
        )
        for number in (1, 2)
    ]


def _coded(
    workspace: Workspace,
    sample: Sample,
    session: Session,
    recording: Recording,
    scheme: CodingScheme,
    raters: Sequence[Person],
) -> None:
    """Two finished codings, so that there is something to compare and moments to land in."""
    whole = [TimeSpan(0, recording.duration_ms)]
    for number, rater in enumerate(raters, 1):
        coded = _shipped_json("codings", f"{sample.name}.observer{number}.json")
        with workspace.changing(None, "coding.import", "session", session.id) as connection:
            transcript = recordings.transcripts(connection, session.id)[-1].id
            import_study.add_coding(
                connection, session, rater.id, scheme, whole, coded, now_ms(), transcript_id=transcript
            )


def _answered(workspace: Workspace, session: Session) -> None:
    """Both forms of one session; those of the others can still be given out."""
    instruments = schemes.shipped_instruments()
    for member in session.participants:
        perspective = Perspective(member.kind.value)
        instrument = instruments[f"session_alliance_{perspective.value}"]
        answers = {i.id: _sample_answer(n, perspective, i.reversed) for n, i in enumerate(instrument.items)}
        with workspace.changing(None, "form.import", "session", session.id) as connection:
            import_study.add_answered_form(connection, session, member.participant_id, perspective, instrument, answers)


def _sample_answer(number: int, perspective: Perspective, is_reversed: bool) -> int:
    """A plausible form: content, the provider a little more than the patient."""
    value = (5, 6, 6, 5)[number % 4] + (number % 3 == 0 and perspective is Perspective.PROVIDER)
    return 8 - value if is_reversed else value


def _shipped_json(*where: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(shipped("sample_media"), *where).read_text(encoding="utf-8"))
    return data
