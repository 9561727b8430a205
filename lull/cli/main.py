"""The `lull` command: finds the verb, runs it, and turns every refusal into a sentence."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence

import click

from lull import __version__
from lull.cli.exits import BAD_INPUT, FAULT, INTERRUPTED, BadInput
from lull.domain.refusal import Refusal

VERBS = {
    "new": "Write a small, commented, valid pause folder to start from.",
    "check": "List all that is wrong with a pause folder, at once.",
    "plan": "Plan a pause: who leaves when, through which corridor, in which vehicle.",
    "shortest": "Find the shortest window that reaches an aim, and prove what is too short.",
    "stress": "Simulate a plan: what nearly all days reach, who may be caught, and why.",
    "sensitivity": "Rank what is assumed by how far the headline turns on it.",
    "verify": "Check a plan against every rule, without any solver.",
    "show": "Print a plan's timetable by corridor, site, vehicle or convoy.",
    "report": "Write the report of a plan for one audience.",
    "notices": "Draft movement notifications and the pause notice from a plan.",
    "frontier": "Show what each further hour, bus or hour of notice buys, and what is proven.",
    "asks": "Rank what to ask for: an hour, a lane, a bus more, each with its proof.",
    "replan": "Plan the rest of a day anew, from a plan and what has happened.",
    "extension": "Fill a request for an extension with what it would make possible.",
    "sweep": "Check and plan all pause folders below a folder: a country at once.",
    "compare": "Put two pauses or two plans side by side: who gains, who loses.",
    "cluster": "Let several machines work out one question, over TLS.",
    "schema": "Print the JSON Schema of what a verb prints with --json.",
    "key": "Make a key pair with which folders and plans are sealed and opened.",
    "seal": "Encrypt a folder or a file to those who may read it (age).",
    "open": "Decrypt what was sealed to your key.",
    "ledger": "Keep, check and merge what was said and done, in entries that nobody can change.",
    "coordinator": "Make a store that several people share, with its first coordinator.",
    "serve": "Serve a store's API, over which each does what their role may.",
    "work": "Make the plans that a server was asked for, in a process of its own.",
    "send": "Send what waits in a store's outbox: to folders, by mail, to programs, for radio.",
    "rekey": "Change the passphrase of a store's server, or the keys with which it signs.",
    "retention": "Say what is to be destroyed by now under rules of retention, or destroy it.",
    "backup": "Write a store into one file, as sealed as it is on the disk.",
    "restore": "Restore a backup into a new store, every signature checked.",
}
"""Each verb stands in `lull.cli.<verb>`, which is imported only when it is called."""

EXAMPLES = """\b
Examples:
  lull new my-pause
  lull check my-pause
  lull plan my-pause --out out/my-pause
  lull show my-pause out/my-pause --by corridor
  lull verify my-pause out/my-pause/plan.json

\b
Exit codes: 0 done; 1 a rule is broken; 2 the input or the command is wrong;
3 there is a kind of rule here that cannot be planned yet; 70 a fault of lull itself;
130 interrupted with nothing to show.
"""


class Verbs(click.Group):
    """A group that knows its verbs by name and imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order in which they are used."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a verb, imported now; None if there is no such verb."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"lull.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs from the table, without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.command(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXAMPLES,
)
@click.version_option(__version__, package_name="lull", message="lull %(version)s")
def lull() -> None:
    """Plan humanitarian pauses: who leaves when, through which corridor, in which vehicle;
    whether the hours are enough; and how far from the best any plan could still be.
    """


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; bad input never shows a traceback."""
    try:
        code = run(argv)
    except Exception:  # noqa: BLE001 - the last net: a fault must not leave with a rule's code
        traceback.print_exc()
        code = _say(
            f"This is a fault of lull {__version__}, not of your input. "
            "Please report the lines above; look through them for names of places first.",
            FAULT,
        )
    sys.exit(code)


DATABASE_FAILS = {("django.db.utils", name) for name in ("DatabaseError", "OperationalError")}
"""What Django raises where a database is damaged, full or gone; by name, as verbs that need no
store do not load it."""


def run(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        code = lull.main(
            args=None if argv is None else list(argv), prog_name="lull", standalone_mode=False
        )
        return int(code or 0)
    except click.exceptions.Abort:
        return _say("Interrupted; nothing was written.", INTERRUPTED)
    except KeyboardInterrupt:
        return _say("Interrupted; nothing was written.", INTERRUPTED)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except BadInput as wrong:
        return _say(str(wrong), BAD_INPUT) if str(wrong) else BAD_INPUT
    except Refusal as wrong:
        return _say(str(wrong), BAD_INPUT)
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as wrong:
        what = f"{wrong.filename}: " if wrong.filename else ""
        return _say(f"{what}{wrong.strerror or wrong}.", BAD_INPUT)
    except Exception as wrong:
        said = type(wrong)
        if (said.__module__, said.__name__) not in DATABASE_FAILS:
            raise
        return _say(f"The database cannot be used: {' '.join(str(wrong).split())}. If its file is "
                    "damaged, restore the last backup into a new one: lull restore.", BAD_INPUT)


def _say(sentence: str, code: int) -> int:
    from lull.cli.console import harmless  # noqa: PLC0415 - takes a while, and is seldom needed

    click.echo(harmless(sentence), err=True)
    return code
