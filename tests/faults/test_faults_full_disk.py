"""A full disk: everybody is told "not saved" in a sentence, nothing is torn, and it goes on later."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults

CHILD = Path(__file__).parent / "full_disk_child.py"


def own_disk(folder: Path) -> list[str]:
    """How to run a command with a real disk of 4 MiB at `folder`; empty where this system forbids it."""
    mount = ["sh", "-c", 'mount -t tmpfs -o size=4m none "$0" && exec "$@"', str(folder)]
    own = ["unshare", *([] if os.getuid() == 0 else ["--user", "--map-root-user"]), "--mount"]
    try:
        allowed = subprocess.run([*own, *mount, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        allowed = False
    return [*own, *mount] if allowed else []


@pytest.mark.parametrize("kind", ["small disk", "small files"])
def test_a_full_disk_tears_nothing_and_is_said_in_a_sentence(tmp_path, kind):
    folder = tmp_path / "disk"
    folder.mkdir()
    within = own_disk(folder) if kind == "small disk" else []
    if not within:
        kind = "small files"  # a limit on the size of files meets the same calls
    ran = subprocess.run([*within, sys.executable, CHILD, folder, kind], capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout)
    for what, sentence in seen["said"].items():
        if what == "coding":
            assert sentence.startswith("NotSaved: ") and "so this was not saved" in sentence, (what, sentence)
        else:
            assert sentence.startswith("NotStored: Not saved: ") and "full" in sentence, (what, sentence)
            assert "hear me" not in sentence
    assert seen["unchanged"], "a file was torn, lost, or left half written"
    assert seen["went on at"] == 100_000
    assert seen["later"]
    assert seen["saved"] == seen["acknowledged"] == ["before", "after"]
