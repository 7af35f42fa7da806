"""Schemes from and for CACTI, BORIS, REFI-QDA: what a file can hold is kept, the rest is said, a wrong file is told."""

from __future__ import annotations

import copy
import gzip
import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from workbench import schemes
from workbench.exchange.formats import FormatError
from workbench.exchange.scheme_files import bring, scheme_formats
from workbench.exchange.scheme_files.refi_qda import write as qdc
from workbench.model.scheme import Code, CodeKind, CodingScheme, Each

SHIPPED = schemes.shipped_schemes()
CODED = {name: scheme for name, scheme in SHIPPED.items() if scheme.codes}
ARABIC = schemes.load_scheme(Path(__file__).parents[1] / "fixtures" / "arabic_scheme.yaml")
FORMATS = scheme_formats()
QDA = "{urn:QDA-XML:codebook:1.0}"
GUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")

CACTI = """<userConfiguration>
<codes><!-- Therapist --><code name="CQ0" value="11"/><code name="OQ0" value="14"/></codes>
<codeControls panel="left" label="Therapist codes"><row><button code="OQ0"/><button code="CQ0"/></row></codeControls>
<codes><code name="D+" value="34"/><code name="D-" value="35"/><code name="unused" value="99"/></codes>
<codeControls panel="right" label="Client"><row><button code="D+"/><button code="D-"/></row></codeControls>
<globals><global name="ACCEPTANCE" label="Acceptance" value="0" defaultRating="3"/></globals>
<globalControls panel="left"><slider global="ACCEPTANCE"/></globalControls>
</userConfiguration>"""


def _boris(*behaviours: dict[str, Any], **more: Any) -> bytes:
    rows = {
        str(n): {"type": "State event", "key": "", "description": "", "modifiers": {}, "excluded": "", **b}
        for n, b in enumerate(behaviours)
    }
    return json.dumps(
        {"project_name": "Play", "project_format_version": "7.0", "behaviors_conf": rows, **more}
    ).encode()


def _brought(data: bytes, name: str) -> CodingScheme:
    return bring(data, name).scheme


# both ways


@pytest.mark.parametrize("name", CODED)
def test_boris_keeps_what_a_scheme_says_of_its_codes(name: str) -> None:
    scheme = CODED[name]
    again = _brought(FORMATS["boris"].write(scheme).data, f"{name}.boris")

    def said(code: Code) -> tuple[object, ...]:
        kind = CodeKind.POINT if code.kind is CodeKind.UTTERANCE else code.kind
        modifiers = [(m.id, m.label, m.several, [(o.id, o.label, o.key) for o in m.options]) for m in code.modifiers]
        return (
            code.id, kind, code.key, code.definition, code.example, code.near_miss, code.dimension, code.valence,
            code.who, code.colour, code.ask, modifiers,
        )  # fmt: skip

    assert [said(code) for code in again.codes] == [said(code) for code in scheme.codes]
    assert (again.title, again.description) == (scheme.title, scheme.description)


@pytest.mark.parametrize("name", CODED)
def test_boris_keeps_ratings_of_the_session_with_their_anchors(name: str) -> None:
    scheme = CODED[name]
    again = _brought(FORMATS["boris"].write(scheme).data, f"{name}.boris")
    assert again.ratings == tuple(r for r in scheme.ratings if r.each is Each.SESSION)


def test_boris_keeps_which_states_exclude_each_other() -> None:
    scheme = SHIPPED["telehealth_alliance"]
    again = _brought(FORMATS["boris"].write(scheme).data, "x.boris")

    def together(of: CodingScheme) -> set[frozenset[str]]:
        groups = {c.group for c in of.codes if c.group and c.kind is CodeKind.STATE}
        return {frozenset(c.id for c in of.codes if c.group == group) for group in groups}

    assert together(again) == together(scheme)
    assert together(scheme)


@pytest.mark.parametrize("name", CODED)
def test_cacti_keeps_codes_whose_they_are_and_ratings_of_the_session(name: str) -> None:
    scheme = CODED[name]
    again = _brought(FORMATS["cacti"].write(scheme).data, f"{name}.xml")
    of_one = [c for c in scheme.codes if c.who in ("provider", "patient")]
    assert {(c.label, c.who) for c in of_one} <= {(c.label, c.who) for c in again.codes}
    assert [(r.label, r.low, r.high) for r in again.ratings] == [
        (r.label, r.low, r.high) for r in scheme.ratings if r.each is Each.SESSION
    ]


