"""The agreement report of a study: one HTML file, one for Word, every number for programs, and the codings
from which they can be computed again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench import agreement
from workbench.agreement.interval import DEFAULT_SEED
from workbench.agreement.survey import survey
from workbench.agreement.usual import REPLICATES, usual_units
from workbench.exchange._files import write_together
from workbench.exchange.document.html import html
from workbench.exchange.document.word import word
from workbench.model.access import Action
from workbench.model.people import Person
from workbench.model.titles import with_version
from workbench.store import sessions
from workbench.store.workspace import Workspace
from workbench.workflows import report_copies as copies
from workbench.workflows.account_for_codings import Accounted, account_for
from workbench.workflows.agree import Choice, Material, material, pairs
from workbench.workflows.export import NO_CONSENT, Packed, shareable, zipped
from workbench.workflows.number_raters import numbered as by_number
from workbench.workflows.number_raters import numbers_of, without_times
from workbench.workflows.refusal import Refused, demand
from workbench.workflows.report_document import Account, report_document


@dataclass(frozen=True, slots=True)
class Asked:
    """How the numbers are made. None: the scheme's bin width; every coefficient that does not take minutes."""

    bin_ms: int | None = None
    coefficients: tuple[str, ...] | None = None
    confidence: float = 0.95
    replicates: int = REPLICATES
    seed: int = DEFAULT_SEED


@dataclass(frozen=True, slots=True)
class Report:
    """The files of a report by name. `n_values` of its results have a value, `n_undefined` a reason."""

    name: str
    files: Mapping[str, bytes]
    n_sessions: int
    n_left_out: int
    n_values: int
    n_undefined: int


def report_agreement(
    workspace: Workspace, actor: Person, choice: Choice, asked: Asked | None = None, *, numbered: bool = False
) -> Report:
    """The report on what `actor` may see of `choice`, and whose sessions may be shared for research.

    `numbered`: raters go by R1, R2 … in every file, and days stand in place of times; who is who is said nowhere.
    It is an export: its codings leave this computer, so it asks for the same consent, counts the codings as
    seen and enters the audit. Raises Refused, UnknownName for a coefficient, InputProblems.
    """
    demand(workspace, actor, Action.EXPORT)
    chosen = material(workspace, actor, choice)
    kept = shareable(workspace, chosen)
    if not kept:
        raise Refused("None of these sessions may be shared for research.", [NO_CONSENT], kind="forbidden")
    n_left = len(chosen.sessions) - len(kept)
    accounted = account_for(workspace, actor, choice, chosen, kept)
    if numbered:
        chosen = by_number(chosen, numbers_of(workspace, chosen))
        accounted = replace(accounted, criterion=accounted.criterion and without_times(accounted.criterion))
    chosen = replace(
        chosen,
        study=chosen.study.only(sessions=kept),
        sessions=tuple(s for s in chosen.sessions if s.code in kept),
    )
    name = ""
    if choice.study_id is not None:
        with workspace.reading() as connection:
            name = sessions.get_study(connection, choice.study_id).name
    made = report_of(chosen, name, n_left, datetime.now(UTC), asked or Asked(), accounted)
    detail = {"sessions": len(kept), "scheme": chosen.scheme.name, "values": made.n_values}
    detail |= {"numbered": True} if numbered else {}
    workspace.note(actor.id, "report.agreement", "study", choice.study_id, detail)
    return made


def write_report(report: Report, folder: Path) -> tuple[Path, ...]:
    """The report's files in the new folder `folder`: all or none. Raises Refused."""
    try:
        return write_together(report.files, folder)
    except FileExistsError as error:
        raise Refused(f"{error}.") from None
    except OSError as error:
        raise Refused(f"The report was not written: {error.strerror or error}. Nothing is left behind.") from None


def packed(report: Report) -> Packed:
    """The report's files in one zip."""
    files = {f"{report.name}/{name}": data for name, data in report.files.items()}
    return Packed(f"{report.name}.zip", zipped(files), {})


