"""The agreement report: its numbers can be computed again, its text is harmless, and who may have it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.app.house import House
from workbench import agreement, schemes
from workbench.agreement import RaterCoding, Study
from workbench.model.coding import Event, Rating
from workbench.model.scheme import Code, CodeKind, RatingScale
from workbench.model.span import TimeSpan
from workbench.store.seen import Way, seen_by
from workbench.workflows import export
from workbench.workflows import report_agreement as work
from workbench.workflows.agree import Choice, Material, material
from workbench.workflows.read_audit import read_audit
from workbench.workflows.refusal import Refused
from workbench.workflows.report_agreement import Asked, Report
from workbench.workflows.report_ratings import of_pair

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
QUICK = Asked(replicates=60)


@pytest.fixture(scope="module")
def house(built_study: House) -> House:
    return built_study


@pytest.fixture(scope="module")
def report(house: House) -> Report:
    """Of five sessions: every coefficient, and quickly."""
    some = tuple(s.id for s in material(house.workspace, house.people["imre"], Choice()).sessions[:5])
    return work.report_agreement(house.workspace, house.people["imre"], Choice(session_ids=some), QUICK)


def results(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(report.files["agreement.json"])["results"]
    return found


def page(report: Report) -> str:
    return report.files["agreement.html"].decode()


def recomputed(report: Report, folder: Path) -> subprocess.CompletedProcess[str]:
    work.write_report(report, folder)
    command = [sys.executable, "recompute.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


# --- its words


def test_reasons_and_notes_name_codes_by_their_labels(report: Report, house: House) -> None:
    text = re.sub(r"<pre.*?</pre>|<[^>]+>", " ", page(report), flags=re.DOTALL)
    ids = [c.id for c in house.scheme.codes if "_" in c.id]
    assert ids and [i for i in ids if i in text] == []
    assert re.search("both raters gave not “[A-Z][^”]+” to every unit", text)


# --- its numbers


def test_every_number_is_the_same_when_computed_again_from_the_files(report: Report, tmp_path: Path) -> None:
    done = recomputed(report, tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    n = len(results(report))
    assert n > 200 and f"{n} of {n} numbers are the same." in done.stdout


def test_a_report_without_bootstrap_is_the_same_when_computed_again(tmp_path: Path) -> None:
    done = recomputed(work.report_of(hostile(), "A study", 0, AT, Asked(replicates=0)), tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_was_not_computed_is_named_as_readers_know_it(report: Report) -> None:
    left = page(report).split("<h2>What was left out</h2>")[1].split("<h2>")[0]
    assert "γ of codes: not computed, because it takes long" in left
    assert not any(f"{id} of" in left for id in agreement.coefficients_found() if "_" in id)


def test_a_number_that_was_altered_is_found(report: Report, tmp_path: Path) -> None:
    whole = json.loads(report.files["agreement.json"])
    whole["results"][3]["value"] += 1e-9
    altered = replace(report, files={**report.files, "agreement.json": json.dumps(whole).encode()})
    done = recomputed(altered, tmp_path / "out")
    assert done.returncode == 1 and "result 3:" in done.stdout


def test_every_coefficient_that_fits_is_in_it_and_the_others_say_why(report: Report) -> None:
    from workbench.agreement.coefficients import found

    whole = json.loads(report.files["agreement.json"])
    there = {r["id"] for r in whole["results"]} | {n["id"] for n in whole["not_computed"]}
    assert there == set(found())
    assert all(n["reason"] for n in whole["not_computed"])


def test_the_table_and_the_json_hold_the_same_values(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(report.files["agreement.csv"].decode())))
    told = results(report)
    assert [r["id"] for r in rows] == [r["id"] for r in told]
    assert [None if r["value"] == "" else float(r["value"]) for r in rows] == [r["value"] for r in told]


def test_the_numbers_of_the_tables_are_those_of_the_results(report: Report) -> None:
    first = next(r for r in results(report) if r["id"] == "krippendorff_alpha" and not r["settings"]["tolerance_ms"])
    text = page(report)
    for number in (first["value"], first["low"], first["high"]):
        assert f"{number:.3f}" in text


def test_what_two_raters_coded_is_in_the_matrix_and_in_the_json(report: Report) -> None:
    pair = json.loads(report.files["agreement.json"])["pairs"][0]
    same = sum(c["count"] for c in pair["confusion"] if c["first"] == c["second"])
    assert same == pair["agreed"] and sum(c["count"] for c in pair["confusion"]) == pair["moments"]
    assert "Confusions of fictional-r1 (rows) and fictional-r2 (columns)" in page(report)


def test_limits_of_agreement_are_drawn_and_a_d_study_stands_once_for_each_rating(report: Report) -> None:
    text = page(report)
    assert "Differences against means (Bland–Altman): Bond" in text and "limits of agreement" in text
    assert text.count("Generalizability, Bond: D-study") == 1 and "Eρ²" in text and "absolute SEM" in text


# --- its words


def test_the_method_is_filled_in(house: House, report: Report) -> None:
    text = page(report)
    scheme = f"Alliance Behaviours, version {house.scheme.version} (14 codes and 5 rating scales)"
    assert f"3 raters coded 5 sessions with {scheme}" in text
    assert "half-open time bins of 5 s" in text
    assert re.search(r"delete-one-session jackknife, t\(\d to 4\) \(Miller, 1974\)", text)
    assert "(nominal; Hayes &amp; Krippendorff, 2007; Krippendorff, 2011)" in text


def test_the_references_are_those_of_the_coefficients_used() -> None:
    asked = replace(QUICK, coefficients=("percent_agreement", "cohen_kappa"))
    made = work.report_of(hostile(), "A study", 0, AT, asked)
    cited = json.loads(made.files["agreement.json"])["references"]
    assert any(c.startswith("Cohen, J. (1960)") for c in cited)
    assert not any("Krippendorff" in c or "Shrout" in c for c in cited)
    assert all(c.replace("&", "&amp;") in page(made) for c in cited)


def test_word_and_page_hold_the_same_tables(report: Report) -> None:
    file = docx.Document(io.BytesIO(report.files["agreement.docx"]))
    assert page(report).count("<table>") == len(file.tables) - 1  # the first holds the facts
    cells = [c.text.replace("\N{NO-BREAK SPACE}", " ") for c in file.tables[1].rows[1].cells]
    assert all(f">{cell}<" in page(report) for cell in cells)


# --- what was typed stays text


NASTY = "=cmd()|' /C calc'!A0 <script>alert(\"κ\")</script>"


def hostile() -> Material:
    """Two raters, a code and a scale whose names are formulas and markup."""
    scheme = replace(
        schemes.shipped_schemes()["alliance_behaviours"],
        codes=(Code("=cmd()", NASTY, CodeKind.POINT, "a", ""), Code("<b>", "'quoted'", CodeKind.POINT, "b", "")),
        ratings=(RatingScale("@scale", NASTY, 1, 5, ""),),
    )

    def coding(session: str, rater: str, shift: int) -> RaterCoding:
        events = tuple(
            Event(f"{rater}{n}", ("=cmd()", "<b>")[n % 2], 20_000 * n + shift * (n % 3) * 4000) for n in range(12)
        )
        rating = Rating("@scale", 0, float(1 + (len(session) + shift) % 5))
        return RaterCoding(session, rater, events, (rating,), (TimeSpan(0, 300_000),))

    raters = ("+rater", 'r"; import os #')
    sessions = ["s", "s'2", "=s3+1", "<s>4 \\"]
    study = Study(tuple(coding(s, r, n) for s in sessions for n, r in enumerate(raters)))
    return Material(study, scheme, (), (), {}, {})


def test_formulas_and_markup_in_names_stay_text(tmp_path: Path) -> None:
    made = work.report_of(hostile(), NASTY, 0, AT, QUICK)
    assert "<script" not in page(made) and "&lt;script&gt;" in page(made)
    for row in csv.reader(io.StringIO(made.files["agreement.csv"].decode())):
        assert not [cell for cell in row if cell[:1] in tuple("=@+") or (cell[:1] == "-" and not _number(cell))]
    assert made.name == "agreement-cmd-c-calc-a0-script-alert-script"
    docx.Document(io.BytesIO(made.files["agreement.docx"]))


def test_names_that_look_like_code_are_computed_again_as_names(tmp_path: Path) -> None:
    done = recomputed(work.report_of(hostile(), NASTY, 0, AT, QUICK), tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "numbers are the same" in done.stdout


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_where_nothing_agrees_or_nothing_is_there_the_report_says_so() -> None:
    scheme = schemes.shipped_schemes()["alliance_behaviours"]
    window = (TimeSpan(0, 60_000),)
    silent = Study(tuple(RaterCoding("s", r, windows=window) for r in ("ada", "ben")))
    made = work.report_of(Material(silent, scheme, (), (), {}, {}), "Silence", 0, AT, QUICK)
    assert "chance alone" in page(made) or "without variation" in page(made)
    alone = Study((RaterCoding("s", "ada", windows=window),))
    made = work.report_of(Material(alone, scheme, (), (), {}, {}), "One", 0, AT, QUICK)
    assert made.n_values == 0 and "Nothing could be computed" in page(made)
    assert "there is one rater; agreement needs two" in page(made)


# --- who may have it, and what is left behind


@pytest.mark.parametrize("name", ["ada", "eve", "farid"])
def test_who_may_not_see_agreement_gets_no_report(house: House, name: str) -> None:
    with pytest.raises(Refused):
        work.report_agreement(house.workspace, house.people[name], Choice(), QUICK)


def test_a_report_is_in_the_audit_and_its_codings_count_as_seen(house: House) -> None:
    carla = house.people["carla"]
    work.report_agreement(house.workspace, carla, Choice(), replace(QUICK, coefficients=("percent_agreement",)))
    with house.workspace.reading() as connection:
        seen = seen_by(connection, carla.id, Way.COUNTED)
    chosen = material(house.workspace, house.people["imre"], Choice())
    assert set(chosen.coding_ids.values()) <= set(seen)
    entries = read_audit(house.workspace, house.people["eve"])
    assert any(e.action == "report.agreement" and e.who == "Carla" for e in entries)


def test_sessions_without_consent_to_sharing_are_left_out_and_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    some: Callable[..., list[str]] = lambda workspace, chosen: sorted(s.code for s in chosen.sessions)[:9]  # noqa: E731
    monkeypatch.setattr(work, "shareable", some)
    few = replace(QUICK, coefficients=("percent_agreement",))
    made = work.report_agreement(house.workspace, house.people["imre"], Choice(), few)
    n = len(export.shareable(house.workspace, material(house.workspace, house.people["imre"], Choice())))
    assert (made.n_sessions, made.n_left_out) == (9, n - 9)
    assert f"{n - 9} of {n} sessions, because consent to sharing for research is missing" in page(made)
    rows = csv.DictReader(io.StringIO(made.files["events.csv"].decode()))
    assert len({r["session"] for r in rows}) == 9
    monkeypatch.setattr(work, "shareable", lambda workspace, chosen: [])
    with pytest.raises(Refused, match="shared for research"):
        work.report_agreement(house.workspace, house.people["imre"], Choice(), QUICK)


def test_a_report_is_written_whole_or_not_at_all(report: Report, tmp_path: Path) -> None:
    (tmp_path / "agreement.docx").write_bytes(b"mine")
    with pytest.raises(Refused, match=r"agreement\.docx"):
        work.write_report(report, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["agreement.docx"]


def test_the_zip_holds_every_file_in_one_folder(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(work.packed(report).data)) as archive:
        assert {n.split("/")[1] for n in archive.namelist()} == set(report.files)
        assert {n.split("/")[0] for n in archive.namelist()} == {report.name}


@pytest.mark.parametrize("higher", ["anna", "ben"])
def test_drawn_differences_go_the_same_way_as_their_mean(higher: str) -> None:
    study = Study(
        tuple(
            RaterCoding(f"s{n}", rater, ratings=(Rating("bond", 0, 3 + n % 3 + (1 + n % 2) * (rater == higher)),))
            for n in range(6)
            for rater in ("anna", "ben")
        )
    )
    data = agreement.units(study, "ratings", "bond")
    [bias] = agreement.compute_all(["bland_altman"], data, all_variants=False)
    drawn = of_pair(study, "bond", bias)
    assert drawn is not None and drawn[0][0] == higher
    differences = [difference for _, difference in drawn[2]]
    assert sum(differences) / len(differences) == pytest.approx(bias.value) == pytest.approx(1.5)
