"""What of an event is compared on the Agreement screens: its code, a modifier, who did it."""

import pytest

from workbench.agreement import RaterCoding, Study
from workbench.model.coding import Event
from workbench.model.span import TimeSpan
from workbench.schemes import shipped_schemes
from workbench.workflows import measure_agreement
from workbench.workflows.agree import Material
from workbench.workflows.measure_agreement import Units

RUPTURES = shipped_schemes()["rupture_repair"]
MINUTE = 60_000


def material(name: str, *intensities: tuple[str, str]) -> Material:
    """Two raters who code a withdrawal in each minute, as intense as they say."""

    def coding(rater: str, said: list[str]) -> RaterCoding:
        events = [
            Event(f"{rater}{n}", "withdrawal", n * MINUTE, n * MINUTE + 9_000, modifiers=(f"intensity:{word}",))
            for n, word in enumerate(said)
        ]
        return RaterCoding("s1", rater, tuple(events), windows=(TimeSpan(0, len(intensities) * MINUTE),))

    both = (coding("ada", [a for a, _ in intensities]), coding("ben", [b for _, b in intensities]))
    return Material(Study(both), shipped_schemes()[name], (), (), {}, {})


SAME_CODE = material("rupture_repair", ("mild", "mild"), ("strong", "strong"), ("mild", "strong"), ("clear", "clear"))


def test_a_scheme_offers_its_modifiers_and_whom_it_asks_about_and_no_other() -> None:
    offered = measure_agreement.facts(SAME_CODE, "aligned")
    assert next(iter(offered)) == "code"
    assert offered["modifiers:intensity"] == "Alone: Intensity"
    assert offered["code+who"] == "Code and: Who did it"
    assert measure_agreement.facts(SAME_CODE, "totals") == {"code": "The code"}
    assert list(measure_agreement.facts(material("alliance_behaviours", ("", "")), "bins")) == ["code"]


@pytest.mark.parametrize("way", ["bins", "aligned", "linked", "time_units", "sequence", "continua"])
def test_every_way_that_offers_a_fact_takes_it(way: str) -> None:
    for fact in measure_agreement.facts(SAME_CODE, way):
        units = Units(way, (("compare", fact),))
        for subject in measure_agreement.codes(SAME_CODE, units)[:2]:
            found = measure_agreement.measure(SAME_CODE, subject).recommended
            assert found.value is not None or found.reason


def test_raters_who_code_alike_may_still_differ_in_how_intense_it_was() -> None:
    def agreeing(compare: str) -> float | None:
        units = Units("aligned", (("tolerance_ms", 2000), ("compare", compare)))
        subject = next(s for s in measure_agreement.codes(SAME_CODE, units) if s.what == "withdrawal")
        every = measure_agreement.every_coefficient(SAME_CODE, subject, ("ada", "ben"))
        return next(r.value for r in every if r.id == "percent_agreement")

    assert agreeing("code") == 1.0
    assert agreeing("modifiers:intensity") == agreeing("code+modifiers:intensity") == 0.75


def test_only_codes_that_have_what_is_compared_are_listed() -> None:
    units = Units("aligned", (("compare", "modifiers:intensity"),))
    assert {s.what for s in measure_agreement.codes(SAME_CODE, units)} == {
        c.id for c in RUPTURES.codes if any(m.id == "intensity" for m in c.modifiers)
    }
    assert units.words == "events aligned by onset, compared: intensity"
