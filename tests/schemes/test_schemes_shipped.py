"""What every shipped scheme and instrument must bring; a new file is checked by being there."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest

from workbench.model.instrument import Instrument
from workbench.model.scheme import CodeKind, CodingPass, CodingScheme
from workbench.registry import shipped_files
from workbench.schemes import check, shipped_instruments, shipped_schemes

SCHEMES, INSTRUMENTS = shipped_schemes(), shipped_instruments()
LEFT_HAND = set("12345qwertasdfgzxcvb")
LIGHT_PAGE, DARK_PAGE = "#ffffff", "#1a1f27"


@pytest.mark.parametrize("path", list(shipped_files("coding_schemes", "*/*.yaml")), ids=lambda p: p.name)
def test_a_shipped_file_has_no_problem_and_bears_its_name(path) -> None:
    assert check(path) == []
    assert path.stem in SCHEMES if path.parent.name == "observer" else path.stem in INSTRUMENTS


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda s: s.name)
def test_a_shipped_scheme_says_who_wrote_it_and_explains_every_code(scheme: CodingScheme) -> None:
    assert scheme.source and scheme.rights and scheme.authors and len(scheme.description) > 100
    for code in scheme.codes:
        assert code.example and code.near_miss and code.dimension, code.id
        for key in (code.key, *(o.direct for m in code.modifiers for o in m.options if o.direct)):
            assert key in LEFT_HAND, f"{key} of {code.id} cannot be reached with the left hand"
    for scale in scheme.ratings:
        assert scale.definition and {scale.low, scale.high} <= set(scale.anchors), scale.id


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda s: s.name)
def test_a_key_of_a_shipped_scheme_never_answers_where_a_code_was_meant(scheme: CodingScheme) -> None:
    """A modifier's options are asked while the session plays on: their keys must not be those of other codes."""
    meant = {c.key: c.id for c in scheme.codes}
    meant |= {o.direct: f"{c.id}/{o.id}" for c in scheme.codes for m in c.modifiers for o in m.options if o.direct}
    for code in scheme.codes:
        for option in (o for m in code.modifiers for o in m.options):
            assert option.key in LEFT_HAND | set("6789"), f"{option.key} of {code.id} is no key of a scheme"
            assert meant.get(option.key) in (None, f"{code.id}/{option.id}"), f"{option.key} of {code.id} is taken"


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda s: s.name)
def test_the_colours_of_a_shipped_scheme_stand_out_on_light_and_dark_and_from_each_other(scheme: CodingScheme) -> None:
    for code in scheme.codes:
        for page in (LIGHT_PAGE, DARK_PAGE):
            assert contrast(code.colour, page) >= 3, f"{code.id} on {page} (WCAG 2.2, 1.4.11)"
    for one, other in itertools.combinations(scheme.codes, 2):
        assert distance(one.colour, other.colour) >= 0.08, f"{one.id} and {other.id} look alike"


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda s: s.name)
def test_where_a_rating_of_a_shipped_scheme_begins_needs_no_evidence(scheme: CodingScheme) -> None:
    for rule in scheme.rules:
        start = scheme.rating(rule.scale).start
        assert start is None or not rule.at_least or not rule.low <= start <= rule.high, (
            f"{rule.id}: nothing was coded and {rule.scale} left at {start}, and the checklist asks why"
        )


def test_alliance_behaviours_holds_what_the_alliance_is_made_of() -> None:
    scheme = SCHEMES["alliance_behaviours"]
    points = [c for c in scheme.codes if c.kind is CodeKind.POINT]
    assert 12 <= len(scheme.codes) <= 14
    for dimension in ("bond", "goals", "tasks"):
        for who in ("provider", "patient"):
            assert any(c.dimension == dimension and c.who == who and c.valence > 0 for c in points), (dimension, who)
        assert any(c.dimension == dimension and c.valence < 0 for c in points), dimension
    assert {c.id for c in scheme.codes if c.group == "rupture"} == {"rupture_withdrawal", "rupture_confrontation"}
    assert scheme.code("repair").kind is CodeKind.STATE
    assert scheme.code("repair").group is None
    assert [r.id for r in scheme.ratings if r.scored] == ["bond", "goals", "tasks"]
    assert (scheme.bin_ms, scheme.tolerance_ms) == (5000, 2000)


