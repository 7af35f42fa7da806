"""Sets the Alliance Workbench up in a checkout and runs it. Needs Python 3.11 or newer, nothing else.

    python3 run.py demo      the sample workspace, in the browser
    python3 run.py test      all the tests
    python3 run.py check     what contributors run before a commit: format, lint, types, layers, tests

On Windows write `py run.py demo`. The first run creates the environment in `.venv`; later runs only
look whether it still fits. What follows the command is handed on: `python3 run.py test tests/model`.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
TORCH = "torch==2.13.0"
TORCH_CPU = "https://download.pytorch.org/whl/cpu"
WANTED = {"demo": ["speech"], "test": ["speech", "test"], "check": ["speech", "test", "lint"]}
MODELS = ("base", "tiny.en", "packaged")


def main() -> int:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in WANTED:
        print(__doc__)
        return 0 if command in ("", "-h", "--help") else 2
    if sys.version_info < (3, 11):
        print("The Alliance Workbench needs Python 3.11 or newer; this is Python", platform.python_version())
        return 2
    started = time.monotonic()
    _install(WANTED[command])
    if command == "demo":
        print(f"Set up in {time.monotonic() - started:.0f} seconds. Starting.", flush=True)
        return _call([str(PYTHON), "-m", "workbench", "demo", *sys.argv[2:]])
    if command == "check" and (failed := _checks()):
        return failed
    _chromium()
    for model in MODELS:
        if failed := _call([str(PYTHON), "-m", "workbench", "models", "install", model]):
            return failed
    return _call([str(PYTHON), "-m", "pytest", *sys.argv[2:]])


def _install(extras: list[str]) -> None:
    """Create the environment and install into it what `pyproject.toml` asks for, once per change."""
    wanted = hashlib.sha256((HERE / "pyproject.toml").read_bytes()).hexdigest()
    stamps = ENVIRONMENT / "installed"
    missing = [e for e in extras if not (stamps / e).is_file() or (stamps / e).read_text() != wanted]
    if PYTHON.is_file() and not missing:
        return
    if not PYTHON.is_file():
        print(f"Creating the environment in {ENVIRONMENT}", flush=True)
        venv.create(ENVIRONMENT, with_pip=True)
    print("Fetching Python packages; this happens once, and takes two to three minutes on a normal connection.")
    if "speech" in missing:
        _step("PyTorch, for speech (0.7 GB installed)")
        _torch()
    _step(
        "the program and what it stands on (0.5 GB)"
        + (", pyannote.audio and faster-whisper (0.6 GB)" * ("speech" in missing))
    )
    _pip(["--editable", f"{HERE}[{','.join(extras)}]"])
    stamps.mkdir(exist_ok=True)
    for extra in extras:
        (stamps / extra).write_text(wanted)


def _step(what: str) -> None:
    print(" ·", what, flush=True)


def _torch() -> None:
    """On Linux without an NVIDIA card take the CPU build, which needs no CUDA packages of several GB; elsewhere
    pip finds the right build by itself."""
    if platform.system() != "Linux" or shutil.which("nvidia-smi"):
        return
    found = subprocess.run([str(PYTHON), "-m", "pip", "show", "-qq", "torch"], check=False)
    if found.returncode == 0:
        return
    quick = ["--retries", "0", "--timeout", "20"]
    _pip([*quick, "--no-deps", "--index-url", TORCH_CPU, TORCH], may_fail=True)


def _pip(arguments: list[str], *, may_fail: bool = False) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *arguments]
    quiet = subprocess.DEVNULL if may_fail else None
    done = subprocess.run(command, check=False, stderr=quiet)
    if done.returncode and not may_fail:
        print("\nThe packages could not be installed; pip says why above. Nothing else was changed.")
        raise SystemExit(done.returncode)


def _checks() -> int:
    checks = (
        ["ruff", "format"],
        ["ruff", "check", "--fix"],
        ["mypy"],
        ["lint-imports"],
    )
    for name, *rest in checks:
        print("·", name, *rest, flush=True)
        if failed := _call([str(BIN / name), *rest]):
            return failed
    return 0


def _chromium() -> None:
    """The browser tests drive Debian's Chromium: install it where we may, else say what to do."""
    if os.environ.get("WORKBENCH_CHROMIUM") or shutil.which("chromium"):
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True, stdout=subprocess.DEVNULL)
        return
    print(
        "The browser tests need Chromium. Install it (Debian: sudo apt-get install chromium) or set "
        "WORKBENCH_CHROMIUM to the path of a Chromium or Chrome. To leave them out: "
        "python3 run.py test -m 'not browser and not slow'"
    )
    if not any("not browser" in a for a in sys.argv):
        raise SystemExit(2)


def _call(command: list[str]) -> int:
    try:
        return subprocess.run(command, cwd=HERE, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
