"""The command as a whole: help, version, exit codes, and never a traceback."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest

from lull import __version__
from lull.cli import main
from lull.cli.exits import BAD_INPUT, FAULT, INTERRUPTED, BadInput
from lull.domain.refusal import Refusal


def test_the_version_is_the_package_s(lull) -> None:
    said = lull("--version")
    assert (said.code, said.out) == (0, f"lull {__version__}\n")


def test_help_names_every_verb_and_every_exit_code(lull) -> None:
    said = lull("--help")
    assert said.code == 0
    for verb in main.VERBS:
        assert re.search(rf"^  {verb} ", said.out, re.MULTILINE)
    for code in (
        "0 done",
        "1 a rule",
        "2 the input",
        "3 there is",
        "70 a fault",
        "130 interrupted",
    ):
        assert code in said.out


@pytest.mark.parametrize("verb", main.VERBS)
def test_help_of_a_verb_shows_examples_that_begin_with_lull(lull, verb: str) -> None:
    said = lull(verb, "--help")
    assert said.code == 0
    assert f"lull {verb}" in said.out.split("Examples:")[1]
    assert max(map(len, said.out.splitlines())) <= 100


@pytest.mark.parametrize("verb", main.VERBS)
def test_the_line_in_the_list_is_kept_by_the_verb(verb: str) -> None:
    """The list does not load the verbs, so what it says is checked here."""
    command = main.lull.get_command(click.Context(main.lull), verb)
    assert command is not None
    assert command.name == verb
    assert main.VERBS[verb].endswith(".")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Usage"),
        (("evacuate",), "No such command"),
        (("check",), "Missing argument"),
        (("check", "no-such-folder"), "does not exist"),
        (("plan", "no-such-folder", "--out", "x"), "does not exist"),
        (("plan", "."), "--out"),
        (("plan", ".", "--out", "x", "--work", "-1"), "--work"),
        (("plan", ".", "--out", "x", "--time", "-1"), "--time"),
        (("plan", ".", "--out", "x", "--time", "nan"), "--time"),
        (("plan", ".", "--out", "x", "--time", "soon"), "--time"),
        (("plan", ".", "--out", "x", "--consents", "granted"), "--consents"),
        (("verify", "no-such-folder", "no-such-plan"), "does not exist"),
        (("schema", "evacuate"), "evacuate"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_a_wrong_command_is_answered_with_code_2_and_a_sentence(lull, words, sentence) -> None:
    said = lull(*words)
    assert said.code == BAD_INPUT
    assert sentence in said.out + said.err
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize(
    ("raised", "code", "sentence"),
    [
        (BadInput("The plan is empty."), BAD_INPUT, "The plan is empty."),
        (BadInput(), BAD_INPUT, ""),
        (Refusal("A corridor has no id."), BAD_INPUT, "A corridor has no id."),
        (KeyboardInterrupt(), INTERRUPTED, "Interrupted"),
        (click.exceptions.Abort(), INTERRUPTED, "Interrupted"),
        (FileNotFoundError(2, "No such file or directory", "x.csv"), BAD_INPUT, "x.csv: No such"),
        (IsADirectoryError(21, "Is a directory", "x"), BAD_INPUT, "x: Is a directory."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_whatever_a_verb_raises_becomes_a_sentence_and_a_code(
    lull, monkeypatch, raised, code, sentence
) -> None:
    @click.command()
    def command() -> None:
        raise raised

    monkeypatch.setattr(main.Verbs, "get_command", lambda *_: command)
    said = lull("check")
    assert said.code == code
    assert sentence in said.err
    assert said.out == ""


def test_a_fault_of_the_program_is_not_dressed_up_as_bad_input(lull, monkeypatch, capsys) -> None:
    @click.command()
    def command() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(main.Verbs, "get_command", lambda *_: command)
    with pytest.raises(ZeroDivisionError):
        lull("check")
    with pytest.raises(SystemExit) as left:
        main.main(["check"])
    assert left.value.code == FAULT
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "fault of lull" in said


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    """`lull schema plan | head -1` ends quietly."""
    line = f"'{sys.executable}' -m lull schema plan | head -c 10; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""


def test_every_verb_of_the_list_is_a_module() -> None:
    from pathlib import Path

    folder = Path(main.__file__).parent
    assert {verb for verb in main.VERBS if (folder / f"{verb}.py").is_file()} == set(main.VERBS)
