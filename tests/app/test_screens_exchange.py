"""Export and own data on screen, moments that can be played, and what the screens say while there is nothing."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House, rate
from tests.app.test_app_screens import text_of
from workbench import agreement
from workbench.agreement.coefficients import own_way
from workbench.app.parts.says import SHOWN
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.workflows import agree, assign, code, export, measure_agreement, own_table, record_consent
from workbench.workflows.own_table import Uploaded, Values
from workbench.workflows.read_audit import read_audit
from workbench.workflows.refusal import Refused

Screen = Callable[..., AppTest]


def submit_ada(house: House, *, code_id: str = "rupture_withdrawal", at_ms: int = 61_000) -> None:
    """Ada's coding of the recorded session, with one rupture."""
    ada = house.people["ada"]
    said: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "kind": "add",
            "client_at": now_ms(),
            "event": new_id(),
            "code": code_id,
            "start_ms": at_ms,
            "end_ms": at_ms + 9_000,
        }
    ]
    said += [rate(s.id) for s in house.scheme.ratings]
    code.write_operations(house.workspace, ada, house.codings["ada"], said).result(10)
    code.submit(house.workspace, ada, house.codings["ada"])


def links_of(at: AppTest) -> list[tuple[str, str, str]]:
    """Links to screens: label, page, query."""
    return [(e.proto.label.replace("\\", ""), e.proto.page, e.proto.query_string) for e in at.get("page_link")]


# --- nothing there yet


def test_without_a_doubly_coded_session_agreement_says_what_it_needs(screen: Screen) -> None:
    text = text_of(screen("carla", "agreement"))
    assert "There is nothing to compare yet" in text and "Assign one session to two raters" in text


def test_a_supervisor_who_has_yet_to_code_the_session_is_shown_nothing_of_it(screen: Screen, house: House) -> None:
    submit_ada(house)
    assert "Ada and Ben agree on" in text_of(screen("carla", "agreement"))
    assign.assign(house.workspace, None, house.coded.id, house.people["carla"].id, house.scheme.hash)
    text = text_of(screen("carla", "agreement"))
    assert "There is nothing to compare yet" in text and "agree on" not in text
    assert "Withdrawal" not in text_of(screen("carla", "alliance"))
    assert "Ada and Ben agree on" in text_of(screen("imre", "agreement"))


def test_a_pair_without_scores_says_what_brings_them(screen: Screen) -> None:
    at = screen("farid", "alliance")
    # Ben's submitted coding is there; the forms are not
    assert "The patient has not filled in a form for this session." in text_of(at)


# --- a moment that can be played


@pytest.mark.parametrize("where", ["agreement", "alliance"])
def test_a_moment_leads_into_the_coding_room_three_seconds_before_it(screen: Screen, house: House, where: str) -> None:
    submit_ada(house)
    at = screen("carla", where)
    if where == "agreement":
        dimension = next(b for b in at.button_group if b.key and b.key.startswith("agreement-dimensions"))
        at = dimension.set_value(["rupture"]).run()
    assert not at.exception
    links = links_of(at)
    played = [q for label, page, q in links if label == "Play this moment" and page.endswith("code")]
    [(asked, _)] = [(parse_qs(q), q) for q in played]
    assert (asked["session"], asked["t"], asked["at"]) == ([house.coded.id], ["58.000"], ["61000"])
    assert asked["scheme"] == [house.scheme.hash]
    if where == "agreement":  # the lanes of the pair, not everybody's
        raters = {house.people["ada"].id, house.people["ben"].id}
        assert set(asked["raters"][0].split(",")) == raters


def test_a_provider_plays_a_moment_of_an_own_session(screen: Screen, house: House) -> None:
    submit_ada(house)
    assert "Play this moment" in {label for label, _, _ in links_of(screen("farid", "alliance"))}


# --- export


def test_an_export_says_what_is_in_it_and_what_is_left_out(screen: Screen, house: House) -> None:
    text = text_of(screen("imre", "export"))
    assert "1 of 2" in text and "S-02" in text and export.NO_CONSENT in text
    assert "Codings for practice and criterion codings are left out" in text


def test_an_exported_zip_holds_the_tables_and_is_audited(house: House) -> None:
    imre = house.people["imre"]
    packed = export.export_zip(house.workspace, imre, house.coded.study_id)
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        names = {n.split("/")[1] for n in archive.namelist()}
        table = archive.read(next(n for n in archive.namelist() if n.endswith("/sessions.csv"))).decode("utf-8-sig")
    assert {"sessions.csv", "events.parquet", "codebook.md", "scores.csv"} <= names
    assert [row["session"] for row in csv.DictReader(io.StringIO(table))] == ["S-01"]
    assert packed.rows["sessions"] == 1 and packed.rows["events"] == 4
    newest = read_audit(house.workspace, house.people["eve"], limit=1)[0]
    assert (newest.action, newest.who) == ("export.make", imre.display_name)


