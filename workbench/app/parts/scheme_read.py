"""What a coding scheme or a questionnaire asks, to be read: how to code, every code and rating, what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from workbench.app import current
from workbench.app.parts import rulings
from workbench.app.parts.texts import count, facts, section
from workbench.model.instrument import Instrument
from workbench.model.people import Person
from workbench.model.scheme import Code, CodeKind, CodingScheme, Each, Modifier, RatingScale
from workbench.schemes.in_words import order_of_work
from workbench.workflows import see_rulings
from workbench.workflows.see_rulings import RulingShown

KINDS = {
    CodeKind.UTTERANCE: ("Utterances", "Said of a whole utterance of the transcript; it can have several."),
    CodeKind.POINT: ("Single acts", "A point, where the act begins."),
    CodeKind.STATE: ("Stretches", "From the first sign to the last."),
}
RATINGS = {
    Each.SEGMENT: "Ratings of each segment",
    Each.PERSON: "Ratings of each person",
    Each.FAMILY: "Ratings of all of them together",
    Each.SESSION: "Ratings of the whole session",
}
_TURNED = " <small><bdi>(turned round for the score)</bdi></small>"


def scheme_read(scheme: CodingScheme, person: Person, *, in_use: bool = True) -> None:
    """A version of a scheme; its rulings too, where it is `in_use`."""
    ruled = see_rulings.rulings_of(current.workspace(), person, scheme) if in_use else []
    st.html(f'<p dir="auto">{escape(scheme.description)}</p>')
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
        st.html(_codes((c for c in scheme.codes if c.kind is kind), ruled))
    for each, title in RATINGS.items():
        scales = [r for r in scheme.ratings if r.each is each]
        if scales:
            section(title)
            st.html("".join(_rating(r, ruled) for r in scales))
    if scheme.rules:
        asked = "They are asked once, before submission." if scheme.check_evidence else "They are not asked."
        section("What ratings should rest on", asked)
        sentences = (f'<li dir="auto">{escape(rule.sentence)}</li>' for rule in scheme.rules)
        st.html(f"<ul>{''.join(sentences)}</ul>")
    if in_use:
        rulings.show(person, scheme, ruled)
    _origin(scheme)


def _way_of_working(scheme: CodingScheme) -> list[str]:
    """What a scheme asks beyond its codes and ratings, in sentences."""
    said = []
    if scheme.unit == "utterance":
        whose = " and ".join(scheme.units_of) or "everybody"
        said.append(f"Every utterance of {whose if whose == 'everybody' else f'the {whose}'} is coded.")
    return [*said, *order_of_work(scheme)]


def _codes(codes: Iterable[Code], ruled: Sequence[RulingShown]) -> str:
    return f'<div class="wb-codes">{"".join(_code(c, ruled) for c in codes)}</div>'


def _code(code: Code, ruled: Sequence[RulingShown]) -> str:
    return (
        f'<section dir="auto"><h3><span class="wb-swatch" style="background:{escape(code.colour)}"></span>'
        f"{escape(code.label)} <kbd>{escape(code.key)}</kbd></h3><p>{escape(code.definition)}</p>"
        f"{_marked('Yes:', code.example)}{_marked('Not:', code.near_miss)}"
        f"{''.join(_modifier(m) for m in code.modifiers)}{rulings.standing_on(ruled, code.id)}</section>"
    )


def _marked(mark: str, words: str) -> str:
    return f"<p><i><bdi>{mark}</bdi></i> <bdi>{escape(words)}</bdi></p>" if words else ""


def _modifier(modifier: Modifier) -> str:
    answers = "; ".join(
        f"<bdi>{escape(option.label)}</bdi>" + (f" <kbd>{escape(option.direct)}</kbd>" if option.direct else "")
        for option in modifier.options
    )
    always = ", <bdi>always</bdi>" if modifier.required else ""
    return f"<p><i><bdi>{escape(modifier.label)}</bdi>{always}:</i> {answers}</p>"


def _rating(scale: RatingScale, ruled: Sequence[RulingShown]) -> str:
    anchors = "".join(
        f"<li><b>{value}</b> <bdi>{escape(words)}</bdi></li>" for value, words in sorted(scale.anchors.items())
    )
    none = " <bdi>“No evidence” is one of its answers.</bdi>" if scale.no_evidence else ""
    return (
        f'<section class="wb-rating" dir="auto"><h3>{escape(scale.label)} '
        f"<small><bdi>{scale.low} to {scale.high}</bdi></small></h3>"
        f'<p>{escape(scale.definition)}{none}</p><ul class="wb-anchors">{anchors}</ul>'
        f"{rulings.standing_on(ruled, scale.id, rating=True)}</section>"
    )


def instrument_read(instrument: Instrument) -> None:
    """A questionnaire."""
    st.html(f'<p dir="auto">{escape(instrument.instructions)}</p>')
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
        rows = "".join(f'<li dir="auto">{escape(i.text)}{_TURNED if i.reversed else ""}</li>' for i in items)
        st.html(f"<ol>{rows}</ol>")
    labels = " · ".join(f"{v} {escape(w)}" for v, w in sorted(instrument.labels.items()))
    st.html(f"<p><small>{labels}</small></p>")
    _origin(instrument)


def _origin(found: CodingScheme | Instrument) -> None:
    """Source and rights; a scheme of one's own need not have them."""
    for text in filter(None, (found.source, found.rights)):
        st.html(f'<p dir="auto"><small>{escape(text)}</small></p>')
