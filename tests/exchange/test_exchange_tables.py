"""Long tables: the same values and types come back from CSV and Parquet, whatever the text."""

import csv
import shutil
import subprocess
import sys

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from workbench.exchange.table_schema import KINDS, TABLES, instant
from workbench.exchange.tables import TablesError, neutralised, plain, read_tables, write_tables
from workbench.model.ids import FORMULA_STARTS, refuse_formula

ids = st.text(min_size=1, max_size=12).filter(lambda t: t.strip(" ") and t.lstrip(" ")[0] not in FORMULA_STARTS)
texts = st.text(max_size=30) | st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''@x",
        "'plain",
        "-3",
        "NA",
        "nan",
        "None",
        "a\r\nb",
        'q"q',
        ",;",
        " pad ",
        "\ufeffx",
        "＝1",
        "\x00",
    ]
)
OF_KIND = {
    "id": ids,
    "text": texts,
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "yes_no": st.booleans(),
    "instant": st.integers(0, 4_102_444_800_000).map(instant),
}


def rows_of(table):
    """Lists of rows that fit `table`: any value of the column's kind, missing where it may be."""
    columns = {}
    for c in TABLES[table]:
        value = st.sampled_from(sorted(c.values)) if c.values else OF_KIND[c.kind]
        columns[c.name] = value if c.required else value | st.none()
    return st.lists(st.fixed_dictionaries(columns), max_size=4)


def frame(table, rows):
    """The rows as a frame of the declared types; an empty text is a missing text."""
    return pd.DataFrame(
        {
            c.name: pd.Series([None if r[c.name] == "" else r[c.name] for r in rows], dtype=KINDS[c.kind][0])
            for c in TABLES[table]
        }
    )


def event(**changes):
    row = dict.fromkeys(c.name for c in TABLES["events"])
    return (
        row | {"session": "s1", "rater": "r1", "scheme": "x", "event": "e1", "code": "rupture", "start_ms": 0} | changes
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({name: rows_of(name) for name in TABLES}))
@example({"events": [event(comment="'=cmd()", unsure=True), event(comment="\r"), event(comment="")]})
def test_tables_come_back_with_the_same_values_and_types(tmp_path, tables):
    folder = tmp_path / "export"
    shutil.rmtree(folder, ignore_errors=True)
    write_tables(tables, folder)
    for kind in ("csv", "parquet"):
        read = read_tables(folder, kind)
        assert list(read) == list(TABLES)
        for name, found in read.items():
            pd.testing.assert_frame_equal(found, frame(name, tables.get(name, [])), check_exact=True)
    again = tmp_path / "again"
    shutil.rmtree(again, ignore_errors=True)
    write_tables(read_tables(folder), again)
    assert {p.name: p.read_bytes() for p in again.iterdir()} == {p.name: p.read_bytes() for p in folder.iterdir()}


@given(texts)
def test_no_text_leads_like_a_formula_and_each_comes_back(text):
    assert neutralised(text)[:1] not in tuple(FORMULA_STARTS)
    assert plain(neutralised(text)) == text


