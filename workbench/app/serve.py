"""`workbench serve`: where the server listens, on which port, and until when."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from workbench.app.memory import few_arenas
from workbench.settings import Settings
from workbench.workflows import open_workspace
from workbench.workflows.open_workspace import Workspace
from workbench.workflows.refusal import Refused

_TRIES = 50


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server can be reached. `moved_from`: the port that was asked for and taken."""

    url: str
    port: int
    moved_from: int | None = None


def serve(
    settings: Settings,
    *,
    on_ready: Callable[[Listening], None] = lambda _: None,
    workspace: Workspace | None = None,
    tls_certificate: Path | None = None,
    tls_key: Path | None = None,
    behind_proxy: bool = False,
    ask_passphrase: Callable[[], str] | None = None,
) -> None:
    """Serve the workspace of the settings until interrupted. Blocks.

    `on_ready` is told the address once the server answers. `workspace` gives one that is open
    already, and stays open; else it is opened here and closed at the end. `behind_proxy` states that
    a reverse proxy on this computer or network speaks TLS with the browsers.
    Raises Refused when the host may not be used so, no port is free, or the workspace does not open.
    """
    _check_host(settings.host, tls_certificate, tls_key, behind_proxy)
    few_arenas()
    door, listening = _listen(settings.host, settings.port, tls=tls_certificate is not None)
    opened = workspace or open_workspace.open_(settings, ask_passphrase)
    try:
        from workbench.app.server import build

        config = uvicorn.Config(
            build(opened, lambda: on_ready(listening)),
            host=settings.host,
            port=listening.port,
            ssl_certfile=tls_certificate,
            ssl_keyfile=tls_key,
            proxy_headers=behind_proxy,
            forwarded_allow_ips="*" if behind_proxy else None,
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="websockets-sansio",
            # between two codes, or two stretches of a video, a browser's connection stays: a new one costs a
            # handshake, and one that closes just then an error
            timeout_keep_alive=65,
            ws_max_size=16 * 1024 * 1024,
            timeout_graceful_shutdown=3,
        )
        uvicorn.Server(config).run(sockets=[door])
    finally:
        door.close()
        if workspace is None:
            opened.close()


def is_loopback(host: str) -> bool:
    """Whether `host` can only be reached from this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_host(host: str, certificate: Path | None, key: Path | None, behind_proxy: bool) -> None:
    if (certificate is None) != (key is None):
        raise Refused("A TLS certificate and its key go together: give --tls-certificate and --tls-key.")
    for file in (certificate, key):
        if file is not None and not file.is_file():
            raise Refused(f"The file {file} is not there.")
    if is_loopback(host) or certificate is not None or behind_proxy:
        return
    raise Refused(
        f"Sign-ins and forms would travel unprotected to {host}. Give --tls-certificate and --tls-key, or say "
        "--behind-proxy when a reverse proxy does TLS for this server, or leave --host out (this computer only)."
    )


def _listen(host: str, port: int, *, tls: bool) -> tuple[socket.socket, Listening]:
    """A bound socket on `port`, or on the next free one. Raises Refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + _TRIES, 65536)):
        door = socket.socket(family, socket.SOCK_STREAM)
        try:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((host, candidate))
            door.listen(256)
        except OSError as error:
            door.close()
            if isinstance(error, socket.gaierror) or error.errno in _NO_SUCH_ADDRESS:
                raise Refused(f"{host} is not an address of this computer.") from None
            continue
        name = f"[{host}]" if ":" in host else host
        url = f"{'https' if tls else 'http'}://{name}:{candidate}"
        return door, Listening(url, candidate, port if candidate != port else None)
    raise Refused(f"No port from {port} to {port + _TRIES - 1} is free on {host}. Choose another with --port.")


_NO_SUCH_ADDRESS = {99, 49, 10049}  # EADDRNOTAVAIL on Linux, macOS and Windows