@pytest.mark.parametrize("format", ["boris", "cacti", "qdc", "yaml"])
def test_an_arabic_scheme_goes_through(format: str) -> None:
    chosen = FORMATS[format]
    data = chosen.write(ARABIC).data
    assert "التعاطف" in data.decode()
    if chosen.read is not None:
        again = _brought(data, f"x.{chosen.suffix}")
        assert [c.label for c in again.codes] == [c.label for c in ARABIC.codes]
        assert again.language == "ar"


@pytest.mark.parametrize("name", SHIPPED)
def test_the_programs_own_yaml_loses_nothing(name: str) -> None:
    written = FORMATS["yaml"].write(SHIPPED[name])
    assert (_brought(written.data, "x.yaml").hash, written.lost) == (SHIPPED[name].hash, ())


@pytest.mark.parametrize(
    ("format", "scheme", "words"),
    [
        ("boris", "mi_integrity", ["no utterances", "exclude nothing", "at once", "Scores"]),
        ("boris", "rupture_repair", ["one value a session"]),
        ("cacti", "mi_integrity", ["definitions, examples", "modifiers: Question"]),
        ("cacti", "telehealth_alliance", ["no stretches", "Looks away", "“no evidence”: Gaze"]),
        ("qdc", "mi_integrity", ["one description", "Options of modifiers", "Ratings are described"]),
    ],
)
def test_what_a_file_cannot_hold_is_said(format: str, scheme: str, words: list[str]) -> None:
    lost = " ".join(FORMATS[format].write(SHIPPED[scheme]).lost)
    assert [word for word in words if word not in lost] == []


@pytest.mark.parametrize("format", ["boris", "cacti"])
def test_a_scheme_with_nothing_for_the_other_program_is_refused(format: str) -> None:
    with pytest.raises(FormatError, match="this scheme has n"):
        FORMATS[format].write(SHIPPED["segmented_alliance"])


# CACTI


def test_a_cacti_configuration_becomes_a_scheme_of_utterances() -> None:
    scheme = _brought(CACTI.encode(), "misc.xml")
    assert [(c.id, c.label, c.who, c.kind, c.key) for c in scheme.codes] == [
        ("oq0", "OQ0", "provider", CodeKind.UTTERANCE, "o"),
        ("cq0", "CQ0", "provider", CodeKind.UTTERANCE, "c"),
        ("d_plus", "D+", "patient", CodeKind.UTTERANCE, "d"),
        ("d_minus", "D-", "patient", CodeKind.UTTERANCE, "q"),
    ]
    (acceptance,) = scheme.ratings
    assert (acceptance.label, acceptance.low, acceptance.high, acceptance.start) == ("Acceptance", 1, 5, 3)
    assert (scheme.unit, scheme.units_of, len({c.group for c in scheme.codes})) == (
        "utterance",
        ("provider", "patient"),
        1,
    )


def test_what_a_cacti_configuration_does_not_say_is_noted() -> None:
    notes = " ".join(bring(CACTI.encode(), "misc.xml").notes)
    assert "Keys chosen here, for the file has none that can be used: OQ0 o, CQ0 c, D+ d, D- q." in notes
    assert "Without a definition: OQ0, CQ0, D+, D-, Acceptance." in notes


@pytest.mark.parametrize(
    ("found", "instead", "problem"),
    [
        ('<button code="D-"/>', '<button code="E-"/>', "line 5: the button's code 'E-' is not among the codes"),
        ('name="OQ0"', 'name="CQ0"', "line 2: code 'CQ0' is there twice"),
        ('value="14"', 'value="11"', "line 2: 'OQ0' has the value 11 of 'CQ0'"),
        ('value="14"', 'value="x"', "line 2: a code needs a name and a whole number"),
        ('defaultRating="3"', 'minRating="5"', "line 6: global 'ACCEPTANCE' goes from 5 to 5"),
        ("</userConfiguration>", "", "this is not XML"),
        ("userConfiguration>", "project>", "line 1: this is <project>, expected CACTI's <userConfiguration>"),
    ],
)
def test_a_wrong_cacti_configuration_is_told_with_its_line(found: str, instead: str, problem: str) -> None:
    with pytest.raises(FormatError, match=re.escape(problem)):
        bring(CACTI.replace(found, instead).encode(), "misc.xml")


