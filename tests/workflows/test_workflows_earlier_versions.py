"""Codings on two versions of a scheme can be read together, on request and in words; what is stored stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.clinic import Clinic
from tests.workflows.test_workflows_review import A, B, C, coded
from workbench import schemes
from workbench.agreement import RaterCoding
from workbench.model.assignment import Purpose
from workbench.model.coding import Event, Rating
from workbench.model.scheme import CodeKind, CodingScheme, EarlierVersion
from workbench.store import codings
from workbench.workflows import agree, keep_definition, rule, see_rulings
from workbench.workflows.agree import Choice
from workbench.workflows.read_in_terms import read_in_terms
from workbench.workflows.refusal import Refused
from workbench.workflows.rule import Wording
from workbench.workflows.version_rows import version_rows

Operation = Callable[..., dict[str, Any]]
RENAMED = "provider_is_warm"


def later(scheme: CodingScheme, version: str = "2", **more: Any) -> CodingScheme:
    """A version in which A has another id, C is gone, and a rating has other values."""
    codes = tuple(replace(c, id=RENAMED) if c.id == A else c for c in scheme.codes if c.id != C)
    first, *others = scheme.ratings
    said: dict[str, Any] = {
        "version": version,
        "codes": codes,
        "ratings": (replace(first, high=first.high + 2, anchors={}), *others),
        "rules": (),
        "scores": (),
        "earlier": EarlierVersion(scheme.version, {A: RENAMED}),
    }
    return schemes.from_json(schemes.to_json(replace(scheme, **(said | more))))


def reworded(scheme: CodingScheme) -> CodingScheme:
    """A version of rupture_repair in which an answer of Withdrawal has another id."""
    codes = tuple(
        replace(
            c,
            modifiers=tuple(
                replace(m, options=tuple(replace(o, id="severe") if o.id == "strong" else o for o in m.options))
                for m in c.modifiers
            ),
        )
        if c.id == "withdrawal"
        else c
        for c in scheme.codes
    )
    return replace(scheme, version="next", codes=codes, earlier=EarlierVersion(scheme.version))


def kept(clinic: Clinic, scheme: CodingScheme) -> CodingScheme:
    return keep_definition.keep_scheme(clinic.workspace, clinic.supervisor, scheme)


def test_codings_of_both_versions_are_compared_on_request_and_said(clinic: Clinic, operation: Operation) -> None:
    mine = coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10), (B, 20), (C, 30)])
    new = kept(clinic, later(clinic.scheme))
    here = replace(clinic, scheme=new)
    coded(here, operation, clinic.second, Purpose.STUDY, [(RENAMED, 10), (B, 20)])

    asked = Choice(scheme_hash=new.hash)
    alone = agree.material(clinic.workspace, clinic.supervisor, asked)
    assert [r.login_name for r in alone.raters] == ["bo"] and alone.earlier == ()
    both = agree.material(clinic.workspace, clinic.supervisor, replace(asked, with_earlier=True))
    (pair,) = agree.pairs(both)
    assert (pair.hits, pair.total) == (2, 2)
    (words,) = both.earlier
    assert words == (
        f"1 coding on version {clinic.scheme.version}, read in terms of version 2."
        f" Left out, because no version says what became of it: 1 × {clinic.scheme.code(C).label}."
        f" Left out, because version 2 has no counterpart: 1 × {clinic.scheme.ratings[0].label}."
    )
    with clinic.workspace.reading() as connection:
        assert [e.code for e in codings.content(connection, mine).events] == [A, B, C]
    marks = {
        agree.fingerprint(clinic.workspace, clinic.supervisor, c) for c in (asked, replace(asked, with_earlier=True))
    }
    assert len(marks) == 2


def test_who_coded_a_session_on_both_counts_with_the_later_one(clinic: Clinic, operation: Operation) -> None:
    coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10)])
    here = replace(clinic, scheme=kept(clinic, later(clinic.scheme)))
    coded(here, operation, clinic.observer, Purpose.STUDY, [(RENAMED, 10), (B, 40)])
    both = agree.material(clinic.workspace, clinic.supervisor, Choice(scheme_hash=here.scheme.hash, with_earlier=True))
    (only,) = both.study.codings
    assert [e.code for e in only.events] == [RENAMED, B]


def test_two_steps_are_taken_one_after_the_other(clinic: Clinic, operation: Operation) -> None:
    coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10)])
    second = kept(clinic, later(clinic.scheme))
    codes = tuple(replace(c, id="warm") if c.id == RENAMED else c for c in second.codes)
    third = kept(clinic, later(second, "3", codes=codes, earlier=EarlierVersion("2", {RENAMED: "warm"})))
    both = agree.material(clinic.workspace, clinic.supervisor, Choice(scheme_hash=third.hash, with_earlier=True))
    assert [e.code for e in both.study.codings[0].events] == ["warm"]
    assert [s.version for s in keep_definition.earlier_versions(clinic.workspace, third)] == [
        "2",
        clinic.scheme.version,
    ]


@pytest.mark.parametrize(
    ("codes", "ratings", "said"),
    [
        ({"nothing": RENAMED}, {}, "{v} has no code 'nothing'"),
        ({A: "repair"}, {}, f"code 'repair' is of another kind than '{A}' of {{v}}"),
        ({}, {"goals": "bond"}, "rating 'bond' has other values, or is given for something else than 'goals'"),
        ({}, {"gone": "bond"}, "{v} has no rating 'gone'"),
    ],
)
def test_what_does_not_fit_the_earlier_version_is_refused(
    clinic: Clinic, codes: dict[str, str], ratings: dict[str, str], said: str
) -> None:
    assert next(c for c in clinic.scheme.codes if c.id == "repair").kind is CodeKind.STATE
    wrong = later(clinic.scheme, earlier=EarlierVersion(clinic.scheme.version, codes, ratings))
    with pytest.raises(Refused) as refused:
        kept(clinic, wrong)
    expected = said.format(v=f"version {clinic.scheme.version}")
    assert any(expected in problem for problem in refused.value.problems), refused.value.problems
    assert wrong.hash not in {s.hash for s in keep_definition.kept_schemes(clinic.workspace)}


def test_an_export_says_what_became_of_each_code(clinic: Clinic) -> None:
    new = kept(clinic, later(clinic.scheme))
    rows = {r["code"]: r["later_code"] for r in version_rows(clinic.workspace, [clinic.scheme])}
    assert (rows[A], rows[B], rows[C], rows["bond"], rows["goals"]) == (RENAMED, B, None, None, "goals")
    assert list(version_rows(clinic.workspace, [])) == [] and new.earlier is not None


def without_equals(scheme: CodingScheme) -> CodingScheme:
    """The later version, which says that C and a rating have no equal."""
    rating = scheme.ratings[0].id
    said = EarlierVersion(scheme.version, {A: RENAMED, C: None}, {rating: None})
    return later(scheme, ratings=scheme.ratings[1:], earlier=said)


def test_what_is_said_to_have_no_equal_is_left_out_and_readers_are_told_that_it_is_said(clinic: Clinic) -> None:
    first, second = clinic.scheme, without_equals(clinic.scheme)
    assert schemes.earlier_problems(first, second) == []
    events = tuple(Event(code, code, n * 1000, n * 1000) for n, code in enumerate([A, B, C]))
    rated = (Rating(first.ratings[0].id, 0, first.ratings[0].low),)
    third = replace(second, version="3", earlier=EarlierVersion("2"))
    for steps in ([first, second], [first, second, third]):
        read = read_in_terms([RaterCoding("S1", "ada", events, rated)], steps)
        assert [e.code for e in read.codings[0].events] == [RENAMED, B] and read.codings[0].ratings == ()
        assert read.words(first, steps[-1]).endswith(
            f"of version {steps[-1].version}. Left out, because it is said to have no equal: "
            f"1 × {first.ratings[0].label}, 1 × {first.code(C).label}."
        )


def test_an_answer_without_an_equal_is_not_read_as_the_one_with_its_id() -> None:
    first = schemes.shipped_schemes()["rupture_repair"]
    lines = {"withdrawal": {"intensity": "strength", "intensity:mild": "strength:some", "intensity:strong": None}}
    second = replace(mapped(first), earlier=EarlierVersion(first.version, {}, {}, lines))
    assert schemes.earlier_problems(first, second) == []
    events = tuple(
        Event(str(n), "withdrawal", n * 1000, n * 1000 + 500, modifiers=(f"intensity:{answer}",))
        for n, answer in enumerate(["mild", "clear", "strong"])
    )
    read = read_in_terms([RaterCoding("S1", "ada", events)], [first, second])
    assert [e.modifiers for e in read.codings[0].events] == [("strength:some",), (), ()]
    words = read.words(first, second)
    assert "is said to have no equal: 1 × the answer “Intensity: Strong" in words
    assert "no version says what became of it: 1 × the answer “Intensity: Clear" in words
    none = {"withdrawal": {"intensity": None}}
    second = replace(mapped(first), earlier=EarlierVersion(first.version, {}, {}, none))
    read = read_in_terms([RaterCoding("S1", "ada", events)], [first, second])
    assert "is said to have no equal" in read.words(first, second) and "no version says" not in read.words(
        first, second
    )


def test_an_export_says_why_something_has_no_counterpart(clinic: Clinic) -> None:
    kept(clinic, without_equals(clinic.scheme))
    rows = {(r["kind"], r["code"]): r["no_counterpart"] for r in version_rows(clinic.workspace, [clinic.scheme])}
    assert (rows["code", A], rows["code", B], rows["code", C]) == (None, None, "no_equal")
    assert rows["rating", clinic.scheme.ratings[0].id] == "no_equal"
    kept(clinic, later(clinic.scheme, "3"))
    found = [r for r in version_rows(clinic.workspace, [clinic.scheme]) if r["later_version"] == "3"]
    rows = {(r["kind"], r["code"]): r["no_counterpart"] for r in found}
    assert (rows["code", C], rows["rating", clinic.scheme.ratings[0].id]) == ("not_decided", "other_kind")


def test_a_ruling_on_a_code_without_an_equal_stays_with_its_version(clinic: Clinic) -> None:
    day = date(2026, 1, 1)
    rule.make_ruling(clinic.workspace, clinic.supervisor, clinic.scheme.name, Wording(C, day, "Q?", "D."), day)
    new = kept(clinic, without_equals(clinic.scheme))
    assert see_rulings.codebook_rulings(clinic.workspace, clinic.observer, new) == ()
    (first,) = see_rulings.rulings_of(clinic.workspace, clinic.observer, clinic.scheme)
    assert first.ruling.code == C


def test_a_ruling_on_a_code_that_has_another_id_now_goes_with_it(clinic: Clinic) -> None:
    day = date(2026, 1, 1)
    rule.make_ruling(clinic.workspace, clinic.supervisor, clinic.scheme.name, Wording(A, day, "Q?", "D."), day)
    new = kept(clinic, later(clinic.scheme))
    (shown,) = see_rulings.news(clinic.workspace, clinic.observer, new)
    assert (shown.ruling.code, shown.label) == (RENAMED, next(c.label for c in new.codes if c.id == RENAMED))
    assert [r.code for r in see_rulings.codebook_rulings(clinic.workspace, clinic.observer, new)] == [RENAMED]
    (first,) = see_rulings.rulings_of(clinic.workspace, clinic.observer, clinic.scheme)
    assert first.ruling.code == A


def test_an_answer_that_the_later_version_has_not_is_left_out_and_counted_in_words() -> None:
    first = schemes.shipped_schemes()["rupture_repair"]
    second = reworded(first)
    events = tuple(
        Event(str(n), code, n * 1000, n * 1000 + 500, modifiers=(f"intensity:{answer}",))
        for n, (code, answer) in enumerate(
            [("withdrawal", "strong"), ("withdrawal", "mild"), ("withdrawal", "strong"), ("confrontation", "strong")]
        )
    )
    read = read_in_terms([RaterCoding("S1", "ada", events)], [first, second])
    (coding,) = read.codings
    assert [e.modifiers for e in coding.events] == [(), ("intensity:mild",), (), ("intensity:strong",)]
    code = first.code("withdrawal")
    modifier = next(m for m in code.modifiers if m.id == "intensity")
    answer = next(o for o in modifier.options if o.id == "strong")
    assert read.words(first, second).endswith(
        f"no version says what became of it: 2 × the answer “{modifier.label}: {answer.label}” to {code.label}."
    )


def test_an_answer_is_lost_where_any_step_lost_it_even_if_a_later_one_has_its_id_again() -> None:
    first = schemes.shipped_schemes()["rupture_repair"]
    second = reworded(first)
    third = replace(first, version="last", earlier=EarlierVersion(second.version))
    event = Event("1", "withdrawal", 0, 1000, modifiers=("intensity:strong",))
    read = read_in_terms([RaterCoding("S1", "ada", (event,))], [first, second, third])
    assert read.codings[0].events[0].modifiers == () and sum(read.answers_left_out.values()) == 1


MAPPED = {"intensity": "strength", "intensity:mild": "strength:some", "intensity:clear": "strength:some"}


def mapped(first: CodingScheme, **more: Any) -> CodingScheme:
    """A version of rupture_repair in which Withdrawal's intensity has other ids, and two of its answers became one."""
    code = first.code("withdrawal")
    (intensity,) = (m for m in code.modifiers if m.id == "intensity")
    some, _, strong = intensity.options
    assert [o.id for o in intensity.options] == ["mild", "clear", "strong"]
    strength = replace(intensity, id="strength", options=(replace(some, id="some"), strong), **more)
    others = tuple(m for m in code.modifiers if m.id != "intensity")
    codes = tuple(replace(c, modifiers=(strength, *others)) if c.id == code.id else c for c in first.codes)
    return replace(first, version="next", codes=codes, earlier=EarlierVersion(first.version, {}, {}, {code.id: MAPPED}))


