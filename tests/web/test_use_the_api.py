"""The page that shows the API is run as it stands, against a server that is served."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path("docs/how-to/use-the-api.md")
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")),
                    reason="The page is typed with curl and jq.")
def test_the_lines_of_the_page_do_what_it_says(root: Path, tmp_path: Path) -> None:
    blocks = BLOCK.findall((root / PAGE).read_text(encoding="utf-8"))
    lines = "".join(text for kind, text in blocks if kind == "sh")
    printed = "".join(text for kind, text in blocks if kind == "text")
    assert "receipt Party A 1: confirmed" in printed
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    lines = lines.replace("serve aleppo.sqlite", f"serve aleppo.sqlite --listen 127.0.0.1:{port}")
    lines = lines.replace("127.0.0.1:8240", f"127.0.0.1:{port}")
    (tmp_path / "bin").mkdir()
    lull = tmp_path / "bin" / "lull"
    lull.write_text(f'#!/bin/sh\nexec {sys.executable} -m lull "$@"\n', encoding="utf-8")
    lull.chmod(0o700)
    room = tmp_path / "room"
    room.mkdir()
    shell = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", lines], cwd=room, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=(tmp_path / "said").open("wb"),
        env={**os.environ, "PATH": f"{lull.parent}:{os.environ['PATH']}", "PYTHONPATH": str(root)})
    try:
        got = _read(shell)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
    said = (tmp_path / "said").read_text(encoding="utf-8")
    assert got == printed, said[-2_000:]
    assert "Traceback" not in said
    assert {p.stat().st_mode & 0o077 for p in room.rglob("*")} == {0}


def _read(shell: subprocess.Popen[bytes]) -> str:
    """What the lines print; the server, which they leave running, has the pipe too."""
    assert shell.stdout is not None
    assert shell.wait(180) == 0
    os.killpg(shell.pid, signal.SIGTERM)
    return shell.stdout.read().decode()
