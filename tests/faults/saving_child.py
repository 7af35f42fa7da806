"""Eight raters who save through one writer and say aloud what was acknowledged; somebody kills this.

Arguments: the database file; how many rows each rater saves before falling silent; optionally a
`synchronous` setting weaker than the program's own.
"""

import os
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import event, text

from workbench.store.engine import open_engine
from workbench.store.writer import GroupCommitWriter

RATERS = 8
INSERT = text("INSERT INTO coded (uid) VALUES (:uid)")


def main(file: str, rows: int, synchronous: str | None = None) -> None:
    engine = open_engine(Path(file))
    if synchronous:
        event.listen(engine, "connect", lambda dbapi, _: dbapi.execute(f"PRAGMA synchronous={synchronous}"))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE coded (id INTEGER PRIMARY KEY, uid TEXT NOT NULL) STRICT")
    writer = GroupCommitWriter(engine)

    def rate(rater: int) -> None:
        for n in range(rows):
            uid = f"{rater}-{n}"
            writer.submit(lambda c, uid=uid: c.execute(INSERT, {"uid": uid}).rowcount).result()
            os.write(1, f"{uid}\n".encode())

    raters = [threading.Thread(target=rate, args=(k,)) for k in range(RATERS)]
    for rater in raters:
        rater.start()
    for rater in raters:
        rater.join()
    os.write(1, b"silent\n")
    time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