def test_answers_with_other_ids_are_read_as_the_mapping_says() -> None:
    first = schemes.shipped_schemes()["rupture_repair"]
    second = mapped(first)
    assert schemes.earlier_problems(first, second) == []
    events = tuple(
        Event(str(n), "withdrawal", n * 1000, n * 1000 + 500, modifiers=(f"intensity:{answer}",))
        for n, answer in enumerate(["mild", "clear", "strong"])
    )
    read = read_in_terms([RaterCoding("S1", "ada", events)], [first, second])
    said = [e.modifiers for e in read.codings[0].events]
    assert said == [("strength:some",), ("strength:some",), ("strength:strong",)]
    assert not read.answers_left_out
    third = replace(
        second, version="last", earlier=EarlierVersion("next", {}, {}, {"withdrawal": {"strength": "force"}})
    )
    force = {m.id: replace(m, id="force") if m.id == "strength" else m for m in second.code("withdrawal").modifiers}
    codes = tuple(replace(c, modifiers=(*force.values(),)) if c.id == "withdrawal" else c for c in second.codes)
    read = read_in_terms([RaterCoding("S1", "ada", events)], [first, second, replace(third, codes=codes)])
    assert [e.modifiers for e in read.codings[0].events] == [("force:some",), ("force:some",), ("force:strong",)]


