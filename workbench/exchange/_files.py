"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

_RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))}


def refuse_file_name(name: str) -> None:
    """Raise ValueError when `name` cannot be a file's name on every system."""
    if (
        not name
        or name != name.strip()
        or name.startswith(".")
        or name.split(".")[0].lower() in _RESERVED
        or re.search(r'[/\\:*?"<>|\x00-\x1f\x7f]', name)
    ):
        raise ValueError(f"{name!r} cannot be a file name: expected letters, digits, spaces, '-', '_' or '.'")


def write_together(contents: Mapping[str, bytes], folder: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write every file of `contents` (name → bytes) into `folder`, or none of them.

    Raises FileExistsError unless `overwrite` (and always for a folder of that name), and OSError; the
    folder is then as it was before.
    """
    targets = {name: folder / name for name in contents}
    there = sorted(name for name, path in targets.items() if path.exists() or path.is_symlink())
    if there and not overwrite:
        raise FileExistsError(f"{folder} already holds {', '.join(there)}; nothing was written")
    if folders := [name for name in there if targets[name].is_dir()]:
        raise FileExistsError(f"{folder} holds folders named {', '.join(folders)}; nothing was written")
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    mark = secrets.token_hex(4)
    new = {name: folder / f".{mark}.new.{number}" for number, name in enumerate(targets)}
    old = {name: folder / f".{mark}.old.{number}" for number, name in enumerate(targets)}
    set_aside: list[str] = []
    placed: list[str] = []
    try:
        for name, data in contents.items():
            write_durably(new[name], data)
        for name in there:
            targets[name].rename(old[name])
            set_aside.append(name)
        for name, target in targets.items():
            new[name].replace(target)
            placed.append(name)
    except BaseException:
        for name in placed:
            targets[name].unlink(missing_ok=True)
        for name in set_aside:
            old[name].replace(targets[name])
        for path in new.values():
            path.unlink(missing_ok=True)
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    sync_folder(folder)
    for name in set_aside:
        with contextlib.suppress(OSError):  # the new files stand; what was replaced may be open elsewhere
            old[name].unlink()
    return tuple(targets.values())


def write_durably(path: Path, data: bytes) -> None:
    """A new file at `path` whose bytes are on the disk when this returns."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, where the system allows a folder to be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