def test_a_code_that_no_button_has_is_told() -> None:
    assert "Codes that no panel has a button for are left out: unused." in bring(CACTI.encode(), "misc.xml").notes


def test_a_configuration_changed_for_a_study_is_read() -> None:
    """As a copy of CACTI for parents and teenagers has it: panels of its own, and -1 where nothing is rated yet."""
    changed = CACTI.replace('label="Client"', 'label="Parent"').replace('defaultRating="3"', 'defaultRating="-1"')
    brought = bring(changed.encode(), "family.xml")
    assert [(c.id, c.who) for c in brought.scheme.codes] == [
        ("oq0", "provider"),
        ("cq0", "provider"),
        ("d_plus", "both"),
        ("d_minus", "both"),
    ]
    assert brought.scheme.units_of == ()  # a code of everybody's is coded on everybody's utterances
    assert brought.scheme.ratings[0].start is None
    notes = " ".join(brought.notes)
    assert "The panel 'Parent' is neither the therapist's nor the client's: its codes are everybody's." in notes
    assert "Without a start value, for the default is not on the scale: Acceptance." in notes


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE userConfiguration SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_xml_with_a_document_type_is_not_read(head: str) -> None:
    with pytest.raises(FormatError, match="declares a document type or entities"):
        bring((head + CACTI).encode(), "misc.xml")


def test_xml_nested_without_end_is_not_read() -> None:
    deep = "<userConfiguration>" + "<a>" * 100_000
    with pytest.raises(FormatError, match="nested deeper than"):
        bring(deep.encode(), "misc.xml")


def test_letters_in_another_encoding_than_the_file_says_are_told() -> None:
    with pytest.raises(FormatError, match=r"line 2: .* in another encoding than its first line says"):
        bring(CACTI.replace("CQ0", "Überzeugt").encode("cp1252"), "misc.xml")
    declared = f'<?xml version="1.0" encoding="windows-1252"?>{CACTI.replace("CQ0", "Überzeugt")}'
    brought = bring(declared.encode("cp1252"), "misc.xml")
    assert [c.label for c in brought.scheme.codes][:2] == ["OQ0", "Überzeugt"]
    assert not any("more codes than Latin keys" in note for note in brought.notes)