def test_no_csv_cell_that_a_person_typed_is_a_formula(tmp_path):
    write_tables({"events": [event(comment=c + "1+1") for c in "=+-@＝\t\r\n"]}, tmp_path / "x")
    data = (tmp_path / "x" / "events.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode().splitlines(keepends=True)))
    assert len(rows) == 8 and all(r["comment"].startswith("'") for r in rows)
    assert pq.read_table(tmp_path / "x" / "events.parquet").column("comment")[0].as_py() == "=1+1"


def test_pandas_alone_reads_the_csv(tmp_path):
    write_tables({"events": [event(comment='a\r\nb, "c"', end_ms=5), event()]}, tmp_path / "x")
    read = pd.read_csv(tmp_path / "x" / "events.csv", keep_default_na=False, na_values=[""])
    assert read["comment"][0] == 'a\r\nb, "c"' and read["start_ms"].tolist() == [0, 0] and len(read) == 2


@pytest.mark.parametrize("bad", ["=P1", "+49", "-x", "@me", " =1", "\tx", "＝1"])
def test_an_id_that_looks_like_a_formula_is_refused(tmp_path, bad):
    with pytest.raises(ValueError, match="formula"):
        refuse_formula(bad)
    with pytest.raises(TablesError, match=r"events, row 2, rater: .*formula"):
        write_tables({"events": [event(), event(rater=bad)]}, tmp_path / "x")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("good", ["P03", "3-1", "a=b", "é", "م", ""])
def test_an_ordinary_id_is_given_back(good):
    assert refuse_formula(good) == good


def test_every_problem_is_named_with_table_row_and_column_and_nothing_is_written(tmp_path):
    rows = [
        event(start_ms=1.5),
        event(kind="blob", unsure="yes"),
        event(session=None),
        {k: v for k, v in event().items() if k != "code"} | {"colour": "red"},
    ]
    with pytest.raises(TablesError) as error:
        write_tables(
            {
                "events": rows,
                "sessions": [dict.fromkeys((c.name for c in TABLES["sessions"]), None) | {"held_at": "Monday"}],
                "moods": [],
            },
            tmp_path / "x",
            labels={("events", "hue"): {"1": "x"}},
        )
    said = str(error.value)
    for part in (
        "there is no table 'moods'",
        "events.hue",
        "events, row 1, start_ms: found 1.5, expected a whole number",
        "events, row 2, kind: found 'blob', expected one of point, state",
        "events, row 2, unsure: found 'yes', expected true or false",
        "events, row 3, session: is missing",
        "events, row 4: unknown colour; missing code",
        "sessions, row 1, held_at: found 'Monday', expected an instant",
    ):
        assert part in said
    assert not list(tmp_path.iterdir())


def test_a_frame_with_other_columns_is_refused(tmp_path):
    with pytest.raises(TablesError, match="events: columns are session; expected session, rater"):
        write_tables({"events": pd.DataFrame({"session": ["a"]})}, tmp_path / "x")


def test_an_export_never_goes_into_a_folder_that_is_there(tmp_path):
    (tmp_path / "x").mkdir()
    with pytest.raises(FileExistsError, match="always a new folder"):
        write_tables({}, tmp_path / "x")
    assert not list((tmp_path / "x").iterdir())


def test_a_disk_that_takes_no_more_leaves_no_half_export(tmp_path):
    code = f"""
import resource, sys
from workbench.exchange.tables import write_tables
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    write_tables({{}}, {str(tmp_path / "x")!r})
except OSError:
    sys.exit(7)
"""
    assert subprocess.run([sys.executable, "-c", code]).returncode == 7
    assert not list(tmp_path.iterdir())


def test_the_codebook_explains_every_column_and_the_labels_given(tmp_path):
    write_tables(
        {}, tmp_path / "x", labels={("events", "code"): {"rupture": "A | break"}}, notes=["Only locked codings."]
    )
    rows = list(csv.DictReader((tmp_path / "x" / "codebook.csv").open(encoding="utf-8")))
    assert [(r["table"], r["column"]) for r in rows] == [(t, c.name) for t, cs in TABLES.items() for c in cs]
    assert all(r["meaning"] and r["type"] in KINDS for r in rows)
    page = (tmp_path / "x" / "codebook.md").read_text()
    assert "`rupture` A \\| break" in page and "Only locked codings." in page
    assert all(f"| {c.name} |" in page for cs in TABLES.values() for c in cs)


def test_a_tampered_csv_is_refused_with_file_and_line(tmp_path):
    write_tables({"events": [event()]}, tmp_path / "x")
    path = tmp_path / "x" / "events.csv"
    path.write_text(path.read_text().replace(",0,", ",soon,", 1))
    (tmp_path / "x" / "scores.csv").unlink()
    with pytest.raises(TablesError, match=r"(?s)events\.csv, line 2, start_ms: .*scores\.csv is missing"):
        read_tables(tmp_path / "x")
