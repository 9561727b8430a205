"""Reading the user's folder and plan for a verb, and saying at once all that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from attrs import frozen

from lull.cli.answers import check_answer, finding
from lull.cli.console import console, print_json
from lull.cli.exits import BadInput
from lull.cli.headline import show_findings
from lull.cli.progress import steps
from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.exchange import (
    Finding,
    Reading,
    SealError,
    is_sealed,
    open_sealed,
    read_folder,
    read_plan,
    secrets_in,
)

F = TypeVar("F", bound=Callable[..., Any])

FOLDER = click.argument("folder", type=click.Path(path_type=Path))
PLAN_FILE = "plan.json"
PLAN = click.argument("plan", type=click.Path(path_type=Path))


def json_option(verb: str) -> Callable[[F], F]:
    """The option --json of a verb."""
    return click.option(
        "--json", "as_json", is_flag=True, help=f"Print JSON; its form: lull schema {verb}."
    )


@frozen
class How:
    """How a folder is read: where travel times are kept, and with which keys it is opened."""

    cache: Path | None = None
    secrets: tuple[str, ...] = ()


def reading_options(function: Callable[..., int]) -> Callable[..., int]:
    """The options of the verbs that read a folder; the verb gets them as one `how`."""

    @click.option(
        "--cache",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="LULL_CACHE",
        show_envvar=True,
        help="A folder that keeps travel times made from the streets, and answers to questions, "
        "for the next time. It tells where the pause is: keep it as closely as the pause folder.",
    )
    @click.option(
        "--key",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The file of your secret key, where FOLDER or the plan is sealed; they are opened in "
        "memory only.",
    )
    @wraps(function)
    def with_options(*args: Any, cache: Path | None, key: Path | None, **options: Any) -> int:
        secrets = read_key(key) if key else ()
        return function(*args, how=How(cache, secrets), **options)

    return with_options


def read_key(file: Path) -> tuple[str, ...]:
    """The secret keys in a key file; raises BadInput where it is none."""
    try:
        return secrets_in(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise BadInput(f"{file} is no key file.") from None


@frozen
class Opened:
    """A folder that was read whole, with what is doubtful in it."""

    case: Case
    warnings: tuple[Finding, ...]
    reading: Reading


def read(folder: Path, how: How, *, quiet: bool = False) -> Reading:
    """Read a pause folder, a .xlsx, or what is sealed; raises BadInput where there is nothing."""
    if not folder.exists():
        raise BadInput(f"{folder} does not exist; give a pause folder, or make one: lull new")
    with steps(quiet=quiet) as progress:
        return read_folder(folder, cache=how.cache, progress=progress, secrets=how.secrets)


def open_folder(folder: Path, how: How, *, as_json: bool = False, quiet: bool = False) -> Opened:
    """Read a folder that must be right; if it is not, print all that is wrong and leave.

    Raises BadInput after printing.
    """
    reading = read(folder, how, quiet=as_json or quiet)
    if reading.case is None:
        refuse(folder, reading.findings, as_json=as_json)
    assert reading.case is not None
    return Opened(reading.case, tuple(reading.findings), reading)


def refuse(folder: Path, findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print all that is wrong with a folder and raise BadInput."""
    if as_json:
        print_json(check_answer(str(folder), findings, ready=False))
    else:
        out = console(err=True)
        show_findings(out, [finding(f) for f in findings])
        out.print()
        out.print(f"Nothing was done: {folder} cannot be used before the errors are mended.")
    raise BadInput


def open_plan(path: Path, case: Case, how: How) -> Plan:
    """Read a plan that lies at `path`, or in the folder `path` as plan.json; or is sealed so."""

    file = path / PLAN_FILE if path.is_dir() else path
    if not file.is_file():
        raise BadInput(f"{file} does not exist; give a plan.json, or the folder that holds one.")
    sealed = unsealed(file, how)
    if sealed is None:
        return read_plan(file, case)
    name = PLAN_FILE if len(sealed) > 1 else next(iter(sealed))
    if name not in sealed:
        raise BadInput(f"{file} is sealed and holds no {PLAN_FILE}.")
    return read_plan(Path(name), case, raw=sealed[name])


def unsealed(file: Path, how: How) -> dict[str, bytes] | None:
    """The files of a sealed one, in memory; None if it is not sealed. Raises BadInput."""
    with file.open("rb") as opened:
        if not is_sealed(opened.read(64)):
            return None
    try:
        return open_sealed(file, secrets=how.secrets)
    except SealError as error:
        raise BadInput(f"{file}: {error}") from None
