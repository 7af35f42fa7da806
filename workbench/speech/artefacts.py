"""Where the steps of the pipeline keep what they made, until the transcript is there and after."""

from __future__ import annotations

import json
from typing import Any, Protocol


class Artefacts(Protocol):
    """Where steps keep what they made, for one recording. Names are letters, digits and hyphens."""

    def has(self, name: str) -> bool: ...

    def read(self, name: str) -> bytes: ...

    def write(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`, wholly or not at all."""


class MemoryArtefacts:
    """Artefacts in memory, for one run without resumption."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def has(self, name: str) -> bool:
        return name in self._kept

    def read(self, name: str) -> bytes:
        return self._kept[name]

    def write(self, name: str, data: bytes) -> None:
        self._kept[name] = data


def dump(value: Any) -> bytes:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
