"""A session's recordings: watching, transcribing with live progress, and saying who the speakers are."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import pages, times
from workbench.app.parts.says import done, said
from workbench.app.parts.texts import count, empty, facts, leave, plain, section, titled
from workbench.model.access import Action
from workbench.model.ids import now_ms
from workbench.model.job import Job, JobState
from workbench.model.people import Person
from workbench.model.session import Recording, Session, TranscriptVersion
from workbench.model.span import clock
from workbench.workflows import map_speakers, transcribe
from workbench.workflows.refusal import Refused
from workbench.workflows.see_session import SessionSeen

_NOBODY = "not said yet"
_WAITS_TOO_LONG_MS = 8_000
_MOST_SPEAKERS = 20


def show(seen: SessionSeen, person: Person) -> None:
    """Every recording, and the way to add one."""
    if not seen.recordings:
        empty("No recording yet", "Sound or video of the session, in any usual format. It is sealed while it arrives.")
    for recording in seen.recordings:
        _recording(seen, person, recording)
    if Action.ADD_RECORDING in seen.may:
        # A plain page of our own: the file goes to the server in slices and never through this page's memory.
        label = "Add a further recording" if seen.recordings else "Add the recording"
        leave(label, f"/wb/sessions/{seen.session.id}/add-recording", primary=not seen.recordings)


def _recording(seen: SessionSeen, person: Person, recording: Recording) -> None:
    with st.container(border=True, key=f"recording-{recording.id}"):
        left, right = st.columns([5, 2], vertical_alignment="center")
        with left:
            if len(seen.recordings) > 1:
                _which(seen, recording)
            facts(
                {
                    "Video" if recording.has_video else "Sound": clock(recording.duration_ms),
                    "Size": f"{recording.size_bytes / 1e6:,.0f} MB",
                    "Added": times.day(recording.added_at),
                }
            )
        with right.container(horizontal=True, horizontal_alignment="right"):
            if Action.OPEN_RECORDING in seen.may and st.button("Open in the coding room", key=f"watch-{recording.id}"):
                pages.go("code", session=seen.session.id)
            if recording.id != seen.recordings[0].id and Action.ADD_RECORDING in seen.may:
                # a plain page of our own, which plays both
                leave("Place it", f"/wb/recordings/{recording.id}/place")
        transcript = seen.transcript_of(recording.id)
        if transcript:
            st.caption(_made(transcript))
        open_jobs = [j for j in seen.jobs if j.recording_id == recording.id and not j.state.ended]
        if open_jobs:
            _live(open_jobs[0].id)
        elif Action.START_JOB in seen.may:
            _last_ended(seen, recording)
            _start(person, recording, people=len(seen.session.participants), again=transcript is not None)
        elif not transcript and Action.READ_TRANSCRIPT in seen.may:
            st.caption("Not transcribed.")
        if transcript and {Action.MAP_SPEAKERS, Action.READ_TRANSCRIPT} <= seen.may:
            _speakers(seen.session, person, transcript)


def _which(seen: SessionSeen, recording: Recording) -> None:
    """What one of several recordings is, and where it begins beside the main one."""
    main = recording.id == seen.recordings[0].id
    name = recording.label or ("Main recording" if main else "Further recording")
    shift = recording.offset_ms - seen.recordings[0].offset_ms
    begins = f"Begins {abs(shift) / 1000:.2f} s {'before' if shift < 0 else 'after'} the main one"
    titled(name, "Coded and transcribed; its time is the session's." if main else begins)


def _made(transcript: TranscriptVersion) -> str:
    models = ", ".join(sorted(set(transcript.models.values())))
    parts = [
        f"Transcript {transcript.version}",
        count(transcript.n_words, "word"),
        count(transcript.n_utterances, "utterance"),
        transcript.language,
        models,
        times.moment(transcript.created_at),
    ]
    return plain(" · ".join(p for p in parts if p))


def _start(person: Person, recording: Recording, *, people: int, again: bool) -> None:
    """As many speakers as `people` took part, unless whoever starts it knows better; at least two talk."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        speakers = st.number_input(
            "Speakers",
            min_value=1,
            max_value=_MOST_SPEAKERS,
            value=min(max(2, people), _MOST_SPEAKERS),
            key=f"speakers-{recording.id}",
            width=120,
        )
        label = "Transcribe anew" if again else "Transcribe"
        if st.button(label, key=f"transcribe-{recording.id}", type="secondary" if again else "primary"):
            with said():
                settings = current.workspace().settings
                wanted = transcribe.Settings(
                    model=settings.transcription_model, diarization=settings.diarization_model, speakers=int(speakers)
                )
                transcribe.start_transcription(current.workspace(), person, recording.id, wanted)
                done("The transcription is queued. You can leave this page.")


