"""The server: Streamlit's screens, our own routes beside them, and the gate before both."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from workbench.app import current, screens, streamlit_options
from workbench.app.forms import pages as form_pages
from workbench.app.gate import Gate
from workbench.app.routes import codings, health, media, placing, preferences, rulings, sign_in, transcripts, uploads
from workbench.workflows.open_workspace import Workspace

# Our own routes, which come before Streamlit's.
ROUTES: list[BaseRoute] = [
    *sign_in.ROUTES,
    *health.ROUTES,
    *media.ROUTES,
    *placing.ROUTES,
    *transcripts.ROUTES,
    *codings.ROUTES,
    *preferences.ROUTES,
    *rulings.ROUTES,
    *uploads.ROUTES,
    *form_pages.ROUTES,
]
SCRIPT = Path(__file__).with_name("main.py")


def build(workspace: Workspace, on_ready: Callable[[], None] = lambda: None) -> st.App:
    """The whole server as one ASGI application. `on_ready` is called once it takes requests."""
    streamlit_options.apply()
    current.use(workspace)
    # a dropped browser tab is no news, and a page's address may hold a one-time link
    logging.getLogger("uvicorn.access").disabled = True

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncGenerator[None]:
        screens.loaded.clear()
        on_ready()
        threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
        yield

    policy = streamlit_options.content_security_policy()
    return st.App(SCRIPT, routes=ROUTES, middleware=[Middleware(Gate, policy=policy)], lifespan=lifespan)


def _warm_up() -> None:
    """Load what screens would wait for, and take it out of the reach of garbage collection, which Streamlit
    would else go through after each run."""
    try:
        import altair  # noqa: F401
        import pandas  # noqa: F401
        import streamlit.elements.arrow
        import streamlit.elements.vega_charts  # noqa: F401

        from workbench.workflows import keep_definition

        screens.load()
        screens.loaded.set()
        keep_definition.that_come_with_the_program()  # read once, for Schemes and the editor
    finally:
        screens.loaded.set()
        gc.collect()
        gc.freeze()
