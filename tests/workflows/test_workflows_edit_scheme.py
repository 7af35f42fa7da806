"""Making a scheme on screen: drafts are kept, two windows lose nothing, a saved version can be assigned and stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinic import Clinic
from workbench import schemes
from workbench.model.people import Person, Role
from workbench.schemes.scheme_draft import value_at, with_value, written
from workbench.workflows import assign, code, edit_scheme, exchange_scheme, keep_definition, keep_draft, read_audit
from workbench.workflows.keep_draft import Draft
from workbench.workflows.refusal import Refused

CODE = {"id": "joke", "label": "Joke", "kind": "point", "key": "j", "definition": "Something meant to be funny."}
SCHEME = {"scheme": "small_talk", "title": "Small talk", "version": "1.0", "description": "Jokes.", "codes": [CODE]}


def put(clinic: Clinic, draft: Draft, *path: str | int, to: str, by: Person | None = None) -> Draft:
    """The draft with another value at a path."""
    tree = edit_scheme.read(clinic.workspace, draft).tree
    assert tree is not None
    changed = written(with_value(tree, path, to))
    return edit_scheme.change(clinic.workspace, by or clinic.supervisor, draft, changed, str(path[-1]))


def value(clinic: Clinic, draft: Draft, *path: str | int) -> object:
    return value_at(edit_scheme.read(clinic.workspace, draft).tree, path)


def made(clinic: Clinic, **more: object) -> Draft:
    """A draft that can be saved."""
    empty = edit_scheme.begin(clinic.workspace, clinic.supervisor)
    return edit_scheme.change(clinic.workspace, clinic.supervisor, empty, written(SCHEME | more), "all of it")


def test_what_another_window_writes_while_a_draft_is_being_saved_is_not_lost(clinic: Clinic, monkeypatch) -> None:
    seen, read = made(clinic), edit_scheme.read
    other = "Typed in another window"

    def read_slowly(workspace, draft):  # type: ignore[no-untyped-def]
        found = read(workspace, draft)
        monkeypatch.setattr(edit_scheme, "read", read)
        put(clinic, seen, "description", to=other)
        return found

    monkeypatch.setattr(edit_scheme, "read", read_slowly)
    with pytest.raises(Refused, match="another window"):
        edit_scheme.save(clinic.workspace, clinic.supervisor, seen)
    [left] = edit_scheme.drafts(clinic.workspace, clinic.supervisor)
    assert value(clinic, left, "description") == other
    assert edit_scheme.save(clinic.workspace, clinic.supervisor, left).description == other


@pytest.mark.parametrize("role", list(Role))
def test_supervisors_and_researchers_make_schemes_and_nobody_else(clinic: Clinic, person_of, role: Role) -> None:
    somebody = person_of(f"a_{role.value}", role)
    acts = [
        lambda: edit_scheme.begin(clinic.workspace, somebody),
        lambda: edit_scheme.begin_from_file(clinic.workspace, somebody, b"scheme: a", "a.yaml"),
        lambda: edit_scheme.save(clinic.workspace, somebody, Draft("x", "")),
        lambda: edit_scheme.discard(clinic.workspace, somebody, "x"),
        lambda: edit_scheme.change(clinic.workspace, somebody, Draft("x", ""), "title: a", "title"),
    ]
    if role in (Role.SUPERVISOR, Role.RESEARCHER):
        assert edit_scheme.may_make(somebody)
        begun = acts[0]()
        assert edit_scheme.drafts(clinic.workspace, somebody) == [begun]
        return
    assert not edit_scheme.may_make(somebody)
    for act in acts:
        with pytest.raises(Refused, match="role"):
            act()


def test_a_draft_is_there_again_after_a_reload_and_only_for_its_author(clinic: Clinic, person_of) -> None:
    draft = put(clinic, edit_scheme.begin(clinic.workspace, clinic.supervisor), "title", to="Kleine Gespräche 🙂")
    assert edit_scheme.draft(clinic.workspace, clinic.supervisor, draft.id) == draft
    assert edit_scheme.drafts(clinic.workspace, clinic.supervisor) == [draft]
    other = person_of("researcher", Role.RESEARCHER)
    assert edit_scheme.drafts(clinic.workspace, other) == []
    with pytest.raises(Refused, match="not there"):
        edit_scheme.draft(clinic.workspace, other, draft.id)


def test_each_change_can_be_taken_back_and_done_again_also_after_a_reload(clinic: Clinic) -> None:
    draft = edit_scheme.begin(clinic.workspace, clinic.supervisor)
    texts = [draft.text]
    for title in ("One", "Two", "Two and a half"):
        draft = put(clinic, draft, "title", to=title)
        texts.append(draft.text)
    draft = edit_scheme.draft(clinic.workspace, clinic.supervisor, draft.id)
    for text in reversed(texts[:-1]):
        draft = edit_scheme.undo(clinic.workspace, clinic.supervisor, draft)
        assert draft.text == text
    assert (draft.undo, draft.redo) == ("", "title")
    assert edit_scheme.undo(clinic.workspace, clinic.supervisor, draft) == draft
    for text in texts[1:]:
        draft = edit_scheme.redo(clinic.workspace, clinic.supervisor, draft)
        assert draft.text == text
    back = edit_scheme.undo(clinic.workspace, clinic.supervisor, draft)
    other = put(clinic, back, "title", to="Three")
    assert (other.redo, value(clinic, other, "title")) == ("", "Three")


@given(st.lists(st.text("ab\n", max_size=8), min_size=1, max_size=6))
def test_a_step_says_exactly_what_differs(texts: list[str]) -> None:
    text = texts[0]
    for later in texts[1:]:
        step = keep_draft.difference(text, later, "")
        assert text[: step.at] + step.after + text[step.at + len(step.before) :] == later
        assert later[: step.at] + step.before + later[step.at + len(step.after) :] == text
        text = later


def test_what_is_typed_in_a_window_that_is_behind_becomes_a_draft_of_its_own(clinic: Clinic) -> None:
    seen = made(clinic)
    first = put(clinic, seen, "title", to="Written here")
    second = put(clinic, seen, "description", to="Written there")
    assert second.parted_from == first.id != second.id
    kept = {d.id: d for d in edit_scheme.drafts(clinic.workspace, clinic.supervisor)}
    assert value(clinic, kept[first.id], "title") == "Written here"
    assert value(clinic, kept[second.id], "description") == "Written there"
    assert (
        value(clinic, edit_scheme.undo(clinic.workspace, clinic.supervisor, kept[second.id]), "description") == "Jokes."
    )


def test_what_is_typed_after_the_draft_was_discarded_elsewhere_is_kept(clinic: Clinic) -> None:
    seen = made(clinic)
    edit_scheme.discard(clinic.workspace, clinic.supervisor, seen.id)
    again = put(clinic, seen, "title", to="Still here")
    assert again.parted_from == seen.id
    assert [d.id for d in edit_scheme.drafts(clinic.workspace, clinic.supervisor)] == [again.id]


def test_a_saved_version_can_be_assigned_coded_and_exported(clinic: Clinic) -> None:
    scheme = edit_scheme.save(clinic.workspace, clinic.supervisor, made(clinic))
    assert scheme in keep_definition.kept_schemes(clinic.workspace)
    assert edit_scheme.drafts(clinic.workspace, clinic.supervisor) == []
    given = assign.assign(clinic.workspace, clinic.supervisor, clinic.session.id, clinic.observer.id, scheme.hash)
    opened = code.open_coding(clinic.workspace, clinic.observer, given.id)
    assert opened.coding.scheme_hash == scheme.hash
    actions = {row.action for row in read_audit.read_audit(clinic.workspace, clinic.administrator)}
    assert {"scheme_draft.begin", "scheme.add"} <= actions


def test_a_draft_with_mistakes_is_not_saved_and_says_all_of_them(clinic: Clinic) -> None:
    draft = made(clinic, codes=[CODE, CODE | {"id": "other", "label": "Other"}], title="")
    with pytest.raises(Refused) as refused:
        edit_scheme.save(clinic.workspace, clinic.supervisor, draft)
    assert refused.value.problems == (
        "the scheme: title is empty",
        "codes: key 'j' is used twice (first in code “Joke”)",
    )
    assert edit_scheme.drafts(clinic.workspace, clinic.supervisor) == [draft]


def test_an_edit_of_a_version_is_a_new_version_and_the_first_stays(clinic: Clinic) -> None:
    first = edit_scheme.save(clinic.workspace, clinic.supervisor, made(clinic))
    draft = edit_scheme.begin(clinic.workspace, clinic.supervisor, first, own=False)
    assert value(clinic, draft, "version") == "1.1"
    with_joke = put(clinic, draft, "codes", 0, "label", to="A joke")
    read = edit_scheme.read(clinic.workspace, with_joke)
    assert read.scheme is not None
    said = [c.sentence for c in edit_scheme.differences(clinic.workspace, with_joke, read.scheme)]
    assert said == [
        "The scheme: version: “1.0” → “1.1”.",
        "The scheme: it follows version 1.0.",
        "Code “A joke”: label: “Joke” → “A joke”.",
    ]
    assert read.scheme.earlier is not None
    assert read.scheme.earlier.version == "1.0"
    second = edit_scheme.save(clinic.workspace, clinic.supervisor, with_joke)
    kept = {s.version: s for s in keep_definition.kept_schemes(clinic.workspace) if s.name == "small_talk"}
    assert kept == {"1.0": first, "1.1": second}


def test_a_version_or_a_name_that_is_taken_is_said_beside_its_field(clinic: Clinic) -> None:
    first = edit_scheme.save(clinic.workspace, clinic.supervisor, made(clinic))
    next_one = edit_scheme.begin(clinic.workspace, clinic.supervisor, first, own=False)
    same = put(clinic, put(clinic, next_one, "version", to="1.0"), "title", to="Smaller talk")
    problems = edit_scheme.read(clinic.workspace, same).of("version")
    assert problems == ["the scheme: version '1.0' is there already, and it never changes; 1.1 is free"]
    unchanged = put(clinic, same, "title", to="Small talk")
    assert edit_scheme.read(clinic.workspace, unchanged).of("version") == [
        "the scheme: this is version 1.0 as it is: nothing has been changed"
    ]
    own = made(clinic, title="Somebody else's")
    assert "take another name" in edit_scheme.read(clinic.workspace, own).of("scheme")[0]
    for draft in (unchanged, own):
        with pytest.raises(Refused, match="cannot be used yet"):
            edit_scheme.save(clinic.workspace, clinic.supervisor, draft)


def test_the_next_version_is_one_that_nobody_has(clinic: Clinic) -> None:
    kept = keep_definition.keep_scheme
    base = schemes.shipped_schemes()["alliance_behaviours"]
    for version in ("7", "8"):
        other = replace(base, version=version, hash="")
        kept(clinic.workspace, None, replace(other, hash=schemes.identity(other)))
    assert edit_scheme.next_version(clinic.workspace, base.name, "7") == "9"
    assert edit_scheme.next_version(clinic.workspace, base.name, "1.x") == "1.x"


def test_a_scheme_of_ones_own_begins_with_everything_of_the_one_it_is_made_after(clinic: Clinic) -> None:
    for base in schemes.shipped_schemes().values():
        draft = edit_scheme.begin(clinic.workspace, clinic.supervisor, base)
        read = edit_scheme.read(clinic.workspace, draft)
        assert (read.problems, read.scheme and read.scheme.codes) == ((), base.codes)
        assert value(clinic, draft, "scheme") != base.name
        edit_scheme.discard(clinic.workspace, clinic.supervisor, draft.id)


def test_what_comes_with_the_program_can_be_begun_with_before_anybody_used_it(clinic: Clinic) -> None:
    titles = {s.name for s in edit_scheme.beginnings(clinic.workspace)}
    assert titles == set(schemes.shipped_schemes())
    assert {s.name for s in keep_definition.kept_schemes(clinic.workspace)} == {"alliance_behaviours"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"PK\x03\x04 a zip\x00", "is no text"),
        (b"instrument: a\ntitle: b", "questionnaire"),
        (b"<html>", "no coding scheme"),
        (b"", "no coding scheme"),
        (b"a" * 300_000, "262,144"),
    ],
)
def test_a_file_that_is_no_scheme_is_refused_and_begins_nothing(clinic: Clinic, data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        edit_scheme.begin_from_file(clinic.workspace, clinic.supervisor, data, "=cmd().yaml")
    assert edit_scheme.drafts(clinic.workspace, clinic.supervisor) == []


def test_a_file_with_mistakes_is_a_draft_with_all_of_them_and_keeps_its_comments(clinic: Clinic) -> None:
    data = "scheme: small_talk\n# ours\ntitel: الحديث\ncodes: [\n".encode()
    draft = edit_scheme.begin_from_file(clinic.workspace, clinic.supervisor, data, "small_talk.yaml")
    assert draft.text == data.decode()
    assert edit_scheme.read(clinic.workspace, draft).problems
    with pytest.raises(Refused, match="cannot be used yet"):
        edit_scheme.save(clinic.workspace, clinic.supervisor, draft)


def test_nobody_has_more_drafts_than_can_be_looked_through(clinic: Clinic) -> None:
    for _ in range(keep_draft.MOST_DRAFTS):
        edit_scheme.begin(clinic.workspace, clinic.supervisor)
    with pytest.raises(Refused, match="Save or discard"):
        edit_scheme.begin(clinic.workspace, clinic.supervisor)


def test_what_does_not_fit_the_version_before_is_a_problem_of_the_draft_and_it_is_not_saved(clinic: Clinic) -> None:
    first = edit_scheme.save(clinic.workspace, clinic.supervisor, made(clinic))
    draft = edit_scheme.begin(clinic.workspace, clinic.supervisor, first, own=False)
    tree = edit_scheme.read(clinic.workspace, draft).tree
    assert tree is not None
    codes = [{**CODE, "id": "jest", "kind": "state"}]
    said = {"version": "1.0", "codes": {"joke": "jest", "nothing": "jest"}}
    wrong = written(tree | {"codes": codes, "from_version": said})
    draft = edit_scheme.change(clinic.workspace, clinic.supervisor, draft, wrong, "another kind")
    found = edit_scheme.read(clinic.workspace, draft)
    assert [p.path for p in found.problems] == [("from_version", "codes", old) for old in ("joke", "nothing")]
    kind, gone = (p.message for p in found.problems)
    assert "code 'jest' is of another kind than 'joke' of version 1.0" in kind and "has no code 'nothing'" in gone
    with pytest.raises(Refused):
        edit_scheme.save(clinic.workspace, clinic.supervisor, draft)
    assert [s.version for s in keep_definition.kept_schemes(clinic.workspace) if s.name == "small_talk"] == ["1.0"]

    right = written(tree | {"codes": [{**CODE, "id": "jest"}], "from_version": said | {"codes": {"joke": "jest"}}})
    draft = edit_scheme.change(clinic.workspace, clinic.supervisor, draft, right, "a line")
    saved = edit_scheme.save(clinic.workspace, clinic.supervisor, draft)
    assert schemes.became(first, saved)[0] == {"joke": "jest"}


def test_a_scheme_of_ones_own_names_its_origin_as_source_and_nobody_else_as_author(clinic: Clinic) -> None:
    base = schemes.shipped_schemes()["rupture_repair"]
    draft = edit_scheme.begin(clinic.workspace, clinic.supervisor, base)
    assert not value(clinic, draft, "authors")
    said = f"Made after {base.title} {base.version} by Alliance Workbench project. {base.source}"
    assert value(clinic, draft, "source") == said
    assert not edit_scheme.read(clinic.workspace, draft).problems


def test_an_imported_code_must_be_defined_before_the_scheme_is_saved(clinic: Clinic) -> None:
    cacti = b"""<userConfiguration><codes><code name="OQ" value="1"/></codes><codeControls panel="left"
        label="Therapist"><row><button code="OQ"/></row></codeControls></userConfiguration>"""
    made = exchange_scheme.import_scheme(cacti, "ours.xml")
    draft = edit_scheme.begin_from_file(clinic.workspace, clinic.supervisor, made.yaml, "ours.yaml")
    (problem,) = edit_scheme.read(clinic.workspace, draft).problems
    assert (problem.path, problem.message) == (("codes", 0, "definition"), "OQ: say when it is given")
    with pytest.raises(Refused):
        edit_scheme.save(clinic.workspace, clinic.supervisor, draft)
    draft = put(clinic, draft, "codes", 0, "definition", to="The provider asks an open question.")
    assert edit_scheme.save(clinic.workspace, clinic.supervisor, draft).codes[0].label == "OQ"
