"""What a command did."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ran:
    """Exit status, output and error stream of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def problems(self) -> list[str]:
        """The problems listed on the error stream."""
        return [line.removeprefix("  - ") for line in self.err.splitlines() if line.startswith("  - ")]
