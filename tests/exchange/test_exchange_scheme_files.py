"""What holds for every file that a scheme comes from or goes to."""

from __future__ import annotations

import pytest

from tests.exchange.scheme_files import ARABIC, FORMATS, SHIPPED, brought
from workbench.exchange.formats import FormatError
from workbench.exchange.scheme_files import bring


@pytest.mark.parametrize("format", ["boris", "cacti", "qdc", "yaml"])
def test_an_arabic_scheme_goes_through(format: str) -> None:
    chosen = FORMATS[format]
    data = chosen.write(ARABIC).data
    assert "التعاطف" in data.decode()
    if chosen.read is not None:
        again = brought(data, f"x.{chosen.suffix}")
        assert [c.label for c in again.codes] == [c.label for c in ARABIC.codes]
        assert again.language == "ar"


@pytest.mark.parametrize("name", SHIPPED)
def test_the_programs_own_yaml_loses_nothing(name: str) -> None:
    written = FORMATS["yaml"].write(SHIPPED[name])
    assert (brought(written.data, "x.yaml").hash, written.lost) == (SHIPPED[name].hash, ())


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


@pytest.mark.parametrize("name", ["misc.xml", "play.boris"])
def test_an_empty_file_is_told(name: str) -> None:
    with pytest.raises(FormatError, match="the file is empty"):
        bring(b" \r\n", name)


def test_a_very_large_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(FormatError, match="at most 64 MB are read"):
        bring(b"{" + b" " * (65 * 1024**2), "x.boris")
