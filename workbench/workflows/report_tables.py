"""Tables of an agreement report: one for each kind of result, so that a new coefficient gets its own by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

from workbench.agreement import Result
from workbench.agreement.naming import interval_head, name_of
from workbench.exchange.document import Table
from workbench.workflows.report_notes import Labels, beneath, of

NONE = "–"
PAIRS_SHOWN = 4
_COLUMNS_SHOWN = 4
# Further numbers of a pairwise coefficient that a reader of κ asks for.
_BESIDE = {
    "kappa_max": "κmax",
    "pabak": "PABAK",
    "prevalence_index": "Prevalence index",
    "bias_index": "Bias index",
    "positive_agreement": "Positive agreement",
    "negative_agreement": "Negative agreement",
}


# Details that are tables of their own: components of variance and what they say of other designs.
_OWN_TABLES = ("components", "shares", "d_study")


def number(value: object, digits: int = 3) -> str:
    """A number with fixed digits and a true minus; a dash for none.

    >>> number(-0.12345), number(None), number(-0.0001)
    ('−0.123', '–', '0.000')
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return NONE if value is None else str(value)
    text = f"{abs(value):,.{digits}f}" if isinstance(value, float) else f"{abs(value):,}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def interval(result: Result, digits: int = 3) -> str:
    """`[0.65, 0.72]`, or a dash; why there is none stands beneath the table."""
    if result.low is None or result.high is None:
        return NONE
    return f"[{number(result.low, digits)}, {number(result.high, digits)}]"


def cell(result: Result, digits: int = 3) -> str:
    """Value and interval in one cell."""
    if result.value is None:
        return "undefined"
    value = number(result.value, digits)
    return value if result.low is None else f"{value} {interval(result, digits)}"


def heading_of(result: Result) -> str:
    """The coefficient's name over a column, with its tolerance where it has one."""
    tolerance = result.settings.get("tolerance_ms")
    return f"{result.title}, tolerance {tolerance / 1000:g} s" if tolerance else result.title


def _head(results: Iterable[Result]) -> str:
    return interval_head({r.confidence for r in results})


def main_table(results: Sequence[Result], labels: Labels, used: Mapping[str, int], title: str) -> Table:
    """The recommended coefficient of each code in full."""
    below = [k for k in ("p_below_0.667", "p_below_0.800") if any(k in r.details for r in results)]
    columns: tuple[str, ...] = ("Code", "Used", "Value", _head(results))
    columns += tuple(f"P(α < {k.removeprefix('p_below_0')})" for k in below)
    columns += ("Units", "Raters", "Sessions", "Missing")
    rows = [
        (
            labels.get(of(r), of(r)),
            f"{used.get(of(r), 0):,}",
            number(r.value) if r.defined else "undefined",
            interval(r),
            *(number(r.details.get(k), 2) for k in below),
            f"{r.n_pairable:,}",
            str(len(r.raters)),
            NONE if r.n_sessions is None else str(r.n_sessions),
            f"{number(100 * r.missing_share, 1)} %",
        )
        for r in results
    ]
    return Table(title, columns, tuple(rows), frozenset(range(1, len(columns))), beneath(results, labels))


def side_by_side(
    results: Sequence[Result],
    labels: Labels,
    title: str,
    first: str,
    *,
    row: Callable[[Result], str] = of,
    column: Callable[[Result], str] = heading_of,
) -> list[Table]:
    """A code, scale or other `row` in each line, coefficients of all raters (or another `column`) beside each other;
    a few columns to a table."""
    kinds = list(dict.fromkeys(column(r) for r in results))
    names = list(dict.fromkeys(row(r) for r in results))
    found = {(row(r), column(r)): r for r in results}
    out = []
    for start in range(0, len(kinds), _COLUMNS_SHOWN):
        shown = kinds[start : start + _COLUMNS_SHOWN]
        rows = tuple(
            (labels.get(n, n), *(cell(found[n, k]) if (n, k) in found else NONE for k in shown)) for n in names
        )
        more = f" ({start // _COLUMNS_SHOWN + 1})" if len(kinds) > _COLUMNS_SHOWN else ""
        some = [r for r in results if column(r) in shown]
        numeric = frozenset(range(1, len(shown) + 1))
        out.append(Table(f"{title}{more}", (first, *shown), rows, numeric, beneath(some, labels)))
    return out


