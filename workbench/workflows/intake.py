"""Taking a recording in: consent first, then sealed into the vault while it is read.

A file is refused with a sentence, and nothing of it is kept, when consent is missing, when it is here
already, or when it is no medium. Its name is not kept either: it may hold names of people.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import BinaryIO, cast

from workbench.model.access import Action
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms, refuse_formula
from workbench.model.people import Person
from workbench.model.session import Recording
from workbench.speech import decode
from workbench.speech.errors import SpeechError
from workbench.speech.loudness import LoudnessWriter
from workbench.speech.peaks import PeakWriter
from workbench.store import recordings, sessions
from workbench.store.keys import KeyStoreError
from workbench.store.vault import SLICE, NotInVault, NotStored, Tampered, Upload
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.check_consent import lacking_consent
from workbench.workflows.open_recording import LOUDNESS, PEAKS
from workbench.workflows.refusal import Refused, demand, session_resource

Progress = Callable[[float], None]
LONGEST_LABEL = 60

# Container as the decoder names it → (media type, its suffixes: the first unless the file had another)
# without pictures, and with.
_SOUND = {
    "wav": ("audio/wav", (".wav",)),
    "w64": ("audio/x-w64", (".w64",)),
    "flac": ("audio/flac", (".flac",)),
    "mp3": ("audio/mpeg", (".mp3",)),
    "aac": ("audio/aac", (".aac",)),
    "mov": ("audio/mp4", (".m4a", ".mp4", ".mov")),
    "matroska": ("audio/webm", (".weba", ".webm", ".mka", ".mkv")),
    "ogg": ("audio/ogg", (".ogg", ".oga", ".opus")),
    "aiff": ("audio/aiff", (".aiff", ".aif")),
    "caf": ("audio/x-caf", (".caf",)),
    "asf": ("audio/x-ms-wma", (".wma",)),
    "amr": ("audio/amr", (".amr",)),
    "au": ("audio/basic", (".au",)),
}
_PICTURE = {
    "mov": ("video/mp4", (".mp4", ".mov", ".m4v")),
    "matroska": ("video/webm", (".webm", ".mkv")),
    "ogg": ("video/ogg", (".ogv", ".ogg")),
    "asf": ("video/x-ms-wmv", (".wmv",)),
    "avi": ("video/x-msvideo", (".avi",)),
    "mpegts": ("video/mp2t", (".ts", ".mts", ".m2ts")),
    "mpeg": ("video/mpeg", (".mpg", ".mpeg")),
}
_WEBM_CODECS = {"", "vp8", "vp9", "av1", "libvpx", "libvpx-vp9", "libdav1d", "libaom-av1", "opus", "libopus", "vorbis"}


def take_in(
    workspace: Workspace,
    actor: Person | None,
    session_id: str,
    source: Path | BinaryIO,
    *,
    name: str,
    offset_ms: int = 0,
    label: str = "",
    progress: Progress = lambda part: None,
) -> Recording:
    """Add a recording to a session. `source` is read once, from its beginning, and sealed on the way.

    `name` is the file's name, used for messages and for its suffix; `offset_ms` places the recording
    against the session's main one, and `label` says what it is, where a session has several; `progress` is
    told the part that is done, 0 to 1. `actor` None is the program itself, which needs consent like
    everybody. Raises Refused.
    """
    check(workspace, actor, session_id)
    if isinstance(source, Path):
        try:
            file = source.open("rb")
        except OSError as error:
            raise Refused(f"{name} cannot be read: {error.strerror or type(error).__name__}.") from None
        with file:
            return take_in(
                workspace, actor, session_id, file, name=name, offset_ms=offset_ms, label=label, progress=progress
            )
    upload_id = new_id()
    with kept_or_gone(workspace, upload_id):
        offset = workspace.vault.begin_upload(upload_id)
        while data := _read(source, name):
            offset = workspace.vault.append(upload_id, offset, data)
        return settle(
            workspace, actor, session_id, upload_id, name=name, offset_ms=offset_ms, label=label, progress=progress
        )


def check(workspace: Workspace, actor: Person | None, session_id: str) -> None:
    """Whether `actor` may add a recording to this session now. Raises Refused."""
    if actor is not None:
        demand(workspace, actor, Action.ADD_RECORDING, session_resource(workspace, session_id))
    with workspace.reading() as connection:
        _consented(connection, session_id)


def settle(
    workspace: Workspace,
    actor: Person | None,
    session_id: str,
    upload_id: str,
    *,
    name: str,
    offset_ms: int = 0,
    label: str = "",
    progress: Progress = lambda part: None,
) -> Recording:
    """Make a recording of an upload whose last byte is here. The caller cleans up when this raises."""
    label = checked_label(label)
    said = PureWindowsPath(name).name or "The file"  # knows both kinds of slashes
    upload = workspace.vault.finish(upload_id)
    try:
        fingerprint = workspace.keys.fingerprint(upload.sha256)
        with workspace.reading() as connection:
            _new(connection, fingerprint, said)
        look = _look(upload, said, progress)
    finally:
        upload.reader.close()
    media_type, suffix = media_type_of(look.facts, name)
    recording = Recording(
        id=new_id(),
        session_id=session_id,
        media_type=media_type,
        suffix=suffix,
        has_video=look.facts.has_video,
        channels=look.facts.channels,
        duration_ms=look.duration_ms,
        size_bytes=upload.size,
        offset_ms=offset_ms,
        added_at=now_ms(),
        label=label,
    )
    detail = {"session": session_id, "media_type": media_type, "bytes": upload.size, "duration_ms": look.duration_ms}
    if look.damaged:
        detail["damaged_stretches"] = look.damaged
    try:
        with workspace.changing(
            actor.id if actor else None, "recording.add", "recording", recording.id, detail
        ) as connection:
            # Again, now that nobody else can write: consent may be withdrawn, the file may have come twice.
            _consented(connection, session_id)
            _new(connection, fingerprint, said)
            recordings.add(connection, recording, fingerprint)
            workspace.vault.adopt(upload_id, recording.id)
            workspace.vault.write(recording.id, PEAKS, look.peaks)
            workspace.vault.write(recording.id, LOUDNESS, look.loudness)
    except BaseException:
        if workspace.keys.has(recording.id):
            workspace.vault.delete(recording.id)
        raise
    return recording


def checked_label(label: str) -> str:
    """What a recording is called beside its session's others. Raises Refused for what no screen or spreadsheet
    can show."""
    shown = label.strip()
    if len(shown) > LONGEST_LABEL or any(ord(c) < 32 for c in shown):
        raise Refused(f"The name of a recording has at most {LONGEST_LABEL} characters, on one line.")
    try:
        return refuse_formula(shown) if shown else ""
    except ValueError as error:
        raise Refused(str(error)) from None


@contextlib.contextmanager
def kept_or_gone(workspace: Workspace, upload_id: str) -> Generator[None]:
    """An upload becomes a recording inside, or nothing of it stays and Refused says why."""
    try:
        with as_refusals():
            yield
    except BaseException:
        # The reason counts, not that the disk refused to clean up as well; the vault does it within a day.
        with contextlib.suppress(OSError, KeyStoreError):
            workspace.vault.cancel_upload(upload_id)
        raise


@contextlib.contextmanager
def as_refusals() -> Generator[None]:
    """What vault and decoder say, as Refused."""
    try:
        yield
    except NotInVault as error:
        raise Refused(str(error), kind="missing") from None
    except (NotStored, KeyStoreError, Tampered, SpeechError) as error:
        raise Refused(str(error)) from None


def media_type_of(facts: decode.MediaFacts, name: str) -> tuple[str, str]:
    """What a browser is told a medium is, and its suffix. The container decides, not the file's name.

    >>> facts = decode.MediaFacts("matroska,webm", 1000, True, True, 1, "aac", 48000, "h264", 640, 360)
    >>> media_type_of(facts, "call.mp4")
    ('video/x-matroska', '.mkv')
    """
    container = facts.container.split(",")[0]
    table = _PICTURE if facts.has_video else _SOUND
    media_type, suffixes = table.get(container, ("application/octet-stream", (".bin",)))
    if container == "matroska" and not {facts.codec, facts.video_codec} <= _WEBM_CODECS:
        media_type, suffixes = ("video/x-matroska", (".mkv",)) if facts.has_video else ("audio/x-matroska", (".mka",))
    suffix = PureWindowsPath(name).suffix.lower()
    return media_type, suffix if suffix in suffixes else suffixes[0]


@dataclass(frozen=True, slots=True)
class _Look:
    facts: decode.MediaFacts
    duration_ms: int
    peaks: bytes
    loudness: bytes
    damaged: int


def _look(upload: Upload, name: str, progress: Progress) -> _Look:
    """Read the medium once from end to end. A silent video can be coded; a silent sound file cannot."""
    medium = cast(BinaryIO, upload.reader)
    try:
        facts = decode.probe(medium)
    except decode.NotAMedium as error:
        raise Refused(f"{name}: {error}") from None
    writer, course = PeakWriter(), LoudnessWriter()
    loudest = samples = damaged = 0
    try:
        for block in decode.stream(medium) if facts.has_sound else ():
            writer.add(block.mono)
            course.add(block.mono)
            loudest = max(loudest, block.peak)
            samples += block.mono.size
            damaged = block.damaged
            progress(block.position)
        if not facts.has_video:
            decode.check_audible(loudest)
    except (decode.NotAMedium, decode.NoSound) as error:
        raise Refused(f"{name}: {error}") from None
    heard_ms = round(samples * 1000 / decode.SAMPLE_RATE)
    duration_ms = max(heard_ms, facts.duration_ms) if facts.has_video else heard_ms
    return _Look(facts, duration_ms, writer.finish(), course.finish(), damaged)


def _read(source: BinaryIO, name: str) -> bytes:
    try:
        return source.read(SLICE)
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror or type(error).__name__}.") from None


def _consented(connection: Connection, session_id: str) -> None:
    if lacking := lacking_consent(connection, session_id, Scope.RECORD):
        raise Refused(lacking, kind="forbidden")


def _new(connection: Connection, fingerprint: str, name: str) -> None:
    known = recordings.by_fingerprint(connection, fingerprint)
    if known is not None:
        code = sessions.get_session(connection, known.session_id).code
        raise Refused(f"{name} is here already: it is the recording of session {code}. Nothing was added.")