def test_two_answers_have_no_counterpart_where_a_modifier_takes_one_now() -> None:
    first = schemes.shipped_schemes()["rupture_repair"]
    event = Event("1", "withdrawal", 0, 1000, modifiers=("intensity:mild", "intensity:clear", "intensity:strong"))
    one, several = mapped(first), mapped(first, several=True)
    read = read_in_terms([RaterCoding("S1", "ada", (event,))], [first, several])
    assert read.codings[0].events[0].modifiers == ("strength:some", "strength:strong") and not read.answers_left_out
    read = read_in_terms([RaterCoding("S1", "ada", (event,))], [first, one])
    assert read.codings[0].events[0].modifiers == () and sum(read.answers_left_out.values()) == 3
    both = replace(event, modifiers=("intensity:mild", "intensity:clear"))  # which became one answer
    read = read_in_terms([RaterCoding("S1", "ada", (both,))], [first, one])
    assert read.codings[0].events[0].modifiers == ("strength:some",) and not read.answers_left_out


@pytest.mark.parametrize(
    ("modifiers", "said"),
    [
        ({"nothing": {"intensity": "strength"}}, "has no code 'nothing'"),
        ({"withdrawal": {"force": "strength"}}, "code 'withdrawal' of version {v} has no modifier 'force'; there are"),
        ({"withdrawal": {"intensity:clearly": "strength:some"}}, "has no answer 'intensity:clearly'; did you mean"),
        ({"withdrawal": {"kind": "strength", "intensity": "strength"}}, "became one modifier 'strength', which takes"),
    ],
)
def test_a_mapping_of_modifiers_that_does_not_fit_the_earlier_version_is_said(
    modifiers: dict[str, dict[str, str]], said: str
) -> None:
    first = schemes.shipped_schemes()["rupture_repair"]
    code = first.code("withdrawal")
    kind = replace(code.modifiers[0], id="kind")
    first = replace(
        first, codes=tuple(replace(c, modifiers=(*c.modifiers, kind)) if c == code else c for c in first.codes)
    )
    wrong = replace(mapped(first), earlier=EarlierVersion(first.version, {}, {}, modifiers))
    problems = schemes.earlier_problems(first, wrong)
    assert any(said.format(v=first.version) in problem for problem in problems), problems


