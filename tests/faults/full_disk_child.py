"""Stores, uploads and saves on a disk that is full, then on the same disk with room again.

Arguments: a folder; "small disk" when the folder lies on a disk of 4 MiB, or "small files" to forbid
files of more than 256 KiB to this process. Prints what happened as JSON.
"""

import json
import resource
import sys
from pathlib import Path

from sqlalchemy import text

from workbench.store.engine import NotSaved, open_engine
from workbench.store.keys import KeyFile, KeyRing
from workbench.store.vault import NotStored, Vault
from workbench.store.writer import GroupCommitWriter

INSERT = text("INSERT INTO coded (uid) VALUES (:uid)")
WORDS = b"I felt that you did not hear me last week. " * 2000
SLICE = 100_000


def limit_files(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class Disk:
    def __init__(self, folder: Path, kind: str) -> None:
        self.ballast, self.files_only = folder / "ballast", kind == "small files"
        if self.files_only:
            limit_files(256 << 10)

    def fill(self) -> None:
        """To the last byte."""
        if self.files_only:
            limit_files(1)
            return
        with self.ballast.open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    pass

    def make_room(self) -> None:
        if self.files_only:
            limit_files(8 << 20)
        else:
            self.ballast.unlink()


def refused(act) -> str:
    """The sentence with which `act` was refused; empty when it was not."""
    try:
        act()
    except (NotStored, NotSaved) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main(folder: Path, kind: str) -> dict:
    ring = KeyRing.create(folder / "keys", KeyFile(folder / "master.key"))
    vault = Vault(folder / "vault", ring)
    engine = open_engine(folder / "a.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE coded (id INTEGER PRIMARY KEY, uid TEXT NOT NULL) STRICT")
    writer = GroupCommitWriter(engine)
    acknowledged: list[str] = []

    def save(uid: str) -> None:
        writer.submit(lambda c: c.execute(INSERT, {"uid": uid}).rowcount).result()
        acknowledged.append(uid)

    def names() -> list[str]:
        return sorted(str(f) for f in vault.folder.rglob("*") if f.is_file())

    vault.write("r1", "transcript", WORDS)
    vault.begin_upload("u1")
    vault.append("u1", 0, (WORDS * 5)[:SLICE])
    save("before")
    before, said = names(), {}

    disk = Disk(folder, kind)
    said["new artefact too large"] = refused(lambda: vault.write("r1", "medium", WORDS * 100))
    said["replacement too large"] = refused(lambda: vault.write("r1", "transcript", WORDS * 100))
    said["slice too large"] = refused(lambda: vault.append("u1", SLICE, WORDS * 100))
    disk.fill()
    said["small artefact"] = refused(lambda: vault.write("r1", "peaks", WORDS))
    said["new recording"] = refused(lambda: vault.write("r2", "peaks", WORDS))
    said["slice"] = refused(lambda: vault.append("u1", SLICE, WORDS))
    said["join"] = refused(lambda: vault.finish("u1"))
    said["coding"] = refused(lambda: save("x" * 20_000))
    during = names()
    disk.make_room()

    old = vault.read("r1", "transcript") == WORDS
    go_on = vault.begin_upload("u1")
    for offset in range(go_on, 5 * len(WORDS), SLICE):
        vault.append("u1", offset, (WORDS * 5)[offset : offset + SLICE])
    vault.finish("u1").reader.close()
    vault.adopt("u1", "r3")
    vault.write("r2", "peaks", WORDS)
    save("after")
    writer.close()
    with engine.connect() as connection:
        saved = list(connection.scalars(text("SELECT uid FROM coded ORDER BY id")))
    return {
        "said": said,
        "unchanged": before == during and old,
        "went on at": go_on,
        "later": vault.read("r3", "medium") == WORDS * 5 and vault.read("r2", "peaks") == WORDS,
        "acknowledged": acknowledged,
        "saved": saved,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
