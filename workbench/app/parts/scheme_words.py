"""What a scheme has and who uses it, in a few words, the same on its card and on its page."""

from __future__ import annotations

from workbench.app.parts.texts import count
from workbench.model.access import Action, authorize
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme


def counts(scheme: CodingScheme) -> str:
    """How much there is to code and to rate: `12 codes, 3 ratings`."""
    found = [(len(scheme.codes), "code"), (len(scheme.ratings), "rating")]
    return ", ".join(count(n, one) for n, one in found if n) or "no code yet"


def use(to_do: int, assigned: int, person: Person) -> str:
    """Who codes on it: everybody for those who assign, else the person alone."""
    if not authorize(person, Action.ASSIGN):
        return f"{to_do} for you to code" if to_do else ("you have coded with it" if assigned else "")
    if not assigned:
        return "nobody codes on it yet"
    done = assigned - to_do
    said = [f"{to_do} to code"] * bool(to_do) + [f"{done} handed in"] * bool(done)
    return f"{count(assigned, 'assignment')}: {', '.join(said)}"