def pair_table(results: Sequence[Result], labels: Labels, title: str, first: str) -> Table:
    """A coefficient of two raters: each pair where there are few, else the lowest, the median and the highest."""
    names = list(dict.fromkeys(of(r) for r in results))
    pairs = list(dict.fromkeys(r.raters for r in results))
    note = beneath(results, labels)
    if results[0].id == "bland_altman":
        note = f"Differences are those of the rater with the higher mean less the other, in each line. {note}".strip()
    if len(pairs) <= PAIRS_SHOWN:
        found = {(of(r), r.raters): r for r in results}
        heads = tuple(" – ".join(p) for p in pairs)
        rows = tuple(
            (labels.get(n, n), *(cell(found[n, p]) if (n, p) in found else NONE for p in pairs)) for n in names
        )
        return Table(title, (first, *heads), rows, frozenset(range(1, len(pairs) + 1)), note)
    out = []
    for name in names:
        defined = sorted((r for r in results if of(r) == name and r.value is not None), key=lambda r: r.value or 0.0)
        if not defined:
            out.append((labels.get(name, name), NONE, NONE, NONE, f"0 of {len(pairs)}"))
            continue
        ends = [f"{cell(r)} {' – '.join(r.raters)}" for r in (defined[0], defined[-1])]
        middle = number(float(median(r.value or 0.0 for r in defined)))
        out.append((labels.get(name, name), ends[0], middle, ends[1], f"{len(defined)} of {len(pairs)}"))
    columns = (first, "Lowest", "Median", "Highest", "Pairs with a value")
    return Table(title, columns, tuple(out), frozenset({2, 4}), f"{note} Every pair is in agreement.csv.".strip())


def beside_kappa(results: Sequence[Result], labels: Labels, title: str, first: str) -> Table | None:
    """What to read κ beside: κmax, prevalence and bias, positive and negative agreement; medians over pairs."""
    keys = [k for k in _BESIDE if any(isinstance(r.details.get(k), float) for r in results)]
    if not keys:
        return None
    rows = []
    for name in dict.fromkeys(of(r) for r in results):
        some = [r for r in results if of(r) == name]
        known = [[v for r in some if isinstance(v := r.details.get(k), float)] for k in keys]
        rows.append((labels.get(name, name), *(number(float(median(v)), 2) if v else NONE for v in known)))
    n = len({r.raters for r in results})
    note = f"Medians of {n} pairs of raters; each pair is in agreement.csv." if n > 1 else ""
    columns = (first, *(_BESIDE[k] for k in keys))
    return Table(title, columns, tuple(rows), frozenset(range(1, len(columns))), note)


def icc_table(results: Sequence[Result], labels: Labels) -> Table:
    """All forms by both naming systems."""
    rows = []
    before = None
    for r in results:
        d = r.details
        free = f"{number(d['df1'], 0)}, {number(d['df2'], 0)}" if "df1" in d and "df2" in d else NONE
        rows.append(
            (
                labels.get(of(r), of(r)) if of(r) != before else "",
                r.variant,
                str(d.get("mcgraw_wong", "")),
                number(r.value) if r.defined else "undefined",
                interval(r),
                number(d.get("f"), 2),
                free,
                p_value(d.get("p")),
                f"{r.n_pairable:,}",
            )
        )
        before = of(r)
    columns = ("Rating", "Shrout & Fleiss", "McGraw & Wong", "Value", _head(results), "F", "df", "p", "Units")
    title = "Intraclass correlations by both naming systems"
    return Table(title, columns, tuple(rows), frozenset(range(3, 9)), beneath(results, labels))


def p_value(value: object) -> str:
    """As journals print it.

    >>> p_value(0.00004), p_value(0.0312)
    ('< .001', '.031')
    """
    if not isinstance(value, float):
        return NONE
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def detail_tables(results: Sequence[Result], labels: Labels) -> list[Table]:
    """Tables that a coefficient itself gives in its details (variance components, a D-study): lists of mappings."""
    out = []
    for r in results:
        for name, value in r.details.items():
            if name not in _OWN_TABLES:
                continue
            if isinstance(value, list | tuple) and value and all(isinstance(v, Mapping) for v in value):
                columns = tuple(dict.fromkeys(str(k) for v in value for k in v))
                rows = tuple(tuple(number(v.get(c)) for c in columns) for v in value)
                numeric = frozenset(
                    n for n, c in enumerate(columns) if all(isinstance(v.get(c), int | float | None) for v in value)
                )
                heads = tuple(map(_term, columns))
                title = f"{name_of(r.id)}, {labels.get(of(r), of(r))}: {_term(name)}"
                out.append(Table(title, heads, rows, numeric))
            elif (
                isinstance(value, Mapping) and value and all(isinstance(v, int | float | None) for v in value.values())
            ):
                rows = tuple((_term(str(k)), number(v)) for k, v in value.items())
                title = f"{name_of(r.id)}, {labels.get(of(r), of(r))}: {_term(name)}"
                out.append(Table(title, ("", "Value"), rows, frozenset({1})))
    return out


_TERMS = {
    "erho2": "Eρ²",
    "phi": "Φ",
    "sem_absolute": "absolute SEM",
    "sem_relative": "relative SEM",
    "d_study": "D-study",
}


def _term(key: str) -> str:
    """What a name in the details of a result is called in print."""
    return _TERMS.get(key, key.replace("_", " "))