def first_code(chosen: agree.Material) -> agree.Result:
    """What the screen says of the scheme's first code."""
    first = measure_agreement.codes(chosen, measure_agreement.usual(chosen))[0]
    return measure_agreement.measure(chosen, first).recommended


def test_a_session_without_consent_to_research_is_in_no_file(house: House) -> None:
    submit_ada(house)
    imre = house.people["imre"]
    chosen = agree.material(house.workspace, imre, agree.Choice())
    lines = measure_agreement.in_python(first_code(chosen))
    assert export.agreement_files(house.workspace, imre, agree.Choice(), lines).rows["events.csv"] > 0
    for consent in record_consent.consents(house.workspace, house.coded.id):
        record_consent.withdraw_consent(house.workspace, imre, house.coded.id, consent.id)
    for who in house.coded.participants:
        scopes = set(Scope) - {Scope.RESEARCH}
        record_consent.record_consent(house.workspace, imre, house.coded.id, who.participant_id, scopes, "Not that.")
    with pytest.raises(Refused, match="None of these sessions may be shared"):
        export.agreement_files(house.workspace, imre, agree.Choice(), lines)
    assert export.contents(house.workspace, imre, house.coded.study_id).sessions == ()


def test_the_lines_give_the_number_of_the_screen_from_the_files(house: House, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    submit_ada(house, code_id=house.scheme.codes[0].id, at_ms=5_400)
    imre = house.people["imre"]
    chosen = agree.material(house.workspace, imre, agree.Choice())
    result = first_code(chosen)
    lines = measure_agreement.in_python(result)
    packed = export.agreement_files(house.workspace, imre, agree.Choice(), lines)
    zipfile.ZipFile(io.BytesIO(packed.data)).extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    *before, last = lines.strip().splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(before), names)
    again = eval(last, names)
    assert result.value is not None
    assert (again.value, again.low, again.high) == (result.value, result.low, result.high)
    assert f"print({last})" in (tmp_path / "same.py").read_text(encoding="utf-8")


# --- own data


def uploaded(screen: Screen, name: str, text: str) -> AppTest:
    at = screen("imre", "own_data")
    return at.file_uploader[0].set_value((name, text.encode(), "text/csv")).run()


WIDE = "segment,Sue,Bo,Kim\n1,yes,yes,no\n2,no,no,no\n3,yes,,yes\n4,no,no,no\n5,yes,yes,yes\n6,no,yes,no\n"


def test_before_a_file_is_there_the_screen_shows_what_it_may_look_like(screen: Screen) -> None:
    at = screen("imre", "own_data")
    assert len(at.code) == 3 and "listed with its rows" in text_of(at)


def test_a_wide_table_gives_a_result_at_once(screen: Screen) -> None:
    at = uploaded(screen, "mine.csv", WIDE)
    text = text_of(at)
    assert "Krippendorff's α (nominal)" in text and "0.556" in text and "3 raters" in text
    assert "agreement.from_csv('mine.csv'" in at.code[0].value


def test_another_level_gives_another_coefficient(screen: Screen) -> None:
    rows = "\n".join(f"{n},{n % 5},{(n + n % 2) % 5}" for n in range(1, 21))
    at = uploaded(screen, "mine.csv", f"item,A,B\n{rows}\n")
    assert "ICC(2,1) = ICC(A,1)" in text_of(at)
    at = at.selectbox(key="own-level").set_value("nominal").run()
    assert "Krippendorff's α (nominal)" in text_of(at)


def test_every_problem_of_a_file_is_listed_with_its_row(screen: Screen) -> None:
    text = text_of(uploaded(screen, "bad.csv", "unit,rater,value\n1,Sue,4\n1,Sue,5\n2,,3\n,Bo,3\n"))
    assert "bad.csv has 3 problems." in text
    for problem in ("row 3: rater Sue has unit 1 a second time", "row 4: no rater", "row 5: no unit"):
        assert problem in text


def test_of_thousands_of_problems_the_first_are_shown_and_all_are_in_a_file(screen: Screen) -> None:
    at = uploaded(screen, "bad.csv", "unit,rater,value\n" + "".join(f"{n},,3\n" for n in range(10_000)))
    (error,) = at.error
    assert [line for line in error.value.replace("\\", "").splitlines() if "no rater" not in line] == [
        "bad.csv has 10,000 problems.",
        "- … and 9,980 more",
    ]
    assert error.value.count("\n") == SHOWN + 1
    assert at.get("download_button")[0].proto.label == "Download all 10,000 problems"


def test_rows_with_too_many_cells_hide_no_other_problem(screen: Screen) -> None:
    rows = "unit,rater,value\n1,Sue,4,5\n1,Bo,4\n1,Bo,5\n2,,3\n3,Sue\n"
    text = text_of(uploaded(screen, "bad.csv", rows))
    assert "bad.csv has 4 problems." in text
    for problem in (
        "row 2: 4 cells, expected 3",
        "row 4: rater Bo has unit 1 a second time",
        "row 5: no rater",
        "row 6: 2 cells, expected 3",
    ):
        assert problem in text


