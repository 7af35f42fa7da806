"""The sample codings fit their scheme and what is said in their recordings."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from workbench.alliance import of_observers
from workbench.model.coding import Rating
from workbench.model.scheme import CodeKind
from workbench.registry import shipped, shipped_files
from workbench.schemes import shipped_schemes

FILES = [f for f in shipped_files("sample_media", "codings/*.json") if f.name.startswith("dev")]
SCHEME = shipped_schemes()["alliance_behaviours"]
TALKING = {"provider": "T", "patient": "C"}


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_sample_coding_fits_its_scheme_and_window(path: Path) -> None:
    coding = read(path)
    assert (coding["scheme"], coding["scheme_version"]) == (SCHEME.name, SCHEME.version)
    assert path.name == f"{coding['recording']}.{coding['rater']}.json"
    truth = read(shipped("sample_media") / f"{coding['recording']}.json")
    assert coding["windows"] == [[0, round(truth["duration"] * 1000)]]
    events = coding["events"] + coding.get("also_defensible", [])
    assert [e["start_ms"] for e in coding["events"]] == sorted(e["start_ms"] for e in coding["events"])
    for event in events:
        assert (event["end_ms"] is not None) == (SCHEME.code(event["code"]).kind is CodeKind.STATE)
        assert 0 <= event["start_ms"] < (event["end_ms"] or event["start_ms"] + 1) <= coding["windows"][0][1]
        assert event["rationale"].rstrip('"').endswith((".", "?"))
    assert [r["scale"] for r in coding["ratings"]] == [r.id for r in SCHEME.ratings]
    scored = of_observers(
        SCHEME, {"x": [Rating(r["scale"], 0, r["value"], r["no_evidence"]) for r in coding["ratings"]]}
    )
    assert scored.value is not None


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_point_falls_into_a_turn_of_the_person_it_is_about(path: Path) -> None:
    coding = read(path)
    turns = read(shipped("sample_media") / f"{coding['recording']}.json")["turns"]
    of_one_person = 0
    for event in coding["events"] + coding.get("also_defensible", []):
        who = TALKING.get(SCHEME.code(event["code"]).who)
        at = event["start_ms"] / 1000
        near = {t["speaker"] for t in turns if t["start"] - 0.5 <= at <= t["end"] + 0.5}
        assert who is None or who in near, event
        of_one_person += who is not None
    assert of_one_person


def test_the_practice_criterion_has_six_codes_over_the_whole_four_minutes() -> None:
    criterion = read(shipped("sample_media") / "codings" / "dev1_rupture_repair.criterion.json")
    assert len(criterion["events"]) == 6
    assert criterion["windows"] == [[0, 234_148]]
    codes = {e["code"] for e in criterion["events"]}
    assert {"rupture_confrontation", "repair"} < codes


def test_the_two_observers_mostly_agree_and_differ_where_people_would() -> None:
    one, two = (read(shipped("sample_media") / "codings" / f"dev2_goals.observer{n}.json")["events"] for n in (1, 2))
    hits = sum(any(o["code"] == e["code"] and abs(o["start_ms"] - e["start_ms"]) <= 2000 for o in two) for e in one)
    assert 12 <= hits < len(one)
    counts = Counter(e["code"] for e in one), Counter(e["code"] for e in two)
    assert counts[0] != counts[1]
