"""Making a coding scheme on screen: drafts that are one person's own, and the version that comes of one.

A draft is YAML text with everything that was done to it, so that each step can be taken back. It is kept at each
change, and survives a reload. Two windows on one draft lose nothing: what is changed in the one that is behind becomes
a draft of its own. A version that is saved is a definition like any other: it can be assigned, and never changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from workbench import schemes
from workbench.exchange.scheme_files import NO_DEFINITION
from workbench.model.access import Action, authorize
from workbench.model.ids import new_id
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme, EarlierVersion
from workbench.schemes import scheme_draft
from workbench.schemes.fields import PARAGRAPH
from workbench.schemes.nodes import MAX_BYTES
from workbench.schemes.scheme_changes import Change, changes
from workbench.schemes.scheme_draft import DraftRead, read_draft
from workbench.store.workspace import Connection, Workspace
from workbench.workflows import keep_definition, keep_draft
from workbench.workflows.keep_draft import Draft
from workbench.workflows.refusal import Refused, demand

_MOST_STEPS = 200  # that can be taken back
_MOST_KEPT = 1_000_000  # characters of all steps together
_EMPTY = {"version": "1.0", "language": "en"}


def may_make(actor: Person) -> bool:
    """Whether somebody may make schemes."""
    return bool(authorize(actor, Action.ADD_SCHEME))


# ---- what there is -------------------------------------------------------------------------------


def drafts(workspace: Workspace, actor: Person) -> list[Draft]:
    """Somebody's drafts, the last one that was changed first. Nobody sees another's."""
    if not may_make(actor):
        return []
    with workspace.reading() as connection:
        return sorted(keep_draft.every(connection, actor), key=lambda d: -d.changed_at)


def draft(workspace: Workspace, actor: Person, draft_id: str) -> Draft:
    """One of somebody's drafts. Raises Refused when it is not there."""
    demand(workspace, actor, Action.ADD_SCHEME)
    with workspace.reading() as connection:
        found = keep_draft.stored(connection, actor, draft_id)
    if found is None:
        raise Refused("This draft is not there: it was saved as a version, or discarded.", kind="missing")
    return found


def beginnings(workspace: Workspace) -> list[CodingScheme]:
    """What a scheme can begin from: every version that is kept, and what comes with the program, by title."""
    shipped = keep_definition.that_come_with_the_program()
    found = {s.hash: s for s in (*shipped, *keep_definition.kept_schemes(workspace))}
    return sorted(found.values(), key=lambda s: (s.title.casefold(), *keep_definition.version_order(s.version)))


def base_of(workspace: Workspace, seen: Draft) -> CodingScheme | None:
    """The version that a draft began from."""
    return next((s for s in beginnings(workspace) if s.hash == seen.base), None) if seen.base else None


# ---- beginning and ending ------------------------------------------------------------------------


def begin(workspace: Workspace, actor: Person, base: CodingScheme | None = None, *, own: bool = True) -> Draft:
    """A new draft: empty, or beginning from a version, as a scheme of one's own or as its next version."""
    demand(workspace, actor, Action.ADD_SCHEME)
    if base is None:
        return keep_draft.add(workspace, actor, Draft(new_id(), scheme_draft.written(_EMPTY)))
    made = base
    if own:
        taken = {s.name for s in beginnings(workspace)}
        name = scheme_draft.name_for(base.name, list(taken), "scheme")
        title = f"{base.title}, our own"[:120]
        made = replace(base, name=name, title=title, version="1.0", earlier=None, authors=(), source=_made_after(base))
    else:
        version = next_version(workspace, base.name, base.version)
        made = replace(base, version=version, earlier=EarlierVersion(base.version, {}, {}))
    return keep_draft.add(workspace, actor, Draft(new_id(), schemes.write_scheme(made), base.hash, own))


def _made_after(base: CodingScheme) -> str:
    """The source of a scheme that was made after another: it and its authors, then that one's own source."""
    by = f" by {', '.join(base.authors)}" if base.authors else ""
    return f"Made after {base.title} {base.version}{by}. {base.source}".strip()[:PARAGRAPH]