def test_an_export_says_what_became_of_each_answer(clinic: Clinic) -> None:
    first = kept(clinic, schemes.shipped_schemes()["rupture_repair"])
    second = kept(clinic, schemes.from_json(schemes.to_json(mapped(first))))
    rows = [r for r in version_rows(clinic.workspace, [second]) if r["kind"] == "answer" and r["code"] == "withdrawal"]
    became = {r["answer"]: r["later_answer"] for r in rows}
    assert (became["intensity:clear"], became["intensity:strong"]) == ("strength:some", "strength:strong")
    assert {r["later_code"] for r in rows} == {"withdrawal"}


def test_ratings_of_segments_of_another_length_have_no_counterpart() -> None:
    first = schemes.shipped_schemes()["segmented_alliance"]
    assert first.segment_ms is not None
    scale = next(r.id for r in first.ratings if r.each_segment)
    coding = RaterCoding("S1", "ada", ratings=(Rating(scale, 2, 3),))
    for length, left in ((first.segment_ms, 0), (first.segment_ms // 2, 1)):
        second = replace(first, version="next", segment_ms=length, earlier=EarlierVersion(first.version))
        read = read_in_terms([coding], [first, second])
        assert (sum(read.left_out.values()), len(read.codings[0].ratings)) == (left, 1 - left)
    renamed = replace(
        second,
        ratings=tuple(replace(r, id="other") if r.id == scale else r for r in second.ratings),
        earlier=EarlierVersion(first.version, {}, {scale: "other"}),
    )
    (problem,) = schemes.earlier_problems(first, renamed)
    assert "rating 'other' is given for segments of another length than" in problem


def test_moments_of_a_scheme_with_another_unit_have_no_counterpart(clinic: Clinic) -> None:
    new = replace(clinic.scheme, version="2", unit="utterance", earlier=EarlierVersion(clinic.scheme.version))
    codes, _ = schemes.became(clinic.scheme, new)
    assert set(codes) == {c.id for c in clinic.scheme.codes if c.kind is CodeKind.STATE} != set()


def test_raters_who_share_a_session_on_two_versions_alone_can_be_compared(clinic: Clinic, operation: Operation) -> None:
    coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10), (B, 20), (C, 30)])
    new = kept(clinic, later(clinic.scheme))
    here = replace(clinic, scheme=new)
    coded(here, operation, clinic.second, Purpose.STUDY, [(RENAMED, 10), (B, 20)])
    workspace, sue, study = clinic.workspace, clinic.supervisor, clinic.session.study_id

    assert agree.comparable(workspace, sue) == []
    (one,) = agree.comparable(workspace, sue, with_earlier=True)
    assert (one.scheme.hash, [s.hash for s in one.earlier]) == (new.hash, [clinic.scheme.hash])
    assert {r.id for r in one.raters} == {clinic.observer.id, clinic.second.id}
    assert [s.id for s in one.sessions] == [clinic.session.id] and one.first_at < one.last_at
    with pytest.raises(Refused, match="on two versions they have"):
        agree.find_scheme(workspace, sue, study)
    assert agree.find_scheme(workspace, sue, study, with_earlier=True).hash == new.hash
    chosen = agree.material(workspace, sue, Choice(study_id=study, with_earlier=True))
    assert len(chosen.raters) == 2 and [p.hits for p in agree.pairs(chosen)] == [2]


