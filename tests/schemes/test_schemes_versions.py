"""What was shipped under a version never changes: `shipped_versions.json` holds the identity of each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.model.instrument import Instrument
from workbench.model.scheme import CodingScheme
from workbench.schemes import shipped_instruments, shipped_schemes

VERSIONS = Path(__file__).parent / "shipped_versions.json"
PINNED: dict[str, dict[str, str]] = json.loads(VERSIONS.read_text(encoding="utf-8"))
SHIPPED = [*shipped_schemes().values(), *shipped_instruments().values()]


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda s: s.name)
def test_what_is_shipped_under_a_version_is_what_always_was(shipped: CodingScheme | Instrument) -> None:
    versions = PINNED.get(shipped.name, {})
    said = (
        f"{shipped.name} {shipped.version} was edited: give it a new version"
        if shipped.version in versions
        else f'{shipped.name} {shipped.version} is new: add "{shipped.version}": "{shipped.hash}" to {VERSIONS.name}'
    )
    assert versions.get(shipped.version) == shipped.hash, said


def test_versions_are_only_ever_added() -> None:
    assert set(PINNED) >= {s.name for s in SHIPPED}
    hashes = [h for versions in PINNED.values() for h in versions.values()]
    assert len(hashes) == len(set(hashes)), "two versions say the same"
