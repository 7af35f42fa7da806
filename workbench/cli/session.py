"""`workbench session`: therapy sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.reading import instant, names
from workbench.cli.showing import as_json, say, table
from workbench.model.people import ParticipantKind

session = typer.Typer(help="Therapy sessions: add, list.", rich_markup_mode=None)

Codes = list[str]


def register(app: typer.Typer) -> None:
    app.add_typer(session, name="session", no_args_is_help=True)


@session.command("add")
def add(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The session's code, such as S001.")],
    study: Annotated[str, typer.Option("--study", metavar="NAME", help="The study it belongs to.")],
    patient: Annotated[Codes | None, typer.Option("--patient", metavar="CODE", help="Code of a patient.")] = None,
    provider: Annotated[Codes | None, typer.Option("--provider", metavar="CODE", help="Code of a provider.")] = None,
    family: Annotated[Codes | None, typer.Option("--family", metavar="CODE", help="Code of a family member.")] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What the session is called on screen.")] = "",
    held: Annotated[
        str | None, typer.Option("--held", metavar="DAY", help="When it was held (2026-03-01 or 2026-03-01T14:30).")
    ] = None,
    setting: Annotated[str, typer.Option("--setting", metavar="TEXT", help="Where: telehealth, room …")] = "",
    json: call.Json = False,
) -> None:
    """Add a therapy session and who takes part in it; participants that are new are added.

    \b
    Example: workbench session add S001 --study "Brief therapy" --patient P01 --provider T01
    Writes:  the session and new participants into the workspace. Consent comes next.
    """
    from workbench.workflows import add_session
    from workbench.workflows.refusal import Refused

    chosen = call.of(ctx)
    held_at = instant(held, chosen.settings().site_zone, "--held") if held else None
    given = {
        ParticipantKind.PATIENT: names(patient or ()),
        ParticipantKind.PROVIDER: names(provider or ()),
        ParticipantKind.FAMILY: names(family or ()),
    }
    with chosen.open() as workspace:
        belongs = add_session.find_study(workspace, study)
        known = {p.code: p for p in add_session.participants(workspace)}
        for kind, codes in given.items():
            for each in codes:
                add_session.check_code(each, "participant")
                if each in known and known[each].kind is not kind:
                    raise Refused(f"{each} is known as {known[each].kind.value}, not as {kind.value}.")
        add_session.check_code(code, "session")
        if any(s.code == code for s in add_session.sessions_for(workspace, None)):
            raise Refused(f"A session with the code {code} exists already.")
        if not any(given.values()):
            raise Refused(
                "A session needs its participants, so that their consent can be checked: --patient, --provider."
            )
        members = [
            known.get(each) or add_session.add_participant(workspace, None, each, kind)
            for kind, codes in given.items()
            for each in codes
        ]
        made = add_session.add_session(
            workspace, None, belongs.id, code, [m.id for m in members], title=title, held_at=held_at, setting=setting
        )
    if json:
        as_json({"id": made.id, "code": made.code, "number": made.number})
    else:
        say(f"Session {made.code} is there, number {made.number} of these participants.")
        say(f"Next: workbench consent record --session {made.code} --scope all --statement TEXT")


@session.command("list")
def list_(
    ctx: typer.Context,
    study: Annotated[str | None, typer.Option("--study", metavar="NAME", help="Only sessions of this study.")] = None,
    json: call.Json = False,
) -> None:
    """List the sessions by date, and who takes part in them.

    \b
    Example: workbench session list --study "Brief therapy"
    Writes:  nothing.
    """
    from workbench.workflows import add_session

    with call.of(ctx).open() as workspace:
        only = add_session.find_study(workspace, study).id if study else None
        found = add_session.sessions_for(workspace, None, study_id=only)
    rows = [
        {
            "code": s.code,
            "study": s.study_name,
            "number": s.number,
            "held": datetime.fromtimestamp(s.held_at / 1000, UTC).isoformat(timespec="minutes"),
            "participants": [p.code for p in s.participants],
            "title": s.title,
        }
        for s in found
    ]
    if json:
        as_json(rows)
        return
    shown = [
        (s.code, s.number, r["held"], ", ".join(p.code for p in s.participants), s.study_name)
        for s, r in zip(found, rows, strict=True)
    ]
    table(("session", "number", "held", "participants", "study"), shown, empty="No session yet.")
