"""Looking over an installation and its workspace: what is in order, what is not, what to do.

Nothing is changed. A workspace whose schema is older than this program's is not opened, because
opening it would bring it up.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from workbench.jobs import doctor_facts
from workbench.model.span import clock
from workbench.registry import shipped
from workbench.settings import Settings
from workbench.speech import models
from workbench.speech.decode import missing_limits
from workbench.speech.errors import INSTALL_SPEECH, MissingModel
from workbench.store import audit, recordings, schema, sessions
from workbench.store.container import Tampered
from workbench.store.engine import journal_mode, open_engine
from workbench.store.keys import KeyRing, KeyStoreError
from workbench.store.vault import NotInVault
from workbench.store.workspace import DATABASE, Workspace
from workbench.workflows import open_workspace
from workbench.workflows.open_recording import MEDIA
from workbench.workflows.refusal import Refused

__all__ = ["INSTALL_SPEECH", "Line", "State", "examine", "missing_speech_packages"]

_SPEECH = {"torch": "torch", "pyannote.audio": "pyannote", "faster-whisper": "faster_whisper"}
_LITTLE_ROOM, _NO_ROOM = 5_000_000_000, 200_000_000


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at, how it is, and one sentence."""

    what: str
    state: State
    sentence: str


def examine(settings: Settings, ask_passphrase: Callable[[], str] | None = None) -> list[Line]:
    """Look at everything. `ask_passphrase` is called only when the workspace's key needs one."""
    return [
        _python(),
        _database(),
        _long_work(),
        _shipped(),
        *_speech(),
        *_models(settings),
        _sandbox(),
        _disk("disk", settings.workspace),
        *_workspace(settings, ask_passphrase),
    ]


def missing_speech_packages() -> list[str]:
    """Packages of the extra `[speech]` that are not installed; empty when all are."""
    return [name for name, module in _SPEECH.items() if importlib.util.find_spec(module) is None]


def _python() -> Line:
    said = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info[:2] != (3, 11):
        return Line("python", State.WARN, f"{said}; this program is tested with 3.11.")
    return Line("python", State.OK, f"{said}.")


def _database() -> Line:
    mode, why = journal_mode()
    return Line("sqlite", State.OK if mode == "wal" else State.WARN, f"Journal mode {mode}: {why}")


def _long_work() -> Line:
    facts = doctor_facts()
    if problem := facts.get("problem"):
        return Line("long work", State.PROBLEM, problem)
    return Line("long work", State.OK, f"{facts['engine']}.")


def _shipped() -> Line:
    try:
        folders = [shipped("coding_schemes"), shipped("sample_media")]
    except FileNotFoundError as error:
        return Line("what comes along", State.PROBLEM, f"{error}. Install the program again.")
    return Line("what comes along", State.OK, f"Coding schemes and samples are in {folders[0].parent}.")


def _speech() -> Iterator[Line]:
    if missing := missing_speech_packages():
        said = f"{', '.join(missing)} not installed: everything but transcription runs. Install with: {INSTALL_SPEECH}"
        yield Line("speech", State.WARN, said)
        return
    versions = {name: importlib.metadata.version(name) for name in _SPEECH}
    yield Line("speech", State.OK, f"Installed: {', '.join(f'{n} {v}' for n, v in versions.items())}.")
    card, cuda = shutil.which("nvidia-smi") is not None, not versions["torch"].endswith("+cpu")
    if card and cuda:
        yield Line("processor", State.OK, "There is an NVIDIA card: the models run on it if its driver fits.")
    elif card:
        yield Line("processor", State.WARN, "There is an NVIDIA card, but PyTorch is the build for the CPU alone.")
    else:
        yield Line("processor", State.OK, f"The models run on the CPU ({os.cpu_count()} cores): no NVIDIA card found.")


def _models(settings: Settings) -> Iterator[Line]:
    folder = settings.models_folder
    wanted = {
        settings.transcription_model: models.Kind.TRANSCRIPTION,
        settings.diarization_model: models.Kind.DIARIZATION,
    }
    here = {m.name: m for m in models.installed(folder)}
    for name, kind in wanted.items():
        what = f"model {name}"
        try:
            models.ready(name, folder, kind)
        except MissingModel as error:
            yield Line(what, State.WARN, str(error))
    for name, model in here.items():
        if problems := models.check(name, folder):
            state = State.PROBLEM if name in wanted else State.WARN
            yield Line(f"model {name}", state, f"Damaged: {'; '.join(problems)}. Remove it and install it again.")
        else:
            yield Line(f"model {name}", State.OK, f"Whole ({model.kind}, {model.licence}) in {model.path}.")


