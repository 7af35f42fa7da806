"""A draft of a scheme: its problems beside their fields, edits that keep the rest, and differences in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.schemes.test_schemes_broken_files import SHIPPED, SHORT
from tests.schemes.test_schemes_writing import EVERY_KEY, schemes
from workbench.model.scheme import Certification, DataKind, EarlierVersion, Limit, Reported
from workbench.schemes import check, identity, parse_scheme, shipped_schemes, write_scheme
from workbench.schemes.draft_names import with_lineage, with_name
from workbench.schemes.scheme_changes import changes
from workbench.schemes.scheme_draft import (
    called,
    name_for,
    number,
    read_draft,
    value_at,
    with_entry,
    with_entry_moved,
    with_value,
    without_entry,
    written,
)
from workbench.schemes.yaml_text import NOTHING, Plain

SCHEME = shipped_schemes()["rupture_repair"]
TREE = read_draft(write_scheme(SCHEME)).tree
assert TREE is not None


def problems_of(tree: dict) -> dict[tuple, list[str]]:
    found = read_draft(written(tree))
    return {p.path: [q.message for q in found.problems if q.path == p.path] for p in found.problems}


def test_a_draft_without_mistakes_is_the_scheme_itself() -> None:
    read = read_draft(write_scheme(SCHEME))
    assert (read.problems, read.scheme) == ((), SCHEME)


def test_each_mistake_stands_at_the_field_that_it_is_about() -> None:
    tree = with_value(TREE, ("codes", 1, "key"), value_at(TREE, ("codes", 0, "key")))
    tree = with_value(tree, ("codes", 2, "definition"), "")
    tree = with_value(tree, ("ratings", 0, "high"), number("five"))
    tree = with_value(tree, ("title",), "x" * 121)
    tree = with_value(tree, ("codes", 0, "modifiers", 0, "options", 1, "key"), "AB")
    assert problems_of(tree) == {
        ("title",): ["the scheme: title has 121 characters, at most 120 fit"],
        ("codes", 0, "modifiers", 0, "options", 1, "key"): [
            "code 'withdrawal', modifier 'intensity', option 'clear': key is 'AB', expected one small letter or digit"
        ],
        ("codes", 1, "key"): ["codes: key 'x' is used twice (first in code “Withdrawal”)"],
        ("codes", 2, "definition"): ["code 'takes_it_up': definition is missing"],
        ("ratings", 0, "high"): ["rating 'segment_withdrawal': high is 'five', expected a whole number"],
    }


def test_what_is_given_twice_is_said_at_both_places() -> None:
    read = read_draft(written(with_value(TREE, ("codes", 2, "key"), value_at(TREE, ("codes", 0, "key")))))
    assert read.of("codes", 2, "key") == ["codes: key 'x' is used twice (first in code “Withdrawal”)"]
    assert read.of("codes", 0, "key") == ["codes: key 'x' is used twice (also in code “Takes the strain up”)"]
    assert (len(read.inside("codes")), len(read.inside("codes", 0)), len(read.problems)) == (1, 1, 1)
    direct = read_draft(written(with_value(TREE, ("codes", 2, "key"), "1")))
    assert direct.of("codes", 0, "modifiers", 0, "options", 0, "direct") == [
        "codes: key '1' is used twice (also in code “Takes the strain up”)"
    ]


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_problems_are_those_of_check_scheme(name: str, tmp_path: Path) -> None:
    lines = SHIPPED[name].splitlines()
    if not any(line.startswith("scheme:") for line in lines):
        return
    text = "\n".join(line for n, line in enumerate(lines) if n % 41 != 40 or not line.strip())
    (tmp_path / "draft.yaml").write_text(text, encoding="utf-8")
    wanted = [(p.line, p.message.split(" (first in")[0]) for p in check(tmp_path / "draft.yaml")]
    found = [(p.line, p.message.split(" (first in")[0]) for p in read_draft(text).problems]
    assert found == wanted
    assert wanted


def beginning(text: str) -> st.SearchStrategy[str]:
    return st.integers(0, len(text)).map(lambda n: text[:n])


@given(st.one_of(st.text(max_size=200), st.sampled_from(sorted(SHORT.values())).flatmap(beginning)))
@settings(max_examples=80, deadline=None)
def test_any_text_can_be_a_draft(text: str) -> None:
    read = read_draft(text)
    assert read.problems or read.scheme == parse_scheme(text.encode(), "draft.yaml")


def test_a_text_that_a_form_would_lose_some_of_has_no_tree() -> None:
    assert read_draft("title: a\ntitle: b\n").tree is None
    assert read_draft("title: [a").tree is None
    assert read_draft("title: a\n").tree == {"title": "a"}


def test_an_edit_keeps_everything_else_also_what_no_form_knows() -> None:
    text = written({**TREE, "house_rule": {"of": ["ours", Plain("3")]}})
    read = read_draft(text)
    assert read.tree is not None
    changed = with_value(read.tree, ("codes", 0, "label"), "Pulls away")
    assert with_value(changed, ("codes", 0, "label"), "Withdrawal") == read.tree
    assert value_at(changed, ("house_rule", "of")) == ["ours", "3"]
    assert any("house_rule" in p.message for p in read_draft(written(changed)).problems)


def test_a_new_key_stands_where_it_usually_does() -> None:
    changed = with_value(without(TREE, "source"), ("source",), "After nobody")
    assert list(changed) == list(TREE)
    assert list(with_value(TREE, ("codes", 0, "near_miss"), "")["codes"][0])[-1] == "example"


def without(tree: dict, key: str) -> dict:
    return {k: v for k, v in tree.items() if k != key}


def test_entries_are_added_moved_and_deleted() -> None:
    def ids(tree: dict) -> list[str]:
        return [code["id"] for code in tree["codes"]]

    first, second, *more = ids(TREE)
    assert ids(with_entry_moved(TREE, ("codes",), 0, 1)) == [second, first, *more]
    assert ids(without_entry(TREE, ("codes",), 0)) == [second, *more]
    assert ids(with_entry(TREE, ("codes",), 1, {"id": "new"})) == [first, "new", second, *more]
    assert ids(with_entry({}, ("codes",), 0, {"id": "new"})) == ["new"]
    kept = {"from_version": {"version": "1", "codes": {"was": "only", "had": "other"}}}
    two = {"codes": [{"id": "only"}, {"id": "other"}], **kept}
    assert without_entry(two, ("codes",), 0)["from_version"] == {"version": "1", "codes": {"had": "other"}}
    twins = {"codes": [{"id": "only"}, {"id": "only"}], **kept}  # one of the two is still there
    assert without_entry(twins, ("codes",), 0)["from_version"] == kept["from_version"]
    assert "codes" not in without_entry({"codes": [{"id": "only"}]}, ("codes",), 0)


def test_a_code_that_gets_another_name_keeps_its_rules_and_scores() -> None:
    changed = read_draft(written(with_name(TREE, ("codes", 0), "pulls_away")))
    assert changed.problems == ()
    assert changed.scheme is not None
    assert changed.scheme.rules[0].codes == ("pulls_away",)
    assert "pulls_away" in changed.scheme.scores[0].events.codes
    rated = read_draft(written(with_name(TREE, ("ratings", 0), "withdrawn")))
    assert rated.problems == ()
    assert rated.scheme is not None
    assert rated.scheme.rules[0].scale == "withdrawn"


def test_a_new_version_says_what_became_of_the_codes_of_the_one_before() -> None:
    tree = {**TREE, "from_version": {"version": "0.9", "codes": {"pulls_back": "withdrawal"}}}
    renamed = with_name(with_lineage(tree, "codes", "withdrawal", "leaves", saved=True), ("codes", 0), "leaves")
    assert renamed["from_version"]["codes"] == {"pulls_back": "leaves", "withdrawal": "leaves"}
    assert read_draft(written(renamed)).problems == ()
    back = with_lineage(with_name(renamed, ("codes", 0), "withdrawal"), "codes", "leaves", "withdrawal", saved=False)
    assert back["from_version"] == tree["from_version"]
    first = {key: value for key, value in TREE.items() if key != "from_version"}
    assert with_lineage(first, "codes", "withdrawal", "leaves", saved=True) == first


def test_an_answer_that_gets_another_name_keeps_the_scores_that_count_it() -> None:
    page = read_draft(EVERY_KEY).tree
    assert page is not None
    changed = read_draft(written(with_name(page, ("codes", 0, "modifiers", 0, "options", 0), "wide")))
    again = read_draft(written(with_name(changed.tree or {}, ("codes", 0, "modifiers", 0), "shape")))
    for read, answer in ((changed, "form:wide"), (again, "shape:wide")):
        assert read.problems == ()
        assert read.scheme is not None
        assert read.scheme.scores[0].events.modifiers == (answer,)
    none = {k: v for k, v in page.items() if k != "scores"}
    assert "scores" not in with_name(none, ("codes", 0, "modifiers", 0), "shape")


def test_a_mapping_of_modifiers_follows_what_it_leads_to_and_goes_with_it() -> None:
    page = read_draft(EVERY_KEY).tree
    assert page is not None
    assert page["from_version"]["modifiers"] == {"asks": {"shape": "form", "shape:wide": "form:open"}}
    modifier: tuple[str | int, ...] = ("codes", 0, "modifiers", 0)
    renamed = with_name(with_name(page, (*modifier, "options", 0), "free"), modifier, "way")
    assert renamed["from_version"]["modifiers"] == {"asks": {"shape": "way", "shape:wide": "way:free"}}
    without_answer = without_entry(page, (*modifier, "options"), 0)
    assert without_answer["from_version"]["modifiers"] == {"asks": {"shape": "form"}}
    for gone in (without_entry(page, modifier[:-1], 0), without_entry(page, ("codes",), 0)):
        assert "modifiers" not in gone["from_version"]
        assert [p for p in read_draft(written(gone)).problems if p.path[0] == "from_version"] == []
    back = with_name(with_name(page, (*modifier, "options", 0), "wide"), modifier, "shape")
    assert "modifiers" not in back["from_version"]  # both have their first ids again
    odd = page | {"from_version": {"version": "1", "modifiers": {"asks": ["what"], "was": {"a": ["b"]}}}}
    assert without_entry(odd, ("codes",), 1)["from_version"] == odd["from_version"]


def test_a_name_is_made_of_a_label() -> None:
    assert name_for("Names the strain!", [], "code") == "names_the_strain"
    assert name_for("Names the strain!", ["names_the_strain"], "code") == "names_the_strain_2"
    assert name_for("تعاطف", [], "code") == "code_1"
    assert name_for("5 minutes", [], "code") == "code_5_minutes"
    assert name_for("Über-Ich", [], "code") == "uber_ich"


def test_a_part_is_called_by_its_label_or_its_place() -> None:
    assert called(TREE, ("codes", 0, "modifiers", 0, "label")) == "code “Withdrawal”, modifier “Intensity”"
    assert called({"codes": [{}]}, ("codes", 0)) == "code 1"


# ---- differences ---------------------------------------------------------------------------------


def changed_to(tree: dict) -> list[str]:
    read = read_draft(written(tree))
    assert read.scheme is not None
    assert read.problems == ()
    return [c.sentence for c in changes(SCHEME, read.scheme)]


def test_differences_are_said_in_words() -> None:
    tree = with_value(TREE, ("version",), "7")
    tree = with_value(tree, ("codes", 2, "definition"), "The provider speaks of the strain.")
    tree = with_value(tree, ("codes", 3, "key"), "k")
    tree = with_value(tree, ("ratings", 0, "no_evidence"), Plain("true"))
    tree = with_value(tree, ("ratings", 0, "anchors", "2"), "a little")
    new = {"id": "silence", "label": "Silence", "kind": "point", "key": "n", "definition": "Nobody speaks."}
    tree = with_entry(tree, ("codes",), 0, new)
    assert set(changed_to(tree)) == {
        f"The scheme: version: “{SCHEME.version}” → “7”.",
        "Code “Silence” was added.",
        "Code “Takes the strain up”: definition changed.",
        "Code “Owns a part”: key: “s” → “k”.",
        "Rating “Withdrawal in this segment”: “no evidence” as an answer added: yes.",
        "Rating “Withdrawal in this segment”: anchors changed.",
    }
    assert changed_to(with_name(TREE, ("codes", 0), "pulls_away"))[0] == (
        "Code “Withdrawal”: id: “withdrawal” → “pulls_away”."
    )
    assert changed_to(with_entry_moved(TREE, ("codes",), 0, 1)) == [
        "The codes are in another order: Confrontation, Withdrawal, "
        + ", ".join(c.label for c in SCHEME.codes[2:])
        + "."
    ]


def test_what_got_another_id_by_the_mapping_is_the_same_still() -> None:
    earlier = parse_scheme(EVERY_KEY.encode(), "page.yaml")
    question = earlier.codes[0]
    (form,) = question.modifiers
    wide, *others = form.options
    shape = replace(form, id="shape", label="Shape", options=(replace(wide, id="wide", label="Wide"), *others))
    asks = replace(question, id="asks", label="Asks", modifiers=(shape,))
    lines = {question.id: {"form": "shape", f"form:{wide.id}": "shape:wide"}}
    later = replace(
        earlier,
        codes=(asks, *earlier.codes[1:]),
        earlier=EarlierVersion(earlier.version, {question.id: "asks"}, {}, lines),
    )
    said = [c.sentence for c in changes(earlier, later)]
    assert "Code “Asks”: label: “Question” → “Asks”." in said
    assert "Code “Asks”, modifier “Shape”: id: “form” → “shape”." in said
    assert f"Code “Asks”, modifier “Shape”, answer “Wide”: id: “{wide.id}” → “wide”." in said
    assert not [s for s in said if "was added" in s or "was removed" in s]
    one = replace(form, options=others)
    merged = replace(later, codes=(replace(question, modifiers=(one,)), *earlier.codes[1:]))
    into = {question.id: {f"form:{wide.id}": f"form:{others[0].id}"}}
    merged = replace(merged, earlier=EarlierVersion(earlier.version, {}, {}, into))
    gone = f"Code “Question”, modifier “Form”, answer “{wide.label}” became part of “{others[0].label}”."
    assert gone in [c.sentence for c in changes(earlier, merged)]


def test_what_was_taken_out_is_named_with_all_that_went_with_it() -> None:
    earlier = parse_scheme(EVERY_KEY.encode(), "page.yaml")
    later = replace(earlier, codes=earlier.codes[:-1], rules=(), reasons=())
    found = {c.sentence: c for c in changes(earlier, later)}
    gone = found["Code “Tension” was removed."]
    assert gone.kind == "removed"
    assert "A stretch in which the two work against each other." in gone.before
    assert "Rule “curious_without_questions” was removed." in found


def test_what_is_said_to_have_no_equal_did_not_become_what_has_its_label() -> None:
    earlier = parse_scheme(EVERY_KEY.encode(), "page.yaml")
    question, *others = earlier.codes
    anew = replace(earlier, codes=(replace(question, id="asks"), *others), rules=(), scores=())
    assert not [c for c in changes(earlier, anew) if c.kind == "removed" and c.what == "Code “Question”"]
    later = replace(anew, earlier=EarlierVersion(earlier.version, {question.id: None}))
    found = {c.sentence: c for c in changes(earlier, later)}
    assert found["Code “Question” was removed, and has no equal."].kind == "removed"
    assert "Code “Question” was added." in found
    (follows,) = (c for c in found.values() if "it follows version" in c.sentence)
    assert follows.after == f"{question.id} → no equal"
    (form,) = question.modifiers
    wide, *options = form.options
    fewer = replace(question, modifiers=(replace(form, options=tuple(options)),))
    lines = {question.id: {f"form:{wide.id}": None}}
    less = replace(earlier, codes=(fewer, *others), earlier=EarlierVersion(earlier.version, {}, {}, lines))
    gone = f"Code “Question”, modifier “Form”, answer “{wide.label}” was removed, and has no equal."
    assert gone in [c.sentence for c in changes(earlier, less)]


def test_a_new_code_that_had_the_name_of_one_without_an_equal_does_not_become_its_equal() -> None:
    said = {"version": "1", "codes": {"withdrawal": NOTHING}}
    tree = {**TREE, "from_version": said}
    renamed = with_lineage(tree, "codes", "withdrawal", "leaves", saved=True)
    assert renamed["from_version"] == said


@given(schemes(), schemes(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_two_schemes_differ_in_words_exactly_where_their_identities_differ(one, other, same) -> None:
    later = replace(one) if same else other
    assert bool(changes(one, later)) is (identity(one) != identity(later))


def test_what_is_asked_of_raters_and_said_of_the_version_before_differs_in_words() -> None:
    def asked(*, first: str, least: float, version: str, **said: object):
        return replace(
            SCHEME,
            agreement=(Reported(DataKind.CODES, (first,), "Why."),),
            certification=Certification(10, (Limit(DataKind.CODES, "kappa", least),), "Why."),
            earlier=EarlierVersion(version, **said),
        )

    before = asked(first="cohen_kappa", least=0.6, version="1")
    after = asked(first="gwet_ac1", least=0.7, version="2", codes={"opens": "withdrawal"})
    names = {"cohen_kappa": "Cohen’s κ", "gwet_ac1": "Gwet’s AC1"}
    assert [c.sentence for c in changes(before, after, names.__getitem__)] == [
        "Agreement on codes: to report: Cohen’s κ → Gwet’s AC1.",
        "Certification on codes: Cohen’s κ from 0.6 on → Cohen’s κ from 0.7 on.",
        "The scheme: it follows version 2, and says what became of 1 entry.",
    ]
    none = replace(SCHEME, agreement=(), certification=None, earlier=None)
    assert [c.sentence for c in changes(none, before, names.__getitem__)] == [
        "Agreement on codes: to report: Cohen’s κ.",
        "Certification: sessions with a criterion coding: 10.",
        "Certification on codes: Cohen’s κ from 0.6 on.",
        "The scheme: it follows version 1.",
    ]
    assert [c.sentence for c in changes(before, none, names.__getitem__)] == [
        "Agreement on codes: nothing said now (was Cohen’s κ).",
        "Certification: no limits any more.",
        "The scheme: it follows no version now (was 1).",
    ]
