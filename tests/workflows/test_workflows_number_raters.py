"""Raters by number in a report that leaves the house: no name, always the same number, and every figure as it is
with names."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from tests.app.house import House
from workbench.model.assignment import Purpose
from workbench.model.people import Role
from workbench.model.span import TimeSpan
from workbench.workflows import import_study, manage_people
from workbench.workflows import report_agreement as work
from workbench.workflows.agree import Choice, Material, material
from workbench.workflows.number_raters import numbered, numbers_of
from workbench.workflows.report_agreement import Asked, Report

FEW = Asked(replicates=0, coefficients=("percent_agreement", "cohen_kappa"))


@pytest.fixture(scope="module")
def house(built_study: House) -> House:
    return built_study


def chosen(house: House, choice: Choice | None = None) -> Material:
    return material(house.workspace, house.people["imre"], choice or Choice())


def report(house: House, choice: Choice, asked: Asked = FEW, by_number: bool = True) -> Report:
    return work.report_agreement(house.workspace, house.people["imre"], choice, asked, numbered=by_number)


def test_raters_by_number_are_named_nowhere(house: House) -> None:
    made = report(house, Choice())
    for name, data in made.files.items():
        assert b"fictional-r" not in data, name
        assert not any(r.id.encode() in data for r in chosen(house).raters), name
    assert "R1, R2, R3" in made.files["agreement.html"].decode()
    assert report(house, Choice()).files["events.csv"] == made.files["events.csv"]


def test_a_rater_has_the_same_number_in_a_report_on_two_raters_as_in_one_on_all(house: House) -> None:
    every = numbers_of(house.workspace, chosen(house))
    assert sorted(every.values()) == ["R1", "R2", "R3"]
    for left_out in chosen(house).raters:
        two = tuple(r.id for r in chosen(house).raters if r != left_out)
        some = chosen(house, Choice(rater_ids=two, session_ids=tuple(s.id for s in chosen(house).sessions[:4])))
        assert numbers_of(house.workspace, some) == {k: v for k, v in every.items() if k != left_out.login_name}
        page = report(house, Choice(rater_ids=two)).files["agreement.html"].decode()
        assert every[left_out.login_name] not in page.split("<h2>Method</h2>")[0]


def test_numbers_follow_neither_names_nor_ids_nor_a_digest_of_them(house: House) -> None:
    """Whoever knows the ids, as from an address that was pasted, cannot put the numbers in order."""
    people = [f"person-{n}" for n in range(40)]
    drawn = sorted(people, key=house.workspace.keys.lot)
    assert drawn != people and drawn != sorted(people, key=lambda p: hashlib.sha256(p.encode()).digest())


def test_a_rater_without_a_number_is_an_error_and_never_a_name(house: House) -> None:
    with pytest.raises(KeyError):
        numbered(chosen(house), {"fictional-r1": "R1", "fictional-r2": "R2"})


def test_the_audit_says_that_a_report_went_out_by_number_and_not_who_is_who(house: House) -> None:
    from workbench.workflows.read_audit import read_audit

    report(house, Choice())
    entries = [e for e in read_audit(house.workspace, house.people["eve"]) if e.action == "report.agreement"]
    assert "numbered" in repr(entries[0]) and "R1" not in repr(entries[0])


# --- the same figures

# for all raters, for pairs, with dates, with dyads, on numbers, on units of other kinds
EVERY_KIND = (
    "krippendorff_alpha",
    "cohen_kappa",
    "drift",
    "generalizability",
    "icc",
    "bland_altman",
    "alignment_kappa",
    "unitizing_alpha",
)


def told(made: Report, names: dict[str, str]) -> dict[str, Any]:
    """Every figure of a report by what it is of, with the raters by number."""

    def of(value: Any) -> Any:
        if isinstance(value, str):
            return names.get(value, value)
        if isinstance(value, list):
            return sorted(map(of, value), key=repr)
        return value

    out: dict[str, Any] = {}
    for r in json.loads(made.files["agreement.json"])["results"]:
        settings = {k: of(v) for k, v in r["settings"].items() if k not in ("source", "difference")}
        key = json.dumps([r["id"], r["variant"], of(r["raters"]), settings], sort_keys=True, default=repr)
        assert key not in out
        counts = ("n_units", "n_pairable", "n_sessions", "missing", "missing_share", "undefined_replicates")
        out[key] = {k: r[k] for k in ("value", "low", "high", *counts) if isinstance(r[k], int | float)}
        out[key] |= {k: v for k, v in r["details"].items() if isinstance(v, float)}
    return out


def test_a_report_by_number_has_every_figure_of_the_one_with_names(house: House) -> None:
    choice = Choice(session_ids=tuple(s.id for s in chosen(house).sessions[:4]))
    asked = Asked(replicates=60, coefficients=EVERY_KIND)
    names = numbers_of(house.workspace, chosen(house))
    by_name, by_number = report(house, choice, asked, by_number=False), report(house, choice, asked)
    hours = [set(re.findall(r"T(\d\d):", made.files["ratings.csv"].decode())) for made in (by_name, by_number)]
    assert len(hours[0]) > 2 and hours[1] == {"00"}
    with_names, with_numbers = told(by_name, names), told(by_number, {})
    assert len(with_names) > 200 and with_names.keys() == with_numbers.keys()
    assert {key.split('"')[1] for key in with_names} == set(EVERY_KIND)
    for key, figures in with_names.items():
        assert figures == pytest.approx(with_numbers[key], rel=1e-9, abs=1e-9), key
    pairs = [json.loads(made.files["agreement.json"])["pairs"] for made in (by_name, by_number)]
    shares = [sorted((p["agreed"], p["moments"], p["sessions"]) for p in some) for some in pairs]
    assert shares[0] == shares[1]


# --- who joins later (last: it changes the study)


def test_whoever_joins_later_gets_the_next_number_and_nobody_another(house: House) -> None:
    before = numbers_of(house.workspace, chosen(house))
    session = chosen(house).sessions[0]
    for n in range(4, 9):  # of five new raters some lot would come before another's
        person = manage_people.add_person(house.workspace, None, f"new{n}", f"New {n}", "a password", (Role.OBSERVER,))
        with house.workspace.changing(None, "assignment.add", "session", session.id) as connection:
            given = (connection, session, person.id, house.scheme, [TimeSpan(900_000, 2_580_000)])
            import_study.add_coding(*given, {"events": [], "ratings": []}, 1_750_000_000_000, Purpose.STUDY)
        after = numbers_of(house.workspace, chosen(house))
        assert after == before | {f"new{n}": f"R{n}"}
        before = after
