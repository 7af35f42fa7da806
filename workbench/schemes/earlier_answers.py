"""What a scheme says of the modifiers of its earlier version: which answer to a code became which.

Lines stand below the code as the earlier version calls it. `intensity: strength` is a modifier that got another id and
whose answers keep theirs; `intensity:clear: strength:plain` is one answer, and goes before the line of its modifier.
`null` instead of the later one: it has no equal.
"""

from __future__ import annotations

from collections.abc import Mapping as Words
from collections.abc import Sequence
from enum import Enum

from workbench.model.scheme import Code, EarlierVersion
from workbench.schemes.fields import Fields, describe, did_you_mean
from workbench.schemes.nodes import Mapping, Node, Scalar

Later = str | None  # what something became; None where it has no equal


class Unread(Enum):
    """Why something of the version before is not read in terms of the later one."""

    NO_EQUAL = "no_equal"  # the later version says so
    NOT_DECIDED = "not_decided"  # it is not there by its id, and no line says what it became
    OTHER_KIND = "other_kind"  # what has its id, or what it became, is of another kind, unit or range of values


def answers(code: Code) -> frozenset[str]:
    """What an event of this code can carry: "modifier:answer" each."""
    return frozenset(f"{modifier.id}:{option.id}" for modifier in code.modifiers for option in modifier.options)


def became_of(said: EarlierVersion, code: Code, now: Code) -> dict[str, str]:
    """Answers to the earlier `code` by what they are of the later code `now`; without those that have no counterpart.

    >>> from workbench.model.scheme import CodeKind, Modifier, ModifierOption
    >>> def probe(modifier, *options):
    ...     of = tuple(ModifierOption(option, option, option[0]) for option in options)
    ...     return Code("probe", "Probe", CodeKind.POINT, "p", "D.", modifiers=(Modifier(modifier, modifier, of),))
    >>> lines = {"probe": {"depth": "reach", "depth:slight": "reach:some"}}
    >>> first, second = probe("depth", "slight", "full", "odd"), probe("reach", "some", "full")
    >>> became_of(EarlierVersion("1", modifiers=lines), first, second)
    {'depth:slight': 'reach:some', 'depth:full': 'reach:full'}
    """
    here = answers(now)
    return {old: new for old, new in _said_of(said, code).items() if new is not None and new in here}


def unread_of(said: EarlierVersion, code: Code, now: Code) -> dict[str, Unread]:
    """Why the answers to the earlier `code` that `became_of` leaves out have no counterpart."""
    here = answers(now)
    return {
        old: Unread.NO_EQUAL if new is None else Unread.NOT_DECIDED
        for old, new in _said_of(said, code).items()
        if new not in here
    }


def _said_of(said: EarlierVersion, code: Code) -> dict[str, Later]:
    """Each answer by what its line makes of it, else the line of its modifier, else nothing but its id."""
    lines = said.modifiers.get(code.id, {})
    found: dict[str, Later] = {}
    for modifier in code.modifiers:
        later = lines.get(modifier.id, modifier.id)
        for option in modifier.options:
            answer = f"{modifier.id}:{option.id}"
            found[answer] = lines.get(answer, later and f"{later}:{option.id}")
    return found


def answer_problems(said: EarlierVersion, code: Code, now: Code) -> list[str]:
    """What is wrong with the lines below the earlier `code`, whose counterpart is `now`."""
    of = f"from_version: code {code.id!r} of version {said.version}"
    there = {modifier.id for modifier in code.modifiers} | answers(code)
    problems = []
    for old in said.modifiers.get(code.id, {}):
        if old not in there:
            problems.append(f"{of} has no {_what(old)} {old!r}{_near(old, there)}")
    came: dict[str, dict[str, None]] = {}
    for old, new in became_of(said, code, now).items():
        came.setdefault(_modifier(new), {})[_modifier(old)] = None
    takes_one = {modifier.id for modifier in now.modifiers if not modifier.several}
    for new, olds in came.items():
        if len(olds) > 1 and new in takes_one:
            problems.append(f"{of}: {_both(list(olds), new)}")
    return problems


