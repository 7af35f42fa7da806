"""Reading coding schemes and instruments: what is accepted, and the sentence for what is not."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.model.instrument import Perspective
from workbench.model.scheme import CodeKind, CodingPass, Each, EvidenceRule, ModifierOption
from workbench.registry import DuplicateName
from workbench.schemes import (
    SchemeProblems,
    check,
    from_json,
    identity,
    instrument_from_json,
    load_instrument,
    load_scheme,
    parse_instrument,
    parse_scheme,
    shipped_schemes,
    to_json,
)

SMALL = """\
scheme: two_codes
title: Two codes
version: 1.10
description: The smallest thing that can be coded with.
codes:
  - id: smile
    label: Smile
    kind: point
    key: s
    definition: A smile that can be seen.
  - id: silence
    label: Silence
    kind: state
    key: d
    definition: Nobody speaks for five seconds or more.
ratings:
  - id: warmth
    label: Warmth
    low: 1
    high: 5
    definition: Warmth over the session.
    anchors: {1: cold, 5: warm}
"""

UNITS = """\
scheme: units
title: Units
version: "1"
description: Utterances, modifiers, segments, passes and a rule.
unit: utterance
units_of: [provider]
passes: [listen, unitize, code, rate]
segment_minutes: 5
codes:
  - id: ask
    label: Ask
    kind: utterance
    key: q
    definition: A question.
    group: act
    ask: [who, whom]
    modifiers:
      - id: form
        label: Form
        required: true
        options:
          - {id: open, label: Open, key: "1", direct: w}
          - {id: closed, label: Closed, key: "2", direct: e}
      - id: tone
        label: Tone
        several: true
        options: [{id: warm, label: Warm, key: a}, {id: dry, label: Dry, key: d}]
  - id: tell
    label: Tell
    kind: utterance
    key: s
    definition: Anything else.
    group: act
ratings:
  - {id: warmth, label: Warmth, each: segment, low: 1, high: 5, definition: Warmth.}
rules:
  - id: warm
    rating: warmth
    from: 4
    to: 5
    codes: [ask, tell]
    at_least: 1
    at_most: 9
    sentence: Much warmth needs some words.
reasons: [It was in the tone, The segment is short]
check_evidence: false
"""

FORM = """\
instrument: three_items
title: Three items
version: "1"
perspective: patient
instructions: Tick one number for each line.
low: 0
high: 4
labels: {0: never, 4: always}
key_confirmed: false
subscales:
  - {id: bond, label: Bond}
items:
  - {id: 1, text: I was heard., subscale: bond}
  - {id: 2, text: I was safe., subscale: bond}
  - {id: 3, text: I was bored., subscale: bond, reversed: true}
