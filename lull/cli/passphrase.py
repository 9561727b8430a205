"""A passphrase is asked for at a terminal and nowhere else, so that it is never shown."""

from __future__ import annotations

import os
import sys

import click

from lull.cli.exits import BadInput

TERMINAL = "/dev/tty"


def asked(question: str, *, confirm: bool = False, otherwise: str = "") -> str:
    """What is typed, unseen. Raises BadInput where there is no terminal; `otherwise` says what to
    do then."""
    if not at_a_terminal():
        raise BadInput(f"{question}: there is no terminal to ask at without showing it; "
                       f"{otherwise or 'run this in a terminal'}.")
    return str(click.prompt(question, hide_input=True, confirmation_prompt=confirm, err=True))


def at_a_terminal() -> bool:
    """Whether somebody can type without being read: at the process's own terminal or its input."""
    try:
        os.close(os.open(TERMINAL, os.O_RDWR | getattr(os, "O_NOCTTY", 0)))
    except OSError:
        return sys.stdin is not None and sys.stdin.isatty()
    return True
