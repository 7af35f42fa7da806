"""Running commands as people do, without leaving the process: status, output, error stream."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.cli.running import Ran
from workbench.cli import app, call


@pytest.fixture(autouse=True)
def _own_passphrase(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The passphrase is asked for once per process: forget it between tests."""
    monkeypatch.delenv(call.PASSPHRASE, raising=False)
    call.ask_passphrase.cache_clear()
    yield
    call.ask_passphrase.cache_clear()


@pytest.fixture
def run() -> Callable[..., Ran]:
    """`run("user", "list")` is what `workbench user list` would have done."""

    def of(*arguments: object, stdin: str | None = None) -> Ran:
        result = CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return of


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A second of sound, so that there is a medium which costs nothing to read."""
    file = tmp_path / "tone.wav"
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        out.writeframes(b"".join(((i % 80 - 40) * 300).to_bytes(2, "little", signed=True) for i in range(16_000)))
    return file
