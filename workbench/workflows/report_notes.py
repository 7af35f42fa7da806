"""What stands beneath a table of a report: what its intervals speak of, and why a value or an interval is missing;
and what the results say of themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from workbench.agreement import ALL_CODES, Result
from workbench.agreement.naming import AT_ONCE, name_of, scope_of
from workbench.agreement.units.instrument import TOTAL

Labels = Mapping[str, str]
_NAMED = 4
_REASONS = 4


def of(result: Result) -> str:
    """What a result is of: a code, a scale or a score."""
    return str(result.settings.get("what", ""))


def called(result: Result, labels: Labels) -> str:
    """The label of what a result is of; with the rater or the session, where it is of one alone."""
    name = labels.get(of(result), of(result))
    if of(result) == ALL_CODES:
        name = AT_ONCE
    elif of(result) == TOTAL and result.settings.get("way") == "instrument":
        name = "Total of the scales"
    part = result.settings.get("of")
    return f"{name}, {part}" if isinstance(part, str) else name


def by_label(text: str, labels: Labels) -> str:
    """A reason or a note in which codes that stand as values go by their labels, not by their ids.

    Ids can be words of the language, so they are taken for values only in quotation marks and where a value is named.

    >>> by_label("every pairable value is not task: without variation", {"task": "Shared task"})
    'every pairable value is not “Shared task”: without variation'
    >>> by_label("Only 1.6 % of the values are 'bond + task'", {"bond": "Bond", "task": "Shared task"})
    'Only 1.6 % of the values are “Bond” + “Shared task”'
    """
    ids = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    if not ids:
        return text
    value = rf"(?:not )?(?:{ids})(?: \+ (?:{ids}))*"

    def named(found: re.Match[str]) -> str:
        return re.sub(rf"(?<!\w)(?:{ids})(?!\w)", lambda one: f"“{labels[one[0]]}”", found[0].strip("'"))

    return re.sub(rf"'{value}'|(?:(?<=\bis )|(?<=\bgave )){value}(?!\w)", named, text)


def beneath(results: Sequence[Result], labels: Labels) -> str:
    """The note of a table: scope of the intervals, reasons for what is undefined, reasons for missing intervals."""
    undefined = _each([r for r in results if r.reason], lambda r: by_label(r.reason or "", labels), labels)
    without = _each(
        [r for r in results if r.defined and r.low is None],
        lambda r: by_label(r.interval_reason or "no reason is known", labels),
        labels,
    )
    said = [scopes(results, labels)]
    said += [f"Undefined ({who}): {why}." for why, who in undefined]
    said += [f"No interval ({who}): {why}." for why, who in without]
    return " ".join(s for s in said if s)


def scopes(results: Iterable[Result], labels: Labels) -> str:
    """What the intervals speak of, the most frequent first, with what it concerns where they differ."""
    found = _grouped([r for r in results if r.low is not None], scope_of, labels)
    ordered = sorted(found.items(), key=lambda item: -item[1][1])
    if not ordered:
        return ""
    head, *rest = ordered
    others = "".join(f"; {scope} ({_named(names)})" for scope, (names, _) in rest)
    return f"Intervals {head[0]}{others}."


def own_words(results: Iterable[Result], labels: Labels) -> tuple[str, ...]:
    """The notes of the results, each once. Of notes that differ in numbers or codes alone the first stands for all."""
    found: dict[str, tuple[list[str], list[str], list[str]]] = {}
    for result in results:
        for note in (by_label(note, labels) for note in result.notes):
            alike = re.sub("“[^”]*”", "*", re.sub(r"[\d.,]+", "#", note))
            texts, ids, whats = found.setdefault(alike, ([], [], []))
            texts.append(note)
            ids.append(name_of(result.id))
            whats.append(called(result, labels))
    out = []
    for texts, ids, whats in found.values():
        others = len(set(texts)) - 1
        more = f" In other words or numbers {others} more, in agreement.csv." if others else ""
        out.append(f"{_named(ids)} ({_named(whats)}): {texts[0]}{more}")
    return tuple(out)


def _each(results: Iterable[Result], why: Callable[[Result], str], labels: Labels) -> list[tuple[str, str]]:
    """Reasons with what they concern, the most frequent ones; the others are counted."""
    found = sorted(_grouped(results, why, labels).items(), key=lambda item: -item[1][1])
    out = [(reason, _named(names)) for reason, (names, _) in found[:_REASONS]]
    if more := found[_REASONS:]:
        out.append(
            (f"{len(more)} further reasons, in agreement.csv", _named([n for _, (some, _) in more for n in some]))
        )
    return out


def _grouped(
    results: Iterable[Result], key: Callable[[Result], str], labels: Labels
) -> dict[str, tuple[list[str], int]]:
    """Key → what it concerns, by name, and how many results."""
    found: dict[str, tuple[list[str], int]] = {}
    for result in results:
        names, n = found.get(key(result), ([], 0))
        name = called(result, labels)
        found[key(result)] = (names if name in names else [*names, name], n + 1)
    return found


def _named(names: Sequence[str]) -> str:
    known = list(dict.fromkeys(names))
    return f"{', '.join(known[:_NAMED])}{' …' if len(known) > _NAMED else ''}"