def _sandbox() -> Line:
    if missing := missing_limits():
        return Line("reading media", State.WARN, missing[0])
    return Line("reading media", State.OK, "Media are read by a process with limits on memory, time and files.")


def _disk(what: str, folder: Path) -> Line:
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    said = f"{free / 1e9:.1f} GB free at {place}"
    if free < _NO_ROOM:
        return Line(what, State.PROBLEM, f"{said}: the disk is as good as full.")
    if free < _LITTLE_ROOM:
        return Line(what, State.WARN, f"{said}: an hour of video takes 1 GB or more.")
    return Line(what, State.OK, f"{said}.")


def _workspace(settings: Settings, ask_passphrase: Callable[[], str] | None) -> Iterator[Line]:
    folder = settings.workspace
    if not open_workspace.exists(settings):
        yield Line("workspace", State.WARN, f"None in {folder} yet. Make one with: workbench init")
        return
    version = _schema_of(folder)
    if version is None:
        yield Line("workspace", State.PROBLEM, f"{folder / DATABASE} is no database of this program, or is damaged.")
        return
    if version != schema.head():
        known = version < schema.head()
        said = f"Schema {version} in {folder}; this program has {schema.head()}. " + (
            "The next start brings it up: make a backup first." if known else "Install the newer program to open it."
        )
        yield Line("workspace", State.WARN if known else State.PROBLEM, said)
        return
    yield _keys(settings)
    try:
        workspace = open_workspace.open_(settings, ask_passphrase)
    except (Refused, KeyStoreError) as error:
        yield Line("workspace", State.PROBLEM, f"{folder} does not open: {error}")
        return
    try:
        kind = "the demo's" if workspace.is_demo else "your own"
        yield Line("workspace", State.OK, f"{folder}, {kind}, schema {version}.")
        yield _private(folder)
        yield _audit(workspace)
        yield _vault(workspace)
    finally:
        workspace.close()


def _schema_of(folder: Path) -> str | None:
    """The schema version of a workspace's database, or None when it cannot be read as one."""
    engine = open_engine(folder / DATABASE)
    try:
        with engine.execution_options(reading=True).connect() as connection:
            return schema.current(connection)
    except Exception:  # whatever the database driver says about a damaged file
        return None
    finally:
        engine.dispose()


def _keys(settings: Settings) -> Line:
    try:
        kind = KeyRing.kind_of(settings.workspace)
    except (KeyStoreError, OSError) as error:
        return Line("keys", State.PROBLEM, f"The key database cannot be read: {error}")
    place = settings.key_file or settings.workspace / open_workspace.KEY_FILE
    if kind != "key file":
        return Line("keys", State.OK, f"The master key comes from the {kind}.")
    if place.parent == settings.workspace:
        said = f"The master key is the file {place}, inside the workspace"
        return Line("keys", State.WARN, f"{said}: keep a copy elsewhere, and leave it out of backups.")
    return Line("keys", State.OK, f"The master key is the file {place}, apart from the workspace.")


def _private(folder: Path) -> Line:
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        return Line(
            "permissions", State.WARN, f"Other accounts of this computer can look into {folder}: chmod 700 {folder}"
        )
    return Line("permissions", State.OK, "Only the account that runs the program can look into the folder.")


def _audit(workspace: Workspace) -> Line:
    problems, head = audit.verify(workspace.reading)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Line("audit chain", State.PROBLEM, f"{problems[0]}{more}")
    return Line("audit chain", State.OK, f"Whole: {head.seq} rows, the last one {head.hash[:12]}….")


def _vault(workspace: Workspace) -> Line:
    """Open every recording and read its first and last bytes, which unseals them."""
    with workspace.reading() as connection:
        every = [(s.code, r) for s in sessions.sessions(connection) for r in recordings.of_session(connection, s.id)]
    damaged = []
    for code, recording in every:
        try:
            with workspace.vault.open(recording.id, MEDIA) as sealed:
                sealed.pread(0, 1)
                sealed.pread(max(0, sealed.size - 1), 1)
        except (NotInVault, Tampered, KeyStoreError, OSError) as error:
            damaged.append(f"session {code}: {type(error).__name__}")
    if damaged:
        return Line(
            "vault", State.PROBLEM, f"{len(damaged)} of {len(every)} recordings do not open: {'; '.join(damaged[:5])}."
        )
    total = clock(sum(r.duration_ms for _, r in every))
    return Line(
        "vault", State.OK, f"{len(every)} recording{'s open' if len(every) != 1 else ' opens'}, {total} in all."
    )
