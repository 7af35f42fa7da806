"""What was acknowledged is there after a kill and after a power cut, and nothing is there twice."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench.store.keys import Erased, KeyFile, KeyRing

pytestmark = pytest.mark.faults

HERE = Path(__file__).parent
TIMES = 10


@dataclass
class Outcome:
    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    damaged: int = 0


@pytest.fixture(scope="session")
def keep_synced(tmp_path_factory) -> Path:
    """The library that keeps only what was fsynced, compiled."""
    library = tmp_path_factory.mktemp("lib") / "keep_synced.so"
    source = HERE / "keep_synced.c"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl", "-lpthread"], check=True)
    return library


def killed(folder: Path, library: Path | None = None, synchronous: str = "", seed: int = 0) -> Outcome:
    """Kill the saving child `TIMES` times and look at what is left.

    Every other time it is killed in the midst of saving; else just after its last acknowledgement,
    when no later commit can have carried the last one to the disk.
    """
    outcome, dice = Outcome(), random.Random(seed)
    for i in range(TIMES):
        file, synced = folder / f"{i}" / "a.db", folder / f"{i}" / "synced"
        synced.mkdir(parents=True)
        rows = 10**6 if i % 2 else dice.randrange(3, 30)
        environment = dict(os.environ)
        if library:
            environment |= {"LD_PRELOAD": str(library), "SYNCED": str(synced)}
        command = [sys.executable, HERE / "saving_child.py", file, str(rows), *([synchronous] if synchronous else [])]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
        said = _until(child, dice.randrange(100, 700))
        look_at(synced / "a.db" if library else file, said, outcome)
    return outcome


def _until(child: subprocess.Popen, enough: int) -> list[str]:
    """What the child said before it fell silent or had said enough, and was killed."""
    assert child.stdout is not None
    heard = []
    for line in child.stdout:
        if line == b"silent\n":
            break
        heard.append(line)
        if len(heard) == enough:
            break
    child.send_signal(signal.SIGKILL)
    rest = child.stdout.read()  # said before the kill
    assert child.wait() == -signal.SIGKILL, "the child ended by itself"
    return [line for line in (b"".join(heard) + rest).decode().split("\n")[:-1] if line != "silent"]


def look_at(file: Path, said: list[str], outcome: Outcome) -> None:
    with sqlite3.connect(file) as connection:
        outcome.damaged += connection.execute("PRAGMA integrity_check").fetchone() != ("ok",)
        known = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'coded'").fetchone()[0]
        rows = [uid for (uid,) in connection.execute("SELECT uid FROM coded")] if known else []
    outcome.acknowledged += len(said)
    outcome.lost += len(set(said) - set(rows))
    outcome.twice += len(rows) - len(set(rows))


def test_a_killed_server_loses_nothing_that_it_acknowledged(tmp_path):
    outcome = killed(tmp_path)
    assert outcome.acknowledged > 1000
    assert (outcome.lost, outcome.twice, outcome.damaged) == (0, 0, 0), outcome


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path, keep_synced):
    outcome = killed(tmp_path, keep_synced)
    assert outcome.acknowledged > 1000
    assert (outcome.lost, outcome.twice, outcome.damaged) == (0, 0, 0), outcome


def test_the_simulated_power_cut_would_notice_commits_that_do_not_wait_for_the_disk(tmp_path, keep_synced):
    outcome = killed(tmp_path, keep_synced, synchronous="NORMAL")
    assert outcome.acknowledged > 1000
    assert outcome.lost > 0, outcome


def test_a_power_cut_neither_loses_a_key_nor_brings_an_erased_one_back(tmp_path, keep_synced):
    for i, enough in enumerate((1, 2, 5, 6, 30)):
        folder, synced = tmp_path / f"{i}", tmp_path / f"{i}" / "synced"
        synced.mkdir(parents=True)
        environment = dict(os.environ) | {"LD_PRELOAD": str(keep_synced), "SYNCED": str(synced)}
        command = [sys.executable, HERE / "key_child.py", folder]
        said = _until(subprocess.Popen(command, stdout=subprocess.PIPE, env=environment), enough)
        ring = KeyRing.open(synced, KeyFile(folder / "master.key"))
        erased = {line.split()[1] for line in said if line.startswith("erased")}
        for _, recording, key in (line.split() for line in said if line.startswith("made")):
            if recording in erased:
                with pytest.raises(Erased):
                    ring.data_key(recording)
            elif recording != said[-1].split()[1]:  # the last one may be being erased
                assert ring.data_key(recording).hex() == key