def begin_from_file(workspace: Workspace, actor: Person, data: bytes, name: str) -> Draft:
    """A new draft from a YAML file, with all its mistakes. Raises Refused for what is no text of a scheme."""
    demand(workspace, actor, Action.ADD_SCHEME)
    if len(data) > MAX_BYTES:
        raise Refused(f"{name} has {len(data):,} bytes; a scheme has at most {MAX_BYTES:,}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{name} is no text in UTF-8. Save it as UTF-8 and choose it again.") from None
    if "\x00" in text:
        raise Refused(f"{name} is no text.")
    read = read_draft(text)
    if read.tree is not None and "instrument" in read.tree and "scheme" not in read.tree:
        raise Refused(f"{name} is a questionnaire, not a coding scheme.")
    if read.tree is None and read.scheme is None and not re.search(r"(?m)^scheme\s*:", text):
        raise Refused(f"{name} is no coding scheme.", [p.message for p in read.problems])
    return keep_draft.add(workspace, actor, Draft(new_id(), text))


def discard(workspace: Workspace, actor: Person, draft_id: str) -> None:
    """Throw a draft away."""
    demand(workspace, actor, Action.ADD_SCHEME)
    with workspace.changing(actor.id, "scheme_draft.discard", "scheme_draft", draft_id) as connection:
        keep_draft.forget(connection, actor, draft_id)


# ---- changing ------------------------------------------------------------------------------------


def change(workspace: Workspace, actor: Person, seen: Draft, text: str, said: str) -> Draft:
    """Keep another text of a draft, as the person saw it. `said` names the act, for taking it back.

    Where the draft was changed or thrown away in another window meanwhile, the text becomes a draft of its own
    (`parted_from` then names the first), so that nothing is lost.
    """
    demand(workspace, actor, Action.ADD_SCHEME)
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise Refused(f"The scheme is too long: at most {MAX_BYTES:,} bytes of YAML are read. This was not kept.")
    if text == seen.text:
        return seen
    step = keep_draft.difference(seen.text, text, said)
    steps = (*seen.steps[: seen.done], step)[-_MOST_STEPS:]
    while sum(len(s.before) + len(s.after) for s in steps) > _MOST_KEPT and len(steps) > 1:
        steps = steps[1:]
    return keep_draft.keep(workspace, actor, seen, replace(seen, text=text, steps=steps, done=len(steps)))


def undo(workspace: Workspace, actor: Person, seen: Draft) -> Draft:
    """The draft before its last change."""
    demand(workspace, actor, Action.ADD_SCHEME)
    if not seen.done:
        return seen
    step = seen.steps[seen.done - 1]
    text = seen.text[: step.at] + step.before + seen.text[step.at + len(step.after) :]
    return keep_draft.keep(workspace, actor, seen, replace(seen, text=text, done=seen.done - 1))


def redo(workspace: Workspace, actor: Person, seen: Draft) -> Draft:
    """The draft with the change that was taken back last."""
    demand(workspace, actor, Action.ADD_SCHEME)
    if seen.done == len(seen.steps):
        return seen
    step = seen.steps[seen.done]
    text = seen.text[: step.at] + step.after + seen.text[step.at + len(step.before) :]
    return keep_draft.keep(workspace, actor, seen, replace(seen, text=text, done=seen.done + 1))


# ---- judging and saving --------------------------------------------------------------------------


def read(workspace: Workspace, seen: Draft) -> DraftRead:
    """What a draft holds, with every problem: those of `check-scheme`, and names and versions that are taken."""
    found = read_draft(seen.text)
    if found.scheme is None:
        return found
    made, there = found.scheme, beginnings(workspace)
    more = (*_taken(workspace, seen, made, there), *_unfit(seen, made, there), *_undefined(made))
    return replace(found, problems=(*found.problems, *more))


def differences(workspace: Workspace, seen: Draft, scheme: CodingScheme) -> list[Change]:
    """What is new since the version that the draft began from; nothing where it began empty."""
    # imported here: statistics load with it
    from workbench.agreement.naming import name_of

    base = base_of(workspace, seen)
    return changes(base, scheme, name_of) if base else []


