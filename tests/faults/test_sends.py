"""Senders killed with kill -9: no letter is lost, and a recipient who drops a key sees each once.

One kill here; `python -m bench.sends` runs 30.
"""

from __future__ import annotations

import random
from pathlib import Path

from bench.sends import run


def test_killed_senders_lose_no_letter_and_hand_over_again_at_most_what_they_had_in_hand(
    tmp_path: Path
) -> None:
    found = run(tmp_path, kills=1, letters=8, chance=random.Random(5))
    assert (found.keys, found.unsent, found.receipts) == (8, 0, 8)
    assert found.again <= 1
