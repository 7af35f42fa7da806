"""An instrument as JSON Schema: its scale, its subscales and its items."""

from __future__ import annotations

from workbench.model.instrument import Perspective
from workbench.schemes import instrument_file
from workbench.schemes.json_pieces import (
    ABOUT,
    FLAG,
    ID,
    LINE,
    NUMBERED_ID,
    TEXT,
    WHOLE,
    WORDS,
    Schema,
    mapping,
    number,
    one_of,
    said,
    sequence,
)

_SUBSCALE = {
    "id": said(ID, "The subscale's name in tables."),
    "label": said(LINE, "What people read."),
    "definition": said(TEXT, "What it measures."),
}
_ITEM = {
    "id": said(NUMBERED_ID, "The item's name in tables."),
    "text": said(TEXT, "What is asked.", maxLength=400),
    "subscale": said(ID, "The subscale that it belongs to."),
    "reversed": said(FLAG, "Whether a high answer means a weak alliance.", default=False),
}
_NEEDS = (
    "instrument",
    "title",
    "version",
    "perspective",
    "instructions",
    "low",
    "high",
    "labels",
    "items",
    "key_confirmed",
)
_INSTRUMENT = ABOUT | {
    "instrument": said(ID, "The instrument's name: small letters, digits, _."),
    "perspective": one_of(Perspective, "Who fills it in."),
    "instructions": said(TEXT, "What whoever fills it in reads first."),
    "low": said(WHOLE, "The lowest answer."),
    "high": said(WHOLE, "The highest answer."),
    "labels": said(WORDS, "Words for answers; both ends must be among them."),
    "subscales": sequence(mapping(instrument_file.SUBSCALE, _SUBSCALE, ("id", "label"))),
    "items": sequence(mapping(instrument_file.ITEM, _ITEM, ("id", "text")), "What is asked.", least=1),
    "minimum_answered": number(
        0.5, 1, "Share of a subscale's items that must be answered for it to have a score.", 0.75
    ),
    "key_confirmed": said(FLAG, "Whether items, subscales and reversals are known to be right."),
}
INSTRUMENT: Schema = mapping(instrument_file.TOP, _INSTRUMENT, _NEEDS)
