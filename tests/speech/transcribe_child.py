"""A process that transcribes, for tests that kill it: `python transcribe_child.py MEDIUM KEPT MODELS`.

Artefacts are files of the folder KEPT; each start of a step is a line of KEPT/starts.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from workbench.speech.pipeline import Settings, Step, transcribe


class FolderArtefacts:
    """Artefacts as files, each written wholly or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str) -> bool:
        return (self._folder / name).is_file()

    def read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        part = self._folder / f"{name}.part"
        part.write_bytes(data)
        part.replace(self._folder / name)


SETTINGS = Settings(model="tiny.en", speakers=2)


def main(medium: Path, kept: Path, models: Path) -> None:
    def note(step: Step) -> None:
        with (kept / "starts").open("a") as out:
            out.write(f"{step.name}\n")
            out.flush()
            os.fsync(out.fileno())

    transcribe(medium, SETTINGS, FolderArtefacts(kept), models, before_step=note)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
