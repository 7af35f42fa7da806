"""The method section of a paper, filled in from the results themselves: design, units, coefficients, intervals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from workbench.agreement.appraisal import Appraisal
from workbench.agreement.coefficients import coefficient
from workbench.agreement.left_out import left_out, total
from workbench.agreement.naming import name_of, scope_of
from workbench.agreement.problems import listed
from workbench.agreement.references import of_coefficient, of_interval, short
from workbench.agreement.result import SOFTWARE, Result
from workbench.agreement.study import Study
from workbench.agreement.survey import MAIN, Survey
from workbench.agreement.units import found as ways

# What of a method's words depends on how many sessions or units there were.
_FREE = re.compile(r"t\(\d+\)|blocks of \d+")
# A year of a source that a method names in brackets; “corrected 2000” is no source.
_YEAR = re.compile(r"(?<!corrected) (\d{4})(?=[;,)])")
_RECORDS = {
    "primary": "one rater's",
    "mean": "the mean of the raters of a session",
    "consensus": "a consensus, which is never a reliability",
}


@dataclass(frozen=True, slots=True)
class Design:
    """What the codings do not say of themselves. blinded: whether raters saw others' codings of a session only
    after handing in their own; None where that is not known. `reopened` codings were handed back once."""

    scheme: str
    version: str
    n_codes: int
    n_scales: int
    blinded: bool | None = None
    reopened: int = 0


def method_section(study: Study, made: Survey | Appraisal, design: Design) -> tuple[str, ...]:
    """Paragraphs in the past tense, as a journal prints them. Only what gave a value is described."""
    every: Sequence[Result] = made.results if isinstance(made, Survey) else made.every
    beside = None if isinstance(made, Survey) else made
    made = made if isinstance(made, Survey) else made.survey
    of_codes = [r for r in made.results if _compares(r) == "code"]
    of_scales = [r for r in made.results if _compares(r) == "scale"]
    paragraphs = [_design(study, design)]
    if of_codes:
        paragraphs.append(_of_codes(study, made, of_codes))
    if of_scales:
        paragraphs.append(_of_scales(of_scales))
    if beside:
        paragraphs.append(" ".join(_beside(beside)))
    paragraphs.append(_intervals(every))
    paragraphs.append(_reading(every))
    return tuple(p for p in paragraphs if p)


def _design(study: Study, design: Design) -> str:
    per_session = [len(study.of(session)) for session in study.sessions]
    every = f"every session by {per_session[0]} raters"
    if len(set(per_session)) > 1:
        every = f"a session by {min(per_session)} to {max(per_session)} raters (median {median(per_session):g})"
    asked = [_count(design.n_codes, "code")] * bool(design.n_codes)
    asked += [_count(design.n_scales, "rating scale")] * bool(design.n_scales)
    return (
        f"{_count(len(study.raters), 'rater')} coded {_count(len(study.sessions), 'session')} with {design.scheme}, "
        f"version {design.version} ({' and '.join(asked)}), {every}. "
        f"{_count(len(study.codings), 'coding')} with {_count(sum(len(c.events) for c in study.codings), 'event')} and "
        f"{_count(sum(len(c.ratings) for c in study.codings), 'rating')} entered the comparison.{_blind(study, design)}"
    )


def _blind(study: Study, design: Design) -> str:
    said = ""
    if design.blinded is not None:
        said = (
            " Raters were blind to each other: they could open others’ codings of a session only after handing in "
            "their own."
            if design.blinded
            else " Raters were not blind to each other: whoever coded later could open earlier codings of the session."
        )
    if design.reopened:
        were = "was" if design.reopened == 1 else "were"
        said += (
            f" {design.reopened} of the {_count(len(study.codings), 'coding')} {were} handed back to the rater and "
            "handed in once more."
        )
    return said


def _of_record(results: Sequence[Result]) -> str:
    """The forms of ICC; those that were stepped up as one, with the range of raters they were stepped up to."""
    stepped = sorted(r.settings["raters_averaged"] for r in results if "stepped_by" in r.settings)
    kinds = list(dict.fromkeys(r.variant or name_of(r.id) for r in results if "stepped_by" not in r.settings))
    if stepped:
        by = next(r for r in results if "stepped_by" in r.settings)
        ends = dict.fromkeys(f"{n:.3g}" for n in (stepped[0], stepped[-1]))
        kinds.append(
            f"{by.variant.split(' ')[0]}, stepped up by {by.settings['stepped_by']} to the mean of {' to '.join(ends)} "
            "raters"
        )
    return listed(kinds, 10)


def _beside(whole: Appraisal) -> list[str]:
    """A sentence on each kind of result that stands beside the coefficients of codes and ratings."""
    said = []
    if any(r.defined for r in whole.record):
        said.append(
            f"The score of record was {_RECORDS[whole.record_is]}; its reliability is given as "
            f"{_of_record([r for r in whole.record if r.defined])}."
        )
    if any(r.defined for r in whole.scores):
        said.append(f"Scores of the scheme's scales ({listed(list(_whats(whole.scores)), 10)}) were compared by ICC.")
    if any(r.defined for r in whole.totals):
        said.append("So were each session's totals and rates of the codes, over the time that all its raters observed.")
    if whole.raters:
        said.append("Each rater was compared with all others, pair by pair in one table (Schouten, 1982).")
    if whole.sessions:
        said.append("All codes at once were compared within each session alone.")
    if whole.criterion and whole.against:
        n = len(whole.against.sessions)
        said.append(f"Raters were held against a criterion coding of {_count(n, 'session')}.")
    return said


def _whats(results: Iterable[Result]) -> dict[str, None]:
    return dict.fromkeys(str(r.settings["what"]) for r in results)


def _of_codes(study: Study, made: Survey, results: Sequence[Result]) -> str:
    main = [r for r in results if r.settings.get("way") == made.way]
    parts = [_units(made.way, main)] if main else []
    first = next((r for r in main if r.id == MAIN), None)
    if first:
        parts.append(f"{_titled([first])} was estimated for each code against the rest, with any number of raters.")
    same = [r for r in main if r.id != MAIN]
    parts += _further(same, "the same units", bool(first))
    for way in dict.fromkeys(r.settings["way"] for r in results if r.settings["way"] != made.way):
        parts += _further([r for r in results if r.settings["way"] == way], ways()[way].title, True)
    widths = sorted({r.settings["tolerance_ms"] for r in main if r.settings.get("tolerance_ms")})
    if widths and first:
        parts.append(
            f"α was computed once more with onsets of different raters up to {_seconds(widths)} apart counted as the "
            "same moment."
        )
    return " ".join(parts)


def _further(results: Sequence[Result], on: str, beside: bool) -> list[str]:
    """One sentence on the coefficients of all raters, one on those of pairs."""
    pairs = [r for r in results if _pairwise(r)]
    whole = [r for r in results if not _pairwise(r)]
    out = []
    if whole:
        out.append(f"{'Also given' if beside else 'Given'}, on {on}, {_is(whole)} {_titled(whole)}.")
    if pairs:
        n = len({r.raters for r in pairs})
        each = "for the two raters" if n == 1 else f"for each of {n} pairs of raters on the units that they share"
        out.append(f"{_titled(pairs)} {'was' if len(_ids(pairs)) == 1 else 'were'} computed {each}.")
    return out


def _units(way: str, results: Sequence[Result]) -> str:
    whole = max(results, key=lambda r: (len(r.raters), r.n_units))
    settings, n = whole.settings, f"{whole.n_units:,}"
    if way == "bins":
        hours = settings.get("window_ms", 0) / 3_600_000
        said = (
            f"Presence of each code was compared in half-open time bins of {_seconds([settings['bin_ms']])} over the "
            f"observation window that the raters of a session shared ({hours:.1f} h, {n} bins): a point event counted "
            "in the bin of its onset, a state event in every bin that it overlapped."
        )
    elif way == "utterances":
        said = (
            f"Presence of each code was compared utterance by utterance ({n} utterances within the shared observation "
            "window); an event belonged to the utterance in which it began."
        )
    else:
        said = f"Codes were compared on {ways()[way].title} ({n} units)."
    left = [f"{total(counts):,} {reason}" for reason, counts in left_out(results).items()]
    return f"{said} Left out: {listed(left)}." if left else said


def _of_scales(results: Sequence[Result]) -> str:
    whole = max(results, key=lambda r: (len(r.raters), r.n_units))
    units = [
        ("segments", "segment of a session"),
        ("persons", "person in a session"),
    ]
    by = dict.fromkeys(next((w for s, w in units if r.settings.get(s)), "session") for r in results)
    parts = [f"Ratings were compared by {' and '.join(by)} (at most {whole.n_units:,} units)."]
    if len(by) == 1:
        parts = [f"Ratings were compared by {next(iter(by))} ({whole.n_units:,} units)."]
    icc = [r for r in results if r.id == "icc"]
    if icc:
        forms = list(dict.fromkeys(f"{r.variant} = {r.details.get('mcgraw_wong', '')}".rstrip(" =") for r in icc))
        model = _cited(of_coefficient("icc"))
        parts.append(f"Intraclass correlations were computed in the forms {listed(forms, 20)}{model}.")
        if any(r.missing for r in icc):
            parts.append(
                "Not every rater rated every unit: components of variance were then estimated by restricted maximum "
                "likelihood from all the ratings there are."
            )
    parts += _further([r for r in results if r.id != "icc"], "the same ratings", bool(icc))
    return " ".join(parts)


def _intervals(results: Iterable[Result]) -> str:
    """How intervals were made, and for what. Methods that differ in degrees of freedom or lengths alone stand once."""
    kinds: dict[tuple[str, str, int, int | None], list[Result]] = {}
    for r in results:
        if r.low is not None:
            drawn = (r.replicates, r.seed) if r.seed is not None else (0, None)
            kinds.setdefault((_FREE.sub("", r.interval_method), scope_of(r), *drawn), []).append(r)
    if not kinds:
        return ""
    by_scope: dict[str, list[str]] = {}
    for (_, scope, replicates, seed), some in kinds.items():
        how = _YEAR.sub(r", \1", _ranged([r.interval_method for r in some]))
        said_so = re.search(r"\d{4}\)", how)  # the method's own words name its source
        cited = "" if said_so else _cited(of_interval(some[0]))
        how_often = "" if seed is None else f", {replicates:,} replicates, seed {seed}"
        said = f"{how}{cited}{how_often}, for {listed(sorted({name_of(r.id) for r in some}), 12)}"
        by_scope.setdefault(scope, []).append(said)
    level = sorted({100 * r.confidence for some in kinds.values() for r in some})
    ways_made = " ".join(f"{scope.capitalize()}: {'; '.join(said)}." for scope, said in by_scope.items())
    return (
        f"{'/'.join(f'{c:g}' for c in level)} % confidence intervals were made in these ways. {ways_made} Units of one "
        "session depend on each other and were never resampled as if they did not."
    )


def _ranged(methods: Sequence[str]) -> str:
    """Methods that differ in their degrees of freedom or lengths as one: the first, with each number's range.

    >>> _ranged(["delete-one-session jackknife, t(4)", "delete-one-session jackknife, t(19)"])
    'delete-one-session jackknife, t(4 to 19)'
    """
    found = [[int(n) for n in re.findall(r"\d+", "".join(_FREE.findall(m)))] for m in methods]
    ends = [(min(column), max(column)) for column in zip(*found, strict=True)] if found else []
    numbers = iter([f"{low}" if low == high else f"{low} to {high}" for low, high in ends])
    return _FREE.sub(lambda match: re.sub(r"\d+", lambda _: next(numbers), match.group()), methods[0])


def _reading(results: Sequence[Result]) -> str:
    undefined = [r for r in results if not r.defined]
    parts = []
    if undefined:
        parts.append(
            f"{len(undefined):,} of {len(results):,} values {'is' if len(undefined) == 1 else 'are'} undefined and "
            "reported as such, with the reason."
        )
    if any(r.id == MAIN for r in results):
        parts.append("Krippendorff’s limits of .667 and .800 are to be read against the interval, not the point value.")
        found_by = sorted({r.details["p_below_by"] for r in results if r.id == MAIN and "p_below_by" in r.details})
        if found_by:
            parts.append(f"P(α < .667) and P(α < .800) come from the {_either(found_by)}.")
    library = sorted({str(r.settings["computed_by"]) for r in results if "computed_by" in r.settings} - {"own sums"})
    by = f" (point values of α by {listed(library)} where it could compute them)" if library else ""
    parts.append(f"All values were computed with {SOFTWARE}{by}.")
    return " ".join(parts)


def _either(found_by: Sequence[str]) -> str:
    """Ways of finding a probability, each once: one that says more of another stands behind it in brackets.

    >>> _either(["share of the replicates", "share of the replicates, corrected as the interval is", "t distribution"])
    'share of the replicates (in part corrected as the interval is) or the t distribution'
    """
    out: list[str] = []
    for way in found_by:
        if out and way.startswith(f"{out[-1]}, "):
            out[-1] += f" (in part {way.removeprefix(f'{out[-1]}, ')})"
        else:
            out.append(way)
    return " or the ".join(out)


def _compares(result: Result) -> str:
    way = ways().get(str(result.settings.get("way")))
    return way.compares if way else ""


def _pairwise(result: Result) -> bool:
    return coefficient(result.id).pairwise


def _ids(results: Iterable[Result]) -> list[str]:
    return list(dict.fromkeys(r.id for r in results))


def _is(results: Iterable[Result]) -> str:
    return "is" if len(_ids(results)) == 1 else "are"


def _titled(results: Iterable[Result]) -> str:
    """The coefficients by their full names, each with its citations."""
    first = {r.id: r for r in reversed(list(results))}
    return listed([_with(r.title, of_coefficient(r.id)) for r in reversed(first.values())], 30)


def _with(title: str, citations: Iterable[str]) -> str:
    """A title and its sources, in one pair of brackets."""
    title = f"p{title[1:]}" if title.startswith("Percent") else title
    cited = _cited(citations)
    return f"{title[:-1]}; {cited[2:]}" if cited and title.endswith(")") else f"{title}{cited}"


def _cited(citations: Iterable[str]) -> str:
    names = [short(c) for c in dict.fromkeys(citations)]
    return f" ({'; '.join(names)})" if names else ""


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _seconds(widths_ms: Sequence[int]) -> str:
    return " and ".join(f"{ms / 1000:g} s" for ms in widths_ms)