@st.fragment(run_every=1.0)
def _live(job_id: str) -> None:
    """How far a job is, anew each second. Looking on keeps no sign-in alive."""
    person, workspace = current.actor(touch=False), current.workspace()
    if person is None:
        st.rerun()
    job = transcribe.job(workspace, person, job_id)
    if job.state.ended:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="job"):
        st.progress(min(1.0, max(0.0, job.progress)), text=plain(_said_of(job)))
        if st.button("Cancel", key=f"cancel-{job_id}"):
            with said():
                transcribe.cancel(workspace, person, job_id)
            st.rerun()


def _said_of(job: Job) -> str:
    if job.state is JobState.QUEUED:
        if now_ms() - job.created_at > _WAITS_TOO_LONG_MS and not transcribe.workers_alive(current.workspace()):
            return "Queued. No worker is running: start one on the server with workbench worker."
        return "Queued"
    return f"{job.progress:.0%} {job.message}".strip()


def _last_ended(seen: SessionSeen, recording: Recording) -> None:
    """What became of the newest job, when it did not end well."""
    jobs = [j for j in seen.jobs if j.recording_id == recording.id]
    if jobs and jobs[0].state is JobState.FAILED:
        st.error(plain(f"The transcription failed. {jobs[0].message}"))
    elif jobs and jobs[0].state is JobState.CANCELLED:
        st.caption("The last transcription was cancelled.")


def _speakers(session: Session, person: Person, transcript: TranscriptVersion) -> None:
    workspace = current.workspace()
    try:
        samples = map_speakers.speaker_samples(workspace, person, transcript.id)
    except Refused as refused:
        st.caption(plain(str(refused)))
        return
    section("Who is speaking?", "" if transcript.speakers else "Nobody has said so yet.")
    codes = {p.participant_id: f"{p.code} ({p.kind.value})" for p in session.participants}
    chosen: dict[str, str] = {}
    for column, sample in zip(st.columns(max(2, len(samples))), samples, strict=False):
        with column:
            heard = "" if sample.seconds is None else f" :gray[{sample.seconds:.0f} s]"
            st.markdown(f"**{plain(sample.speaker)}**{heard}")
            for utterance in sample.utterances:
                st.caption(f"{clock(utterance.start_ms)} “{plain(utterance.text[:160])}”")
            options = [*codes, _NOBODY]
            picked = st.selectbox(
                f"{sample.speaker} is",
                options,
                index=options.index(sample.participant_id) if sample.participant_id in codes else len(options) - 1,
                format_func=lambda ident: codes.get(ident, _NOBODY),
                key=f"who-{transcript.id}-{sample.speaker}",
            )
            if picked in codes:
                chosen[sample.speaker] = str(picked)
    changed = chosen != dict(transcript.speakers)
    if st.button("Save who is speaking", key=f"save-speakers-{transcript.id}", type="primary", disabled=not changed):
        with said():
            kept = map_speakers.map_speakers(workspace, person, transcript.id, chosen)
            if kept.id == transcript.id:
                done("Saved. Raters see provider and patient beside the words.")
            else:
                done(
                    f"Kept as transcript {kept.version}, for later assignments. Codings that have begun stay on "
                    f"transcript {transcript.version}: who said what does not change under a rater."
                )
