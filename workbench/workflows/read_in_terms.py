"""Codings on an earlier version of a scheme, read in terms of a later one. Nothing that is stored changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from workbench import schemes
from workbench.agreement import RaterCoding
from workbench.model.scheme import CodingScheme
from workbench.schemes import Unread


@dataclass(frozen=True, slots=True)
class Read:
    """Codings in terms of the later version. What has no counterpart: `left_out`, how many events of which earlier code
    and how many values of which rating; `answers_left_out`, how often which answer ("modifier:answer") of which code,
    where the event itself stayed. `why` each of them was left out, by the same names; of two answers where one is taken
    now it says nothing."""

    codings: tuple[RaterCoding, ...]
    left_out: Counter[str]
    answers_left_out: Counter[tuple[str, str]]
    why: Mapping[str | tuple[str, str], Unread]

    def words(self, earlier: CodingScheme, later: CodingScheme) -> str:
        """What was done, in a sentence or two."""
        n = len(self.codings)
        are = "coding" if n == 1 else "codings"
        labels = {c.id: c.label for c in earlier.codes} | {r.id: r.label for r in earlier.ratings}
        gone: dict[Unread, list[str]] = {}
        for id, count in sorted(self.left_out.items()):
            gone.setdefault(self.why.get(id, Unread.OTHER_KIND), []).append(f"{count} × {labels[id]}")
        for which, count in sorted(self.answers_left_out.items()):
            answer = f"{count} × the answer {_answer(earlier, *which)}"
            gone.setdefault(self.why.get(which, Unread.OTHER_KIND), []).append(answer)
        said = [f"{n} {are} on version {earlier.version}, read in terms of version {later.version}."]
        said += [
            f"Left out, because {because}: {', '.join(gone[why])}."
            for why, because in _because(later).items()
            if why in gone
        ]
        return " ".join(said)


def _because(later: CodingScheme) -> dict[Unread, str]:
    return {
        Unread.NO_EQUAL: "it is said to have no equal",
        Unread.NOT_DECIDED: "no version says what became of it",
        Unread.OTHER_KIND: f"version {later.version} has no counterpart",
    }


def read_in_terms(some: Sequence[RaterCoding], steps: Sequence[CodingScheme]) -> Read:
    """Codings on the first of `steps` in terms of the last: each is the version that the one before became."""
    codes = {c.id: c.id for c in steps[0].codes}
    ratings = {r.id: r.id for r in steps[0].ratings}
    answers = {c.id: {a: a for a in schemes.answers(c)} for c in steps[0].codes}
    why: dict[str | tuple[str, str], Unread] = {}
    for earlier, later in pairwise(steps):
        of_codes, of_ratings = schemes.became(earlier, later)
        codes_unread, ratings_unread = schemes.unread(earlier, later)
        why |= {first: codes_unread[now] for first, now in codes.items() if now in codes_unread}
        why |= {first: ratings_unread[now] for first, now in ratings.items() if now in ratings_unread}
        of_answers = {
            before: schemes.answers_became(earlier.code(before), later, later.code(now))
            for before, now in of_codes.items()
        }
        unread = {
            before: schemes.answers_unread(earlier.code(before), later, later.code(now))
            for before, now in of_codes.items()
        }
        for first, answered in answers.items():
            of_code = unread.get(codes.get(first, ""), {})
            why |= {(first, a): of_code[now] for a, now in answered.items() if now in of_code}
        answers = {
            first: {a: of_answers[codes[first]][now] for a, now in became.items() if now in of_answers[codes[first]]}
            for first, became in answers.items()
            if codes.get(first) in of_codes
        }
        codes = {first: of_codes[now] for first, now in codes.items() if now in of_codes}
        ratings = {first: of_ratings[now] for first, now in ratings.items() if now in of_ratings}
    takes_one = {c.id: {m.id for m in c.modifiers if not m.several} for c in steps[-1].codes}
    left_out: Counter[str] = Counter()
    answers_left_out: Counter[tuple[str, str]] = Counter()
    out = []
    for coding in some:
        left_out.update(e.code for e in coding.events if e.code not in codes)
        left_out.update(r.scale for r in coding.ratings if r.scale not in ratings)
        events = [e for e in coding.events if e.code in codes]
        said = [_answers(e.modifiers, answers[e.code], takes_one[codes[e.code]]) for e in events]
        answers_left_out.update((e.code, a) for e, (_, gone) in zip(events, said, strict=True) for a in gone)
        out.append(
            replace(
                coding,
                events=tuple(
                    replace(e, code=codes[e.code], modifiers=kept, second_choice=codes.get(e.second_choice, ""))
                    for e, (kept, _) in zip(events, said, strict=True)
                ),
                ratings=tuple(replace(r, scale=ratings[r.scale]) for r in coding.ratings if r.scale in ratings),
            )
        )
    return Read(tuple(out), left_out, answers_left_out, why)


def _answers(
    given: Sequence[str], became: Mapping[str, str], takes_one: Set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The answers of one event in later terms, and which of `given` have none. Of a modifier that takes one answer
    now, two different ones have none: neither is the right one."""
    now = {a: became[a] for a in given if a in became}
    of_modifier: dict[str, set[str]] = {}
    for later in now.values():
        of_modifier.setdefault(later.split(":")[0], set()).add(later)
    torn = {a for modifier, some in of_modifier.items() if modifier in takes_one and len(some) > 1 for a in some}
    kept = dict.fromkeys(later for later in now.values() if later not in torn)
    return tuple(kept), tuple(a for a in given if a not in now or now[a] in torn)


def _answer(scheme: CodingScheme, code_id: str, answer: str) -> str:
    """An answer in words: its code, what was asked, and what was answered."""
    code = scheme.code(code_id)
    said = next(
        (f"{m.label}: {o.label}" for m in code.modifiers for o in m.options if f"{m.id}:{o.id}" == answer), answer
    )
    return f"“{said}” to {code.label}"
