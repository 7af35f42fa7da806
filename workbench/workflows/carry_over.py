"""What goes on from a scheme's version before into a draft of the next, and what raters are told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from workbench import schemes
from workbench.model.people import Person
from workbench.model.scheme import Code, CodingScheme
from workbench.schemes.in_words import listed, quoted
from workbench.store.workspace import Workspace
from workbench.workflows import edit_scheme, keep_definition, see_rulings
from workbench.workflows.keep_draft import Draft


def versions_before(workspace: Workspace, made: CodingScheme) -> list[str]:
    """The versions that a scheme of this name can follow, the latest first."""
    found = {s.version for s in edit_scheme.beginnings(workspace) if s.name == made.name} - {made.version}
    return sorted(found, key=keep_definition.version_order, reverse=True)


def version_before(workspace: Workspace, seen: Draft, made: CodingScheme) -> CodingScheme | None:
    """The version that a draft says it was made from, where it is kept."""
    return edit_scheme.version_before(seen, made, edit_scheme.beginnings(workspace))


def told(workspace: Workspace, actor: Person, before: CodingScheme, made: CodingScheme) -> list[str]:
    """What raters and readers meet once the draft is a version: what is read as one, what is left out of codings on
    the version before, and where its rulings go on. Raises Refused."""
    codes, ratings = schemes.became(before, made)
    labels, now = _labels(before), _labels(made)
    later = {(False, old): (False, new) for old, new in codes.items()}
    later |= {(True, old): (True, new) for old, new in ratings.items()}
    joined: dict[tuple[bool, str], list[str]] = {}
    for old, new in later.items():
        joined.setdefault(new, []).append(labels[old])
    said = [f"{listed(olds)} are read as one: {now[new]}." for new, olds in joined.items() if len(olds) > 1]
    said += _left_out(before, made)
    shown = see_rulings.rulings_of(workspace, actor, before)
    held = Counter((s.ruling.rating, s.ruling.code) for s in shown if not s.ruling.withdrawn)
    for entry, n in held.items():
        one, rulings = n == 1, f"{n} ruling{'s' * (n != 1)} on {labels.get(entry, entry[1])}"
        if entry in later and now[later[entry]] != labels[entry]:
            said.append(f"{rulings} {'goes' if one else 'go'} on with {now[later[entry]]}.")
        elif entry in labels and entry not in later:
            stay = "stays" if one else "stay"
            said.append(f"{rulings} {stay} with version {before.version}: nothing here is its equal.")
    return said


def _left_out(before: CodingScheme, made: CodingScheme) -> list[str]:
    """What is left out of codings on the version before, and why."""
    every = list(_unread(before, made, tuple(schemes.Unread)))
    if not every:
        return [f"Codings on version {before.version} can be read as this version, all of them."]
    left = f"Where codings on version {before.version} are read as this version, these are left out: {listed(every)}."
    said = [f"{left} Readers are told how many."]
    if none := list(_unread(before, made, [schemes.Unread.NO_EQUAL])):
        said.append(f"They read that {listed(none)} {'has' if len(none) == 1 else 'have'} no equal.")
    if open_ := list(_unread(before, made, [schemes.Unread.NOT_DECIDED])):
        said.append(f"They read that no version says what became of {listed(open_)}: that is not decided yet.")
    return said


def _unread(before: CodingScheme, made: CodingScheme, why: Collection[schemes.Unread]) -> Iterator[str]:
    """In words, what of the version before has no counterpart for one of the reasons `why`."""
    codes, ratings = schemes.unread(before, made)
    labels = _labels(before)
    for (rating, id), label in labels.items():
        if (ratings if rating else codes).get(id) in why:
            yield label
    now, _ = schemes.became(before, made)
    for code in before.codes:
        if code.id in now:
            unread = schemes.answers_unread(code, made, made.code(now[code.id]))
            yield from _answers_left(code, [answer for answer, reason in unread.items() if reason in why])


def _answers_left(code: Code, left: Collection[str]) -> list[str]:
    """The answers to a code that are `left` out; those of a modifier of which each is, together."""
    said = []
    for modifier in code.modifiers:
        gone = [option for option in modifier.options if f"{modifier.id}:{option.id}" in left]
        of = f"{quoted(modifier.label)} of {quoted(code.label)}"
        if len(gone) == len(modifier.options):
            said.append(f"every answer to {of}")
        else:
            said += [f"the answer {quoted(option.label)} to {of}" for option in gone]
    return said


def _labels(scheme: CodingScheme) -> dict[tuple[bool, str], str]:
    """The labels of codes and (with True) ratings, in quotation marks."""
    codes = {(False, code.id): quoted(code.label) for code in scheme.codes}
    return codes | {(True, scale.id): quoted(scale.label) for scale in scheme.ratings}
