"""What of a coded event is compared between raters: its code, its modifiers, who did it and to whom.

Either one code against the rest, or all codes at once (`ALL_CODES`): then every code is a category,
and having coded nothing is one more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.agreement.problems import InputProblems
from workbench.model.coding import Event

ALL_CODES = "(all codes)"
NOTHING = "(nothing)"
NOT_GIVEN = "(not given)"
FACTS = ("code", "modifiers", "who", "whom")


@dataclass(frozen=True)
class Compared:
    """`what` is a code or ALL_CODES. facts: which facts of an event make its category. among: the codes
    that take part (those of one tier or dimension), None for all of them.

    Without "code" among the facts, only events that both raters coded have a value: the question is
    then whether raters who saw the same event agree on, say, who did it.
    """

    what: str
    facts: tuple[str, ...] = ("code",)
    among: frozenset[str] | None = None

    @property
    def against_rest(self) -> bool:
        """Whether it is the code alone, one against the rest: two categories, known before anybody coded."""
        return self.what != ALL_CODES and self.facts == ("code",)

    @property
    def with_code(self) -> bool:
        return "code" in self.facts

    @property
    def absent(self) -> str:
        """The category of a rater who coded nothing (or, of one code against the rest, something else)."""
        return NOTHING if self.what == ALL_CODES else f"not {self.what}"

    def takes_part(self, event: Event) -> bool:
        return self.among is None or event.code in self.among

    def category(self, event: Event) -> str | None:
        """The category of an event; None where it has none (another code, and the code is not compared)."""
        if self.what not in (ALL_CODES, event.code):
            return self.absent if self.with_code else None
        return " · ".join(_said(event, fact) for fact in self.facts)

    def labels(self, found: Iterable[str]) -> tuple[str, ...]:
        """Every category: one code against the rest always has its two; else those found, sorted."""
        if self.against_rest:
            return (self.absent, self.what)
        others = sorted(set(found) - {self.absent})
        return (self.absent, *others) if self.with_code else tuple(others)

    def settings(self) -> dict[str, object]:
        """What was asked besides the code, as `units` takes it."""
        asked: dict[str, object] = {}
        if self.facts != ("code",):
            asked["compare"] = "+".join(self.facts)
        if self.among is not None:
            asked["among"] = sorted(self.among)
        return asked


def compared(what: str, compare: str = "code", among: Iterable[str] | None = None) -> Compared:
    """What `compare` names: facts of an event joined by "+", of code, modifiers, modifiers:SET (one
    set of modifiers), who, whom. Raises InputProblems for others, and for a code that is not `among` them.

    >>> compared("rupture", "who+whom").category(Event("1", "rupture", 0, who="patient", whom="provider"))
    'patient · provider'
    """
    facts = tuple(dict.fromkeys(fact.strip() for fact in compare.split("+")))
    problems = [
        f"nothing of an event is called {fact!r}; there are: {', '.join(FACTS)}, modifiers:SET, joined by +"
        for fact in facts
        if fact not in FACTS and not (fact.startswith("modifiers:") and len(fact) > len("modifiers:"))
    ]
    chosen = None if among is None else frozenset([among] if isinstance(among, str) else among)
    if chosen is not None and what != ALL_CODES and what not in chosen:
        problems.append(f"the code {what} is not among those that take part: {', '.join(sorted(chosen))}")
    if problems:
        raise InputProblems(problems)
    order = {fact: at for at, fact in enumerate(FACTS)}
    return Compared(what, tuple(sorted(facts, key=lambda f: (order.get(f.split(":")[0], 0), f))), chosen)


def _said(event: Event, fact: str) -> str:
    if fact == "code":
        return event.code
    if fact == "who":
        return event.who or NOT_GIVEN
    if fact == "whom":
        return event.whom or NOT_GIVEN
    _, _, of_set = fact.partition(":")
    options = [m for m in event.modifiers if not of_set or m.partition(":")[0] == of_set]
    return ", ".join(sorted(options)) or NOT_GIVEN
