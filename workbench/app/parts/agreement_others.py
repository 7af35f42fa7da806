"""Several results of chosen codings: a line each, and any of them in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbench.app.parts.choose_result import choose_result
from workbench.workflows import measure_agreement
from workbench.workflows.agree import Material, Result
from workbench.workflows.compare_raters import pair_names


def several(
    material: Material,
    what: str,
    results: Sequence[Result],
    *,
    key: str,
    first: str = "Coefficient",
    name: Callable[[Result], str] = lambda r: r.title,
) -> None:
    """A table of `results`, called by `name` under the heading `first`, and under it the one that is chosen."""
    choose_result(
        results,
        what=what,
        raters_of=lambda r: raters_of(material, r),
        lines_of=measure_agreement.in_python,
        key=key,
        first=first,
        name=name,
        labels=material.code_labels,
    )


def raters_of(material: Material, result: Result) -> str:
    """Whose agreement a result is: two raters by name, one and the others, or all of them."""
    if result.settings.get("by") == "rater":
        return f"{material.rater_name(result.settings['of'])} and the others"
    return pair_names(material, result) if len(result.raters) == 2 else f"all {len(result.raters)}"
