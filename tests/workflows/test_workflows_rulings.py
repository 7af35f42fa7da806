"""Rulings: what a meeting decided stays, reaches every rater once, and tells nobody how others coded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.clinic import DURATION_MS, Clinic
from workbench import schemes
from workbench.model.ids import new_id
from workbench.model.people import Role
from workbench.model.ruling import Clip, CodebookRuling
from workbench.model.span import TimeSpan
from workbench.store import sessions
from workbench.workflows import assign, code, keep_definition, record_consent, rule, see_rulings
from workbench.workflows.refusal import Refused
from workbench.workflows.rule import Wording
from workbench.workflows.ruling_rows import ruling_rows

TODAY = date(2026, 11, 22)


def wording(clinic: Clinic, **more: Any) -> Wording:
    base = Wording(clinic.scheme.codes[0].id, date(2026, 11, 20), "Is a shrug enough?", "No: not without a word.")
    return replace(base, **more)


def at(clinic: Clinic, start_ms: int = 12_000, end_ms: int = 16_000) -> Clip:
    return Clip(clinic.session.id, TimeSpan(start_ms, end_ms))


def make(clinic: Clinic, **more: Any) -> str:
    return rule.make_ruling(clinic.workspace, clinic.supervisor, clinic.scheme.name, wording(clinic, **more), TODAY).id


def changes(clinic: Clinic, person: Any) -> list[tuple[str, str]]:
    return [(s.ruling.id, str(s.change)) for s in see_rulings.news(clinic.workspace, person, clinic.scheme)]


def take_note(clinic: Clinic, person: Any) -> None:
    new = see_rulings.news(clinic.workspace, person, clinic.scheme)
    see_rulings.take_note(clinic.workspace, person, [(s.ruling.id, s.ruling.version) for s in new])


def audited(clinic: Clinic) -> list[str]:
    with clinic.workspace.reading() as connection:
        rows = connection.exec_driver_sql("SELECT action FROM audit WHERE action LIKE '%ruling%' ORDER BY seq")
        return [row[0] for row in rows]


def test_a_ruling_is_new_to_a_rater_until_they_took_note_of_it_and_never_again(clinic: Clinic) -> None:
    assert changes(clinic, clinic.observer) == []
    ident = make(clinic)
    assert changes(clinic, clinic.observer) == [(ident, "new")]
    assert changes(clinic, clinic.supervisor) == []  # who wrote it knows it
    take_note(clinic, clinic.observer)
    assert changes(clinic, clinic.observer) == [] and changes(clinic, clinic.second) == [(ident, "new")]


def test_a_correction_and_a_withdrawal_come_as_such_and_overwrite_nothing(clinic: Clinic) -> None:
    ws, sue, ident = clinic.workspace, clinic.supervisor, make(clinic, clip=at(clinic))
    take_note(clinic, clinic.observer)
    better = wording(clinic, decision="No, unless it answers a question.", same_clip=True)
    assert rule.correct_ruling(ws, sue, ident, 1, better, TODAY).clip == at(clinic)
    assert changes(clinic, clinic.observer) == [(ident, "corrected")] and changes(clinic, clinic.second)[0][1] == "new"
    rule.withdraw_ruling(ws, sue, ident, 2, "The manual's second edition says it.")
    assert changes(clinic, clinic.observer) == [(ident, "withdrawn")]
    assert changes(clinic, clinic.second) == []  # who never knew it need not forget it
    every = see_rulings.history(ws, sue, clinic.scheme, ident)
    assert [s.ruling.version for s in every] == [3, 2, 1]
    assert every[2].ruling.decision == "No: not without a word." and every[2].author == "Sue"
    assert every[0].ruling.withdrawn and every[0].ruling.decision == better.decision
    assert audited(clinic) == ["ruling.make", "ruling.seen", "ruling.correct", "ruling.withdraw"]
    for statement in ("UPDATE ruling SET decision = 'x'", "DELETE FROM ruling"):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), ws.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_two_people_who_correct_at_once_do_not_overwrite_each_other(clinic: Clinic) -> None:
    ident, other = make(clinic), wording(clinic, decision="Yes.")
    rule.correct_ruling(clinic.workspace, clinic.supervisor, ident, 1, other, TODAY)
    for act in (
        lambda: rule.correct_ruling(clinic.workspace, clinic.supervisor, ident, 1, wording(clinic), TODAY),
        lambda: rule.withdraw_ruling(clinic.workspace, clinic.supervisor, ident, 1, "Wrong."),
    ):
        with pytest.raises(Refused, match="changed meanwhile"):
            act()
    with pytest.raises(Refused) as refused:
        rule.correct_ruling(clinic.workspace, clinic.supervisor, ident, 2, other, TODAY)
    assert refused.value.problems == ("It says the same as before.",)


def test_everything_that_is_wrong_with_a_ruling_is_said_at_once_and_nothing_is_kept(clinic: Clinic) -> None:
    bad = wording(
        clinic,
        code="shrug",
        decided_on=date(2026, 11, 23),
        question=" ",
        decision="x" * 4001,
        example="bell\a",
        clip=at(clinic, 230_000, DURATION_MS + 1),
    )
    with pytest.raises(Refused) as refused:
        rule.make_ruling(clinic.workspace, clinic.supervisor, clinic.scheme.name, bad, TODAY)
    assert refused.value.problems == (
        "No version of the scheme has a code 'shrug'.",
        "The question is empty.",
        "The decision has 4,001 characters; at most 4,000 fit.",
        "The example holds a sign that cannot be printed.",
        "The date is 2026-11-23, which is still to come.",
        "The clip ends at 4:00, and the recording at 4:00.",
    )
    assert see_rulings.rulings_of(clinic.workspace, clinic.supervisor, clinic.scheme) == []
    with pytest.raises(Refused) as refused:
        rule.make_ruling(clinic.workspace, clinic.supervisor, "no_such", wording(clinic), TODAY)
    assert refused.value.problems == ("There is no scheme 'no_such' here.",)


def test_raters_read_rulings_and_do_not_make_them(clinic: Clinic) -> None:
    ident = make(clinic)
    provider = replace(clinic.outsider, roles=frozenset({Role.PROVIDER}))
    for act in (
        lambda: rule.make_ruling(clinic.workspace, clinic.observer, clinic.scheme.name, wording(clinic), TODAY),
        lambda: rule.correct_ruling(clinic.workspace, clinic.observer, ident, 1, wording(clinic), TODAY),
        lambda: rule.withdraw_ruling(clinic.workspace, clinic.observer, ident, 1, "No."),
        lambda: see_rulings.rulings_of(clinic.workspace, provider, clinic.scheme),
    ):
        with pytest.raises(Refused, match="needs the role"):
            act()
    [shown] = see_rulings.rulings_of(clinic.workspace, clinic.observer, clinic.scheme)
    assert shown.ruling.decision and shown.author == ""


def test_a_ruling_can_be_on_a_rating(clinic: Clinic) -> None:
    scale = clinic.scheme.ratings[0]
    ident = make(clinic, code=scale.id, rating=True)
    [shown] = see_rulings.news(clinic.workspace, clinic.observer, clinic.scheme)
    assert (shown.ruling.id, shown.label) == (ident, scale.label)


def test_a_clip_and_its_place_are_for_who_may_hear_it_and_no_more_codes_it(clinic: Clinic) -> None:
    ws, scheme = clinic.workspace, clinic.scheme
    given = assign.assign(ws, None, clinic.session.id, clinic.observer.id, scheme.hash)
    ident = make(clinic, clip=at(clinic), example="Whatever you say, looking away.")

    def seen_by(person: Any) -> tuple[str, str, bool]:
        [shown] = see_rulings.rulings_of(ws, person, scheme)
        return shown.where, shown.ruling.example, bool(shown.withheld)

    def plays(person: Any) -> bool:
        try:
            see_rulings.clip_of(ws, person, ident, 1)
        except Refused:
            return False
        return True

    here, example = "S001, 0:12–0:16", "Whatever you say, looking away."
    assert seen_by(clinic.supervisor) == (here, example, False) and plays(clinic.supervisor)
    assert seen_by(clinic.outsider) == ("", example, False) and not plays(clinic.outsider)
    # who codes the session is told neither where it is nor the words
    assert seen_by(clinic.observer) == ("", "", True) and not plays(clinic.observer)
    assert see_rulings.codebook_rulings(ws, clinic.supervisor, scheme)[0].reference == ""

    submit(clinic, given.id)
    assert seen_by(clinic.observer) == (here, example, False) and plays(clinic.observer)
    assert see_rulings.codebook_rulings(ws, clinic.supervisor, scheme)[0].reference == f"session {here}; “{example}”"
    assert see_rulings.codebook_rulings(ws, clinic.outsider, scheme)[0].reference == f"“{example}”"

    with ws.reading() as connection:
        given_by = sessions.consents(connection, clinic.session.id)
    record_consent.withdraw_consent(ws, None, clinic.session.id, given_by[0].id)
    for person in (clinic.supervisor, clinic.observer):
        assert seen_by(person) == ("", "", True) and not plays(person)
    with pytest.raises(Refused) as refused:
        make(clinic, clip=at(clinic))
    assert "supervision and training" in refused.value.problems[0]


def test_an_example_stays_withheld_from_who_codes_its_session_when_a_correction_takes_the_clip_out(
    clinic: Clinic,
) -> None:
    ws, scheme = clinic.workspace, clinic.scheme
    given = assign.assign(ws, None, clinic.session.id, clinic.observer.id, scheme.hash)
    ident = make(clinic, clip=at(clinic), example="At 12 s she shrugs and looks away")
    corrected = wording(clinic, decision="No.", same_clip=False)
    rule.correct_ruling(ws, clinic.supervisor, ident, 1, corrected, TODAY)

    def seen_by(person: Any) -> list[str]:
        return [s.ruling.example for s in see_rulings.history(ws, person, scheme, ident)]

    assert seen_by(clinic.observer) == ["", ""]
    [shown] = see_rulings.news(ws, clinic.observer, scheme)
    assert (shown.ruling.example, shown.withheld) == ("", see_rulings.Withheld.CODING)
    assert see_rulings.codebook_rulings(ws, clinic.supervisor, scheme)[0].reference == ""
    assert seen_by(clinic.supervisor) == [made := "At 12 s she shrugs and looks away", made]

    submit(clinic, given.id)
    assert seen_by(clinic.observer) == [made, made]
    assert see_rulings.codebook_rulings(ws, clinic.supervisor, scheme)[0].reference == f"“{made}”"


@pytest.mark.parametrize("keeps_clip", [True, False])
def test_an_example_goes_out_of_sight_with_the_consent_to_the_session_that_its_clip_was_of(
    clinic: Clinic, keeps_clip: bool
) -> None:
    ws, scheme = clinic.workspace, clinic.scheme
    ident = make(clinic, clip=at(clinic), example="“I nearly cancelled”, then she looks at the floor")
    imagined = make(clinic, example="“Whatever”, looking away", question="An imagined one")
    better = wording(clinic, decision="No.", same_clip=keeps_clip)
    rule.correct_ruling(ws, clinic.supervisor, ident, 1, better, TODAY)
    with ws.reading() as connection:
        given = sessions.consents(connection, clinic.session.id)
    for consent in given:
        record_consent.withdraw_consent(ws, None, clinic.session.id, consent.id)

    for person in (clinic.observer, clinic.supervisor, clinic.outsider):
        shown = {s.ruling.id: s for s in see_rulings.rulings_of(ws, person, scheme)}
        assert shown[ident].ruling.example == "" and shown[ident].withheld is see_rulings.Withheld.CONSENT
        assert shown[imagined].ruling.example and not shown[imagined].withheld
        assert not any(s.ruling.example for s in see_rulings.history(ws, person, scheme, ident))
    printed = {r.question: r.reference for r in see_rulings.codebook_rulings(ws, clinic.supervisor, scheme)}
    assert printed == {"Is a shrug enough?": "", "An imagined one": "“Whatever”, looking away".join("“”")}
    rows = list(ruling_rows(ws, clinic.supervisor, [scheme], {}))
    assert {(r["ruling"], r["example"]) for r in rows} == {(ident, None), (imagined, "“Whatever”, looking away")}
    # what is corrected while it is out of sight is not lost
    kept_as_it_was = wording(clinic, decision="Never.", same_clip=keeps_clip)
    made = rule.correct_ruling(ws, clinic.supervisor, ident, 2, kept_as_it_was, TODAY)
    assert made.example.startswith("“I nearly cancelled”")


@pytest.mark.parametrize("keeps_clip", [True, False])
def test_an_export_without_the_session_has_no_words_from_it(clinic: Clinic, keeps_clip: bool) -> None:
    ident = make(clinic, clip=at(clinic), example="“I nearly cancelled”")
    better = wording(clinic, decision="No.", same_clip=keeps_clip)
    rule.correct_ruling(clinic.workspace, clinic.supervisor, ident, 1, better, TODAY)

    def examples(shared: dict[str, Any]) -> list[str | None]:
        rows = ruling_rows(clinic.workspace, clinic.supervisor, [clinic.scheme], shared)
        return [row["example"] for row in rows]

    assert examples({clinic.session.id: clinic.session}) == ["“I nearly cancelled”"] * 2
    assert examples({}) == [None, None]


def submit(clinic: Clinic, assignment_id: str) -> None:
    coding = code.open_coding(clinic.workspace, clinic.observer, assignment_id).coding
    rated = [
        {"id": new_id(), "kind": "rate", "client_at": 1, "values": {"scale": s.id, "value": s.low}}
        for s in clinic.scheme.ratings
    ]
    code.write_operations(clinic.workspace, clinic.observer, coding.id, rated).result(10)
    code.submit(clinic.workspace, clinic.observer, coding.id)


def test_rulings_hold_in_every_version_of_a_scheme_that_has_the_code(clinic: Clinic) -> None:
    ws, first = clinic.workspace, clinic.scheme
    renamed = replace(first.codes[0], id="said_anew")
    later = schemes.from_json(schemes.to_json(replace(first, version="9", codes=(renamed, *first.codes[1:]))))
    keep_definition.keep_scheme(ws, None, later)
    gone, both = make(clinic), make(clinic, code=first.codes[1].id)
    assert {i for i, _ in changes(clinic, clinic.observer)} == {gone, both}
    assert [s.ruling.id for s in see_rulings.news(ws, clinic.observer, later)] == [both]
    assert {s.ruling.id for s in see_rulings.rulings_of(ws, clinic.observer, later)} == {gone, both}
    assert see_rulings.codebook_rulings(ws, clinic.observer, later) == (
        CodebookRuling(first.codes[1].id, date(2026, 11, 20), "Is a shrug enough?", "No: not without a word."),
    )


def test_a_codebook_prints_what_holds_the_latest_decision_first(clinic: Clinic) -> None:
    old = make(clinic, decided_on=date(2025, 1, 1), question="The old one")
    make(clinic, decided_on=date(2026, 1, 1), question="The later one")
    gone = make(clinic, question="The wrong one")
    rule.withdraw_ruling(clinic.workspace, clinic.supervisor, gone, 1, "It was wrong.")
    printed = see_rulings.codebook_rulings(clinic.workspace, clinic.observer, clinic.scheme)
    assert [r.question for r in printed] == ["The later one", "The old one"]
    assert old


def test_taking_note_of_what_is_not_there_is_refused(clinic: Clinic) -> None:
    ident = make(clinic)
    for unknown in (("x", 1), (ident, 2)):
        with pytest.raises(Refused, match="no such ruling"):
            see_rulings.take_note(clinic.workspace, clinic.observer, [(ident, 1), unknown])
    assert changes(clinic, clinic.observer) == [(ident, "new")]  # all or none


def test_a_ruling_whose_writer_is_an_unlucky_name_stays_text(clinic: Clinic, person_of: Callable[..., Any]) -> None:
    boss = person_of("cmd", Role.RESEARCHER)
    text = "=cmd()|' /C calc'!A0 <script>alert(1)</script> هل الصمت انسحاب؟"
    made = rule.make_ruling(clinic.workspace, boss, clinic.scheme.name, wording(clinic, question=text), TODAY)
    assert made.question == text