"""


def problems_of(text: str | bytes, file: str = "mine.yaml") -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    read = parse_instrument if data.lstrip().startswith(b"instrument") else parse_scheme
    try:
        read(data, file)
    except SchemeProblems as error:
        assert list(error.problems) == sorted(error.problems, key=lambda p: (p.line, p.column))
        return [str(p) for p in error.problems]
    return []


def test_a_small_scheme_gets_its_defaults_and_its_identity() -> None:
    scheme = parse_scheme(SMALL.encode(), "two_codes.yaml")
    assert (scheme.name, scheme.version, scheme.bin_ms, scheme.tolerance_ms) == ("two_codes", "1.10", 5000, 2000)
    assert [c.kind for c in scheme.codes] == [CodeKind.POINT, CodeKind.STATE]
    assert dict(scheme.rating("warmth").anchors) == {1: "cold", 5: "warm"}
    assert len(scheme.hash) == 64
    assert scheme.hash == identity(scheme)


def test_a_small_instrument_is_read() -> None:
    form = parse_instrument(FORM.encode(), "three_items.yaml")
    assert (form.perspective, form.low, form.high, form.minimum_answered) == (Perspective.PATIENT, 0, 4, 0.75)
    assert [(i.id, i.reversed) for i in form.items] == [("1", False), ("2", False), ("3", True)]
    assert form.key_confirmed is False


def test_json_gives_back_the_same_scheme_and_instrument() -> None:
    scheme, form = parse_scheme(SMALL.encode(), "a"), parse_instrument(FORM.encode(), "b")
    assert from_json(to_json(scheme)) == scheme
    assert instrument_from_json(to_json(form)) == form
    with pytest.raises(ValueError, match="expected 'alliance-workbench/scheme/1'"):
        from_json(to_json(form))
    with pytest.raises(ValueError, match="not a scheme"):
        from_json(to_json(scheme).replace('"codes"', '"kodes"'))


def test_layout_and_comments_do_not_change_the_identity_but_any_word_does() -> None:
    one = parse_scheme(SMALL.encode(), "a")
    same = "# ours\n" + SMALL.replace("title: Two codes", "title:    'Two codes'").replace("\n  - id", "\n\n  - id")
    assert parse_scheme(same.encode(), "b").hash == one.hash
    assert parse_scheme(SMALL.replace("a smile", "one smile").replace("A smile", "One").encode(), "c").hash != one.hash


def test_every_mistake_is_one_sentence_with_its_line() -> None:
    text = (
        SMALL.replace("title: Two codes", "titel: Two codes")
        .replace("kind: state", "kind: stat")
        .replace("key: d", "key: s")
        .replace("high: 5", "high: 1")
        .replace("definition: A smile that can be seen.", "definition: no")
    )
    assert problems_of(text) == [
        "mine.yaml, line 1: the scheme: title is missing",
        "mine.yaml, line 2: the scheme: unknown key 'titel'; did you mean 'title'?",
        "mine.yaml, line 10: code 'smile': definition: YAML reads no as the yes-or-no value no; put it in quotes",
        "mine.yaml, line 13: code 'silence': kind is 'stat', expected point or state or utterance",
        "mine.yaml, line 14: codes: key 's' is used twice (first in line 9)",
        "mine.yaml, line 20: rating 'warmth': the scale goes from 1 to 1, expected low below high by 1 to 100",
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("key: s", "key: ß9", "line 9: code 'smile': key is 'ß9', expected one small letter or digit"),
        ("key: s", "key: S", "line 9: code 'smile': key is 'S', expected one small letter or digit"),
        ("id: smile", "id: Smile", "line 6: code 'Smile': id is 'Smile', expected small letters a-z"),
        ("id: silence", "id: smile", "line 11: codes: id 'smile' is used twice (first in line 6)"),
        ("kind: point", "kind: point\n    group: x", "line 9: code 'smile': group is for states"),
        ("kind: state", "kind: state\n    group: x", "line 11: code 'silence': it is alone in the group 'x'"),
        ("kind: point", "kind: point\n    colour: '#12'", "line 9: code 'smile': colour is '#12'"),
        ("kind: point", "kind: point\n    kind: state", "line 9: code 'smile': kind is given twice (first in line 8)"),
        ("low: 1", "low: 1.5", "line 19: rating 'warmth': low is the number 1.5, expected a whole number"),
        ("low: 1", "low: one", "line 19: rating 'warmth': low is 'one', expected a whole number"),
        ("high: 5", "high: 5\n    start: 6", "line 21: rating 'warmth': start is 6, expected 1 to 5"),
        ("{1: cold, 5: warm}", "{1: cold, 1: warm}", "line 22: rating 'warmth': anchors has 1 twice"),
        ("{1: cold, 5: warm}", "[cold, warm]", "line 22: rating 'warmth': anchors must be lines such as"),
        ("title: Two codes", "title:", "line 2: the scheme: title is empty"),
        ("title: Two codes", "title: [a]", "line 2: the scheme: title must be text, found a list"),
        ("title: Two codes", "title: &t Two", "line 2: anchors (&t) are not allowed; write the value out"),
        ("title: Two codes", "title: *t", "line 2: aliases (*t) are not allowed; write the value out"),
        ("title: Two codes", "title: !!python/object:os.system x", "line 2: tags ("),
        ("title: Two codes", "title: 'Two", "this is not YAML: while scanning a quoted scalar"),
        ("title: Two codes", 'title: "\\UFFFFFFFF"', "line 2: this is not YAML"),
        ("title: Two codes", 'title: "\\uD800"', "line 2: character U+D800 is not allowed in text"),
        ("title: Two codes", "title: Two\x07", "line 2: character U+0007 is not allowed"),
        ("ratings:", "speed_cap: 30\nratings:", "line 16: the scheme: speed_cap is 30, expected 0.5 to 3"),
        ("ratings:", "bin_seconds: 0x10\nratings:", "line 16: the scheme: bin_seconds is the number 0x10"),
        ("ratings:", "show_transcript: yes\nratings:", "expected true or false"),
        ("ratings:", "language: English!\nratings:", "expected a code such as en, ar or pt-BR"),
        ("ratings:", "---\nratings:", "line 17: a second document begins here (---); a file holds one"),
        ("codes:", "codes: []\nkodes:", "line 6: the scheme: unknown key 'kodes'; did you mean 'codes'?"),
    ],
)
def test_each_mistake_gets_its_sentence(old: str, new: str, sentence: str) -> None:
    assert old in SMALL
    found = problems_of(SMALL.replace(old, new, 1))
    assert any(sentence in p for p in found), found


def test_units_modifiers_segments_passes_and_rules_are_read_as_they_are_written() -> None:
    scheme = parse_scheme(UNITS.encode(), "units.yaml")
    ask, tell = scheme.codes
    assert (scheme.unit, scheme.units_of, scheme.segment_ms) == ("utterance", ("provider",), 300_000)
    assert scheme.passes == tuple(CodingPass)
    assert (ask.kind, ask.group, ask.ask, tell.ask, tell.modifiers) == (
        CodeKind.UTTERANCE,
        "act",
        ("who", "whom"),
        (),
        (),
    )
    form, tone = ask.modifiers
    assert (form.id, form.required, form.several) == ("form", True, False)
    assert form.options[0] == ModifierOption("open", "Open", "1", "w")
    assert (tone.required, tone.several, [o.direct for o in tone.options]) == (False, True, ["", ""])
    assert scheme.rating("warmth").each_segment
    sentence = "Much warmth needs some words."
    assert scheme.rules == (EvidenceRule("warm", "warmth", 4, 5, ("ask", "tell"), sentence, 1, 9),)
    assert scheme.reasons == ("It was in the tone", "The segment is short")
    assert not scheme.check_evidence
    assert from_json(to_json(scheme)) == scheme


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("id: tell", "id: not_observable", "line 28: code 'not_observable': id 'not_observable' is taken"),
        ("key: s", "key: w", "line 31: codes: key 'w' is used twice (first in line 22)"),
        ("direct: e", "direct: w", "line 23: code 'ask': direct 'w' is used twice (first in line 22)"),
        ("key: a", "key: '2'", "line 27: code 'ask': key '2' chooses two options (first in line 23)"),
        ("id: closed", "id: open", "modifier 'form': options: id 'open' is used twice (first in line 22)"),
        ("id: tone", "id: form", "line 24: code 'ask': modifiers: id 'form' is used twice (first in line 18)"),
        (", key: a", "", "line 27: code 'ask', modifier 'tone', option 'warm': key is missing"),
        ("key: a", "keys: a", "option 'warm': unknown key 'keys'; did you mean 'key'?"),
        ("key: a", "key: aa", "line 27: code 'ask', modifier 'tone', option 'warm': key is 'aa', expected one small"),
        ("several: true", "several: 1", "line 26: code 'ask', modifier 'tone': several is the number 1"),
        ("[{id: warm, label: Warm, key: a}, {id: dry, label: Dry, key: d}]", "[]", "options is an empty list"),
        (
            "          - {id: closed, label: Closed, key: '2', direct: e}\n",
            "",
            "line 20: code 'ask', modifier 'form': a required modifier with one option says nothing",
        ),
        ("ask: [who, whom]", "ask: [who, her]", "line 16: code 'ask': ask has 'her', which is not known"),
        ("ask: [who, whom]", "ask: [who, who]", "line 16: code 'ask': ask has 'who' twice"),
        ("ask: [who, whom]", "ask: who", "line 16: code 'ask': ask must be a list"),
        ("    group: act\nratings", "ratings", "line 10: code 'ask': it is alone in the group 'act'"),
        ("kind: utterance\n    key: s", "kind: state\n    key: s", "'act' mixes states and codes of utterances"),
        ("unit: utterance\n", "", "line 5: the scheme: units_of says whose utterances must be coded and needs unit"),
        ("unit: utterance\n", "", "line 6: the scheme: the pass unitize settles the units of the transcript and"),
        ("units_of: [provider]", "units_of: [therapist]", "line 6: the scheme: units_of has 'therapist', which is"),
        ("kind: utterance", "kind: point", "line 5: the scheme: the unit is the utterance, and no code is of kind"),
        ("unit: utterance", "unit: utterance\nshow_transcript: false", "line 6: the scheme: the transcript is hidden"),
        ("unit: utterance", "unit: event\nshow_transcript: false", "code 'ask': the transcript is hidden (show_tr"),
        ("[listen, unitize, code, rate]", "[code, listen, rate]", "line 7: the scheme: passes are code, listen, rate"),
        ("[listen, unitize, code, rate]", "[code, code, rate]", "line 7: the scheme: passes has 'code' twice"),
        ("[listen, unitize, code, rate]", "[hear, code, rate]", "line 7: the scheme: passes has 'hear', which is not"),
        ("[listen, unitize, code, rate]", "[listen, code]", "line 7: the scheme: there are ratings, and no pass rate"),
        ("segment_minutes: 5\n", "", "rating 'warmth': it is rated each segment, and the scheme has no segment_min"),
        (
            "segment_minutes: 5",
            "segment_minutes: 0.1",
            "line 8: the scheme: segment_minutes is 0.1, expected 0.5 to 60",
        ),
        ("segment_minutes: 5", "segment_minutes: 0.501", "segment_minutes is 0.501, expected whole seconds"),
        (
            "each: segment",
            "each: minute",
            "rating 'warmth': each is 'minute', expected session or segment or person or family",
        ),
        ("rating: warmth", "rating: warm", "line 38: rule 'warm': unknown rating 'warm'; did you mean 'warmth'?"),
        ("to: 5", "to: 6", "line 40: rule 'warm': to is 6, expected 1 to 5"),
        ("to: 5", "to: 3", "line 40: rule 'warm': the rule holds from 4 to 3, expected from below to"),
        (
            "[ask, tell]",
            "[ask, told]",
            "line 41: rule 'warm': codes has 'told', which is not known; there are: ask, tell",
        ),
        ("[ask, tell]", "[]", "line 41: rule 'warm': codes is an empty list"),
        ("at_most: 9", "at_most: 0", "line 43: rule 'warm': the rule wants at least 1 and at most 0"),
        ("at_least: 1\n    at_most: 9", "at_least: 0", "line 42: rule 'warm': the rule sets no limit"),
        ("    sentence: Much warmth needs some words.\n", "", "line 37: rule 'warm': sentence is missing"),
        ("The segment is short", "it was in the tone", "reasons holds the same sentence twice"),
        ("[It was in the tone, The segment is short]", "[" + ", ".join("abcdefghij") + "]", "expected at most 9"),
    ],
)
def test_each_mistake_in_units_modifiers_passes_and_rules_gets_its_sentence(old: str, new: str, sentence: str) -> None:
    text = UNITS.replace('"2"', "'2'")
    assert old in text
    found = problems_of(text.replace(old, new) if old == "kind: utterance" else text.replace(old, new, 1))
    assert any(sentence in p for p in found), found


FAMILY = """scheme: family
title: A family
version: "1"
description: One code and two ratings, of persons and of a family.
codes:
  - {id: opens, label: Opens up, kind: point, key: o, who: clients, ask: [who], definition: Says what is hard.}
  - {id: asks, label: Asks, kind: point, key: a, who: provider, ask: [who, whom], definition: Asks somebody.}
  - {id: laughs, label: Laughs, kind: point, key: l, who: clients, definition: Laughs.}
