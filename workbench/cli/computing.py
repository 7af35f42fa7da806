"""How coefficients are computed: the options that `agree` and `report` share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from workbench.cli.reading import names

Coefficients = Annotated[
    str | None, typer.Option("--coefficients", metavar="ID,ID", help="Which ones; those that fit if left out.")
]
Confidence = Annotated[float, typer.Option("--confidence", metavar="SHARE", help="Of the intervals.")]
Replicates = Annotated[int, typer.Option("--replicates", metavar="N", help="Bootstrap replicates; 0: no bootstrap.")]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="Of the bootstrap.")]
# as workbench.agreement.usual.REPLICATES, which would load all of numpy for `--help`
REPLICATES = 2000
_MOST_REPLICATES = 1_000_000


@dataclass(frozen=True, slots=True)
class Computing:
    """coefficients: their ids, None for those that fit. options: as the coefficients take them."""

    coefficients: list[str] | None
    options: dict[str, Any]


def computing(coefficients: str | None, replicates: int, seed: int | None, confidence: float = 0.95) -> Computing:
    """What was asked for, checked. Raises BadParameter."""
    if not 0 < confidence < 1:
        raise typer.BadParameter(f"{confidence:g} is no share between 0 and 1", param_hint="--confidence")
    if not 0 <= replicates <= _MOST_REPLICATES:
        raise typer.BadParameter(f"{replicates} is not from 0 to {_MOST_REPLICATES}", param_hint="--replicates")
    if seed is not None and seed < 0:
        raise typer.BadParameter(f"{seed} is not from 0 on", param_hint="--seed")
    options: dict[str, Any] = {"confidence": confidence, "replicates": replicates}
    if seed is not None:
        options["seed"] = seed
    return Computing(names([coefficients]) if coefficients else None, options)
