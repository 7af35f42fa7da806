"""What a scheme says of the modifiers of its earlier version: which answer to a code became which.

Lines stand below the code as the earlier version calls it. `intensity: strength` is a modifier that got another id and
whose answers keep theirs; `intensity:clear: strength:plain` is one answer, and goes before the line of its modifier.
"""

from __future__ import annotations

from collections.abc import Mapping as Words
from collections.abc import Sequence

from workbench.model.scheme import Code, EarlierVersion
from workbench.schemes.fields import Fields, describe, did_you_mean
from workbench.schemes.nodes import Mapping, Node, Scalar


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
    lines, here = said.modifiers.get(code.id, {}), answers(now)
    asked = [(modifier.id, option.id) for modifier in code.modifiers for option in modifier.options]
    became = {f"{m}:{o}": lines.get(f"{m}:{o}", f"{lines.get(m, m)}:{o}") for m, o in asked}
    return {old: new for old, new in became.items() if new in here}


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


def read_modifiers(asked: Fields, codes: Sequence[Code], renamed: Words[str, str]) -> dict[str, dict[str, str]]:
    """The part `modifiers` of `from_version`. `renamed`: what earlier codes became, where not their own id."""
    if not asked.has("modifiers"):
        return {}
    node = asked.at("modifiers")
    if not isinstance(node, Mapping):
        asked.note("modifiers", f"modifiers must be earlier codes with lines below them, found {describe(node)}")
        return {}
    here = {code.id: code for code in codes}
    found: dict[str, dict[str, str]] = {}
    for key, lines in node.entries:
        now = here.get(renamed.get(key.text, key.text))
        if key.text in found:
            asked.report.add(key, f"{asked.what}: modifiers has {key.text!r} twice")
        elif now is None:
            hint = did_you_mean(key.text, [*renamed, *here])
            asked.report.add(key, f"{asked.what}: modifiers has {key.text!r}, which became no code of this one{hint}")
        else:
            found[key.text] = _lines(asked, key.text, lines, now)
    return {code: lines for code, lines in found.items() if lines}


def _lines(asked: Fields, code: str, node: Node, now: Code) -> dict[str, str]:
    """Lines `earlier: later` below one code: modifiers, and answers as `modifier:answer`."""
    what = f"{asked.what}: modifiers of {code!r}"
    if not isinstance(node, Mapping):
        message = f"{what} must be lines such as `earlier: later` or `earlier:answer: later:answer`"
        asked.report.add(node, f"{message}, found {describe(node)}")
        return {}
    ids, several = {m.id for m in now.modifiers}, {m.id for m in now.modifiers if m.several}
    found: dict[str, str] = {}
    came: dict[str, str] = {}
    named = {key.text for key, _ in node.entries}
    for key, value in node.entries:
        old, new = key.text, value.text if isinstance(value, Scalar) else ""
        known = answers(now) if ":" in old else ids
        if old in found:
            problem = f"has {old!r} twice"
        elif new and (":" in old) != (":" in new):
            problem = f"has {old!r}, {_article(old)}, become {new!r}, {_article(new)}"
        elif new not in known:
            problem = f"has {describe(value)}, which {now.id!r} has not{_near(new, known)}"
        elif new == old and (":" not in old or _modifier(old) not in named):
            problem = f"{old!r} kept its id and need not be named"
        elif (first := came.setdefault(_modifier(new), _modifier(old))) != _modifier(old) and (
            _modifier(new) not in several
        ):
            problem = _both([first, _modifier(old)], _modifier(new))
        else:
            problem = ""
        found[old] = new
        if problem:
            asked.report.add(key, f"{what}: {problem}")
    return found


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