@pytest.mark.parametrize("name", ["misc.xml", "play.boris"])
def test_an_empty_file_is_told(name: str) -> None:
    with pytest.raises(FormatError, match="the file is empty"):
        bring(b" \r\n", name)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (_boris(*({"code": f"c{n}"} for n in range(10_000))), "the file has 10,000 codes, at most 500 are read"),
        (
            _boris({"code": "a", "modifiers": {"0": {"name": "m", "type": 0, "values": [*map(str, range(5000))]}}}),
            "a has 5,000 answers, at most 500 are read",
        ),
    ],
)
def test_more_codes_than_anybody_has_keys_for_are_refused(data: bytes, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        bring(data, "play.boris")


def test_a_state_that_excludes_itself_loses_nothing() -> None:
    rows = ({"code": "sits", "excluded": "sits,walks"}, {"code": "walks", "excluded": "sits"})
    brought = bring(_boris(*rows), "play.boris")
    assert len({c.group for c in brought.scheme.codes}) == 1
    assert not any("Exclusions" in note for note in brought.notes)


def test_more_codes_than_latin_keys_still_get_one_each() -> None:
    names = [f"C{n}" for n in range(60)]
    codes = "".join(f'<code name="{n}" value="{i}"/>' for i, n in enumerate(names))
    buttons = "".join(f'<button code="{n}"/>' for n in names)
    panel = f'<codeControls label="Client"><row>{buttons}</row></codeControls>'
    made = bring(f"<userConfiguration><codes>{codes}</codes>{panel}</userConfiguration>".encode(), "many.xml")
    assert len({code.key for code in made.scheme.codes}) == 60
    assert any("more codes than Latin keys" in note for note in made.notes)


# BORIS


def test_a_boris_ethogram_becomes_a_scheme() -> None:
    made = bring(
        _boris(
            {"code": "Open door", "key": "o", "type": "Point event", "category": "bond", "color": "#AABBCC"},
            {
                "code": "Play",
                "key": "P",
                "description": "They play.",
                "modifiers": {
                    "0": {"name": "How", "type": 1, "values": ["calm (c)", "wild", "calm  "]},
                    "1": {"name": "Metres", "type": 2, "values": []},
                },
            },
            observations={"a": {}, "b": {}},
        ),
        "play.boris",
    )
    door, play = made.scheme.codes
    assert (door.id, door.kind, door.key, door.dimension, door.colour) == (
        "open_door", CodeKind.POINT, "o", "bond", "#aabbcc",
    )  # fmt: skip
    (how,) = play.modifiers
    assert (play.key, play.kind, play.definition) == ("p", CodeKind.STATE, "They play.")
    assert (how.several, [(o.label, o.key) for o in how.options]) == (
        True,
        [("calm", "c"), ("wild", "1"), ("calm 2", "2")],
    )
    notes = " ".join(made.notes)
    for said in ("Play p", "Metres is a number", "Without a definition: Open door", "not the 2 observations"):
        assert said in notes


def test_states_that_all_exclude_each_other_are_a_group_and_other_exclusions_are_noted() -> None:
    made = bring(
        _boris(
            {"code": "a", "excluded": "b,c"},
            {"code": "b", "excluded": "a,c"},
            {"code": "c", "excluded": "a,b"},
            {"code": "d", "excluded": "e"},
            {"code": "e", "excluded": ""},
            {"code": "p", "type": "Point event", "excluded": "a"},
        ),
        "x.boris",
    )
    assert [c.group for c in made.scheme.codes] == ["group_1", "group_1", "group_1", None, None, None]
    assert any("left out: d ends e, p ends a." in note for note in made.notes)


def test_a_chain_of_exclusions_is_no_group() -> None:
    made = bring(
        _boris({"code": "a", "excluded": "b"}, {"code": "b", "excluded": "a,c"}, {"code": "c", "excluded": "b"}),
        "x.boris",
    )
    assert [c.group for c in made.scheme.codes] == [None, None, None]
    assert any("a ends b" in note for note in made.notes)


def test_subjects_make_each_code_ask_who() -> None:
    subjects = {"0": {"name": "Ann", "key": "1"}, "1": {"name": "Bo", "key": "2"}}
    made = bring(_boris({"code": "a", "description": "d"}, subjects_conf=subjects), "x.boris")
    assert made.scheme.codes[0].ask == ("who",)
    assert any("Ann, Bo" in note for note in made.notes)


def test_modifiers_of_an_early_boris_are_read() -> None:
    (code,) = _brought(_boris({"code": "a", "modifiers": "one,two|near,far"}), "x.boris").codes
    assert [[o.label for o in m.options] for m in code.modifiers] == [["one", "two"], ["near", "far"]]


def test_what_stands_by_number_is_read_in_the_order_of_numbers() -> None:
    sets = {str(n): {"name": f"set {n}", "type": 0, "values": ["a", "b"]} for n in (10, 2, 1)}
    rows = [{"code": f"c{n}", "type": "Point event"} for n in range(12)]
    made = _brought(_boris({**rows[0], "modifiers": sets}, *rows[1:]), "x.boris")
    assert [c.label for c in made.codes] == [f"c{n}" for n in range(12)]
    assert [m.label for m in made.codes[0].modifiers] == ["set 1", "set 2", "set 10"]


def test_a_name_that_boris_gives_a_meaning_comes_back() -> None:
    scheme = SHIPPED["rupture_repair"]
    first = replace(scheme.codes[0], label="Turns away, or goes | silent", definition="One.\n\nTwo: three.")
    again = _brought(FORMATS["boris"].write(replace(scheme, codes=(first, *scheme.codes[1:]))).data, "x.boris")
    assert (again.codes[0].label, again.codes[0].definition) == (first.label, first.definition)
    assert again.codes[0].group == again.codes[1].group


def test_lines_of_a_definition_that_look_like_an_example_stay_in_the_definition() -> None:
    scheme = SHIPPED["rupture_repair"]
    text = "The patient asks.\nExample: not this one.\n Who: the provider\nId: none"
    first = replace(scheme.codes[0], definition=text, example="First line\nsecond line")
    scale = replace(SHIPPED["alliance_behaviours"].ratings[0], definition="How warm.\nRating: 1 to 2\nAnchors: none")
    written = FORMATS["boris"].write(replace(scheme, codes=(first, *scheme.codes[1:]), ratings=(scale,)))
    again = _brought(written.data, "x.boris")
    assert (again.codes[0].definition, again.codes[0].example) == (text, "First line second line")
    assert again.ratings[0] == scale
    assert f"Examples and near-misses are one line there: {first.label}." in written.lost


def test_a_large_ethogram_has_a_key_for_each_code() -> None:
    made = bring(_boris(*({"code": f"Behaviour {n}"} for n in range(150))), "x.boris")
    assert len({code.key for code in made.scheme.codes}) == 150
    assert any("more codes than Latin keys" in note for note in made.notes)


def test_a_packed_project_is_read_and_a_bomb_is_not() -> None:
    assert _brought(gzip.compress(_boris({"code": "a"})), "x.boris.gz").codes[0].label == "a"
    with pytest.raises(FormatError, match="unpacked, the file has more than 64 MB"):
        bring(gzip.compress(b" " * (70 * 1024**2)), "x.boris.gz")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{", "line 1: this is not JSON"),
        (b"{}", "it has no behaviors_conf"),
        (b'{"behaviors_conf": []}', "behaviors_conf must hold behaviours by number"),
        (b'{"behaviors_conf": {}}', "the project has an empty ethogram"),
        (b'{"behaviors_conf": {"0": {"type": "Point event"}}}', "behaviour 0 has no code"),
        (b'{"behaviors_conf": {"0": {"code": "a", "type": "Wave"}}}', "behaviour 0 (a) has the type 'Wave'"),
        (b'{"behaviors_conf": ' + b"[" * 200_000, "nested too deeply"),
        (b'{"a": "\xff"}', "not text in UTF-8"),
        (b"\x1f\x8bnothing", "this gzip file is damaged"),
        (b"%PDF-1.7", "this is none of the files that are read"),
        (b"hello", "this is none of the files that are read"),
    ],
)
def test_what_is_no_boris_project_is_told(data: bytes, problem: str) -> None:
    with pytest.raises(FormatError, match=re.escape(problem)):
        bring(data, "ethogram.txt")