def test_rupture_repair_rates_segments_and_holds_them_against_their_evidence() -> None:
    scheme = SCHEMES["rupture_repair"]
    assert scheme.segment_ms == 300_000
    assert {c.id for c in scheme.codes if c.group == "rupture" and c.kind is CodeKind.STATE} == {
        "withdrawal",
        "confrontation",
    }
    for stretch in ("withdrawal", "confrontation"):
        intensity = scheme.code(stretch).modifiers[0]
        assert intensity.required and all(option.direct for option in intensity.options)
        assert any(stretch in rule.codes and rule.at_least for rule in scheme.rules)
        assert any(stretch in rule.codes and rule.at_most == 0 for rule in scheme.rules)
    assert [r.id for r in scheme.ratings if r.each_segment] == [
        "segment_withdrawal",
        "segment_confrontation",
        "segment_repair",
    ]
    assert scheme.check_evidence and scheme.reasons
    assert not any(r.scored for r in scheme.ratings)


def test_mi_integrity_codes_every_utterance_of_the_provider_with_ten_behaviours_in_four_passes() -> None:
    scheme = SCHEMES["mi_integrity"]
    assert (scheme.unit, scheme.units_of, scheme.passes) == ("utterance", ("provider",), tuple(CodingPass))
    assert {c.kind for c in scheme.codes} == {CodeKind.UTTERANCE}
    assert len([c for c in scheme.codes if c.id != "other"]) == 10
    assert {c.id for c in scheme.codes if c.group == "reflection"} == {"simple_reflection", "complex_reflection"}
    assert {c.id for c in scheme.codes if c.group == "persuasion"} == {"persuades", "persuades_with_permission"}
    assert [(r.id, r.low, r.high, r.start) for r in scheme.ratings] == [
        (name, 1, 5, 3) for name in ("cultivates_change_talk", "softens_sustain_talk", "partnership", "empathy")
    ]


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda i: i.name)
def test_a_shipped_instrument_names_its_rights_and_every_answer(instrument: Instrument) -> None:
    assert instrument.source and instrument.rights and instrument.instructions
    if instrument.high - instrument.low < 8:
        assert set(instrument.labels) == set(range(instrument.low, instrument.high + 1))


def test_parallel_forms_ask_the_same_items_in_the_same_order() -> None:
    forms = defaultdict(list)
    for instrument in INSTRUMENTS.values():
        if instrument.parallel_form:
            forms[instrument.parallel_form].append(instrument)
    assert forms["session_alliance"]
    for form, members in forms.items():
        assert len({m.perspective for m in members}) == len(members) >= 2, form
        keys = {tuple((i.id, i.subscale, i.reversed) for i in m.items) for m in members}
        assert len(keys) == 1, f"{form}: items, subscales or reversals differ"
        assert len({(m.low, m.high, m.minimum_answered, tuple(m.labels.items())) for m in members}) == 1, form


def test_the_session_alliance_forms_are_balanced() -> None:
    form = INSTRUMENTS["session_alliance_patient"]
    by_subscale = {s.id: [i for i in form.items if i.subscale == s.id] for s in form.subscales}
    assert {k: len(v) for k, v in by_subscale.items()} == {"goal": 4, "task": 4, "bond": 4}
    assert sum(i.reversed for i in form.items) == 2


def luminance(colour: str) -> float:
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def linear(colour: str) -> list[float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str) -> float:
    """Euclidean distance in OKLab (Ottosson 2020); about 0.02 is just noticeable."""
    return sum((a - b) ** 2 for a, b in zip(oklab(one), oklab(other), strict=True)) ** 0.5


def oklab(colour: str) -> tuple[float, float, float]:
    r, g, b = linear(colour)
    l_ = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    m_ = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s_ = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * l_ + 0.7936177850 * m_ - 0.0040720468 * s_,
        1.9779984951 * l_ - 2.4285922050 * m_ + 0.4505937099 * s_,
        0.0259040371 * l_ + 0.7827717662 * m_ - 0.8086757660 * s_,
    )
