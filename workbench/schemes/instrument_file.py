"""A questionnaire's YAML → `Instrument`."""

from __future__ import annotations

from workbench.model.instrument import Instrument, Item, Perspective, Subscale
from workbench.schemes.fields import PARAGRAPH, Fields, Report
from workbench.schemes.nodes import Mapping, Node
from workbench.schemes.scheme_file import bounds, language

TOP = [
    "instrument",
    "title",
    "version",
    "perspective",
    "parallel_form",
    "instructions",
    "low",
    "high",
    "labels",
    "subscales",
    "items",
    "minimum_answered",
    "source",
    "rights",
    "key_confirmed",
    "language",
]
SUBSCALE = ["id", "label", "definition"]
ITEM = ["id", "text", "subscale", "reversed"]


def read_instrument(root: Node, report: Report) -> Instrument:
    """The instrument in `root`; every problem goes to `report`, and then the result means nothing."""
    top = Fields(root, "the instrument", TOP, report)
    low, high = bounds(top)
    subscales = tuple(_subscale(node, n, report) for n, node in enumerate(top.nodes("subscales"), 1))
    known = tuple(s.id for s in subscales)
    items = tuple(_item(node, n, known, report) for n, node in enumerate(top.nodes("items", required=True), 1))
    top.each_once("subscales", "id")
    top.each_once("subscales", "label")
    top.each_once("items", "id")
    top.each_once("items", "text")
    used = {item.subscale for item in items}
    for node, subscale in zip(top.nodes("subscales"), subscales, strict=True):
        if subscale.id not in used:
            report.add(node, f"subscale {subscale.id!r} has no items")
    if top.has("key_confirmed") is False and isinstance(root, Mapping):
        report.add(
            root,
            "the instrument: key_confirmed is missing; write true if whoever holds the rights, or the published"
            " manual, confirms items, subscales and reversals, else false",
        )
    return Instrument(
        name=top.ident("instrument"),
        title=top.text("title", required=True),
        version=top.text("version", required=True, raw=True),
        perspective=Perspective(top.choice("perspective", tuple(Perspective))),
        parallel_form=top.ident("parallel_form", required=False),
        instructions=top.text("instructions", required=True, limit=PARAGRAPH),
        low=low,
        high=high,
        labels=top.by_value("labels", low, high, required=True),
        subscales=subscales,
        items=items,
        minimum_answered=top.number("minimum_answered", 0.5, 1.0, default=0.75),
        source=top.text("source", limit=PARAGRAPH),
        rights=top.text("rights", limit=PARAGRAPH),
        key_confirmed=top.flag("key_confirmed", default=False),
        language=language(top),
    )


def _subscale(node: Node, n: int, report: Report) -> Subscale:
    fields = Fields(node, f"subscale number {n}", SUBSCALE, report)
    return Subscale(
        id=fields.ident("id"),
        label=fields.text("label", required=True),
        definition=fields.text("definition", limit=PARAGRAPH),
    )


def _item(node: Node, n: int, subscales: tuple[str, ...], report: Report) -> Item:
    fields = Fields(node, f"item number {n}", ITEM, report)
    subscale = fields.ident("subscale", required=bool(subscales))
    if subscale and subscale not in subscales:
        there = f"there are: {', '.join(subscales)}" if subscales else "the instrument names none"
        fields.note("subscale", f"unknown subscale {subscale!r}; {there}")
    return Item(
        id=fields.ident("id", numbered=True),
        text=fields.text("text", required=True, limit=400),
        subscale=subscale,
        reversed=fields.flag("reversed", default=False),
    )
