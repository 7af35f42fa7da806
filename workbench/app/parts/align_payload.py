"""What the player of the alignment screen is given: the recording, and the coded moments by their own clock."""

from __future__ import annotations

from typing import Any

from workbench.app.parts.room_payload import code_shown, media_shown
from workbench.model.coding import CodingContent
from workbench.model.scheme import CodingScheme
from workbench.model.session import Recording


def align_payload(
    coding_id: str, content: CodingContent, scheme: CodingScheme, recording: Recording, shift_ms: int, *, may: bool
) -> dict[str, Any]:
    """The payload of `workbench.app.player.align_player`. `shift_ms`: where in the recording the clock's 0:00 is put
    now. `may`: whether its reader may say so."""
    ran = content.clock.stopped_ms if content.clock else None
    at = f"/wb/recordings/{recording.id}"
    return {
        "mode": "align",
        "coding": coding_id,
        "media": media_shown(recording),
        "urls": {"media": f"{at}/media", "peaks": f"{at}/peaks"},
        "scheme": {"codes": [code_shown(c) for c in scheme.codes]},
        "events": [
            {"id": e.id, "code": e.code, "start_ms": e.start_ms, "end_ms": e.end_ms, "modifiers": list(e.modifiers)}
            for e in content.events
            if e.end_ms is None or e.end_ms >= e.start_ms
        ],
        "ran_ms": ran if ran is not None else 0,
        "shift_ms": shift_ms,
        "may": may,
    }
