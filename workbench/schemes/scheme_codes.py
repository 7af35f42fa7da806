"""The codes of a scheme's YAML, with their modifiers → `Code`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbench.model.coding import NOT_OBSERVABLE
from workbench.model.people import ParticipantKind
from workbench.model.scheme import Code, CodeKind, Modifier, ModifierOption
from workbench.model.session_people import CLIENTS
from workbench.schemes.fields import PARAGRAPH, Fields, Report, called
from workbench.schemes.nodes import Mapping, Node, Scalar

CODE = [
    "id",
    "label",
    "kind",
    "key",
    "who",
    "dimension",
    "valence",
    "group",
    "colour",
    "ask",
    "modifiers",
    "definition",
    "example",
    "near_miss",
]
MODIFIER = ["id", "label", "required", "several", "options"]
OPTION = ["id", "label", "key", "direct"]

_VALENCE = {"positive": 1, "negative": -1, "neutral": 0}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def read_codes(top: Fields, report: Report) -> tuple[Code, ...]:
    """The list `codes`; every problem within and between codes goes to `report`."""
    nodes = top.nodes("codes")
    codes = tuple(_code(node, n, report) for n, node in enumerate(nodes, 1))
    top.each_once("codes", "id")
    top.each_once("codes", "label")
    _keys_differ(nodes, report)
    _groups_exclude_something(nodes, codes, report)
    return codes


def _code(node: Node, n: int, report: Report) -> Code:
    code = Fields(node, f"code {called(node, n)}", CODE, report)
    kind = CodeKind(code.choice("kind", tuple(CodeKind)))
    code_id = code.ident("id")
    if code_id == NOT_OBSERVABLE:
        code.note("id", f"id {NOT_OBSERVABLE!r} is taken: every scheme has it for stretches that cannot be observed")
    colour = code.text("colour", exact=True) or "#5b6b7f"
    if not _COLOUR.fullmatch(colour):
        code.note("colour", f"colour is {colour!r}, expected six hexadecimal digits in quotes such as '#2f7d5b'")
    if kind is CodeKind.POINT and code.has("group"):
        code.note("group", "group is for states and for codes of utterances; a point event excludes nothing")
    return Code(
        id=code_id,
        label=code.text("label", required=True),
        kind=kind,
        key=_key(code, "key", required=True),
        definition=code.text("definition", required=True, limit=PARAGRAPH),
        example=code.text("example", limit=PARAGRAPH),
        near_miss=code.text("near_miss", limit=PARAGRAPH),
        dimension=code.ident("dimension", required=False),
        valence=_VALENCE[code.choice("valence", tuple(_VALENCE), default="neutral")],
        who=code.choice("who", (*ParticipantKind, CLIENTS, "both"), default="both"),
        group=code.ident("group", required=False) or None,
        colour=colour.lower(),
        modifiers=_modifiers(code, report),
        ask=code.choices("ask", ("who", "whom")),
    )


def _modifiers(code: Fields, report: Report) -> tuple[Modifier, ...]:
    nodes = code.nodes("modifiers")
    modifiers = tuple(_modifier(code, node, n, report) for n, node in enumerate(nodes, 1))
    code.each_once("modifiers", "id")
    code.each_once("modifiers", "label")
    first: dict[str, Scalar] = {}
    for value in _scalars(_options(nodes), "key"):
        earlier = first.setdefault(value.text, value)
        if earlier is not value:
            report.add(
                value,
                f"{code.what}: key {value.text!r} chooses two options (first in line {earlier.line});"
                " keys differ among all modifiers of a code",
            )
    return modifiers


def _modifier(code: Fields, node: Node, n: int, report: Report) -> Modifier:
    modifier = Fields(node, f"{code.what}, modifier {called(node, n)}", MODIFIER, report)
    options = tuple(
        _option(modifier, option, m, report) for m, option in enumerate(modifier.nodes("options", required=True), 1)
    )
    modifier.each_once("options", "id")
    modifier.each_once("options", "label")
    required = modifier.flag("required", default=False)
    if required and len(options) == 1:
        modifier.note("required", "a required modifier with one option says nothing; give a second option")
    return Modifier(
        id=modifier.ident("id"),
        label=modifier.text("label", required=True),
        options=options,
        required=required,
        several=modifier.flag("several", default=False),
    )


def _option(modifier: Fields, node: Node, n: int, report: Report) -> ModifierOption:
    option = Fields(node, f"{modifier.what}, option {called(node, n)}", OPTION, report)
    return ModifierOption(
        id=option.ident("id", numbered=True),
        label=option.text("label", required=True),
        key=_key(option, "key", required=True),
        direct=_key(option, "direct", required=False),
    )


def _key(fields: Fields, name: str, *, required: bool) -> str:
    key = fields.text(name, required=required, raw=True, exact=True)
    if key and (len(key) != 1 or not (key.isalpha() or key.isdecimal()) or key != key.lower()):
        fields.note(name, f"{name} is {key!r}, expected one small letter or digit")
    return key


def _keys_differ(nodes: tuple[Node, ...], report: Report) -> None:
    """One press means one thing: the keys of codes and the direct keys of their options all differ."""
    used: dict[str, Scalar] = {}
    keys = [("codes: key", value) for value in _scalars(nodes, "key")]
    for n, node in enumerate(nodes, 1):
        modifiers = [value for key, value in _entries(node) if key.text == "modifiers"]
        items = [item for m in modifiers for item in getattr(m, "items", ())]
        keys += [(f"code {called(node, n)}: direct", value) for value in _scalars(_options(items), "direct")]
    for what, value in sorted(keys, key=lambda k: (k[1].line, k[1].column)):
        first = used.setdefault(value.text.strip().casefold(), value)
        if first is not value:
            report.add(value, f"{what} {value.text!r} is used twice (first in line {first.line})")


def _groups_exclude_something(nodes: tuple[Node, ...], codes: tuple[Code, ...], report: Report) -> None:
    members = [code.group for code in codes]
    for node, code in zip(nodes, codes, strict=True):
        if code.group and members.count(code.group) == 1:
            report.add(node, f"code {code.id!r}: it is alone in the group {code.group!r}, which then excludes nothing")
        kinds = {c.kind for c in codes if c.group == code.group} - {CodeKind.POINT}
        if code.group and len(kinds) > 1:
            report.add(
                node,
                f"code {code.id!r}: the group {code.group!r} mixes states and codes of utterances; name two groups",
            )


def _options(modifiers: Iterable[Node]) -> list[Node]:
    lists = [value for modifier in modifiers for key, value in _entries(modifier) if key.text == "options"]
    return [option for options in lists for option in getattr(options, "items", ())]


def _scalars(nodes: Iterable[Node], name: str) -> list[Scalar]:
    """The value of every entry `name` of the mappings that is a single value."""
    return [value for node in nodes for key, value in _entries(node) if key.text == name and isinstance(value, Scalar)]


def _entries(node: Node) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Mapping) else ()
