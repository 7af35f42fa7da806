"""Results of `workbench agree` for people: a table, and below it what it takes to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.cli.showing import say, table

if TYPE_CHECKING:
    from workbench.agreement import Result


def shown(results: list[Result]) -> None:
    """A table, then once each: reasons for no value or no interval, what was left out, notes, when a coefficient
    misleads."""
    from workbench.agreement.left_out import left_out, total
    from workbench.agreement.problems import listed

    pairs = {r.raters for r in results if len(r.raters) == 2}
    several = len(pairs) > 1 or any(r.id == "criterion" for r in results)  # who it is that is held against it
    whats = [_what(r, several) for r in results]
    level = f"{100 * (results[0].confidence if results else 0.95):g} % interval"
    columns = ("what", "coefficient", "value", level, "of the interval", "units", "raters")
    rows = [_row(r, what) for r, what in zip(results, whats, strict=True)]
    table(columns, rows, empty="There is no code to compare.")
    undefined: dict[tuple[str, str | None], list[str]] = {}
    for r, what in zip(results, whats, strict=True):
        if r.value is None and what not in undefined.setdefault((r.title, r.reason), []):
            undefined[r.title, r.reason].append(what)
    for (title, reason), of in undefined.items():
        say(f"  {title}{f' of {listed(of)}' if any(of) else ''} is undefined: {reason}")
    for why in dict.fromkeys(r.interval_reason for r in results if r.value is not None and r.low is None):
        say(f"  No interval: {why}")
    for reason, counts in left_out(results).items():
        say(f"  Left out: {total(counts):,} {reason}")
    for note in dict.fromkeys(n for r in results for n in r.notes):
        say(f"  Note: {note}")
    for id_, sentence in {r.id: r.misleading_when for r in results if r.value is not None}.items():
        say(f"  Reading {id_}: {sentence}")


def _row(r: Result, what: str) -> tuple[object, ...]:
    interval = "" if r.low is None or r.high is None else f"{r.low:.3f} to {r.high:.3f}"
    value = "undefined" if r.value is None else f"{r.value:.3f}"
    return what, r.title, value, interval, r.interval_scope, f"{r.n_pairable}/{r.n_units}", len(r.raters)


def _what(r: Result, several_pairs: bool) -> str:
    """The code or scale, and the part of the raters or sessions, where it is of one."""
    of = r.settings.get("of")
    part = ", ".join(of) if isinstance(of, list) else str(of or "")
    pair = ", ".join(r.raters) if len(r.raters) == 2 else ""
    what = r.settings.get("what") or part or pair
    if part and part != what:
        what = f"{what} ({part})"
    if several_pairs and pair and pair not in (part, what):
        what = f"{what} ({pair})"
    return str(what)
