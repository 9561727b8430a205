"""How long a write takes through the API of `lull serve` on SQLite, with many who write at once.

python -m bench.writes [--writers 50] [--seconds 30] [--pace 1.0]

Each writer writes once every `pace` seconds over a connection of its own, whenever its turn comes,
and waits for the acknowledgement, which comes after the commit. Then all write as fast as they can.
The first write of each, with which its connections are opened, is not counted.
Half of what is written is restricted, that is sealed. Prints P50, P99 and the most in milliseconds;
code 1 if P99 at that pace is above 100 ms.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.served import Asking, Served, make_store, new_key, statement

MOST_MS = 100.0


def load(port: int, token: str, pause: str, writers: int, seconds: float,
         pace: float) -> list[float]:
    """Milliseconds of each write."""
    took: list[float] = []
    began = time.perf_counter()

    def write(who: int) -> None:
        asking, turn, count = Asking(port, token), who * pace / writers, 0
        while turn < seconds and time.perf_counter() - began < seconds:
            if pace:
                time.sleep(max(0.0, began + turn - time.perf_counter()))
                turn += pace
            count += 1
            start = time.perf_counter()
            wall = "restricted" if count % 2 else "public"
            code, said = asking.ask("POST", f"pauses/{pause}/entries",
                                    statement(f"{who} {count} {pace}", wall), new_key())
            if count > 1:
                took.append((time.perf_counter() - start) * 1000)
            assert code == 201, said

    threads = [threading.Thread(target=write, args=(i,)) for i in range(writers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(took)


def main() -> int:
    """Serve, load, print; the exit code."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--writers", type=int, default=50)
    words.add_argument("--seconds", type=float, default=30)
    words.add_argument("--pace", type=float, default=1.0)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store.sqlite"
        pause = make_store(file)
        served = Served(file, threads=asked.writers + 4)
        served.start()
        try:
            first = Asking(served.port)
            first.sign_in()
            paced = load(served.port, first.token, pause, asked.writers, asked.seconds, asked.pace)
            flat = load(served.port, first.token, pause, asked.writers, asked.seconds / 3, 0.0)
        finally:
            served.stop()
    for name, took in ((f"one write each {asked.pace:g} s", paced), ("as fast as they can", flat)):
        middle, late = took[len(took) // 2], took[int(len(took) * 0.99)]
        print(f"{asked.writers} writers, {name}: {len(took)} writes, P50 {middle:.1f} ms, "
              f"P99 {late:.1f} ms, most {took[-1]:.1f} ms")
    p99 = paced[int(len(paced) * 0.99)]
    return 0 if p99 <= MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
