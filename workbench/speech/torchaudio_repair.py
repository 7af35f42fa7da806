"""Lets pyannote import torchaudio where torchaudio's own native part does not load.

Some registries hold torchaudio for Linux only as a build for CUDA, which fails beside a torch for
the processor. pyannote needs only its parts in pure Python. Where the native part loads, this does
nothing. Import before pyannote.
"""

from __future__ import annotations

import sys
import types
from typing import Any


def ensure_torchaudio() -> str:
    """Import torchaudio, if need be without its native part; returns "native" or "python only"."""
    try:
        import torchaudio

        return "native"
    except (OSError, ImportError) as error:
        if isinstance(error, ModuleNotFoundError):
            raise
    for name in [n for n in sys.modules if n == "torchaudio" or n.startswith("torchaudio.")]:
        del sys.modules[name]
    extension: Any = types.ModuleType("torchaudio._extension")
    extension.__path__ = []
    extension._IS_TORCHAUDIO_EXT_AVAILABLE = False
    extension._IS_ALIGN_AVAILABLE = False
    extension._check_cuda_version = lambda: None
    extension.fail_if_no_align = lambda function: function
    sys.modules["torchaudio._extension"] = extension
    import torchaudio  # noqa: F401

    return "python only"
