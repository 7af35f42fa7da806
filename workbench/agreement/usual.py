"""What is computed where nobody says otherwise: one place for the screens, the report and the command line."""

from __future__ import annotations

from typing import Any

from workbench.agreement.study import Study
from workbench.model.scheme import CodingScheme

# Replicates of a bootstrap: fewer give other digits for the same number.
REPLICATES = 2000


def usual_units(scheme: CodingScheme, study: Study) -> tuple[str, dict[str, Any]]:
    """The way of making units from codings on this scheme, and its settings, as `units` takes them.

    Utterances where utterances are what raters code (and there are any), else time bins of the scheme's width.
    No tolerance: a value with one (the scheme's own is `scheme.tolerance_ms`) stands beside, never instead.
    """
    if scheme.unit == "utterance" and any(c.utterances for c in study.codings):
        return "utterances", {}
    return "bins", {"bin_ms": scheme.bin_ms, "tolerance_ms": 0}