@pytest.mark.parametrize("rows", ["unit,Sue\n1,2,3\n2,1\n", "session,rater,code,start_ms\nA,Sue,x,1,2\nA,Bo,x,1\n"])
def test_rows_with_too_many_cells_are_said_before_everything_is_chosen(screen: Screen, rows: str) -> None:
    text = text_of(uploaded(screen, "bad.csv", rows))
    assert "bad.csv has a problem." in text and "row 2:" in text


def test_a_file_that_is_no_table_gets_its_sentence(screen: Screen) -> None:
    at = screen("imre", "own_data")
    at = at.file_uploader[0].set_value(("noise.csv", b"\xff\xfe\x00\x01", "text/csv")).run()
    assert "not text in UTF-8" in text_of(at)


def test_a_value_without_variation_is_undefined_and_says_why(screen: Screen) -> None:
    assert "Undefined: every pairable value is yes" in text_of(
        uploaded(screen, "m.csv", "u,A,B\n1,yes,yes\n2,yes,yes\n")
    )


def test_timed_events_ask_until_when_was_observed(screen: Screen) -> None:
    at = uploaded(screen, "e.csv", "session,rater,code,start_ms,end_ms\nA,Sue,x,6000,\nA,Bo,x,6500,\nA,Bo,y,30000,\n")
    assert "Say until when the sessions were observed" in text_of(at)
    at = at.number_input(key="own-until").set_value(60_000.0).run()
    text = text_of(at)
    assert "Krippendorff's α (nominal)" in text and "window=(0.0, 60000.0)" in at.code[0].value


MANY = "segment," + ",".join(f"R{r}" for r in range(40)) + "\n"
MANY += "".join(f"{u}," + ",".join(str((u * 7 + r * r * (u % 3)) % 5) for r in range(40)) + "\n" for u in range(12))


def test_of_forty_raters_one_number_is_shown_and_the_pairs_when_they_are_asked_for(screen: Screen) -> None:
    at = uploaded(screen, "many.csv", MANY)
    assert "ICC(2,1)" in text_of(at) and len(at.code) == 1 and "Krippendorff" not in text_of(at)
    at.session_state["own-others"] = True
    at = at.selectbox(key="own-level").set_value("nominal").run()
    text = text_of(at)
    assert "Light&#x27;s κ" in text and " and R39<" not in text
    at = at.selectbox(key="own-of-nominal").set_value("cohen_kappa").run()
    text = text_of(at)
    assert all(f">R{a} and R{b}<" in text for a, b in combinations(range(40), 2)) and len(at.code) == 1
    at = at.selectbox(key="own-in-full-nominal-cohen_kappa").set_value(779).run()
    assert "R38 and R39" in text_of(at) and ".only('R38', 'R39')" in at.code[1].value and not at.exception


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("text", [WIDE.replace("yes", "2").replace("no", "1"), "u,A,B\n1,1,1\n2,2,1\n3,2,2\n4,1,1\n"])
def test_what_is_worked_out_bit_by_bit_is_what_all_at_once_would_be(tmp_path: Path, level: str, text: str) -> None:
    unit, *raters = text.splitlines()[0].split(",")
    mine, asked = Uploaded("mine.csv", text.encode()), Values(unit, level, raters=tuple(raters))
    answer = own_table.agreement_of_values(mine, asked)
    found = [*answer.recommended, *own_table.others_of_values(mine, asked)]
    for id in answer.of_pairs:
        found += own_table.pairs_of_values(mine, asked, id)
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    data = agreement.from_csv(tmp_path / "mine.csv", unit=unit, raters=raters, level=level)
    every = [c for c in agreement.coefficients_found().values() if data.level in c.levels and own_way(c) is None]
    lacking_facts = ("criterion", "drift")
    expected = agreement.compute_all([c.id for c in every if c.id not in lacking_facts], data)

    def by_name(r: agreement.Result) -> tuple[str, str, tuple[str, ...]]:
        return r.id, r.variant, r.raters

    assert sorted(found, key=by_name) == sorted(expected, key=by_name)


def test_the_lines_for_an_own_table_give_the_same_number(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    asked = Values(unit="segment", level="nominal", raters=("Sue", "Bo", "Kim"))
    mine = Uploaded("mine.csv", WIDE.encode())
    result = own_table.agreement_of_values(mine, asked).recommended[0]
    (tmp_path / "mine.csv").write_text(WIDE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    *before, last = own_table.same_in_python(mine, result, asked).strip().splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(before), names)
    assert eval(last, names).value == result.value == pytest.approx(0.5564, abs=1e-3)


def test_a_table_that_is_too_large_is_not_read() -> None:
    with pytest.raises(Refused, match="larger than 20 MB"):
        own_table.sketch(Uploaded("big.csv", b"a,b\n" + b"0" * (own_table.LARGEST_MB * 1024 * 1024)))


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "", "a\\b.csv", "x" * 400 + ".csv"])
def test_the_name_of_an_upload_leads_to_no_other_folder(name: str) -> None:
    assert own_table.sketch(Uploaded(name, WIDE.encode())).shape == "wide"
