"""A server that is killed, and a disk that loses its tail: what was acknowledged is there, whole.

Three rounds here; 300 are run by `python -m bench.kills`.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bench.kills import Writer, look, one_round, settle
from bench.served import Served

MAKE = """
import sys
from pathlib import Path
from bench.served import make_store
print(make_store(Path(sys.argv[1])))
"""


def store(root: Path, file: Path) -> str:
    """A store of its own, made in another process, as one process keeps one store."""
    return subprocess.run([sys.executable, "-c", MAKE, str(file)], cwd=root, check=True, text=True,
                          capture_output=True).stdout.strip()


def test_kill_9_loses_nothing_that_was_acknowledged_and_keeps_nothing_twice(
    root: Path, tmp_path: Path
) -> None:
    file = tmp_path / "store.sqlite"
    pause = store(root, file)
    writers = [Writer(f"writer {i}", pause) for i in range(4)]
    served = Served(file)
    for seconds in (0.4, 0.15, 0.6):
        one_round(served, writers, seconds)
        settle(look(file), writers)
    assert sum(len(w.acknowledged) for w in writers) > 20


def test_the_check_of_this_test_would_find_a_lost_and_a_torn_write(
    root: Path, tmp_path: Path
) -> None:
    file = tmp_path / "store.sqlite"
    writers = [Writer("writer", store(root, file))]
    one_round(Served(file), writers, 0.3)
    lost = Writer("other", "", acknowledged={"x": "0" * 64})
    with pytest.raises(AssertionError, match="not there"):
        settle(look(file), [lost])
    rows = sqlite3.connect(file)
    rows.execute("DELETE FROM store_said WHERE id = (SELECT max(id) FROM store_said)")
    rows.commit()
    rows.close()
    with pytest.raises(AssertionError, match="without what it says"):
        look(file)


WRITE = """
import sys
from pathlib import Path
from bench.served import SERVER_PASSPHRASE, make_store
file = Path(sys.argv[1])
make_store(file)
from lull.domain.records import payload
from lull.store import models
from lull.store.kept import Store
from lull.store.principal import Principal, Scope, seated
from lull.store.vault import open_vault
from lull.store.veil import Argon
from lull.store.write import Wish, write
from bench.served import statement
store = Store(open_vault(SERVER_PASSPHRASE, Argon()))
member, pause = models.Member.objects.get(), models.Pause.objects.get().id
who = Principal(member.id, member.side_id, "OCHA", "", True, frozenset(Scope))
for i in range(40):
    said = statement(f"S{i}", "restricted" if i % 2 else "public")
    done = write(store, seated(pause, who), Wish(said["kind"], said["object"], said["payload"],
                                                 said["wall"]), f"key {i}")
    size = file.with_name(file.name + "-wal").stat().st_size
    print(done.hash, size, flush=True)
import os
os._exit(0)
"""


def test_a_log_cut_at_any_byte_keeps_all_that_was_acknowledged_before(
    root: Path, tmp_path: Path
) -> None:
    """After a power loss the end of the log is missing or is rubbish: what was synced is kept."""
    file = tmp_path / "store.sqlite"
    told = subprocess.run([sys.executable, "-c", WRITE, str(file)], cwd=root, check=True, text=True,
                          capture_output=True).stdout.split()
    acknowledged = [(name, int(size)) for name, size in zip(told[::2], told[1::2], strict=True)]
    assert len(acknowledged) == 40
    wal = Path(f"{file}-wal").read_bytes()
    chance = random.Random(7)
    copy = tmp_path / "copy" / file.name
    copy.parent.mkdir()
    seen = set()
    for _ in range(60):
        cut = chance.randrange(acknowledged[0][1], len(wal) + 1)
        shutil.copy(file, copy)
        Path(f"{copy}-shm").unlink(missing_ok=True)
        rubbish = chance.randbytes(chance.choice([0, 7, 5000]))
        Path(f"{copy}-wal").write_bytes(wal[:cut] + rubbish)
        of = look(copy)
        missing = [name for name, size in acknowledged if size <= cut and name not in of.entries]
        assert not missing
        settle(of, [])
        seen.add(len(of.entries))
    assert len(seen) > 10
