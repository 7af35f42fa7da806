"""The workspace that this server has open, and who is looking at the screen.

One server process serves one workspace. Routes get it from here; screens ask `actor` in each run,
because Streamlit itself looks at an identity only when the page connects.
"""

from __future__ import annotations

import streamlit as st

from workbench.model.people import Person
from workbench.workflows.open_workspace import Workspace
from workbench.workflows.sign_in import SignedIn, who_is

LOGIN = "workbench_login"  # the cookie, and the key under which its value reaches `st.user`
_open: Workspace | None = None


def use(workspace: Workspace | None) -> None:
    """Serve this workspace from now on; None: serve none."""
    global _open
    _open = workspace


def workspace() -> Workspace:
    """The open workspace. Raises RuntimeError when the server was not started with one."""
    if _open is None:
        raise RuntimeError("no workspace is open: start with `workbench serve`")
    return _open


def signed_in(*, touch: bool = True) -> SignedIn | None:
    """Who is signed in on this page now, by the login row; None once the sign-in has ended.

    `touch` False is for parts that refresh by themselves: they must not keep a sign-in alive that
    nobody uses.
    """
    token = st.user.get(LOGIN)
    return who_is(workspace(), token if isinstance(token, str) else None, touch=touch)


def actor(*, touch: bool = True) -> Person | None:
    """The person on this page, or None once the sign-in has ended."""
    found = signed_in(touch=touch)
    return found.person if found else None
