"""What results rest on: publications, each where it is used and nowhere else."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import workbench.agreement as agreement
from workbench.agreement import references
from workbench.agreement.coefficients import found

# Percent agreement is older than its papers; drift is a coefficient over time.
EVERY = sorted(
    {c for of_one in (references.OF_COEFFICIENT, references._OF_SETTINGS) for some in of_one.values() for c in some}
    | set(references._OF_METHOD.values())
)
WITHOUT = {"percent_agreement", "drift"}
DATA = agreement.reliability([[1, 2, 3, 3, 1, 2], [1, 2, 3, 1, 1, 2]], level="nominal")


@pytest.mark.parametrize("id", sorted(found()))
def test_every_coefficient_names_its_publications(id: str) -> None:
    assert references.of_coefficient(id) or id in WITHOUT


@pytest.mark.parametrize("citation", EVERY)
def test_a_citation_has_authors_year_title_and_a_place(citation: str) -> None:
    assert re.fullmatch(r"[^()]+\. \((1[89]|20)\d\d\)\. .+\.( https://\S+[^.])?", citation), citation


def test_a_coefficient_that_brings_its_own_references_is_cited_by_them(monkeypatch: pytest.MonkeyPatch) -> None:
    own = SimpleNamespace(references=("Doe, J. (2031). Another one. Journal, 1, 2–3.",))
    monkeypatch.setattr(references, "found", lambda: {"krippendorff_alpha": own})
    assert references.of_coefficient("krippendorff_alpha") == own.references


def test_only_what_gave_a_value_is_cited_each_once_in_order() -> None:
    kappa = agreement.compute("cohen_kappa", DATA)
    undefined = agreement.compute("icc", DATA)
    cited = [references.short(c) for c in references.references([kappa, kappa, undefined])]
    assert cited == ["Byrt et al., 1993", "Cohen, 1960", "Fleiss et al., 1969"]


def test_a_result_without_an_interval_does_not_cite_how_it_would_be_made() -> None:
    many = agreement.reliability(np.tile(np.array([[1, 2, 3, 3, 1, 2], [1, 2, 3, 1, 1, 3]]), 10), level="nominal")
    bare = agreement.compute("krippendorff_alpha", many, replicates=0)
    assert not any("Rubin" in c for c in references.of_result(bare))
    drawn = agreement.compute("krippendorff_alpha", many, replicates=50)
    assert any("Rubin" in c for c in references.of_result(drawn))


def test_weights_of_kappa_are_cited() -> None:
    kappa = agreement.compute("cohen_kappa", DATA)
    weighted = replace(kappa, settings={**kappa.settings, "weights": "linear"})
    assert any("Weighted kappa" in c for c in references.of_result(weighted))


def test_a_rater_against_the_others_and_a_value_stepped_up_are_cited() -> None:
    [first, *_] = agreement.by(
        agreement.reliability([[1, 2, 3, 3], [1, 2, 3, 1], [1, 2, 2, 1]], level="nominal"), "rater"
    )
    assert any("Schouten" in c for c in references.of_result(first))
    table = agreement.reliability([[1, 2, 3, 5, 4], [1, 3, 3, 4, 5]], level="interval")
    stepped = agreement.for_record(table, "mean", raters=3)
    assert {"Spearman, 1910", "Brown, 1910"} <= {references.short(c) for c in references.of_result(stepped)}


KEPT = {c for name, c in vars(references).items() if name.startswith("_") and name[-4:].isdigit()}


@pytest.mark.parametrize("citation", sorted(KEPT))
def test_every_publication_that_is_kept_has_authors_year_title_and_a_place(citation: str) -> None:
    assert re.fullmatch(r"[^()]+\. \((1[89]|20)\d\d\)\. .+\.( https://\S+[^.])?", citation), citation


def cited(result: agreement.Result) -> str:
    return "; ".join(references.short(c) for c in references.of_result(result))


def test_what_a_value_came_about_by_is_cited_where_it_did_and_nowhere_else() -> None:
    """Ratings with holes and without, dyads, sequences, one rater against the others, a mean of other raters."""
    table = np.random.default_rng(1).normal(size=(12, 3)) + np.arange(12)[:, None]
    whole = agreement.reliability(table, level="interval", units_in="rows")
    holed = np.where(np.arange(36).reshape(12, 3) % 11 == 5, np.nan, table)
    holes = agreement.reliability(holed, level="interval", units_in="rows", groups=[f"d{u // 4}" for u in range(12)])
    for variant in ("ICC(2,1)", "ICC(3,1)"):
        of_holes = cited(agreement.compute("icc", holes, variant=variant))
        assert "Patterson & Thompson, 1971" in of_holes and "Bates et al., 2015" in of_holes
        assert ("Wald, 1947" in of_holes and "Harville & Fenech, 1985" in of_holes) == (variant == "ICC(3,1)")
        assert "Patterson" not in cited(agreement.compute("icc", whole, variant=variant))
    dyads = agreement.compute("generalizability", holes, variant="within dyads(1)")
    assert "ten Hove et al., 2022" in cited(dyads)
    assert "ten Hove" not in cited(agreement.compute("generalizability", whole))
    stepped = cited(agreement.for_record(whole, "mean", raters=2))
    assert "Spearman, 1910" in stepped and "Brown, 1910" in stepped
    assert "Spearman" not in cited(agreement.for_record(whole, "mean"))
    three = agreement.reliability([[1, 2, 1, 2], [1, 2, 2, 2], [1, 1, 1, 2]], level="nominal")
    assert "Schouten, 1982" in cited(agreement.by(three, "rater", ["fleiss_kappa"])[0])
    assert "Schouten" not in cited(agreement.compute("fleiss_kappa", three))
    assert "Gwet, 2008" in cited(agreement.compute("fleiss_kappa", three))


def test_intervals_of_limits_and_concordance_cite_what_they_come_from() -> None:
    pair = agreement.reliability([[1, 2, 3, 5, 4, 6], [1, 3, 3, 4, 5, 6]], level="interval")
    assert "Carkeet, 2015" in cited(agreement.compute("bland_altman", pair, variant="upper_limit"))
    assert "Carkeet" not in cited(agreement.compute("bland_altman", pair, variant="bias"))
    assert "Lin, 2000" in cited(agreement.compute("lin_ccc", pair))


def test_a_sequence_cites_its_alignment() -> None:
    aligned = replace(agreement.compute("cohen_kappa", DATA), id="alignment_kappa", settings={"way": "sequence"})
    assert "Needleman & Wunsch, 1970" in cited(aligned)
