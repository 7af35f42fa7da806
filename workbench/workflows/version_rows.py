"""The rows of an export that say which code, rating or answer of one version of a scheme became which of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from workbench.model.scheme import CodingScheme
from workbench.schemes import answers_became, answers_unread, became, unread
from workbench.store.workspace import Workspace
from workbench.workflows.keep_definition import earlier_versions, kept_schemes

Row = dict[str, Any]


def version_rows(workspace: Workspace, used: Iterable[CodingScheme]) -> Iterator[Row]:
    """For each version that was coded with: what became of its entries in the version made from it."""
    hashes = {s.hash for s in used}
    for later in kept_schemes(workspace):
        for earlier in earlier_versions(workspace, later)[:1]:
            if not hashes & {earlier.hash, later.hash}:
                continue
            pairs = zip(became(earlier, later), unread(earlier, later), strict=True)
            for kind, (of, why) in zip(("code", "rating"), pairs, strict=True):
                for entry in earlier.codes if kind == "code" else earlier.ratings:
                    yield {
                        "scheme": later.name,
                        "scheme_version": earlier.version,
                        "later_version": later.version,
                        "kind": kind,
                        "code": entry.id,
                        "later_code": of.get(entry.id),
                        "answer": None,
                        "later_answer": None,
                        "no_counterpart": why[entry.id].value if entry.id in why else None,
                    }
            yield from _of_answers(earlier, later)


def _of_answers(earlier: CodingScheme, later: CodingScheme) -> Iterator[Row]:
    codes, _ = became(earlier, later)
    codes_unread, _ = unread(earlier, later)
    for code in earlier.codes:
        now = codes.get(code.id)
        of = answers_became(code, later, later.code(now)) if now else {}
        why = answers_unread(code, later, later.code(now)) if now else {}
        for modifier in code.modifiers:
            for answer in (f"{modifier.id}:{option.id}" for option in modifier.options):
                left = codes_unread.get(code.id) or why.get(answer)
                yield {
                    "scheme": later.name,
                    "scheme_version": earlier.version,
                    "later_version": later.version,
                    "kind": "answer",
                    "code": code.id,
                    "later_code": now,
                    "answer": answer,
                    "later_answer": of.get(answer),
                    "no_counterpart": left.value if left else None,
                }
