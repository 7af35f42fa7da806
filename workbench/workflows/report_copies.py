"""What comes with an agreement report for programs: every number as JSON and CSV, the codings, and a program that
computes the numbers again from them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from workbench import __version__, agreement
from workbench.agreement import Appraisal, Comparison, Result, Study
from workbench.agreement.references import references
from workbench.exchange.tables import neutralised
from workbench.workflows.report_confusions import confusion_counts
from workbench.workflows.report_document import Account

README = """\
agreement.html     the report, to be read or printed
agreement.docx     the same, to be edited
agreement.json     every number with all settings, counts and reasons
agreement.csv      every number, one in each row
events.csv, ratings.csv, utterances.csv
                   the codings, as `workbench.agreement` reads them
recompute.py       computes every number again from the codings: python recompute.py
"""
OF_CRITERION = """\
criterion_events.csv, criterion_ratings.csv, criterion_utterances.csv
                   the codings of the sessions that have a criterion coding, with it: not for raters who
                   are still to be trained or tested on these sessions
"""


def codings_of(study: Study, prefix: str = "") -> dict[str, bytes]:
    """The three tables of a study by file name."""
    frames = {
        "events": agreement.events_frame(study),
        "ratings": agreement.ratings_frame(study),
        "utterances": agreement.utterances_frame(study),
    }
    return {f"{prefix}{name}.csv": frame.to_csv(index=False).encode() for name, frame in frames.items()}


def recompute(made: Appraisal) -> str:
    """A program that computes every number from the tables beside it and compares it with agreement.json."""
    lines = [
        '"""Computes every number of the report again from the codings beside it, and compares."""',
        "",
        "import json",
        "import pathlib",
        "",
        "import workbench.agreement as agreement",
        "",
        f"# Made with {agreement.SOFTWARE}. Start it in its own folder: python recompute.py",
        'results = json.loads(pathlib.Path("agreement.json").read_text(encoding="utf-8"))["results"]',
        "differing = []",
        "",
        "",
        "def same(number, computed):",
        "    told, again = results[number], computed.to_dict()",
        '    if any(told[key] != again[key] for key in ("id", "variant", "value", "low", "high", "reason")):',
        "        differing.append(number)",
        "        print(f\"result {number}: {told['value']} in the report, {again['value']} here\")",
        "",
        "",
    ]
    before: list[str] = []
    for n, result in enumerate(made.every):
        _, *read, last = in_python(result).strip().splitlines()
        if read != before:
            lines += read
            before = read
        lines.append(f"same({n}, {last})")
    lines += [
        "",
        'print(f"{len(results) - len(differing)} of {len(results)} numbers are the same.")',
        "raise SystemExit(1 if differing else 0)",
        "",
    ]
    return "\n".join(lines)


def in_python(result: Result) -> str:
    """The lines that give one number from the files of the report."""
    if "criterion" not in result.settings:
        return agreement.same_in_python(result)
    return agreement.same_in_python(result, "criterion_events.csv", "criterion_ratings.csv", "criterion_utterances.csv")


def as_json(about: Account, made: Appraisal, compared: Sequence[Comparison], made_at: datetime) -> bytes:
    labels = about.labels
    whole: dict[str, Any] = {
        "report": "agreement of raters",
        "software": agreement.SOFTWARE,
        "version": __version__,
        "made_at": made_at.isoformat(timespec="seconds"),
        "facts": dict(about.facts),
        "labels": labels,
        "selection": about.selected,
        "blinded": about.blinded,
        "reopened": about.reopened,
        "score_of_record": made.record_is or None,
        "left_out": list(about.left_out),
        "results": [r.to_dict() | {"python": in_python(r)} for r in made.every],
        "not_computed": [
            {"id": refusal.id, "compares": refusal.compares, "reason": refusal.reason} for refusal in made.refused
        ],
        "pairs": [_pair(c) for c in compared],
        "references": list(references(made.every)),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _pair(compared: Comparison) -> dict[str, Any]:
    counts = confusion_counts([compared])
    cells = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return {
        "raters": [compared.a, compared.b],
        "matched_by": "utterance" if compared.by_utterance else "onset",
        "tolerance_ms": None if compared.by_utterance else compared.tolerance_ms,
        "sessions": len(compared.sessions),
        "agreed": compared.hits,
        "moments": compared.total,
        "outside_what_both_observed": compared.left_out,
        "confusion": [{"first": a, "second": b, "count": n} for (a, b), n in cells],
    }


def as_csv(made: Appraisal, labels: Mapping[str, str]) -> bytes:
    """One row for each result; text that a spreadsheet would run is neutralised."""
    frame = agreement.to_frame(made.every)
    if "what" in frame:
        frame.insert(1, "label", [labels.get(w, w) for w in frame["what"]])
    for column in frame.columns:
        frame[column] = [neutralised(v) if isinstance(v, str) else v for v in frame[column]]
    out = io.StringIO()
    frame.to_csv(out, index=False)
    return out.getvalue().encode()
