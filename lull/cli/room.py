"""An operations room from nothing: a store with a coordinator, a pause folder, a worker beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import click
from attrs import evolve

from lull.cli.console import console
from lull.cli.coordinator import is_new, make_store, say_made
from lull.cli.exits import BadInput
from lull.cli.passphrases import Asking, told_of
from lull.cli.progress import steps
from lull.domain.records import payload
from lull.ledger.content import Wall
from lull.report.pause_notice import pause_notice_of

DATABASE = "out/room/lull.sqlite"
SAMPLE = Path("samples/aleppo-2016-10")
"""In the repository; elsewhere the folder that `lull new` writes is taken."""
TEMPLATE = "template"
SIDE, LOGIN = "Operations room", "coordinator"
RECOVERY = "posts.recovery"
SAMPLE_SECONDS = 60
"""For how long the sample is planned. Assumed: what somebody who looks for the first time waits."""
AGAIN_SECONDS = 5.0
"""After so long a worker that went down is started again."""


def begin(database: str, sample: str, asking: Asking) -> str:
    """See to it that there is a store with a coordinator and a folder that is being planned.

    Gives the server's passphrase, which is asked for, and so is the coordinator's where they are
    made: there is no default. Raises BadInput, Refusal.
    """
    folder = _folder(sample)
    address = told_of(database)
    if not is_new(address):
        return asking.ask("Passphrase of the server")
    if address.file is None:
        raise BadInput("--sample makes a store in a file; for a server of databases make it with: "
                       "lull coordinator")
    address.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    recovery = address.file.with_name(RECOVERY)
    name = _title(folder)
    made, words = make_store(address, asking, recovery,
                             {"side": SIDE, "login": LOGIN, "pause": name, "function": LOGIN})
    try:
        load(made, folder)
    finally:
        made.store.close()
    say_made(database, LOGIN, name, made)
    console().print(f"The recovery key of its posts is {recovery}: take it off this machine.",
                    soft_wrap=True)
    return words


def _folder(sample: str) -> Path | None:
    """The folder that is loaded; None: the template. Raises BadInput where there is none."""
    if sample == TEMPLATE:
        return SAMPLE if SAMPLE.is_dir() else None
    if not Path(sample).is_dir():
        raise BadInput(f"{sample} is no pause folder; --sample=FOLDER takes one, or nothing.")
    return Path(sample)


def _title(folder: Path | None) -> str:
    return folder.resolve().name if folder else "first-steps"


NOT_IN_FOLDER = "Not in the pause folder; to be given in the words of the parties."
"""Stands in the notice of a sample where a person would fill in what was agreed."""


def load(made: Any, folder: Path | None) -> None:
    """Import a folder for the first coordinator of a store, have it planned, and write down its
    notice, from which the room knows its hours and its time zone.
    """
    from lull.exchange.new import new_folder  # noqa: PLC0415
    from lull.exchange.seal import packed, seal_bytes  # noqa: PLC0415
    from lull.store import folders, jobs  # noqa: PLC0415 - Django is slow
    from lull.store.principal import seated  # noqa: PLC0415
    from lull.store.write import Wish, write  # noqa: PLC0415

    if folder is None:
        import tempfile  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as home:
            new_folder(Path(home) / "first-steps")
            raw, notice = packed(Path(home) / "first-steps"), _notice(Path(home) / "first-steps")
    else:
        raw, notice = packed(folder), _notice(folder)
    seat = seated(made.pause.id, made.who)
    sealed = seal_bytes(raw, recipients=[made.store.secrets.data.public])
    row = folders.import_folder(made.store, seat, sealed, _title(folder))
    jobs.ask_on(made.store, seat, row.id, jobs.PLAN, {"seconds": SAMPLE_SECONDS})
    if notice:
        write(made.store, seat, Wish("pause.declare", _title(folder), notice,
                                     Wall.RESTRICTED.value))


def _notice(folder: Path) -> dict[str, Any]:
    """The pause notice that a folder amounts to; nothing where the folder cannot be read: what is
    wrong with it is then told in the room.
    """
    from lull.exchange import read_folder  # noqa: PLC0415 - it is only needed where a room is made

    with steps() as shown:
        case = read_folder(folder, progress=shown).case
    if case is None:
        return {}
    record = pause_notice_of(case, reference=folder.resolve().name).record
    return payload(evolve(record, prohibited_acts=(NOT_IN_FOLDER,),
                          permitted_acts=(NOT_IN_FOLDER,)))


class Beside:
    """A worker as a child of this process, started again when it goes down.

    It leaves by itself when this process is gone; its job then goes on with the next worker.
    """

    def __init__(self, database: str, passphrase: str) -> None:
        self._database, self._words = database, passphrase
        self._over = threading.Event()

    def start(self) -> None:
        """Start it, and watch over it in a thread."""
        threading.Thread(target=self._watch, name="worker", daemon=True).start()

    def _watch(self) -> None:
        while not self._over.is_set():
            self._begun().wait()
            self._over.wait(AGAIN_SECONDS)

    def _begun(self) -> subprocess.Popen[bytes]:
        read, write = os.pipe()
        try:
            os.write(write, self._words.encode() + b"\n")
            return subprocess.Popen(  # noqa: S603 - this program itself
                [sys.executable, "-m", "lull", "work", self._database, "--with-parent",
                 "--passphrase-fd", str(read)],
                pass_fds=(read,), stdin=subprocess.DEVNULL)
        finally:
            os.close(read)
            os.close(write)


sample_option = click.option(
    "--sample", is_flag=False, flag_value=TEMPLATE, default="", metavar="[=FOLDER]",
    help="Where there is no store yet, it is made with a first coordinator, whose passphrase is "
    "asked for, and load this pause folder (or the sample) and have it planned. Goes with --work "
    "and --send.")
