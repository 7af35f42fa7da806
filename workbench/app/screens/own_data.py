"""Own data: agreement on a table of one's own, without putting it into a study."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts import guard
from workbench.app.parts.choose_result import choose_result
from workbench.app.parts.interval_plot import PICK, Line, interval_plot
from workbench.app.parts.numbers import number
from workbench.app.parts.result_card import result_card
from workbench.app.parts.says import said
from workbench.app.parts.table import Column, styled, table
from workbench.app.parts.texts import count, heading, section
from workbench.model.people import Role
from workbench.workflows import own_table
from workbench.workflows.agree import Result
from workbench.workflows.own_table import Answer, Events, Sketch, Uploaded, Values

_SHAPES = {
    "long": "One row for each value",
    "wide": "One row for each unit, a column for each rater",
    "events": "Timed events",
}
_LEVELS = {
    "nominal": "Nominal: categories without order",
    "ordinal": "Ordinal: categories in order",
    "interval": "Interval: numbers, equal steps",
    "ratio": "Ratio: numbers with a true zero",
}
_TIMES = {"ms": "milliseconds", "s": "seconds"}
_NOTHING = "(none)"


def show() -> None:
    person = guard.admitted(Role.SUPERVISOR, Role.RESEARCHER)
    styled()
    heading("Own data", "How far do raters agree in a table of your own?")
    file = st.file_uploader(
        f"A CSV of at most {own_table.LARGEST_MB} MB. The server holds it in memory while this page is open, and in a "
        "temporary folder for the moment in which it is read; nothing of it is kept.",
        type=["csv", "tsv", "txt"],
        max_upload_size=own_table.LARGEST_MB,
        key="own-file",
    )
    if file is None:
        _teach()
        return
    uploaded = Uploaded(file.name, file.getvalue())
    with said(f"problems of {file.name}.txt"):
        sketch = _sketched(uploaded)
        _first_rows(sketch)
        asked = _asked(sketch)
        if asked is not None:
            _answer(uploaded, asked, person.id)
        elif sketch.problems:
            own_table.refuse(uploaded, sketch.problems)


@st.cache_data(max_entries=8, show_spinner=False)
def _sketched(uploaded: Uploaded) -> Sketch:
    return own_table.sketch(uploaded)


@st.cache_data(max_entries=16, show_spinner=False)
def _computed(uploaded: Uploaded, asked: Values | Events, actor_id: str) -> Answer:
    if isinstance(asked, Values):
        return own_table.agreement_of_values(uploaded, asked)
    return own_table.agreement_of_events(uploaded, asked)


@st.cache_data(max_entries=16, show_spinner=False)
def _others_computed(uploaded: Uploaded, asked: Values, of: str, actor_id: str) -> tuple[Result, ...]:
    if of:
        return own_table.pairs_of_values(uploaded, asked, of)
    return own_table.others_of_values(uploaded, asked)


def _teach() -> None:
    section("What it may look like", "Columns may have any names; you say afterwards which is which.")
    one, two, three = st.columns(3, gap="large")
    with one:
        st.markdown("##### One row for each value")
        st.code("unit,rater,value\n1,Sue,4\n1,Bo,5\n2,Sue,3\n2,Bo,3", language=None)
    with two:
        st.markdown("##### A column for each rater")
        st.code("segment,Sue,Bo,Kim\n1,yes,yes,no\n2,no,no,no\n3,yes,,yes", language=None)
    with three:
        st.markdown("##### Timed events")
        st.code(
            "session,rater,code,start_ms,end_ms\nA,Sue,rupture,61000,75000\nA,Bo,rupture,62500,74000", language=None
        )
    st.caption(
        "Commas, semicolons or tabs; UTF-8. An empty cell, NA or a dot is a missing value. What is wrong with a file "
        "is listed with its rows, all at once."
    )


def _first_rows(sketch: Sketch) -> None:
    with st.expander(f"First rows of {count(sketch.n_rows, 'row')}"):
        table([Column(c) for c in sketch.columns], [list(cells) for cells in sketch.rows])


def _asked(sketch: Sketch) -> Values | Events | None:
    shape = st.segmented_control(
        "The table has",
        list(_SHAPES),
        default=sketch.shape,
        required=True,
        format_func=lambda s: _SHAPES[s],
        key="own-shape",
    )
    return _events(sketch) if shape == "events" else _values(sketch, wide=shape == "wide")


def _column(sketch: Sketch, label: str, part: str, *, optional: bool = False) -> str | None:
    options = [*([_NOTHING] if optional else []), *sketch.columns]
    guess = sketch.columns_for.get(part)
    index = options.index(guess) if guess in options else 0
    chosen = st.selectbox(label, options, index=index, key=f"own-{part}")
    return None if chosen == _NOTHING and optional else chosen


def _values(sketch: Sketch, *, wide: bool) -> Values | None:
    columns = st.columns([1, 2, 1] if wide else 4, gap="medium")
    with columns[0]:
        unit = _column(sketch, "Unit", "unit")
    rater = value = None
    raters: tuple[str, ...] = ()
    if wide:
        with columns[1]:
            others = [c for c in sketch.columns if c != unit]
            usual = [c for c in sketch.raters if c in others]
            raters = tuple(st.multiselect("Raters", others, default=usual, key="own-raters"))
    else:
        with columns[1]:
            rater = _column(sketch, "Rater", "rater")
        with columns[2]:
            value = _column(sketch, "Value", "value")
    with columns[-1]:
        session = _column(sketch, "Session (optional)", "session", optional=True)
    left, right = st.columns([2, 2], gap="medium")
    with left:
        level = st.selectbox(
            "Level of measurement",
            own_table.LEVELS,
            index=own_table.LEVELS.index(sketch.level),
            format_func=lambda v: _LEVELS[v],
            key="own-level",
        )
    order: tuple[str, ...] = ()
    if level == "ordinal" and sketch.level == "nominal":
        with right:
            text = st.text_input("Categories in order, lowest first, separated by commas", key="own-order")
        order = tuple(part.strip() for part in text.split(",") if part.strip())
    if wide and len(raters) < 2:
        st.caption("Choose the columns of at least two raters.")
        return None
    return Values(
        unit or "", level, rater, value, raters, session if session not in (unit, rater, value) else None, order
    )


def _events(sketch: Sketch) -> Events | None:
    columns = st.columns(5, gap="medium")
    names = (("Session", "session"), ("Rater", "rater"), ("Code", "code"), ("Start", "start"))
    chosen = []
    for column, (label, part) in zip(columns, names, strict=False):
        with column:
            chosen.append(_column(sketch, label, part) or "")
    with columns[4]:
        end = _column(sketch, "End (optional)", "end", optional=True)
    unit_at, window_at, until_at, bin_at, tolerance_at = st.columns(5, gap="medium")
    in_seconds = chosen[3].endswith("_s")
    unit: str = unit_at.selectbox(
        "Times are in",
        list(_TIMES),
        index=int(in_seconds),
        format_func=lambda u: _TIMES[u],
        key="own-unit",
    )
    window = None
    if not {"window_start_ms", "window_end_ms"} <= set(sketch.columns):
        start = window_at.number_input(f"Observed from, {unit}", 0.0, value=0.0, format="%g", key="own-from")
        end_at = until_at.number_input(f"Observed until, {unit}", 0.0, value=None, format="%g", key="own-until")
        window = (start, end_at if end_at is not None else 0.0)
    bin_s = bin_at.number_input("Bin width, s", 0.5, 60.0, 5.0, 0.5, format="%g", key="own-bin")
    tolerance_s = tolerance_at.number_input("Tolerance, s", 0.0, 30.0, 0.0, 0.5, format="%g", key="own-tolerance")
    if window is not None and window[1] <= window[0]:
        st.caption(
            "Say until when the sessions were observed: without it, agreement that nothing happened has no measure."
        )
        return None
    return Events(
        chosen[0], chosen[1], chosen[2], chosen[3], end, unit, window, round(bin_s * 1000), round(tolerance_s * 1000)
    )


def _answer(uploaded: Uploaded, asked: Values | Events, actor_id: str) -> None:
    answer = _computed(uploaded, asked, actor_id)
    section("Agreement", answer.why)
    result = answer.recommended[0]
    if len(answer.recommended) > 1:
        result = _plot(answer)
    with st.container(border=True, key="own-result"):
        what = str(result.settings.get("what") or uploaded.name)
        result_card(result, own_table.same_in_python(uploaded, result, asked), what=what)
    _others(uploaded, asked, answer, result, actor_id)


def _others(uploaded: Uploaded, asked: Values | Events, answer: Answer, shown: Result, actor_id: str) -> None:
    """Whatever else there is, worked out once it is unfolded: of many raters the pairs take long."""
    folded = st.expander("Other coefficients", key="own-others", on_change="rerun")
    if not folded.open:
        return
    with folded:
        of = ""
        if isinstance(asked, Events):
            what = shown.settings.get("what")
            results = tuple(r for r in answer.beside if r.settings.get("what") == what)
        else:
            of = _which(answer.of_pairs, asked.level) if answer.of_pairs else ""
            with st.spinner("Computing …"):
                results = _others_computed(uploaded, asked, of, actor_id)
        choose_result(
            results,
            what=str(shown.settings.get("what") or uploaded.name),
            raters_of=lambda r: " and ".join(r.raters) if len(r.raters) == 2 else f"all {len(r.raters)}",
            lines_of=lambda r: own_table.same_in_python(uploaded, r, asked),
            key=f"own-in-full-{shown.level}-{of}",
        )


def _which(of_pairs: tuple[str, ...], level: str) -> str:
    """The coefficient of each two raters that is asked for; empty for those of all raters at once."""
    return st.selectbox(
        "Of whom",
        ["", *of_pairs],
        format_func=lambda id: f"Each two raters: {own_table.name_of(id)}" if id else "All raters at once",
        key=f"own-of-{level}",
        width=420,
    )


def _plot(answer: Answer) -> Result:
    kappas: dict[str, list[Result]] = {}
    for other in answer.beside:
        kappas.setdefault(str(other.settings["what"]), []).append(other)
    by_code = {str(r.settings["what"]): r for r in answer.recommended}
    lines = [
        Line(
            c,
            c,
            r.value,
            r.low,
            r.high,
            r.reason or "",
            "  ·  ".join(number(k.value) for k in kappas.get(c, [])[:3]),
            f"{r.n_pairable:,}",
        )
        for c, r in by_code.items()
    ]
    event = st.altair_chart(
        interval_plot(
            lines,
            value_title="α",
            beside_title="Cohen’s κ, each pair",
            used_title="units",
            x_title="Krippendorff’s α (nominal), each code against the rest",
        ),
        theme=None,
        on_select="rerun",
        selection_mode=PICK,
        key="own-plot",
        alt="Krippendorff's alpha of each code with its 95 % interval",
    )
    try:
        return by_code[event["selection"][PICK][0]["id"]]
    except (KeyError, IndexError, TypeError):
        return next(iter(by_code.values()))
