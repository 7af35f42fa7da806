"""How the server asks the system for memory."""

from __future__ import annotations

import ctypes
import platform

_M_ARENA_MAX = -8  # malloc.h of glibc
_ARENAS = 2


def few_arenas() -> bool:
    """Keep glibc from giving each thread an arena of its own; False where there is no glibc.

    Many threads that read now and then leave many arenas half empty: with twenty raters and video the
    server held 50 MB more after ten minutes, and more with every minute. Called before threads begin.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS))
    except (OSError, AttributeError):
        return False
