"""CACTI's user configuration (XML): codes on a therapist's and a client's panel, and global ratings.

After its source (`parseUserConfig`, `parseUserGlobals`, `parseUserControls` in MainController.java of CACTI 1.0): a
code counts where a button of a `codeControls` panel has it, the panel's label begins with Therapist or Client, names
and values are each there once. The program codes sound; each utterance has one code. Copies of it that were changed for
a study have other panels (Parent, Teen) and defaults outside of the scale (-1 for "not rated yet"): these are read too.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.sax.saxutils import quoteattr

from workbench.exchange.document.drawing import printable
from workbench.exchange.formats import FormatError
from workbench.exchange.scheme_files import NO_DEFINITION, Brought, SchemeFormat, Written
from workbench.exchange.scheme_files._making import Making, ident_of, idents, language_of, named
from workbench.exchange.scheme_files._xml import Element, parse
from workbench.model.scheme import Code, CodeKind, CodingScheme, Each, RatingScale

_PANELS = {"therapist": "provider", "client": "patient"}
_ANYBODY = "both"
_IN_A_ROW = 4
_GROUP = "utterance"

_Global = tuple[str, str, int, int, int | None]


def read(data: bytes, name: str) -> Brought:
    """The scheme of a user configuration. Raises FormatError with every problem, one a line."""
    root = parse(data)
    if root.name.lower() != "userconfiguration":
        raise FormatError(f"line {root.line}: this is <{root.name}>, expected CACTI's <userConfiguration>")
    problems: list[str] = []
    making = Making()
    buttons = _buttons(root, problems, making)
    scales = _globals(root, problems, making)
    if not problems and not buttons and not scales:
        problems.append("the configuration has neither codes on its panels nor globals")
    if problems:
        raise FormatError("\n".join(problems))
    title = Path(name).stem.replace("_", " ")
    codes = _codes(buttons, making)
    ratings = _ratings(scales, making)
    making.defined(codes, ratings)
    if codes:
        making.note(
            "CACTI codes by ear; here the codes are of utterances of a transcript, one each. Make them points to code "
            "without one."
        )
        making.note("The numbers of CACTI's codes and the places of its buttons are not kept.")
    if ratings:
        making.note(
            "The globals are kept out of an alliance score (scored: false), and their anchors are to be written."
        )
    making.note("The file names no title, version, authors or rights: title and version 1.0 are ours.")
    scheme = making.scheme(
        title,
        f"From CACTI's user configuration {making.label(name, set())}.",
        codes,
        ratings,
        language=language_of([*(c.label for c in codes), *(r.label for r in ratings)]),
        unit="utterance" if codes else "event",
        units_of=tuple(dict.fromkeys(c.who for c in codes)) if all(c.who != _ANYBODY for c in codes) else (),
    )
    return Brought(scheme, tuple(making.notes))


def write(scheme: CodingScheme) -> Written:
    """The user configuration of a scheme. Raises FormatError where there is nothing that it could hold."""
    if not scheme.codes and all(scale.each is not Each.SESSION for scale in scheme.ratings):
        raise FormatError("CACTI holds codes and ratings of the whole session, and this scheme has neither")
    names, panels = _named_codes(scheme)
    out = ['<?xml version="1.0" encoding="UTF-8"?>', "<userConfiguration>", "  <codes>"]
    out += [f"    <code name={_quoted(n)} value={_quoted(str(i))}/>" for i, n in enumerate(names, 1)]
    out += ["  </codes>"]
    ratings = [scale for scale in scheme.ratings if scale.each is Each.SESSION]
    out += ["  <globals>"]
    for i, scale in enumerate(ratings):
        start = scale.low if scale.start is None else scale.start
        out.append(
            f"    <global name={_quoted(scale.id.upper())} label={_quoted(scale.label)} value={_quoted(str(i))} "
            f'defaultRating="{start}" minRating="{scale.low}" maxRating="{scale.high}"/>'
        )
    out += ["  </globals>"]
    for side, label in (("left", "Therapist"), ("right", "Client")):
        out.append(f'  <codeControls panel="{side}" label="{label}">')
        here = panels[label]
        for n in range(0, len(here), _IN_A_ROW):
            row = "".join(f"<button code={_quoted(name)}/>" for name in here[n : n + _IN_A_ROW])
            out.append(f"    <row>{row}</row>")
        out.append("  </codeControls>")
    half = (len(ratings) + 1) // 2
    for side, part in (("left", ratings[:half]), ("right", ratings[half:])):
        sliders = "".join(f"<slider global={_quoted(scale.id.upper())}/>" for scale in part)
        out.append(f'  <globalControls panel="{side}">{sliders}</globalControls>')
    out.append("</userConfiguration>\n")
    return Written("\n".join(out).encode(), _lost(scheme))


def _buttons(root: Element, problems: list[str], making: Making) -> list[tuple[str, str]]:
    """(name, who) of every code that a panel has a button for, in the order of the panels."""
    known: Counter[str] = Counter()
    values: dict[str, str] = {}
    for element in root.every("code"):
        name, value = element.attributes.get("name", ""), element.attributes.get("value", "")
        if not name or not value.strip().lstrip("-").isdecimal():
            problems.append(f"line {element.line}: a code needs a name and a whole number as its value")
            continue
        known[name] += 1
        if known[name] > 1:
            problems.append(f"line {element.line}: code {name!r} is there twice")
        elif values.setdefault(value.strip(), name) != name:
            problems.append(f"line {element.line}: {name!r} has the value {value} of {values[value.strip()]!r}")
    found: dict[str, str] = {}
    for panel in root.every("codeControls"):
        label = panel.attributes.get("label", "")
        who = _PANELS.get(label.split(" ")[0].lower(), _ANYBODY)
        if who == _ANYBODY:
            making.note(
                f"The panel {label[:60]!r} is neither the therapist's nor the client's: its codes are everybody's. Say "
                "whose they are."
            )
        for button in panel.every("button"):
            name = button.attributes.get("code", "")
            if name not in known:
                problems.append(f"line {button.line}: the button's code {name!r} is not among the codes")
            elif name in found:
                problems.append(f"line {button.line}: code {name!r} has two buttons")
            else:
                found[name] = who
    if without := [name for name in known if name not in found]:
        making.note(f"Codes that no panel has a button for are left out: {named(without)}.")
    return list(found.items())


def _globals(root: Element, problems: list[str], making: Making) -> list[_Global]:
    """(name, label, low, high, default) of every global."""
    found: dict[str, _Global] = {}
    elsewhere = []
    for element in root.every("global"):
        name, label = element.attributes.get("name", ""), element.attributes.get("label", "")
        try:
            low = int(element.attributes.get("minRating", "1"))
            high = int(element.attributes.get("maxRating", "5"))
            start = int(element.attributes.get("defaultRating", "1"))
        except ValueError:
            problems.append(f"line {element.line}: the ratings of global {name!r} are not whole numbers")
            continue
        if not name or not label:
            problems.append(f"line {element.line}: a global needs a name and a label")
        elif name in found:
            problems.append(f"line {element.line}: global {name!r} is there twice")
        elif not -100 <= low < high <= 100:
            problems.append(f"line {element.line}: global {name!r} goes from {low} to {high}")
        else:
            inside = low <= start <= high
            elsewhere += [] if inside else [label]
            found[name] = (name, label, low, high, start if inside else None)
    if elsewhere:
        making.note(f"Without a start value, for the default is not on the scale: {named(elsewhere)}.")
    return list(found.values())


def _codes(buttons: list[tuple[str, str]], making: Making) -> tuple[Code, ...]:
    taken: set[str] = set()
    labels = [making.label(name, taken) for name, _ in buttons]
    keys = making.keys([(label, "") for label in labels])
    ids = idents([("", label) for label in labels], "code")
    group = _GROUP if len(buttons) > 1 else None
    return tuple(
        Code(i, label, CodeKind.UTTERANCE, key, NO_DEFINITION, who=who, group=group)
        for i, label, key, (_, who) in zip(ids, labels, keys, buttons, strict=True)
    )


def _ratings(scales: list[_Global], making: Making) -> tuple[RatingScale, ...]:
    taken: set[str] = set()
    labels = [making.label(label, taken) for _, label, *_ in scales]
    ids = idents([(name, label) for (name, *_), label in zip(scales, labels, strict=True)], "rating")
    return tuple(
        RatingScale(i, label, low, high, NO_DEFINITION, start=start, scored=False)
        for i, label, (_, _, low, high, start) in zip(ids, labels, scales, strict=True)
    )


def _named_codes(scheme: CodingScheme) -> tuple[list[str], dict[str, list[str]]]:
    """What the codes are called there, and which panel has which; a code of everybody's is one for each panel."""
    names: list[str] = []
    panels: dict[str, list[str]] = {"Therapist": [], "Client": []}
    for code in scheme.codes:
        sides = {"provider": ["Therapist"], "patient": ["Client"], "family": ["Client"], "clients": ["Client"]}
        of = sides.get(code.who, ["Therapist", "Client"])
        for side in of:
            name = code.label if len(of) == 1 else f"{code.label} ({side})"
            names.append(name)
            panels[side].append(name)
    return names, panels


