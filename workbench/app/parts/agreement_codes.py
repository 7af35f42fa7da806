"""Agreement code by code: a plot with intervals, earlier settings beside the present ones, one code in full."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from workbench.app.parts import computed
from workbench.app.parts.agreement_files import files_button
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.interval_plot import PICK, Line, interval_plot
from workbench.app.parts.numbers import interval, number, percent, seconds
from workbench.app.parts.result_card import result_card
from workbench.app.parts.table import Column, table
from workbench.app.parts.texts import plain
from workbench.workflows import agree
from workbench.workflows.compare_raters import CodeAgreement, by_code, pair_names

_WAYS = {"bins": "Time bins", "utterances": "Utterances"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How sessions are cut into units."""

    way: str
    bin_ms: int
    tolerance_ms: int

    @property
    def words(self) -> str:
        """`bin 5 s, tolerance 0 s`"""
        if self.way == "utterances":
            return "utterances"
        return f"bin {seconds(self.bin_ms)}, tolerance {seconds(self.tolerance_ms)}"


def show(shown: Shown) -> None:
    """The plot, the table and one code in full."""
    now = _settings(shown)
    before = _before(shown.mark, now)
    codes = _codes(shown, now)
    earlier = {c.id: c.recommended.value for c in _codes(shown, before)} if before else {}
    _key(now, before)
    picked = st.altair_chart(
        interval_plot(
            [_line(c, earlier.get(c.id)) for c in codes],
            value_title="α",
            beside_title="Cohen’s κ, each pair",
            used_title="coded",
            x_title="Krippendorff’s α (nominal), each code against the rest",
        ),
        theme=None,
        on_select="rerun",
        selection_mode=PICK,
        key=f"agreement-codes-{shown.mark[:12]}",
        alt="Krippendorff's alpha of each code with its 95 % interval",
    )
    st.caption(plain(_base(codes)))
    with st.expander("Every number as a table"):
        _table(shown, codes, now, before, earlier)
    _one_code(shown, codes, _picked_id(picked, codes), now, before, earlier)


def _settings(shown: Shown) -> Settings:
    scheme = shown.material.scheme
    way_at, bin_at, tolerance_at, note_at = st.columns([2.2, 1.4, 1.4, 5], vertical_alignment="bottom", gap="medium")
    way = way_at.segmented_control(
        "Units", list(_WAYS), default="bins", required=True, format_func=lambda w: _WAYS[w], key="agreement-way"
    )
    by_bins = way != "utterances"
    bin_s = bin_at.number_input(
        "Bin width, s", 0.5, 60.0, scheme.bin_ms / 1000, 0.5, format="%g", disabled=not by_bins, key="agreement-bin"
    )
    tolerance_s = tolerance_at.number_input(
        "Tolerance, s", 0.0, 30.0, 0.0, 0.5, format="%g", disabled=not by_bins, key="agreement-tolerance"
    )
    note_at.caption(
        "Onsets of different raters within the tolerance count as the same moment."
        if by_bins
        else "An event belongs to the utterance in which it begins."
    )
    return Settings(way or "bins", round(bin_s * 1000), round(tolerance_s * 1000))


def _before(mark: str, now: Settings) -> Settings | None:
    """The settings before the present ones, on the same codings."""
    seen: list[tuple[str, Settings]] = st.session_state.setdefault("agreement-settings", [])
    if not seen or seen[-1] != (mark, now):
        seen[:] = [*seen[-1:], (mark, now)]
    return seen[0][1] if len(seen) == 2 and seen[0][0] == mark else None


def _codes(shown: Shown, settings: Settings) -> list[CodeAgreement]:
    results = computed.per_code(shown.material, shown.mark, settings.way, settings.bin_ms, settings.tolerance_ms)
    return by_code(shown.material, results)


def _line(code: CodeAgreement, before: float | None) -> Line:
    alpha = code.recommended
    kappas = "  ·  ".join(number(k.value) for k in code.others[:3]) + (" …" if len(code.others) > 3 else "")
    return Line(
        code.id, code.label, alpha.value, alpha.low, alpha.high, alpha.reason or "", kappas, f"{code.used:,} ×", before
    )


def _key(now: Settings, before: Settings | None) -> None:
    earlier = f"<span><i></i>before: {before.words}</span>" if before else ""
    st.html(
        f'<div class="wb-key"><span><i class="now"></i>{"now: " if before else ""}{now.words}</span>{earlier}</div>'
    )


def _base(codes: list[CodeAgreement]) -> str:
    first = codes[0].recommended
    scopes = sorted(
        {
            f"{c.recommended.interval_scope} ({c.recommended.interval_method})"
            for c in codes
            if c.recommended.low is not None
        }
    )
    over = f"95 % intervals {'; '.join(scopes)}." if scopes else "No intervals."
    return (
        f"{first.n_units:,} {'bins' if first.settings.get('way') == 'bins' else 'utterances'} within the observation "
        f"window, {len(first.raters)} raters, {first.n_sessions or 0} sessions, {percent(first.missing_share, 1)} of "
        f"cells missing. {over} Thin lines: .667 and .800 (Krippendorff), to be read against the interval."
    )


def _table(
    shown: Shown,
    codes: list[CodeAgreement],
    now: Settings,
    before: Settings | None,
    earlier: dict[str, float | None],
) -> None:
    columns = [
        Column("Code", width="15rem"),
        Column("Coded", numeric=True),
        Column("α", numeric=True),
        Column("95 % interval", numeric=True),
    ]
    if before:
        columns.append(Column("α before", numeric=True, about=before.words))
    pairs = [pair_names(shown.material, k) for k in codes[0].others]
    columns += [Column(f"κ {p}", numeric=True) for p in pairs]
    columns += [Column("Units", numeric=True), Column("Missing", numeric=True)]
    rows = []
    for c in codes:
        a = c.recommended
        row = [c.label, f"{c.used:,}", number(a.value, 3), interval(a.low, a.high, 3)]
        if before:
            row.append(number(earlier.get(c.id), 3))
        row += [number(k.value, 3) for k in c.others]
        row += [f"{a.n_pairable:,}", percent(a.missing_share, 1)]
        rows.append(row)
    was = f" Before: {before.words}." if before else ""
    table(columns, rows, caption=f"Krippendorff’s α (nominal) and Cohen’s κ; {now.words}.{was}")


def _picked_id(event: object, codes: list[CodeAgreement]) -> str:
    """The code that was clicked, else the one with the lowest α."""
    try:
        clicked = event["selection"][PICK][0]["id"]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        clicked = None
    if clicked in {c.id for c in codes}:
        return str(clicked)
    return min(codes, key=lambda c: 2.0 if c.recommended.value is None else c.recommended.value).id


def _one_code(
    shown: Shown,
    codes: list[CodeAgreement],
    picked: str,
    now: Settings,
    before: Settings | None,
    earlier: dict[str, float | None],
) -> None:
    code = next(c for c in codes if c.id == picked)
    with st.container(border=True, key="agreement-one-code"):
        lines = agree.in_python(code.recommended)
        result_card(code.recommended, lines, what=code.label)
        if before:
            st.caption(plain(f"Before, with {before.words}: {number(earlier.get(code.id), 3)}. Now: {now.words}."))
        files_button(shown, lines, key=code.id)
        with st.expander("Cohen’s κ of each pair"):
            for other in code.others:
                result_card(other, agree.in_python(other), what=code.label, raters=pair_names(shown.material, other))
    st.caption("A click on another line of the plot shows that code here.")
