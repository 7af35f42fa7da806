"""Agreement code by code: a plot with intervals, earlier settings beside the present ones, one code in full."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts import computed
from workbench.app.parts.agreement_in_full import in_full
from workbench.app.parts.agreement_shown import Shown, without_codes
from workbench.app.parts.agreement_units import chosen_units
from workbench.app.parts.interval_plot import PICK, Line, interval_plot, picked_of
from workbench.app.parts.numbers import interval, number, percent
from workbench.app.parts.table import Column, table
from workbench.app.parts.texts import count, plain
from workbench.workflows import measure_agreement
from workbench.workflows.agree import Result
from workbench.workflows.compare_raters import pair_names
from workbench.workflows.measure_agreement import ALL_CODES, Measured, Subject, Units

NOBODY = "nobody coded it"


def show(shown: Shown) -> None:
    """The plot, the table and one code in full."""
    if without_codes(shown):
        return
    now, pair = chosen_units(shown)
    before = _before(shown.mark, now, pair)
    codes = [_measured(shown, s, pair) for s in measure_agreement.codes(shown.material, now)]
    earlier: dict[str, float | None] = {}
    if before:
        with_it = measure_agreement.codes(shown.material, before)
        earlier = {s.what: _measured(shown, s, pair).recommended.value for s in with_it}
    _key(now, before)
    first = codes[0].recommended
    title = measure_agreement.title_of([c.recommended for c in codes])
    without_rest = now.way == "totals" or "compare" in dict(now.settings)
    beside = "Cohen’s κ, each pair" if codes[0].beside and codes[0].beside[0].id == "cohen_kappa" else "units"
    picked = st.altair_chart(
        interval_plot(
            [_line(c, earlier.get(c.subject.what), beside) for c in codes],
            value_title=_short(first.id),
            beside_title=beside,
            used_title="coded",
            x_title=f"{title}, {now.words}" if without_rest else f"{title}, each code against the rest",
            rules=first.id in ("krippendorff_alpha", "unitizing_alpha"),
        ),
        theme=None,
        on_select="rerun",
        selection_mode=PICK,
        key=f"agreement-codes-{shown.mark[:12]}-{now.way}",
        alt=f"{title} of each code with its 95 % interval",
    )
    st.caption(plain(_base(codes, now)))
    with st.expander("Every number as a table"):
        _table(shown, codes, now, before, earlier)
    at = picked_of(picked, [c.subject.key for c in codes]) or _lowest(codes)
    code = next(c for c in codes if c.subject.key == at)
    was = (
        f"Before, with {before.words}: {number(earlier.get(code.subject.what), 3)}. Now: {now.words}." if before else ""
    )
    in_full(shown, code, key="agreement-one-code", pair=pair, before=plain(was))
    st.caption("A click on another line of the plot shows that code here.")


def _lowest(codes: list[Measured]) -> str:
    """The code with the lowest value: what all codes at once have is no code's."""
    single = [c for c in codes if c.subject.what != ALL_CODES] or codes
    return min(single, key=lambda c: 2.0 if c.recommended.value is None else c.recommended.value).subject.key


def _measured(shown: Shown, subject: Subject, pair: tuple[str, str] | None) -> Measured:
    return computed.measured(shown.material, shown.mark, subject, pair)


def _before(mark: str, now: Units, pair: tuple[str, str] | None) -> Units | None:
    """The settings before the present ones, on the same codings and the same kind of units."""
    here = (mark, now.way, pair)
    seen: list[tuple[object, Units]] = st.session_state.setdefault("agreement-settings", [])
    if not seen or seen[-1] != (here, now):
        seen[:] = [*seen[-1:], (here, now)]
    return seen[0][1] if len(seen) == 2 and seen[0][0] == here else None


def _line(code: Measured, before: float | None, beside_title: str) -> Line:
    r = code.recommended
    beside = f"{r.n_pairable:,}"
    if beside_title != "units":
        beside = "  ·  ".join(number(k.value) for k in code.beside[:3]) + (" …" if len(code.beside) > 3 else "")
    used = f"{code.subject.used:,} ×"
    why_none = (r.reason or "") if code.subject.used else NOBODY
    return Line(code.subject.key, code.subject.label, r.value, r.low, r.high, why_none, beside, used, before)


def _short(id: str) -> str:
    """A coefficient's sign for the head of a column."""
    return _SIGNS.get(id, "κ")


_SIGNS = {
    "krippendorff_alpha": "α",
    "unitizing_alpha": "uα",
    "icc": "ICC",
    "gwet_ac1": "AC1",
    "gwet_ac2": "AC2",
    "scott_pi": "π",
    "pabak": "PABAK",
    "percent_agreement": "agreement",
    "lin_ccc": "ρc",
    "bland_altman": "bias",
    "gamma": "γ",
}


def _key(now: Units, before: Units | None) -> None:
    earlier = f"<span><i></i>before: {before.words}</span>" if before else ""
    st.html(
        f'<div class="wb-key"><span><i class="now"></i>{"now: " if before else ""}{now.words}</span>{earlier}</div>'
    )


def _base(codes: list[Measured], now: Units) -> str:
    first = codes[0].recommended
    scopes = sorted(
        {
            f"{c.recommended.interval_scope} ({c.recommended.interval_method})"
            for c in codes
            if c.recommended.low is not None
        }
    )
    over = f"95 % intervals {'; '.join(scopes)}." if scopes else "No intervals."
    name = {"bins": "bins", "utterances": "utterances", "time_units": "units of time"}.get(now.way)
    within = f"{first.n_units:,} {name} within the observation window, " if name else ""
    rules = ""
    if first.id in ("krippendorff_alpha", "unitizing_alpha"):
        rules = " Thin lines: .667 and .800 (Krippendorff), to be read against the interval."
    return (
        f"{within}{len(first.raters)} raters, {count(first.n_sessions or 0, 'session')}, "
        f"{percent(first.missing_share, 1)} of cells missing. {over}{rules}"
    )


def _table(
    shown: Shown, codes: list[Measured], now: Units, before: Units | None, earlier: dict[str, float | None]
) -> None:
    first = codes[0]
    sign = _short(first.recommended.id)
    forms = {c.recommended.title for c in codes}
    columns = [Column("Code", width="15rem")]
    if len(forms) > 1:
        columns.append(Column("Coefficient", width="18rem"))
    columns += [
        Column("Coded", numeric=True),
        Column(sign, numeric=True),
        Column("95 % interval", numeric=True),
    ]
    if before:
        columns.append(Column(f"{sign} before", numeric=True, about=before.words))
    columns += [Column(f"{_short(k.id)} {pair_names(shown.material, k)}", numeric=True) for k in _pairs(first)]
    columns += [Column("Units", numeric=True), Column("Missing", numeric=True)]
    rows = []
    for c in codes:
        a = c.recommended
        row = [c.subject.label, *([a.title] if len(forms) > 1 else [])]
        row += [f"{c.subject.used:,}", number(a.value, 3), interval(a.low, a.high, 3)]
        if before:
            row.append(number(earlier.get(c.subject.what), 3))
        row += [number(k.value, 3) for k in _pairs(c)]
        row += [f"{a.n_pairable:,}", percent(a.missing_share, 1)]
        rows.append(row)
    was = f" Before: {before.words}." if before else ""
    title = measure_agreement.title_of([c.recommended for c in codes])
    beside = " and Cohen’s κ" if _pairs(first) else ""
    table(columns, rows, caption=f"{title}{beside}; {now.words}.{was}")


def _pairs(code: Measured) -> list[Result]:
    return [r for r in code.beside if r.id == "cohen_kappa"]
