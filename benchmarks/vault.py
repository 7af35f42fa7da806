"""How fast recordings go into the vault and come out of it.

python benchmarks/vault.py [--mebibytes 256] [--out benchmarks/results/vault.md]
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import os
import platform
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from workbench.store.keys import KeyFile, KeyRing
from workbench.store.vault import SLICE, Vault

RANGES = 400


def speed(size: int, act: Callable[[], object]) -> str:
    start = time.perf_counter()
    act()
    return f"{size / 1e6 / (time.perf_counter() - start):.0f} MB/s"


def spread(seconds: list[float]) -> str:
    ms = sorted(1000 * s for s in seconds)
    return f"p50 {statistics.median(ms):.2f}, p99 {ms[int(len(ms) * 0.99)]:.2f}, worst {ms[-1]:.2f} ms"


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def measure(folder: Path, size: int) -> list[tuple[str, str]]:
    vault = Vault(folder / "vault", KeyRing.create(folder / "keys", KeyFile(folder / "master.key")))
    source = folder / "source"
    block = os.urandom(1 << 20)
    with source.open("wb") as file:
        for _ in range(size >> 20):
            file.write(block)
    rows: list[tuple[str, str]] = []

    def store() -> None:
        with source.open("rb") as file:
            vault.write("r1", "medium", file)

    def upload() -> None:
        vault.begin_upload("u1")
        with source.open("rb") as file:
            offset = 0
            while data := file.read(SLICE):
                offset = vault.append("u1", offset, data)

    def finish() -> None:
        vault.finish("u1").reader.close()

    def read() -> None:
        with vault.open("r1", "medium") as reader:
            for offset in range(0, reader.size, 1 << 20):
                reader.pread(offset, 1 << 20)

    def plain() -> None:
        with source.open("rb") as file:
            while file.read(1 << 20):
                pass

    def digest() -> None:
        with source.open("rb") as file:
            hashlib.file_digest(file, "sha256")

    rows.append(("store a file, fsync included", speed(size, store)))
    rows.append(("upload in slices of 8 MiB, each fsynced", speed(size, upload)))
    rows.append(("finish the upload: join, fsync, SHA-256", speed(size, finish)))
    rows.append(("adopt the upload as a recording", f"{1000 * timed(lambda: vault.adopt('u1', 'r2')):.1f} ms"))
    rows.append(("read from start to end, by 1 MiB", speed(size, read)))
    rows.append(("for comparison: read the plain file", speed(size, plain)))
    rows.append(("for comparison: SHA-256 of the plain file", speed(size, digest)))
    rows.append(
        (
            "open (key database, header, last segment)",
            spread([timed(lambda: vault.open("r1", "medium").close()) for _ in range(200)]),
        )
    )
    dice = random.Random(1)
    with vault.open("r1", "medium") as reader:
        for name, length in (("1 byte", 1), ("64 KiB", 1 << 16), ("256 KiB", 1 << 18), ("1 MiB", 1 << 20)):
            spots = [dice.randrange(size - length) for _ in range(RANGES)]
            rows.append(
                (
                    f"range of {name} at random",
                    spread([timed(lambda at=at, n=length: reader.pread(at, n)) for at in spots]),
                )
            )
        rows.append(("20 players at once, ranges of 256 KiB", spread(players(reader.pread, size, dice))))
    sealed = sum(f.stat().st_size for f in vault.folder.rglob("*") if f.is_file()) / 2
    rows.append(("larger than the plain file by", f"{100 * (sealed - size) / size:.3f} %"))
    return rows


def players(pread: Callable[[int, int], bytes], size: int, dice: random.Random) -> list[float]:
    """Twenty players, each with a range every 50 ms for 3 s."""
    taken: list[float] = []

    def play(seed: int) -> None:
        own, due = random.Random(seed), time.perf_counter() + seed % 50 / 1000
        for _ in range(60):
            time.sleep(max(0.0, due - time.perf_counter()))
            taken.append(timed(lambda: pread(own.randrange(size - (1 << 18)), 1 << 18)))
            due += 0.05

    threads = [threading.Thread(target=play, args=(dice.randrange(10**6),)) for _ in range(20)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mebibytes", type=int, default=256)
    parser.add_argument("--folder", type=Path, help="where to work (default: the system's folder for temporary files)")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    load_before = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        rows = measure(Path(folder), given.mebibytes << 20)
    text = "\n".join(
        [
            "# The vault's speed",
            "",
            f"{datetime.date.today().isoformat()}. One file of {given.mebibytes} MiB; AES-256-GCM in segments of "
            f"64 KiB; {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, cryptography "
            f"{version('cryptography')}, load {load_before:.1f} before the start. Files just written are read from the "
            f"system's memory, not from the disk. `python benchmarks/vault.py --mebibytes {given.mebibytes}`",
            "",
            "| what | measured |",
            "| --- | --- |",
            *(f"| {what} | {value} |" for what, value in rows),
            "",
        ]
    )
    print(text)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
