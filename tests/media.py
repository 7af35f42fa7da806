"""Small media made from the sample sessions, in every format that is taken in, and people who consent."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from workbench.model.consent import Scope
from workbench.model.people import ParticipantKind
from workbench.model.session import Session
from workbench.store.workspace import Workspace
from workbench.workflows import add_session, record_consent

SAMPLE = Path(__file__).parents[1] / "sample_media" / "dev1_rupture_repair.ogg"
RATE = 48_000
# file ending → (sound codec, picture codec or None)
FORMATS = {
    "wav": ("pcm_s16le", None),
    "flac": ("flac", None),
    "mp3": ("libmp3lame", None),
    "m4a": ("aac", None),
    "ogg": ("libopus", None),
    "opus": ("libopus", None),
    "mp4": ("aac", "libx264"),
    "mov": ("aac", "libx264"),
    "webm": ("libopus", "libvpx"),
    "mkv": ("aac", "libx264"),
}

Sound = npt.NDArray[np.int16]


def speech(seconds: float, start: float = 0.0) -> Sound:
    """The beginning of a sample session, mono at 48 kHz."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    parts: list[Sound] = []
    have = 0
    with av.open(str(SAMPLE)) as container:
        for frame in container.decode(audio=0):
            for out in resampler.resample(frame):
                parts.append(out.to_ndarray()[0])
                have += parts[-1].size
            if have >= (start + seconds) * RATE:
                break
    return np.concatenate(parts)[int(start * RATE) : int((start + seconds) * RATE)]


def write_medium(file: Path, sound: Sound, *, picture: bool | None = None) -> Path:
    """Write `sound` to `file` in the format of its ending, with moving bars where the format has a picture."""
    sound_codec, picture_codec = FORMATS[file.suffix[1:]]
    with av.open(str(file), "w") as container:
        track = container.add_stream(sound_codec, rate=RATE, layout="mono")
        video = container.add_stream(picture_codec, rate=5) if picture_codec and picture is not False else None
        if video is not None:
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            video.time_base = Fraction(1, 5)
            for number in range(int(5 * sound.size / RATE)):
                shot = np.zeros((48, 64, 3), dtype=np.uint8)
                shot[:, number % 64] = 255
                container.mux(video.encode(av.VideoFrame.from_ndarray(shot, format="rgb24")))
            container.mux(video.encode())
        resampler = av.AudioResampler(
            format=track.format, layout="mono", rate=RATE, frame_size=track.frame_size or 1024
        )
        frame = av.AudioFrame.from_ndarray(sound[None, :], format="s16", layout="mono")
        frame.rate = RATE
        for out in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(track.encode(out))
        container.mux(track.encode())
    return file


def consented_session(workspace: Workspace, code: str = "S001", scopes: Iterable[Scope] = Scope) -> Session:
    """A session of one patient and one provider who both consent to `scopes`."""
    known = {s.name: s for s in add_session.studies(workspace)}
    study = known.get("A study") or add_session.add_study(workspace, None, "A study")
    members = [
        add_session.add_participant(workspace, None, f"{kind.value}-of-{code}", kind)
        for kind in (ParticipantKind.PATIENT, ParticipantKind.PROVIDER)
    ]
    session = add_session.add_session(workspace, None, study.id, code, [m.id for m in members])
    wanted = list(scopes)
    for member in members if wanted else ():
        record_consent.record_consent(workspace, None, session.id, member.id, wanted, "I agree.")
    return session


def withdraw(workspace: Workspace, session: Session) -> None:
    """One participant takes their consent back."""
    first = record_consent.consents(workspace, session.id)[0]
    record_consent.withdraw_consent(workspace, None, session.id, first.id)
