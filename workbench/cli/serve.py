"""`workbench serve`: the app in the browser."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import call, companion
from workbench.cli.showing import as_json, hint, say

if TYPE_CHECKING:
    from workbench.app.serve import Listening


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    ctx: typer.Context,
    host: Annotated[
        str | None,
        typer.Option(
            "--host", metavar="ADDRESS", help="The address to listen on; this computer only (127.0.0.1) if left out."
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", help="The port (8501); the next free one is taken and printed."),
    ] = None,
    tls_cert: Annotated[
        Path | None,
        typer.Option("--tls-cert", "--tls-certificate", metavar="FILE", help="Certificate, to serve other computers."),
    ] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="Its private key.")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A reverse proxy speaks TLS with the browsers.")
    ] = False,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Start no worker beside the server.")] = False,
    json: call.Json = False,
) -> None:
    """Serve the workspace to browsers, with a worker beside it for the long work. Ctrl-C ends both.

    Other computers reach it only over TLS, because sign-ins and forms would else travel unprotected.

    \b
    Example: workbench serve
             workbench serve --host 0.0.0.0 --tls-cert site.pem --tls-key site.key
    Writes:  what people do in the app, into the workspace.
    """
    from workbench.app.serve import serve as run
    from workbench.workflows import open_workspace

    settings = call.of(ctx).settings(host=host, port=port)
    workspace = open_workspace.open_(settings, call.ask_passphrase)
    passphrase = call.ask_passphrase() if call.ask_passphrase.cache_info().currsize else None
    workers = contextlib.ExitStack()

    def ready(listening: Listening) -> None:
        if not no_worker:
            workers.enter_context(companion.beside(settings, passphrase))
        if json:
            as_json({"url": listening.url, "port": listening.port, "workspace": str(settings.workspace)})
            return
        if listening.moved_from is not None:
            hint(f"Port {listening.moved_from} is taken.")
        say(f"Alliance Workbench: {listening.url}")
        hint("Ctrl-C ends it.")

    try:
        with workers:
            run(
                settings,
                workspace=workspace,
                on_ready=ready,
                tls_certificate=tls_cert,
                tls_key=tls_key,
                behind_proxy=behind_proxy,
            )
    except KeyboardInterrupt:
        hint("The server has ended.")
    finally:
        workspace.close()
