"""Coding schemes and questionnaires in use, to be read."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard
from workbench.app.parts.texts import count, empty, facts, heading, section
from workbench.model.people import Role
from workbench.model.scheme import Code, CodeKind, CodingPass, CodingScheme, Instrument, Modifier, RatingScale
from workbench.workflows import keep_definition

KINDS = {
    CodeKind.UTTERANCE: ("Utterances", "Said of a whole utterance of the transcript; it can have several."),
    CodeKind.POINT: ("Single acts", "A point, where the act begins."),
    CodeKind.STATE: ("Stretches", "From the first sign to the last."),
}
PASSES = {
    CodingPass.LISTEN: "listen to all of it once",
    CodingPass.UNITIZE: "settle the units",
    CodingPass.CODE: "code",
    CodingPass.RATE: "rate",
}

_FOR = (Role.OBSERVER, Role.SUPERVISOR, Role.RESEARCHER)


def show() -> None:
    guard.admitted(*_FOR)
    workspace = current.workspace()
    schemes, instruments = keep_definition.kept_schemes(workspace), keep_definition.kept_instruments(workspace)
    heading("Schemes", "What is coded, what is asked, and how is each thing defined?")
    named: dict[str, CodingScheme | Instrument] = {}
    named |= {f"{s.title} {s.version}": s for s in schemes}
    named |= {f"{i.title} {i.version}": i for i in instruments}
    if not named:
        empty("No scheme yet", "Add one on the server's command line: workbench check-scheme FILE, then --keep.")
        return
    chosen = st.segmented_control("Scheme", list(named), default=next(iter(named)), label_visibility="collapsed")
    found = named[chosen or next(iter(named))]
    if isinstance(found, CodingScheme):
        _scheme(found)
    else:
        _instrument(found)


def _scheme(scheme: CodingScheme) -> None:
    st.html(f"<p>{escape(scheme.description)}</p>")
    facts(
        {
            "Codes": len(scheme.codes),
            "Ratings": len(scheme.ratings),
            "Bin": f"{scheme.bin_ms / 1000:g} s",
            "Tolerance": f"{scheme.tolerance_ms / 1000:g} s",
            "Fastest playback": f"{scheme.speed_cap:g}×",
            "Identity": scheme.hash[:12],
        }
    )
    if said := _way_of_working(scheme):
        st.html(f"<p>{escape(' '.join(said))}</p>")
    for kind in dict.fromkeys(c.kind for c in scheme.codes):  # in the scheme's own order
        section(*KINDS[kind])
        st.html(_codes(c for c in scheme.codes if c.kind is kind))
    for each_segment, title in ((True, "Ratings of each segment"), (False, "Ratings of the whole session")):
        scales = [r for r in scheme.ratings if r.each_segment is each_segment]
        if scales:
            section(title)
            st.html("".join(_rating(r) for r in scales))
    if scheme.rules:
        asked = "They are asked once, before submission." if scheme.check_evidence else "They are not asked."
        section("What ratings should rest on", asked)
        st.html(f"<ul>{''.join(f'<li>{escape(rule.sentence)}</li>' for rule in scheme.rules)}</ul>")
    _origin(scheme)


def _way_of_working(scheme: CodingScheme) -> list[str]:
    """What a scheme asks beyond its codes and ratings, in sentences."""
    said = []
    if scheme.unit == "utterance":
        whose = " and ".join(scheme.units_of) or "everybody"
        said.append(f"Every utterance of {whose if whose == 'everybody' else f'the {whose}'} is coded.")
    if scheme.passes:
        said.append(f"In this order: {', '.join(PASSES[each] for each in scheme.passes)}.")
    if scheme.segment_ms:
        said.append(f"A segment lasts {scheme.segment_ms / 60_000:g} minutes.")
    if not scheme.show_transcript:
        said.append("The transcript is hidden: coded by ear.")
    return said


def _codes(codes: Iterable[Code]) -> str:
    return f'<div class="wb-codes">{"".join(_code(c) for c in codes)}</div>'


def _code(code: Code) -> str:
    example = f"<p><i>Yes:</i> {escape(code.example)}</p>" if code.example else ""
    near_miss = f"<p><i>Not:</i> {escape(code.near_miss)}</p>" if code.near_miss else ""
    return (
        f'<section><h4><span class="wb-swatch" style="background:{escape(code.colour)}"></span>{escape(code.label)} '
        f"<kbd>{escape(code.key)}</kbd></h4><p>{escape(code.definition)}</p>{example}{near_miss}"
        f"{''.join(_modifier(m) for m in code.modifiers)}</section>"
    )


def _modifier(modifier: Modifier) -> str:
    answers = "; ".join(
        escape(option.label) + (f" <kbd>{escape(option.direct)}</kbd>" if option.direct else "")
        for option in modifier.options
    )
    return f"<p><i>{escape(modifier.label)}{', always' if modifier.required else ''}:</i> {answers}</p>"


def _rating(scale: RatingScale) -> str:
    anchors = "".join(f"<li><b>{value}</b> {escape(words)}</li>" for value, words in sorted(scale.anchors.items()))
    none = " “No evidence” is one of its answers." if scale.no_evidence else ""
    return (
        f'<section class="wb-rating"><h4>{escape(scale.label)} <small>{scale.low} to {scale.high}</small></h4>'
        f"<p>{escape(scale.definition)}{none}</p><ul>{anchors}</ul></section>"
    )


def _instrument(instrument: Instrument) -> None:
    st.html(f"<p>{escape(instrument.instructions)}</p>")
    facts(
        {
            "For": instrument.perspective.value,
            "Items": len(instrument.items),
            "Answers": f"{instrument.low} to {instrument.high}",
            "Scored from": f"{instrument.minimum_answered:.0%} answered",
            "Identity": instrument.hash[:12],
        }
    )
    for subscale in instrument.subscales:
        items = [i for i in instrument.items if i.subscale == subscale.id]
        section(f"{subscale.label}, {count(len(items), 'item')}", subscale.definition)
        rows = "".join(
            f"<li>{escape(i.text)}{' <small>(turned round for the score)</small>' if i.reversed else ''}</li>"
            for i in items
        )
        st.html(f"<ol>{rows}</ol>")
    labels = " · ".join(f"{v} {escape(w)}" for v, w in sorted(instrument.labels.items()))
    st.html(f"<p><small>{labels}</small></p>")
    _origin(instrument)


def _origin(found: CodingScheme | Instrument) -> None:
    st.html(f"<p><small>{escape(found.source)}<br>{escape(found.rights)}</small></p>")
