"""Makes and erases keys and says aloud what was acknowledged; somebody kills this. Argument: the folder."""

import os
import sys
from pathlib import Path

from workbench.store.keys import KeyFile, KeyRing

ring = KeyRing.create(Path(sys.argv[1]), KeyFile(Path(sys.argv[1]) / "master.key"))
for n in range(10**6):
    key = ring.new_data_key(f"r{n}")
    os.write(1, f"made r{n} {key.hex()}\n".encode())
    if n % 3 == 0:
        ring.erase(f"r{n}")
        os.write(1, f"erased r{n}\n".encode())