def test_every_problem_of_an_ethogram_is_told_at_once() -> None:
    with pytest.raises(FormatError) as error:
        bring(_boris({"code": "a"}, {"code": "a"}, {"code": ""}), "x.boris")
    assert str(error.value).splitlines() == [
        "behaviour 1 (a) is there twice (first as behaviour 0)",
        "behaviour 2 has no code",
    ]


def test_nasty_names_stay_names() -> None:
    nasty = "=cmd() <script>\u0000\ud800 " + "x" * 200
    made = bring(_boris({"code": nasty, "description": nasty * 40, "category": nasty, "color": "red;x"}), "x.boris")
    (code,) = made.scheme.codes
    assert code.label.startswith("=cmd() <script>")
    assert (len(code.label), code.colour) == (120, "#5b6b7f")
    assert any("is cut" in note for note in made.notes)
    assert any("are kept" in note for note in made.notes)


def test_a_very_large_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(FormatError, match="at most 64 MB are read"):
        bring(b"{" + b" " * (65 * 1024**2), "x.boris")


# broken files


ODD: tuple[Any, ...] = (
    *(None, 0, -1, 1.5, True, 10**30, [], {}, [1, 2], {"a": 1}, ["x", None, {}], {"0": None}, {"0": {"values": 3}}),
    *("", "x" * 5000, "\ud800", "\x00", "a,b|c", "(", " = ", ":", "🙂", "Id: 9", "Id: not_observable"),
    *("a\nId: not_observable", "a\nRating: 999 to 1", "a\nRating: 1 to 5"),
)