def report_of(
    chosen: Material,
    study_name: str,
    n_left_out: int,
    made_at: datetime,
    asked: Asked,
    accounted: Accounted | None = None,
) -> Report:
    """The report from its material alone. `accounted`: where the codings come from, as far as that is known."""
    account = accounted or Accounted()
    scheme, study = chosen.scheme, chosen.study
    codes = {c.id: c.label for c in scheme.codes}
    scales = {r.id: r.label for r in scheme.ratings}
    way, settings = usual_units(scheme, study)
    if asked.bin_ms and way == "bins":
        settings["bin_ms"] = asked.bin_ms
    options: dict[str, Any] = {"confidence": asked.confidence, "replicates": asked.replicates, "seed": asked.seed}
    whole = agreement.appraise(
        study,
        scheme,
        survey(
            study,
            codes,
            scales,
            way=way,
            settings=settings,
            tolerances_ms=[scheme.tolerance_ms] if scheme.tolerance_ms else [],
            coefficients=asked.coefficients,
            **options,
        ),
        record=chosen.record,
        criterion=account.criterion,
        coefficients=asked.coefficients,
        **options,
    )
    compared = pairs(chosen)
    about = Account(
        title=f"Agreement of raters: {study_name or scheme.title}",
        scheme=scheme.title,
        version=scheme.version,
        codes=codes,
        scales=scales,
        facts=_facts(chosen, study_name, made_at, account),
        selection=(*chosen.earlier, *(account.selection.sentences() if account.selection else ())),
        selected=account.selection.to_dict() if account.selection else None,
        left_out=_left_out(n_left_out, len(study.sessions), account),
        foot=f"{study_name or scheme.title} · agreement of raters · {agreement.SOFTWARE} · {made_at:%Y-%m-%d}",
        blinded=account.blinded,
        reopened=account.reopened,
        asked=scheme.agreement,
        certification=scheme.certification,
    )
    document = report_document(about, study, whole, compared)
    of_criterion = copies.codings_of(whole.against, "criterion_") if whole.against else {}
    files = {
        "agreement.html": html(document),
        "agreement.docx": word(document, made_at),
        "agreement.json": copies.as_json(about, whole, compared, made_at),
        "agreement.csv": copies.as_csv(whole, about.labels),
        **copies.codings_of(study),
        **of_criterion,
        "recompute.py": copies.recompute(whole).encode(),
        "README.txt": (copies.README + (copies.OF_CRITERION if of_criterion else "")).encode(),
    }
    n_values = sum(r.defined for r in whole.every)
    name = re.sub(r"[^a-z0-9]+", "-", f"agreement {study_name}".lower()).strip("-")[:60]
    return Report(name, files, len(study.sessions), n_left_out, n_values, len(whole.every) - n_values)


def _facts(chosen: Material, study_name: str, made_at: datetime, account: Accounted) -> tuple[tuple[str, str], ...]:
    scheme, study = chosen.scheme, chosen.study
    here = {(c.session, c.rater) for c in study.codings}
    times = [at for key, at in chosen.submitted_at.items() if at and key in here]
    days = (
        sorted(datetime.fromtimestamp(at / 1000, UTC).date().isoformat() for at in (min(times), max(times)))
        if (times)
        else []
    )
    facts = [
        ("Study", study_name),
        ("Scheme", f"{with_version(scheme)} ({scheme.hash[:12]})"),
        ("Raters", ", ".join(study.raters)),
        ("Sessions", f"{len(study.sessions)}"),
        ("Codings", f"{len(study.codings)}"),
        ("Handed in", " to ".join(dict.fromkeys(days))),
        ("Written", f"{made_at:%Y-%m-%d %H:%M} UTC"),
        ("Software", agreement.SOFTWARE),
    ]
    if account.selection:
        facts.insert(1, ("Selection", account.selection.in_short))
    if all(s.fictional for s in chosen.sessions):
        facts.append(("Note", "Every session is fictional."))
    return tuple((name, value) for name, value in facts if value)


def _left_out(n_left_out: int, n_kept: int, account: Accounted) -> tuple[str, ...]:
    out = ["Codings for practice."]
    out += [f"{n:,} assigned {'coding' if n == 1 else 'codings'} {reason}." for reason, n in account.not_counted]
    if n := account.further_criteria:
        out.append(
            f"{n} further criterion {'coding' if n == 1 else 'codings'}: of each session the one handed in last counts."
        )
    if n_left_out:
        out.append(
            f"{n_left_out} of {n_left_out + n_kept} sessions, because consent to sharing for research is missing or "
            "was withdrawn."
        )
    return tuple(out)