def _lost(scheme: CodingScheme) -> tuple[str, ...]:
    lost = [
        "CACTI holds the names of codes and ratings alone: definitions, examples, anchors, keys, rules and scores stay "
        "here."
    ]
    if scheme.codes:
        lost.append("In CACTI each utterance has one code.")
    if changed := [c.id for c in scheme.codes if ident_of(c.label) != c.id]:
        lost.append(f"The names do not lead back to the ids of: {named(changed)}.")
    if states := [c.label for c in scheme.codes if c.kind is CodeKind.STATE]:
        lost.append(f"CACTI knows no stretches; coded as utterances: {named(states)}.")
    if modifiers := [c.label for c in scheme.codes if c.modifiers]:
        lost.append(f"Without their modifiers: {named(modifiers)}.")
    if shared := [c.label for c in scheme.codes if c.who in ("", "both")]:
        lost.append(f"One code for the therapist and one for the client: {named(shared)}.")
    if family := [c.label for c in scheme.codes if c.who in ("family", "clients")]:
        lost.append(f"The client's, for CACTI knows no family: {named(family)}.")
    if other := [r.label for r in scheme.ratings if r.each is not Each.SESSION]:
        lost.append(f"Left out, for CACTI rates whole sessions: {named(other)}.")
    if none := [r.label for r in scheme.ratings if r.no_evidence and r.each is Each.SESSION]:
        lost.append(f"Without the answer “no evidence”: {named(none)}.")
    return tuple(lost)


def _quoted(text: str) -> str:
    return quoteattr(printable(text))


FORMAT = SchemeFormat(
    "cacti",
    "xml",
    "CACTI user configuration (XML)",
    write,
    read,
    lambda data: b"<userconfiguration" in data.replace(b"\x00", b"").lower(),
)
