"""`workbench consent`: who allowed what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import call
from workbench.cli.reading import instant, names
from workbench.cli.showing import as_json, say, table

if TYPE_CHECKING:
    from workbench.model.consent import Consent, Scope
    from workbench.model.session import Session

consent = typer.Typer(help="Who consented to what: record, withdraw, list.", rich_markup_mode=None)

Code = Annotated[str, typer.Option("--session", metavar="CODE", help="The session's code.")]
ALL = "all"


def register(app: typer.Typer) -> None:
    app.add_typer(consent, name="consent", no_args_is_help=True)


@consent.command("record")
def record(
    ctx: typer.Context,
    session: Code,
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="record, process, code, supervise, excerpts, research, or all; with commas.",
        ),
    ],
    statement: Annotated[str, typer.Option("--statement", metavar="TEXT", help="The words they agreed to.")],
    participant: Annotated[
        list[str] | None,
        typer.Option("--participant", metavar="CODE", help="Who consented; everybody in the session if left out."),
    ] = None,
    every_session: Annotated[
        bool, typer.Option("--every-session", help="For all sessions of theirs, not only this one.")
    ] = False,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="When it ends (2027-03-01).")] = None,
    json: call.Json = False,
) -> None:
    """Write down consent, in the words of the statement that was agreed to.

    Nothing is recorded, transcribed, coded or shown unless everybody in the session consented to it.

    \b
    Example: workbench consent record --session S001 --scope record,process,code --statement "I agree …"
    Writes:  one consent for each participant.
    """
    from workbench.workflows import add_session, record_consent

    scopes = _scopes(scope)
    chosen = call.of(ctx)
    ends = instant(until, chosen.settings().site_zone, "--until") if until else None
    with chosen.open() as workspace:
        of = add_session.find_session(workspace, session)
        made = [
            record_consent.record_consent(
                workspace, None, of.id, each, scopes, statement, every_session=every_session, until=ends
            )
            for each in _members(of, participant)
        ]
    _shown(of, made, json, f"Consent to {', '.join(sorted(scopes))} is recorded.")


@consent.command("withdraw")
def withdraw(
    ctx: typer.Context,
    session: Code,
    participant: Annotated[
        str | None, typer.Option("--participant", metavar="CODE", help="Withdraw all consent of this participant.")
    ] = None,
    consent_id: Annotated[
        str | None, typer.Option("--consent", metavar="ID", help="Withdraw this one (see workbench consent list).")
    ] = None,
    json: call.Json = False,
) -> None:
    """Withdraw consent from now on: from this moment nobody opens the recording on its strength, and
    open jobs stop before their next step.

    \b
    Example: workbench consent withdraw --session S001 --participant P01
    Writes:  the instant of withdrawal beside the consent, which stays on record.
    """
    from workbench.workflows import add_session, record_consent
    from workbench.workflows.refusal import Refused

    if (participant is None) == (consent_id is None):
        raise typer.BadParameter("say either --participant or --consent", param_hint="--participant")
    with call.of(ctx).open() as workspace:
        of = add_session.find_session(workspace, session)
        known = record_consent.consents(workspace, of.id)
        if consent_id is not None:
            chosen = [consent_id]
        else:
            who = _members(of, [participant or ""])[0]
            chosen = [c.id for c in known if c.participant_id == who and c.withdrawn_at is None]
            if not chosen:
                raise Refused(f"There is no consent of {participant} to withdraw for session {session}.")
        for each in chosen:
            record_consent.withdraw_consent(workspace, None, of.id, each)
        left = record_consent.consents(workspace, of.id)
    _shown(of, [c for c in left if c.id in chosen], json, f"Withdrawn: {len(chosen)}.")


@consent.command("list")
def list_(ctx: typer.Context, session: Code, json: call.Json = False) -> None:
    """List every consent that concerns a session, withdrawn ones included.

    \b
    Example: workbench consent list --session S001
    Writes:  nothing.
    """
    from workbench.workflows import add_session, record_consent

    with call.of(ctx).open() as workspace:
        of = add_session.find_session(workspace, session)
        found = record_consent.consents(workspace, of.id)
    _shown(of, found, json, "")


def _scopes(given: list[str]) -> frozenset[Scope]:
    from workbench.model.consent import Scope

    wanted = names(given)
    if wanted == [ALL]:
        return frozenset(Scope)
    known = {s.value for s in Scope}
    if unknown := [w for w in wanted if w not in known]:
        raise typer.BadParameter(
            f"unknown: {', '.join(unknown)}; there are: {', '.join(s.value for s in Scope)}, or all",
            param_hint="--scope",
        )
    return frozenset(Scope(w) for w in wanted)


def _members(of: Session, codes: list[str] | None) -> list[str]:
    """Ids of participants of the session. Raises Refused for a code that takes no part."""
    from workbench.workflows.refusal import Refused

    ids = {p.code: p.participant_id for p in of.participants}
    wanted = list(ids) if codes is None else names(codes)
    if unknown := [c for c in wanted if c not in ids]:
        raise Refused(f"{', '.join(unknown)} takes no part in session {of.code}; there are: {', '.join(ids)}.")
    return [ids[c] for c in wanted]


def _shown(of: Session, found: list[Consent], json: bool, sentence: str) -> None:
    codes = {p.participant_id: p.code for p in of.participants}
    if json:
        as_json(
            [
                {
                    "id": c.id,
                    "participant": codes.get(c.participant_id),
                    "scopes": sorted(c.scopes),
                    "statement": c.statement,
                    "given_at": _day(c.given_at),
                    "until": _day(c.until),
                    "every_session": c.session_id is None,
                    "withdrawn_at": _day(c.withdrawn_at),
                }
                for c in found
            ]
        )
        return
    if sentence:
        say(sentence)
    rows = [
        (
            codes.get(c.participant_id),
            ", ".join(sorted(c.scopes)),
            _day(c.given_at),
            _day(c.until),
            _day(c.withdrawn_at),
            c.id,
        )
        for c in found
    ]
    table(("participant", "scopes", "given", "until", "withdrawn", "consent"), rows, empty="No consent is recorded.")


def _day(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")