ratings:
  - id: safety
    label: Safety
    each: person
    of: [patient, family]
    low: -3
    high: 3
    start: 0
    definition: How safe this person is here.
  - {id: purpose, label: Purpose, each: family, low: -3, high: 3, definition: How far all want the same.}
  - {id: pace, label: Pace, each: session, low: 1, high: 5, definition: How fast it goes.}
rules:
  - {id: safe, rating: safety, from: 2, to: 3, codes: [opens], at_least: 1, sentence: Who is safe opens up.}
"""


def test_ratings_of_each_person_and_of_a_family_as_one_are_read_as_they_are_written() -> None:
    scheme = parse_scheme(FAMILY.encode(), "family.yaml")
    assert [(r.each, r.of) for r in scheme.ratings] == [
        (Each.PERSON, ("patient", "family")),
        (Each.FAMILY, ("patient", "family")),
        (Each.SESSION, ()),
    ]
    assert [c.who for c in scheme.codes] == ["clients", "provider", "clients"]
    assert from_json(to_json(scheme)) == scheme
    whom = FAMILY.replace("of: [patient, family]", "of: [provider]").replace("[opens]", "[asks]")
    assert parse_scheme(whom.encode(), "family.yaml").ratings[0].of == ("provider",)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[patient, family]", "[patient, client]", "line 13: rating 'safety': of has 'client', which is not known"),
        ("[patient, family]", "[patient, patient]", "line 13: rating 'safety': of has 'patient' twice"),
        ("[patient, family]", "[]", "line 13: rating 'safety': of is an empty list"),
        ("[patient, family]", "patient", "line 13: rating 'safety': of must be a list"),
        ("each: session", "each: session, of: [patient]", "of says which persons are rated and needs each: person"),
        ("    each: person\n", "", "line 12: rating 'safety': of says which persons are rated and needs each: person"),
        ("each: person", "each: patient", "each is 'patient', expected session or segment or person or family"),
        ("[opens]", "[asks]", "rule 'safe': code 'asks' is the provider's, and 'safety' rates each patient or family"),
        ("[opens]", "[laughs]", "rule 'safe': code 'laughs' does not ask who (ask: [who]), and 'safety' rates each"),
        ("who: provider", "who: client", "code 'asks': who is 'client', expected patient or provider or family or"),
    ],
)
def test_each_mistake_in_ratings_of_persons_gets_its_sentence(old: str, new: str, sentence: str) -> None:
    assert old in FAMILY
    found = problems_of(FAMILY.replace(old, new, 1))
    assert any(sentence in p for p in found), found


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("id: 2", "id: 1", "line 14: items: id '1' is used twice (first in line 13)"),
        ("subscale: bond}", "subscale: bnd}", "line 13: item number 1: unknown subscale 'bnd'; there are: bond"),
        ("{0: never, 4: always}", "{0: never}", "line 8: the instrument: labels must name both ends of the scale"),
        ("key_confirmed: false\n", "", "line 1: the instrument: key_confirmed is missing"),
        ("perspective: patient", "perspective: client", "expected patient or provider or observer"),
        ("{id: bond, label: Bond}", "{id: bond, label: Bond}\n  - {id: goal, label: Goal}", "'goal' has no items"),
        ("reversed: true", "revrsed: true", "line 15: item number 3: unknown key 'revrsed'; did you mean 'reversed'?"),
    ],
)
def test_each_mistake_in_an_instrument_gets_its_sentence(old: str, new: str, sentence: str) -> None:
    assert old in FORM
    found = problems_of(FORM.replace(old, new, 1))
    assert any(sentence in p for p in found), found


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "line 1: the file is empty"),
        (b"# only a comment\n", "line 1: the file is empty"),
        (b"- a\n- b\n", "must be a list of `key: value` lines, found a list"),
        (b"scheme: a\ntitle: caf\xe9\n", "line 2: byte 0xe9 is not UTF-8"),
        (b"x" * (256 * 1024 + 1), "at most 262,144 are read"),
        (b"a: " + b"[" * 5000, "nested deeper than 12 levels"),
        (b"? [a]\n: b\n", "a key must be a single word"),
        (b"scheme: a\ninstrument: b\n", "unknown key 'instrument'"),
    ],
)
def test_what_is_no_scheme_at_all_gets_one_sentence(data: bytes, sentence: str) -> None:
    found = problems_of(data)
    assert any(sentence in p for p in found), found


def test_the_file_is_named_and_one_that_is_missing_or_of_the_other_kind_is_said(tmp_path: Path) -> None:
    (tmp_path / "form.yaml").write_text(FORM)
    (tmp_path / "scheme.yaml").write_text(SMALL)
    assert check(tmp_path / "form.yaml") == check(tmp_path / "scheme.yaml") == []
    for path, load, sentence in (
        (tmp_path / "form.yaml", load_scheme, "form.yaml, line 1: this is an instrument, expected a coding scheme"),
        (tmp_path / "scheme.yaml", load_instrument, "scheme.yaml, line 1: this is a coding scheme"),
        (tmp_path / "none.yaml", load_scheme, "none.yaml, line 1: the file cannot be read: No such file"),
        (tmp_path, load_scheme, "line 1: this is not a file"),
    ):
        with pytest.raises(SchemeProblems) as caught:
            load(path)
        assert sentence in str(caught.value)


def test_arabic_words_and_keys_are_read_as_they_are() -> None:
    text = SMALL.replace("label: Smile", "label: ابتسامة").replace("key: s", "key: ش").replace("Two codes", "رمزان")
    scheme = parse_scheme(("language: ar\n" + text).encode(), "arabic.yaml")
    assert (scheme.title, scheme.code("smile").label, scheme.code("smile").key) == ("رمزان", "ابتسامة", "ش")
    assert from_json(to_json(scheme)) == scheme
    assert "ابتسامة" in to_json(scheme)


def test_the_identity_is_that_of_the_stored_text_even_where_a_default_is_written_out() -> None:
    scheme = parse_scheme(SMALL.encode(), "a")
    assert "speed_cap" not in to_json(scheme)
    stored = json.loads(to_json(scheme)) | {"speed_cap": 3.0}
    again = from_json(json.dumps(stored, indent=1))
    assert replace(again, hash="") == replace(scheme, hash="")
    assert again.hash != scheme.hash
    assert from_json(json.dumps(json.loads(to_json(scheme)), indent=1)).hash == scheme.hash


def test_a_file_of_nothing_but_mistakes_names_the_first_two_hundred() -> None:
    found = problems_of("scheme: a\n" + "".join(f"k{n}: 1\n" for n in range(1000)))
    assert len(found) == 201
    assert found[-1].endswith("and 804 more problems from here on")


def test_an_installed_package_adds_its_own_schemes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "their_schemes" / "files"
    (folder / "observer").mkdir(parents=True)
    (folder / "observer" / "theirs.yaml").write_text(SMALL)
    (folder.parent / "__init__.py").write_text("from pathlib import Path\nFILES = Path(__file__).parent / 'files'\n")
    info = tmp_path / "their_schemes-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-schemes\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[workbench.coding_schemes]\ntheirs = their_schemes:FILES\n")
    assert "two_codes" not in shipped_schemes()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "two_codes" in shipped_schemes()


def test_installed_packages_are_looked_through_once_and_not_for_every_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """That look takes longer than reading a scheme."""
    looked: list[str] = []

    def look(group: str) -> importlib.metadata.EntryPoints:
        looked.append(group)
        return importlib.metadata.EntryPoints()

    monkeypatch.setattr("importlib.metadata.entry_points", look)
    monkeypatch.syspath_prepend("a-folder-that-nobody-looked-in")
    for _ in range(3):
        assert "alliance_behaviours" in shipped_schemes()
    assert sorted(looked) == ["workbench.coding_schemes", "workbench.coefficients"]


def test_a_file_that_is_dropped_in_is_found_and_a_second_of_its_name_refused(tmp_path: Path) -> None:
    (tmp_path / "observer").mkdir()
    (tmp_path / "observer" / "anything.yaml").write_text(SMALL)
    assert set(shipped_schemes([tmp_path])) == {*shipped_schemes(), "two_codes"}
    (tmp_path / "observer" / "more.yaml").write_text(SMALL)
    with pytest.raises(DuplicateName, match="'two_codes' is defined twice"):
        shipped_schemes([tmp_path])
