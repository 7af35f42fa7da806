"""The built coding room is there, is built from the sources beside it, and Streamlit finds it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

import workbench.app.player as player

HOME = Path(player.__file__).parent
ASSETS = HOME / "assets"


def test_the_built_files_are_built_from_the_present_sources() -> None:
    built_from = json.loads((ASSETS / "built-from.json").read_text(encoding="utf-8"))
    present = {f"src/{p.name}": p for p in (HOME / "src").iterdir()}
    present |= {name: HOME / name for name in ("build.mjs", "package-lock.json")}

    stale = {name for name, p in present.items() if hashlib.sha256(p.read_bytes()).hexdigest() != built_from.get(name)}

    assert (stale, set(built_from) - set(present)) == (set(), set()), "run `npm run build` in workbench/app/player"


def test_there_is_exactly_one_module_and_one_style_sheet() -> None:
    assert len(list(ASSETS.glob("coding_room-*.js"))) == 1
    assert len(list(ASSETS.glob("coding_room-style-*.css"))) == 1


def test_the_built_files_ask_nothing_of_other_hosts() -> None:
    for file in [*ASSETS.glob("*.js"), *ASSETS.glob("*.css")]:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text and "https://" not in text and "eval(" not in text, file.name


def test_the_lock_file_names_no_download_address() -> None:
    assert '"resolved"' not in (HOME / "package-lock.json").read_text(encoding="utf-8")


def _screen() -> None:
    from workbench.app.player import coding_room

    coding_room({"mode": "code", "coding": "c1"}, key="room")


def test_a_screen_can_mount_the_room_with_its_payload() -> None:
    app = AppTest.from_function(_screen).run()

    assert not app.exception
    (room,) = app.get("bidi_component")
    assert room.proto.component_name == "alliance-workbench.coding_room"
    assert json.loads(room.proto.json) == {"mode": "code", "coding": "c1"}


def test_the_module_declares_the_room_and_the_player_of_the_alignment_screen() -> None:
    assert player.__all__ == ["align_player", "coding_room"]


def test_importing_the_player_starts_no_streamlit_runtime() -> None:
    code = "import workbench.app.player; from streamlit.runtime import Runtime; assert not Runtime.exists()"
    subprocess.run([sys.executable, "-c", code], check=True)
