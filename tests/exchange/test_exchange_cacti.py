"""Schemes from and for CACTI: what a configuration can hold is kept, the rest is said, a wrong one is told."""

from __future__ import annotations

import random
import re

import pytest

from tests.exchange.scheme_files import CODED, FORMATS, brought
from workbench.exchange.formats import FormatError
from workbench.exchange.scheme_files import bring
from workbench.model.scheme import CodeKind, Each

CACTI = """<userConfiguration>
<codes><!-- Therapist --><code name="CQ0" value="11"/><code name="OQ0" value="14"/></codes>
<codeControls panel="left" label="Therapist codes"><row><button code="OQ0"/><button code="CQ0"/></row></codeControls>
<codes><code name="D+" value="34"/><code name="D-" value="35"/><code name="unused" value="99"/></codes>
<codeControls panel="right" label="Client"><row><button code="D+"/><button code="D-"/></row></codeControls>
<globals><global name="ACCEPTANCE" label="Acceptance" value="0" defaultRating="3"/></globals>
<globalControls panel="left"><slider global="ACCEPTANCE"/></globalControls>
</userConfiguration>"""


@pytest.mark.parametrize("name", CODED)
def test_cacti_keeps_codes_whose_they_are_and_ratings_of_the_session(name: str) -> None:
    scheme = CODED[name]
    again = brought(FORMATS["cacti"].write(scheme).data, f"{name}.xml")
    of_one = [c for c in scheme.codes if c.who in ("provider", "patient")]
    assert {(c.label, c.who) for c in of_one} <= {(c.label, c.who) for c in again.codes}
    assert [(r.label, r.low, r.high) for r in again.ratings] == [
        (r.label, r.low, r.high) for r in scheme.ratings if r.each is Each.SESSION
    ]


def test_a_cacti_configuration_becomes_a_scheme_of_utterances() -> None:
    scheme = brought(CACTI.encode(), "misc.xml")
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


def test_more_codes_than_latin_keys_still_get_one_each() -> None:
    names = [f"C{n}" for n in range(60)]
    codes = "".join(f'<code name="{n}" value="{i}"/>' for i, n in enumerate(names))
    buttons = "".join(f'<button code="{n}"/>' for n in names)
    panel = f'<codeControls label="Client"><row>{buttons}</row></codeControls>'
    made = bring(f"<userConfiguration><codes>{codes}</codes>{panel}</userConfiguration>".encode(), "many.xml")
    assert len({code.key for code in made.scheme.codes}) == 60
    assert any("more codes than Latin keys" in note for note in made.notes)


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