def test_one_rater_on_two_versions_is_nothing_to_compare(clinic: Clinic, operation: Operation) -> None:
    coded(clinic, operation, clinic.observer, Purpose.STUDY, [(A, 10)])
    here = replace(clinic, scheme=kept(clinic, later(clinic.scheme)))
    coded(here, operation, clinic.observer, Purpose.STUDY, [(B, 40)])
    assert agree.comparable(clinic.workspace, clinic.supervisor, with_earlier=True) == []
    with pytest.raises(Refused, match="nothing to compare yet"):
        agree.find_scheme(clinic.workspace, clinic.supervisor, clinic.session.study_id)


def test_a_ruling_goes_with_its_code_over_two_changes_of_its_id(clinic: Clinic) -> None:
    day = date(2026, 1, 1)
    rule.make_ruling(clinic.workspace, clinic.supervisor, clinic.scheme.name, Wording(A, day, "Q?", "D."), day)
    second = kept(clinic, later(clinic.scheme))
    rule.make_ruling(clinic.workspace, clinic.supervisor, clinic.scheme.name, Wording(RENAMED, day, "Q2?", "D."), day)
    codes = tuple(replace(c, id="warm") if c.id == RENAMED else c for c in second.codes)
    third = kept(clinic, later(second, "3", codes=codes, earlier=EarlierVersion("2", {RENAMED: "warm"})))
    shown = see_rulings.news(clinic.workspace, clinic.observer, third)
    assert [s.ruling.code for s in shown] == ["warm", "warm"]
    assert [r.code for r in see_rulings.codebook_rulings(clinic.workspace, clinic.observer, third)] == ["warm", "warm"]
    written = see_rulings.every_version(clinic.workspace, clinic.supervisor, third)
    assert {s.ruling.code for s in written} == {A, RENAMED}


def test_a_ruling_on_a_code_that_is_gone_concerns_the_later_version_no_more(clinic: Clinic) -> None:
    day = date(2026, 1, 1)
    rule.make_ruling(clinic.workspace, clinic.supervisor, clinic.scheme.name, Wording(C, day, "Q?", "D."), day)
    new = kept(clinic, later(clinic.scheme))
    (shown,) = see_rulings.rulings_of(clinic.workspace, clinic.observer, new)
    assert shown.ruling.code == C and see_rulings.news(clinic.workspace, clinic.observer, new) == []
