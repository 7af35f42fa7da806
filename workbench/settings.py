"""Settings: flag > environment > workspace `config.toml` > default, as one frozen object."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import platformdirs

APP = "alliance-workbench"


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it, its source and what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default.

    Each field is also an environment variable: `WORKBENCH_` and the name in capitals
    (`workspace` is `WORKBENCH_HOME`).
    """

    workspace: Path = Path(platformdirs.user_data_dir(APP, appauthor=False)) / "workspace"
    models_folder: Path = Path(platformdirs.user_data_dir(APP, appauthor=False)) / "models"
    host: str = "127.0.0.1"
    port: int = 8501
    transcription_model: str = "base"
    diarization_model: str = "packaged"
    login_idle_minutes: int = 30
    login_hours: int = 12
    site_zone: str = "UTC"
    key_file: Path | None = None


_VARIABLE = {"workspace": "WORKBENCH_HOME"}


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return _VARIABLE.get(name, f"WORKBENCH_{name.upper()}")


def load(flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings in force. `flags` that are None count as not given.

    Raises SettingsError for a value that does not fit, or an unknown name in `config.toml`.
    """
    env = os.environ if environ is None else environ
    given: dict[str, Any] = {}
    for f in fields(Settings):
        if (value := env.get(variable(f.name))) not in (None, ""):
            given[f.name] = _convert(f.name, value, f"environment variable {variable(f.name)}")
    for name, value in (flags or {}).items():
        if value is not None:
            given[name] = _convert(name, value, f"--{name.replace('_', '-')}")
    file = Path(given.get("workspace", Settings().workspace)) / "config.toml"
    if file.is_file():
        given = _from_file(file) | given
    return Settings(**given)


def _from_file(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: not readable as TOML: {error}") from None
    known = {f.name for f in fields(Settings)} - {"workspace"}
    if unknown := sorted(set(table) - known):
        raise SettingsError(f"{file}: unknown setting {', '.join(unknown)}; there are: {', '.join(sorted(known))}")
    return {name: _convert(name, value, str(file)) for name, value in table.items()}


def _convert(name: str, value: Any, source: str) -> Any:
    kinds = {"workspace": Path, "models_folder": Path, "key_file": Path}
    numbers = {"port": (1, 65535), "login_idle_minutes": (1, 1440), "login_hours": (1, 168)}
    if name in kinds:
        return Path(value).expanduser().absolute()
    if name in numbers:
        low, high = numbers[name]
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise SettingsError(f"{source}: {name} is {value!r}, expected a whole number") from None
        if not low <= number <= high:
            raise SettingsError(f"{source}: {name} is {number}, expected {low} to {high}")
        return number
    return str(value)
