"""A scheduler and workers of this machine, as processes of their own.

Their certificates are made with the commands of the page that tells users how to.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from attrs import define, field

from lull.cli.spread.options import Where
from lull.cli.spread.security import Certificates

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "use-several-machines.md"


def certificates_of_the_page(folder: Path) -> None:
    """Make certificates with the commands that the page gives."""
    (block,) = re.findall(r"```sh\n(# the authority.*?)```", PAGE.read_text(encoding="utf-8"),
                          re.DOTALL)
    folder.mkdir(parents=True)
    subprocess.run(["bash", "-ec", block], cwd=folder, check=True, capture_output=True)


@define
class Machines:
    """What runs, and the files into which each writes all that it says."""

    folder: Path
    address: str = ""
    running: list[subprocess.Popen[str]] = field(factory=list)
    logs: list[Path] = field(factory=list)

    def mine(self, who: str) -> Certificates:
        """The certificate of a machine."""
        at = self.folder / "certificates"
        return Certificates(at / "ca.pem", at / f"{who}.pem", at / f"{who}.key")

    @property
    def where(self) -> Where:
        """Work is done by the workers."""
        return Where(1, self.address, self.mine("client"))

    def words(self, who: str = "client") -> list[str]:
        """The options of a command line."""
        own = self.mine(who)
        return ["--cluster-ca", str(own.ca), "--cluster-cert", str(own.cert),
                "--cluster-key", str(own.key)]

    def start(self, who: str, *words: str) -> tuple[subprocess.Popen[str], str]:
        """A process of `lull cluster`, and the line that it says once it is there."""
        log = self.folder / f"{who}-{len(self.logs)}.log"
        self.logs.append(log)
        with log.open("w", encoding="utf-8") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "lull", "cluster", who, *words, *self.words(who)],
                stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True, cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)})
        self.running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log.read_text(encoding="utf-8")
        return process, line

    def scheduler(self) -> subprocess.Popen[str]:
        """A scheduler at a free port."""
        process, line = self.start("scheduler", "tls://127.0.0.1:0")
        self.address = line.split()[-1]
        return process

    def worker(self) -> subprocess.Popen[str]:
        """A worker with one process."""
        return self.start("worker", self.address, "--processes", "1")[0]

    def kill(self, process: subprocess.Popen[str]) -> None:
        """Kill -9, with what it has started, as if its machine had lost its power."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._gone(process)

    def end(self) -> None:
        """End all that is running; each must end well."""
        codes = []
        for process in reversed(self.running[:]):
            os.killpg(process.pid, signal.SIGTERM)
            codes.append(process.wait(timeout=30))
            self._gone(process)
        assert set(codes) <= {0, 2}, self.said()

    def _gone(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.running.remove(process)
        process.stdout.close()

    def said(self) -> str:
        """All that was logged."""
        return "\n".join(log.read_text(encoding="utf-8") for log in self.logs)
