"""Writing one file that somebody asked for: it appears whole, and replaces another only where that was asked."""

from __future__ import annotations

from pathlib import Path

from workbench.exchange._files import write_together
from workbench.workflows.refusal import Refused


def write_file(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write `data` to `path`. Raises Refused; what was there is then as it was."""
    if not overwrite and (path.exists() or path.is_symlink()):
        raise Refused(f"{path} is there already. Add --overwrite to replace it, or choose another name.")
    try:
        write_together({path.name: data}, path.parent, overwrite=overwrite)
    except FileExistsError as error:
        raise Refused(f"{error}.") from None
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}.") from None