def read_modifiers(asked: Fields, codes: Sequence[Code], renamed: Words[str, Later]) -> dict[str, dict[str, Later]]:
    """The part `modifiers` of `from_version`. `renamed`: what earlier codes became, where not their own id."""
    if not asked.has("modifiers"):
        return {}
    node = asked.at("modifiers")
    if not isinstance(node, Mapping):
        asked.note("modifiers", f"modifiers must be earlier codes with lines below them, found {describe(node)}")
        return {}
    here = {code.id: code for code in codes}
    found: dict[str, dict[str, Later]] = {}
    for key, lines in node.entries:
        now = here.get(renamed.get(key.text, key.text) or "")
        if key.text in found:
            asked.report.add(key, f"{asked.what}: modifiers has {key.text!r} twice")
        elif key.text in renamed and renamed[key.text] is None:
            message = f"{asked.what}: modifiers has {key.text!r}, which has no equal here"
            asked.report.add(key, message)
        elif now is None:
            hint = did_you_mean(key.text, [*renamed, *here])
            asked.report.add(key, f"{asked.what}: modifiers has {key.text!r}, which became no code of this one{hint}")
        else:
            found[key.text] = _lines(asked, key.text, lines, now)
    return {code: lines for code, lines in found.items() if lines}


def _lines(asked: Fields, code: str, node: Node, now: Code) -> dict[str, Later]:
    """Lines `earlier: later` below one code: modifiers, and answers as `modifier:answer`."""
    what = f"{asked.what}: modifiers of {code!r}"
    if not isinstance(node, Mapping):
        message = f"{what} must be lines such as `earlier: later` or `earlier:answer: later:answer`"
        asked.report.add(node, f"{message}, found {describe(node)}")
        return {}
    ids, several = {m.id for m in now.modifiers}, {m.id for m in now.modifiers if m.several}
    found: dict[str, Later] = {}
    came: dict[str, str] = {}
    named = {key.text for key, _ in node.entries}
    for key, value in node.entries:
        old, new = key.text, value.text if isinstance(value, Scalar) else ""
        known = answers(now) if ":" in old else ids
        by_its_id = ":" not in old or _modifier(old) not in named  # no line of its modifier says otherwise
        none = has_none(value)
        if old in found:
            problem = f"has {old!r} twice"
        elif none:
            problem = kept_its_id(old) if old in known and by_its_id else ""
        elif new and (":" in old) != (":" in new):
            problem = f"has {old!r}, {_article(old)}, become {new!r}, {_article(new)}"
        elif new not in known:
            problem = f"has {describe(value)}, which {now.id!r} has not{unsaid(value) or _near(new, known)}"
        elif new == old and by_its_id:
            problem = f"{old!r} kept its id and need not be named"
        elif (first := came.setdefault(_modifier(new), _modifier(old))) != _modifier(old) and (
            _modifier(new) not in several
        ):
            problem = _both([first, _modifier(old)], _modifier(new))
        else:
            problem = ""
        found[old] = None if none else new
        if problem:
            asked.report.add(key, f"{what}: {problem}")
    return found


def has_none(value: Node) -> bool:
    """Whether a line says that there is no equal: `null`. A line that is not written to its end says nothing."""
    return isinstance(value, Scalar) and (value.kind, value.text) == ("null", "null")


def unsaid(value: Node) -> str:
    """How to say that there is no equal, where a line says nothing."""
    empty = isinstance(value, Scalar) and value.kind == "null"
    return "; the word null says that there is no equal" if empty else ""


def kept_its_id(old: str) -> str:
    """The problem with a line that takes the equal from what is here by its own id."""
    return f"{old!r} has no equal, but is here by its id: what means something else needs another id"


def _modifier(answer: str) -> str:
    return answer.split(":")[0]


def _what(line: str) -> str:
    return "answer" if ":" in line else "modifier"


def _article(line: str) -> str:
    return "an answer" if ":" in line else "a modifier"


def _both(olds: Sequence[str], new: str) -> str:
    named = " and ".join(repr(old) for old in olds)
    return f"{named} became one modifier {new!r}, which takes one answer only (several: true would take more)"


def _near(word: str, known: frozenset[str] | set[str]) -> str:
    return did_you_mean(word, sorted(known)) if word and known else ""
