"""A name that somebody typed into a ruling can be taken out for good; all else of the ruling stays as it was."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.clinic import Clinic
from tests.workflows.test_workflows_rulings import TODAY, at, audited, changes, make, take_note, wording
from workbench.model.people import Role
from workbench.model.taken_out import MARK, Why, Words
from workbench.store import audit, engine, erasure
from workbench.workflows import open_workspace, rule, see_rulings
from workbench.workflows.refusal import Refused
from workbench.workflows.take_out_words import NOTHING_TAKEN, Wanted, elsewhere, preview, take_out_words

NAME = "Wilhelmina Featherstone"
OUT = Wanted(NAME, frozenset(), Why.NAME)


def files_with(folder: Path, words: str) -> list[str]:
    """Every file of the workspace that holds these words, in any encoding that text is kept in."""
    spelt = [words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    spelt += [s.upper() for s in spelt] + [s.lower() for s in spelt]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "workbench.db" for path in files)
    return [path.name for path in files if any(s in path.read_bytes() for s in spelt)]


def named(clinic: Clinic) -> str:
    """A ruling of three versions with a name in each of its texts."""
    ws, sue = clinic.workspace, clinic.supervisor
    ident = make(clinic, question=f"Is {NAME}'s shrug enough?", example=f"“No.” ({NAME})", clip=at(clinic))
    better = wording(clinic, decision=f"No, as {NAME.upper()} said.", example=f"{NAME} nods.", same_clip=True)
    rule.correct_ruling(ws, sue, ident, 1, better, TODAY)
    rule.withdraw_ruling(ws, sue, ident, 2, f"{NAME} left.")
    return ident


def words_of(clinic: Clinic, ident: str) -> list[str]:
    found = reversed(see_rulings.history(clinic.workspace, clinic.supervisor, clinic.scheme, ident))
    return [" | ".join((r.question, r.decision, r.example, r.withdrawn)) for r in (s.ruling for s in found)]


def test_the_words_go_from_every_version_and_all_else_stays(clinic: Clinic) -> None:
    ident = named(clinic)
    before = [s.ruling for s in see_rulings.history(clinic.workspace, clinic.supervisor, clinic.scheme, ident)]
    assert take_out_words(clinic.workspace, clinic.supervisor, ident, 3, OUT)
    after = see_rulings.history(clinic.workspace, clinic.supervisor, clinic.scheme, ident)
    assert words_of(clinic, ident) == [
        f"Is {MARK}'s shrug enough? | No: not without a word. | “No.” ({MARK}) | ",
        f"Is a shrug enough? | No, as {MARK} said. | {MARK} nods. | ",
        f"Is a shrug enough? | No, as {MARK} said. | {MARK} nods. | {MARK} left.",
        f"Is a shrug enough? | No, as {MARK} said. | {MARK} nods. | {MARK} left.",
    ]
    texts: dict[str, Any] = dict.fromkeys(("question", "decision", "example", "withdrawn"), "")
    assert [replace(s.ruling, **texts) for s in after[1:]] == [replace(r, **texts) for r in before]
    (gone,) = after[0].taken_out
    assert (gone.why, gone.by, gone.at) == (Why.NAME, "Sue", after[0].ruling.written_at)
    (seen_by_a_rater,) = see_rulings.rulings_of(clinic.workspace, clinic.observer, clinic.scheme)
    assert [(g.why, g.by) for g in seen_by_a_rater.taken_out] == [(Why.NAME, "")]
    assert after[1].taken_out == ()


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_no_file_of_the_workspace_holds_the_words_afterwards(
    clinic: Clinic, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # with the write-ahead log too, whichever this computer's SQLite would take
    clinic.workspace.close()
    monkeypatch.setattr(engine, "journal_mode", lambda: (mode, ""))
    ws = open_workspace.open_(clinic.workspace.settings)
    sa.event.listen(ws.engine, "connect", lambda opened, _: opened.execute("PRAGMA secure_delete = OFF"))
    ws.engine.dispose()  # Debian's SQLite, for one, overwrites of itself; others do not
    here = replace(clinic, workspace=ws)
    for n in range(40):  # pages that split and are freed leave copies of what they held
        make(here, question=f"Question {n}? " + "x" * 900, decision=f"{NAME} {n} " + "y" * 900)
    idents = [s.ruling.id for s in see_rulings.rulings_of(ws, here.supervisor, here.scheme)]
    assert files_with(ws.folder, NAME)
    results = [take_out_words(ws, here.supervisor, ident, 1, OUT) for ident in idents]
    assert all(results)
    assert files_with(ws.folder, NAME) == []  # while everything is open
    ws.close()
    assert files_with(ws.folder, NAME) == []
    ws = open_workspace.open_(clinic.workspace.settings)
    assert audit.verify(ws.reading)[0] == []
    with ws.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == mode
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    ws.close()


def test_the_audit_says_who_and_why_and_not_what(clinic: Clinic) -> None:
    ident = named(clinic)
    take_out_words(clinic.workspace, clinic.supervisor, ident, 3, replace(OUT, texts=frozenset({"example"})))
    with clinic.workspace.reading() as connection:
        (entry,) = audit.entries(connection, action="ruling.take_out")
    assert (entry.actor_id, entry.resource_id) == (clinic.supervisor.id, ident)
    assert dict(entry.detail) == {
        "scheme": clinic.scheme.name,
        "version": 4,
        "why": "name",
        "texts": ["decision", "example", "question", "withdrawn"],
    }
    assert audited(clinic)[-1] == "ruling.take_out"


def test_nothing_else_of_a_ruling_becomes_editable(clinic: Clinic) -> None:
    ident, ws = named(clinic), clinic.workspace
    take_out_words(ws, clinic.supervisor, ident, 3, OUT)
    for change in (
        "decision = 'Yes.'",
        "decision = question",
        f"question = 'Was {MARK}''s shrug enough?'",
        f"question = 'Is {MARK}''s shrug enough? Yes!'",
        "question = upper(question)",
        "decided_on = '2001-01-01'",
        f"written_by = '{clinic.observer.id}'",
        "session_id = NULL, start_ms = NULL, end_ms = NULL",
        "taken_out = 'name'",
        "version = version + 10",
        "code = 'other'",
    ):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), ws.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE ruling SET {change} WHERE version = 1")
            pytest.fail(change)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), ws.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM ruling")
    rule.correct_ruling(ws, clinic.supervisor, ident, 4, wording(clinic, decision="Yes."), TODAY)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), ws.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE ruling SET question = '{MARK}' WHERE version = 1")


@pytest.mark.parametrize(
    "odd", ["a*b?c[d] %_\\ €", "خالد", "山田太郎", "=cmd()|'/C calc'!A0", "O'Hara; DROP TABLE ruling"]
)
def test_words_with_odd_signs_are_taken_out_and_nothing_beside_them(clinic: Clinic, odd: str) -> None:
    ident = make(clinic, decision=f"[*] 50 % of_it? «{odd}» \\")
    take_out_words(clinic.workspace, clinic.supervisor, ident, 1, replace(OUT, words=odd, inside=True))
    assert words_of(clinic, ident)[0] == f"Is a shrug enough? | [*] 50 % of_it? «{MARK}» \\ |  | "
    assert files_with(clinic.workspace.folder, odd) == []


def test_whoever_had_an_old_form_open_does_not_write_the_words_back(clinic: Clinic) -> None:
    ident = make(clinic, decision=f"As {NAME} said.")
    take_out_words(clinic.workspace, clinic.supervisor, ident, 1, OUT)
    with pytest.raises(Refused, match="changed meanwhile"):
        old = wording(clinic, decision=f"As {NAME} said, always.")
        rule.correct_ruling(clinic.workspace, clinic.supervisor, ident, 1, old, TODAY)
    with pytest.raises(Refused, match="changed meanwhile"):
        take_out_words(clinic.workspace, clinic.supervisor, ident, 1, OUT)
    better = wording(clinic, decision="As one said.")
    corrected = rule.correct_ruling(clinic.workspace, clinic.supervisor, ident, 2, better, TODAY)
    (shown,) = see_rulings.rulings_of(clinic.workspace, clinic.supervisor, clinic.scheme)
    assert corrected.taken_out == "" and [g.why for g in shown.taken_out] == [Why.NAME]  # it stays visible


def test_raters_who_knew_the_ruling_are_not_told_again(clinic: Clinic) -> None:
    ident = make(clinic, decision=f"As {NAME} said.")
    take_note(clinic, clinic.observer)
    take_out_words(clinic.workspace, clinic.supervisor, ident, 1, OUT)
    assert changes(clinic, clinic.observer) == [] and changes(clinic, clinic.second) == [(ident, "new")]


def test_a_look_before_says_what_would_go_and_what_would_stay(clinic: Clinic) -> None:
    ident = make(clinic, question="Ann asked: what is Annas plan, and Ann's?", decision="Planning is for ann.")
    rule.correct_ruling(clinic.workspace, clinic.supervisor, ident, 1, wording(clinic, question="And Ann?"), TODAY)
    ws, sue, short = clinic.workspace, clinic.supervisor, replace(OUT, words="Ann\n\n Ann ")
    found = preview(ws, sue, clinic.scheme, ident, short)
    assert (found.places, found.versions, found.longer) == (4, 2, ("Annas", "Planning"))
    assert found.after.question == f"And {MARK}?"
    inside = preview(ws, sue, clinic.scheme, ident, replace(short, inside=True))
    assert (inside.places, inside.versions, inside.longer) == (6, 2, ())
    assert words_of(clinic, ident)[1].startswith("And Ann?")  # it was only looked at
    other = make(clinic, decision="Ann again.")
    assert {s.ruling.id for s in elsewhere(ws, sue, clinic.scheme, short)} == {ident, other}


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("  \n ", frozenset(), Why.NAME), "Write the words to take out, or choose a whole text."),
        (Wanted("x", frozenset(), Why.NAME), "“x” is too short: it would go from within everything."),
        (Wanted("taken", frozenset(), Why.NAME), "“taken” is part of what stands where something was taken out."),
        (Wanted(NAME, frozenset({"code"}), Why.NAME), "A ruling has no text 'code'."),
        (Wanted(NAME, frozenset(), None), "Choose why."),
    ],
)
def test_what_is_missing_is_said_and_nothing_goes(clinic: Clinic, wanted: Wanted, said: str) -> None:
    ident = named(clinic)
    before = words_of(clinic, ident)
    for act in (
        lambda: take_out_words(clinic.workspace, clinic.supervisor, ident, 3, wanted),
        lambda: preview(clinic.workspace, clinic.supervisor, clinic.scheme, ident, wanted),
    ):
        with pytest.raises(Refused, match=NOTHING_TAKEN) as refused:
            act()
        assert refused.value.problems == (said,)
    assert words_of(clinic, ident) == before


def test_words_that_are_nowhere_are_said_and_leave_no_version(clinic: Clinic) -> None:
    ident = named(clinic)
    with pytest.raises(Refused) as refused:
        take_out_words(clinic.workspace, clinic.supervisor, ident, 3, replace(OUT, words="Nobody"))
    assert refused.value.problems == ("No version of the ruling says this.",)
    assert len(words_of(clinic, ident)) == 3 and not erasure.due(clinic.workspace.engine)


def test_who_may(clinic: Clinic) -> None:
    ident = named(clinic)
    for person in (clinic.observer, clinic.outsider, replace(clinic.supervisor, roles=frozenset({Role.RESEARCHER}))):
        with pytest.raises(Refused, match="administrator or supervisor"):
            take_out_words(clinic.workspace, person, ident, 3, OUT)
    admin = replace(clinic.supervisor, roles=frozenset({Role.ADMINISTRATOR}))
    (shown,) = see_rulings.rulings_of(clinic.workspace, admin, clinic.scheme)
    assert (shown.ruling.example, shown.withheld, shown.where) == ("", see_rulings.Withheld.ROLE, "")
    # who is not shown the example takes it out unread, and the name from within it too
    found = preview(clinic.workspace, admin, clinic.scheme, ident, OUT)
    assert found.places == 4 and found.after.example == ""
    assert take_out_words(clinic.workspace, admin, ident, 3, replace(OUT, texts=frozenset({"example"})))
    assert [words.split(" | ")[2] for words in words_of(clinic, ident)] == [MARK] * 4


def test_a_file_that_is_in_use_is_swept_when_the_program_next_starts(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = named(clinic)
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    clinic.workspace.engine.dispose()
    with clinic.workspace.engine.connect() as reader:
        reader = reader.execution_options(reading=True)
        with reader.begin():
            monkeypatch.setattr(erasure, "sweep", lambda _: False)  # as behind a reader that stays
            assert not take_out_words(clinic.workspace, clinic.supervisor, ident, 3, OUT)
            monkeypatch.undo()
    assert erasure.due(clinic.workspace.engine)
    clinic.workspace.close()
    again = open_workspace.open_(clinic.workspace.settings)
    assert not erasure.due(again.engine) and files_with(again.folder, NAME) == []
    again.close()


def test_a_reader_who_stays_keeps_the_file_from_being_swept(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic.workspace.close()
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    ws = open_workspace.open_(clinic.workspace.settings)
    with ws.engine.begin() as connection:
        erasure.begin(connection)
    with ws.reading() as reading:
        reading.exec_driver_sql("SELECT count(*) FROM ruling").all()
        assert not erasure.sweep(ws.engine) and erasure.due(ws.engine)
    assert erasure.sweep(ws.engine) and not erasure.due(ws.engine)
    ws.close()


def test_a_long_text_in_which_the_words_stand_many_hundred_times_takes_no_time(clinic: Clinic) -> None:
    ident = make(clinic, decision="ab a " * 799 + "*[?]", question="ab" * 2000)
    take_out_words(clinic.workspace, clinic.supervisor, ident, 1, replace(OUT, words="ab", inside=True))
    assert words_of(clinic, ident)[0].startswith(f"{MARK} | {MARK} a {MARK} a ")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_with_accents_are_found_however_they_are_put_together(form: str) -> None:
    text = unicodedata.normalize(form, "Zoë  Müller said.")
    for typed in ("NFC", "NFD"):
        words = Words((unicodedata.normalize(typed, "zoë müller"),))
        assert words.taken_from(text) == f"{MARK} said."


def test_a_whole_name_goes_before_its_parts() -> None:
    assert Words(("Ann", "Ann Lee")).taken_from("Ann Lee, Ann\nLee and Ann") == f"{MARK}, {MARK} and {MARK}"
    assert Words(("Ann", "Lee")).taken_from("Ann Lee.") == f"{MARK}."


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("O'Neil", "Mr O’Neil said so"),
        ("O’Neil", "Mr O'NEIL said so"),
        ("Anne-Marie", "Anne\u2011Marie said so"),
        ("Anne Marie", "Anne\u00a0Marie said so"),
        ("Wilhelmina", "Wilhel\u00admina said so"),
        ("Strauss", "Frau Strauß said so"),
        ("Strauß", "Frau STRAUSS said so"),
        ("محمد", "قال مُحَمَّد so"),
        ("مُحَمَّد", "قال محمد so"),
        ("דוד", "אמר דָּוִד so"),
        ("Ann Lee", "\u2068Ann\u2069 \u2068Lee\u2069 said so"),
    ],
)
def test_a_name_is_found_however_it_was_written(typed: str, text: str) -> None:
    left = Words((typed,)).taken_from(text)
    assert MARK in left and left.endswith(" so")
    assert Words((typed,)).found_in(text) == 1
    assert not Words((typed,)).found_in(left)


def test_words_of_signs_that_nobody_sees_are_none(clinic: Clinic) -> None:
    assert Wanted("\u00ad\n\u200b", frozenset(), Why.NAME).each.each == ()
    assert Words(("\u00ad",)).taken_from("All of this stays.") == "All of this stays."
