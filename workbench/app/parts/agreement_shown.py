"""What the agreement screen shows at present: who looks, what was chosen, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.app.parts.texts import empty
from workbench.model.people import Person
from workbench.workflows.agree import Choice, Material
from workbench.workflows.compare_raters import PairSeen


@dataclass(frozen=True)
class Shown:
    """`mark` is the fingerprint under which results are kept."""

    person: Person
    choice: Choice
    mark: str
    material: Material
    pairs: list[PairSeen]
    fictional: bool


def without_codes(shown: Shown) -> bool:
    """Whether the scheme has ratings alone; then it is said where to look."""
    if shown.material.scheme.codes:
        return False
    empty("This scheme has no codes", "Its raters give ratings: how far they agree stands under Ratings.")
    return True
