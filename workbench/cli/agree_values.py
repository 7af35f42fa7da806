"""`workbench agree` on a table of values: what each rater said of each unit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from workbench.cli.computing import Computing
from workbench.cli.reading import names
from workbench.cli.showing import hint

if TYPE_CHECKING:
    from workbench.agreement import ReliabilityData, Result


@dataclass(frozen=True, slots=True)
class Values:
    """How the table is to be read, as it was asked for: None for what was not."""

    unit: list[str] | None = None
    rater: str | None = None
    raters: str | None = None
    value: str | None = None
    level: str | None = None
    categories: str | None = None
    missing: str | None = None
    session: str | None = None
    group: str | None = None
    date: str | None = None
    criterion: str | None = None
    weights: Path | None = None


def of_values(file: Path, table: Values, by: Any, how: Computing) -> list[Result]:
    """Every result asked for. Raises InputProblems and BadParameter."""
    from workbench import agreement
    from workbench.agreement.compute import FOR_LEVELS
    from workbench.agreement.problems import listed
    from workbench.agreement.weights import weights_from_csv

    options = dict(how.options)
    if table.weights is not None:
        options["weights"] = weights_from_csv(table.weights)
    for each in how.coefficients or ():
        agreement.coefficient(each)
    if table.rater is not None and table.raters is not None:
        raise typer.BadParameter("goes with a wide table, --rater with a long one", param_hint="--raters")
    data = _read(file, table)
    wanted = how.coefficients
    if wanted is None:
        first, why = agreement.recommended(data)
        wanted = sorted(FOR_LEVELS[data.level], key=lambda each: each != first)
        hint(f"Raters: {listed(data.raters, 20)}. Recommended for these data: {first}. {why}")
    if by is not None:
        return agreement.by(data, by, wanted, **options)
    if how.coefficients is not None:
        return agreement.compute_all(wanted, data, **options)
    # every form of ICC, because papers differ in which they report; of the others the usual one
    return [r for each in wanted for r in agreement.compute_all([each], data, all_variants=each == "icc", **options)]


def _read(file: Path, table: Values) -> ReliabilityData:
    from workbench import agreement

    columns = names(table.unit or ["unit"])
    more: dict[str, Any] = {} if table.missing is None else {"missing": names([table.missing])}
    return agreement.from_csv(
        file,
        unit=columns[0] if len(columns) == 1 else columns,
        rater=table.rater,
        raters=names([table.raters]) if table.raters else None,
        value=table.value,
        level=table.level or "nominal",
        # one that is named twice is a slip that changes how many there are: it is complained of, not joined
        categories=[c.strip() for c in table.categories.split(",") if c.strip()] if table.categories else None,
        session=table.session,
        group=table.group,
        date=table.date,
        criterion=table.criterion,
        **more,
    )