def save(workspace: Workspace, actor: Person, seen: Draft) -> CodingScheme:
    """Keep a draft as a version: from now on it can be assigned, and it never changes. The draft is gone then.

    Raises Refused with every problem, and then the draft stays.
    """
    demand(workspace, actor, Action.ADD_SCHEME)
    with workspace.reading() as connection:
        _still(connection, actor, seen)
    found = read(workspace, seen)
    if found.problems or found.scheme is None:
        raise Refused("This scheme cannot be used yet.", [p.message for p in found.problems])
    made = found.scheme
    detail = {"name": made.name, "version": made.version, "draft": seen.id}
    with workspace.changing(actor.id, "scheme.add", "scheme", made.hash, detail) as connection:
        _still(connection, actor, seen)  # another window may have written while it was read
        keep_definition.keep_new(connection, "scheme", made)
        keep_draft.forget(connection, actor, seen.id)
    return made


def _still(connection: Connection, actor: Person, seen: Draft) -> None:
    """Raises Refused where a draft is no longer what the person saw."""
    there = keep_draft.stored(connection, actor, seen.id)
    if there is None or there.revision != seen.revision:
        raise Refused("This draft was changed in another window meanwhile. Look at it again, then save it.")


def next_version(workspace: Workspace, name: str, version: str) -> str:
    """The number after `version` that no version of the scheme has: 1.1 after 1.0, 3 after 2.

    >>> _after("1.9"), _after("2"), _after("spring")
    ('1.10', '3', 'spring 2')
    """
    taken = {s.version for s in beginnings(workspace) if s.name == name}
    while version in taken:
        version = _after(version)
    return version


def version_before(seen: Draft, made: CodingScheme, there: Sequence[CodingScheme]) -> CodingScheme | None:
    """The version that a draft says it was made from, among those `there`; of two the one that it began from."""
    of = made.earlier.version if made.earlier else None
    same = [s for s in there if (s.name, s.version) == (made.name, of)]
    return next((s for s in same if s.hash == seen.base), same[0] if same else None)


def _unfit(seen: Draft, made: CodingScheme, there: Sequence[CodingScheme]) -> list[scheme_draft.DraftProblem]:
    """Where what a scheme says of the version that it was made from is not so."""
    before = version_before(seen, made, there)
    found = schemes.lines_that_do_not_fit(before, made) if before else []
    return [scheme_draft.DraftProblem(("from_version", *at), 1, message) for at, message in found]


def _taken(
    workspace: Workspace, seen: Draft, made: CodingScheme, there: Sequence[CodingScheme]
) -> list[scheme_draft.DraftProblem]:
    """Why a name or a version cannot be this draft's: another scheme has it."""
    same = [s for s in there if s.name == made.name]
    base = next((s for s in there if s.hash == seen.base), None)
    is_next = not seen.own and (base is None or base.name == made.name)  # None: its base is no longer there
    problems: list[tuple[str, str]] = []
    if same and made.name and not is_next:
        problems.append(
            ("scheme", f"there is a scheme {made.name!r} already: take another name, or make a new version of that one")
        )
    elif any(schemes.identity(replace(made, earlier=s.earlier)) == s.hash for s in same):
        problems.append(("version", f"this is version {made.version} as it is: nothing has been changed"))
    elif any(s.version == made.version for s in same):
        free = next_version(workspace, made.name, made.version)
        problems.append(("version", f"version {made.version!r} is there already, and it never changes; {free} is free"))
    return [scheme_draft.DraftProblem((key,), 1, f"the scheme: {message}") for key, message in problems]


def _undefined(made: CodingScheme) -> list[scheme_draft.DraftProblem]:
    """Codes and ratings from another program's file that nobody has defined yet: no rater could code with them."""
    codes = [("codes", n, code.label) for n, code in enumerate(made.codes) if code.definition == NO_DEFINITION]
    ratings = [("ratings", n, scale.label) for n, scale in enumerate(made.ratings) if scale.definition == NO_DEFINITION]
    return [
        scheme_draft.DraftProblem((part, n, "definition"), 1, f"{label}: say when it is given")
        for part, n, label in (*codes, *ratings)
    ]


def _after(version: str) -> str:
    found = re.fullmatch(r"(.*?)(\d+)", version)
    return f"{found[1]}{int(found[2]) + 1}" if found else f"{version} 2"