def _places(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(*so_far, k) for k, _ in inner] + [p for k, v in inner for p in _places(v, (*so_far, k))]


@pytest.mark.parametrize("seed", range(4))
def test_a_broken_boris_project_is_told_or_makes_a_scheme_that_can_be_used(seed: int) -> None:
    project = json.loads(FORMATS["boris"].write(SHIPPED["rupture_repair"]).data)
    project["subjects_conf"] = {"0": {"name": "A"}, "1": {"name": "B"}}
    draw = random.Random(seed)
    refused = 0
    for _ in range(60):
        broken = copy.deepcopy(project)
        for _ in range(draw.choice((1, 1, 3))):
            *way, last = draw.choice(_places(broken))
            at = broken
            for step in way:
                at = at[step]
            at[last] = draw.choice(ODD)
        try:
            bring(json.dumps(broken).encode(), "broken.boris")  # checked as any scheme of ours
        except FormatError as error:
            refused += 1
            assert str(error)
    assert 0 < refused < 60


def test_a_cacti_configuration_with_a_damaged_byte_is_told_or_makes_a_scheme_that_can_be_used() -> None:
    draw = random.Random(1)
    refused = 0
    for _ in range(300):
        broken = bytearray(CACTI.encode())
        broken[draw.randrange(len(broken))] = draw.choice(b"<>&\"'/ a0\x00\xff")
        try:
            bring(bytes(broken), "broken.xml")
        except FormatError as error:
            refused += 1
            assert str(error)
    assert 0 < refused < 300


# REFI-QDA


@pytest.mark.parametrize("scheme", [*SHIPPED.values(), ARABIC], ids=lambda s: s.name)
def test_a_codebook_follows_the_rules_of_the_standard(scheme: CodingScheme) -> None:
    root = ElementTree.fromstring(qdc(scheme).data)
    assert root.tag == f"{QDA}CodeBook"
    assert [part.tag for part in root] in ([f"{QDA}Codes"], [f"{QDA}Codes", f"{QDA}Sets"])
    codes = list(root.iter(f"{QDA}Code"))
    assert codes
    for code in codes:
        assert set(code.attrib) <= {"guid", "name", "isCodable", "color"}
        assert GUID.fullmatch(code.attrib["guid"])
        assert code.attrib["name"]
        assert code.attrib["isCodable"] in ("true", "false")
        assert re.fullmatch("#[0-9a-f]{6}", code.get("color", "#000000"))
        tags = [child.tag.removeprefix(QDA) for child in code]
        assert tags in (["Description"] * min(1, tags.count("Description")) + ["Code"] * tags.count("Code"),)
    guids = [code.attrib["guid"] for code in codes] + [s.attrib["guid"] for s in root.iter(f"{QDA}Set")]
    assert len(set(guids)) == len(guids)
    assert {member.attrib["guid"] for member in root.iter(f"{QDA}MemberCode")} <= set(guids)


def test_codes_lie_under_what_they_bear_on_with_their_options_under_them() -> None:
    root = ElementTree.fromstring(qdc(SHIPPED["mi_integrity"]).data)
    names = {c.attrib["name"]: [d.attrib["name"] for d in c.findall(f"{QDA}Code")] for c in root.iter(f"{QDA}Code")}
    assert names["Listening"] == ["Simple reflection", "Complex reflection"]
    assert names["Question"][:2] == ["Open: room for an own answer", "Closed: yes, no or a fact"]
    assert names["Ratings"][-1] == "Empathy"


def test_a_code_has_the_same_guid_in_every_version() -> None:
    scheme = SHIPPED["mi_integrity"]
    code = replace(scheme.codes[0], label="Asks", definition="Another.")
    later = replace(scheme, version="2.0", codes=(code, *scheme.codes[1:]))
    first, second = (ElementTree.fromstring(qdc(s).data) for s in (scheme, later))
    guids = [{c.attrib["name"]: c.attrib["guid"] for c in root.iter(f"{QDA}Code")} for root in (first, second)]
    assert guids[0]["Question"] == guids[1]["Asks"]
