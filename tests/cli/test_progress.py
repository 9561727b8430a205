"""What a person who waits sees: a table on a terminal, few lines elsewhere, or nothing."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from rich.console import Console, Group

from lull.cli.progress import QUIET_SECONDS, Steps, gap_in_words
from lull.domain.tiers import DEFAULT_TIERS, TierKind
from lull.plan.progress import Standing, standing_of
from lull.plan.result import TierResult


def lives(value: float, bound: float | None, one_load: float = 0.0) -> TierResult:
    return TierResult("lives", TierKind.PEOPLE, "patients", value, bound, bound, one_load)


class Waiting:
    """Steps on a stream that is no terminal, with a clock that the test sets."""

    def __init__(self, limit: float | None = None) -> None:
        self.now, self.stream = 0.0, io.StringIO()
        out = Console(file=self.stream, width=100, markup=False, highlight=False)
        self.steps = Steps(out, live=False, limit=limit, clock=lambda: self.now)

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


def test_a_line_is_said_at_most_every_few_seconds_however_much_is_told() -> None:
    waiting = Waiting()
    for tenth in range(600):
        waiting.now = tenth / 10
        waiting.steps(f"step {tenth % 7}", tenth, 600)
        waiting.steps.standing(Standing((lives(tenth, 1000.0),)))
    assert 60 / QUIET_SECONDS - 1 <= len(waiting.lines) <= 60 / QUIET_SECONDS + 1


def test_what_takes_long_is_said_at_once_and_then_like_all_else() -> None:
    waiting = Waiting()
    waiting.steps("first plan", 1, 20)
    waiting.steps.at_once("compiling")
    waiting.steps("first plan", 2, 20)
    waiting.steps.at_once("compiling")
    assert waiting.lines == ["first plan, 1 of 20, 0 s", "compiling, 0 s"]
    waiting.now = QUIET_SECONDS
    waiting.steps.at_once("compiling")
    assert waiting.lines[2:] == [f"compiling, {QUIET_SECONDS:.0f} s"]


def test_a_line_holds_step_seconds_work_value_bound_and_gap() -> None:
    waiting = Waiting(limit=60.0)
    waiting.steps("improving", 1, 0)
    waiting.steps.standing(Standing((lives(990.0, 1000.0),)))
    waiting.now = 12.0
    waiting.steps("improving", 345, 0)
    assert waiting.lines == [
        "improving, 1 done, 0 of 60 s",
        "improving, 345 done, 12 of 60 s; lives 990.0 of at most 1\u202f000 (1.0 %)",
    ]


def test_what_has_not_changed_is_not_said_again_and_minutes_have_no_gap() -> None:
    waiting = Waiting()
    told = Standing(standing_of(DEFAULT_TIERS, [1.0, 2.0, 3.0, 4.0, 5.0, -600.0]))
    waiting.steps.standing(told)
    waiting.now = 20.0
    waiting.steps("improving", 1, 10)
    text = waiting.stream.getvalue()
    assert text.count("lives") == 1
    assert "waiting" not in text
    assert waiting.lines[-1] == "improving, 1 of 10, 20 s"


def test_a_limit_is_told_only_while_there_is_one() -> None:
    waiting = Waiting(limit=5.0)
    waiting.steps("first plan", 0, 0)
    waiting.steps.no_limit()
    waiting.now = 7.0
    waiting.steps("as declared: first plan", 0, 3)
    assert waiting.lines == ["first plan, 0 of 5 s", "as declared: first plan, 0 of 3, 7 s"]


def test_what_one_plan_is_worth_is_not_told_of_the_next() -> None:
    waiting = Waiting()
    waiting.steps.standing(Standing((lives(990.0, 1000.0),)))
    waiting.steps.another_plan()
    waiting.now = 30.0
    waiting.steps("as declared: first plan", 0, 3)
    assert "lives" not in waiting.lines[-1]
    assert isinstance(waiting.steps.picture(), Group)


@pytest.mark.parametrize(
    ("tier", "words"),
    [
        (lives(5.0, None), ""),
        (lives(5.0, 5.0), "none"),
        (lives(0.0, 0.0), "none"),
        (lives(4.0, 5.0, 2.0), "20.0 %, under one load"),
        (lives(4.0, 5.0, 1.0), "20.0 %"),
    ],
)
def test_a_gap_is_said_in_words(tier: TierResult, words: str) -> None:
    assert gap_in_words(tier) == words


def test_on_a_terminal_the_tiers_are_drawn_while_it_works_and_nothing_is_left_behind(
    made_folder: Path, tmp_path: Path
) -> None:
    shown, out, code = on_a_terminal("plan", made_folder, "--out", tmp_path, "--time", 3)
    assert code == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)
    for words in ("so far", "at most", "lives", "improving", "of 3 s"):
        assert words in plain
    assert "The same plan again: --work" in out
    assert "so far" not in out
    assert shown.rstrip().endswith("\x1b[2K")  # the last frame is wiped


@pytest.mark.parametrize("word", ["--json", "--quiet"])
def test_whoever_wants_silence_has_it_on_a_terminal_too(
    made_folder: Path, tmp_path: Path, word: str
) -> None:
    shown, out, code = on_a_terminal("plan", made_folder, "--out", tmp_path, "--work", 1, word)
    assert (shown, code) == ("", 0)
    assert out


def test_ctrl_c_on_a_terminal_is_answered_above_the_table_and_the_plan_is_written(
    lull, made_folder: Path, tmp_path: Path
) -> None:
    words = ("plan", made_folder, "--out", tmp_path, "--work", 10**6)
    shown, out, code = on_a_terminal(*words, press_at="improving")
    assert code == 0
    assert "Stopping: the best plan so far will be written." in shown
    assert "Stopped early" in out
    assert lull("verify", made_folder, tmp_path).code == 0


def on_a_terminal(*words: object, press_at: str = "") -> tuple[str, str, int]:
    """Run `lull` with standard error on a terminal of 100 columns; what it showed and printed.

    Ctrl-C is pressed once `press_at` is shown.
    """
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "lull", *map(str, words)],
        stdout=subprocess.PIPE, stderr=its, env={**os.environ, "TERM": "xterm"},
    ) as running:  # fmt: skip
        os.close(its)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
            if press_at and press_at.encode() in shown:
                running.send_signal(signal.SIGINT)
                press_at = ""
        assert running.stdout is not None
        out = running.stdout.read().decode()
        code = running.wait(timeout=120)
    os.close(ours)
    return shown.decode(), out, code


def _read(terminal: int) -> bytes:
    """What stands on a terminal next; nothing once its last writer has left."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
