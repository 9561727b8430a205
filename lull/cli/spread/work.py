"""What a worker of a cluster is given and what it does with it; nothing of it is ever logged.

Parcels are bytes that show nothing of what is in them; a failure is handed back as a value, as Dask
would write its arguments into the worker's log. A worker does functions of lull on values of lull,
and only where it runs the same program: otherwise its digits could be others.
"""

from __future__ import annotations

import importlib
import platform
import traceback
import zlib
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from types import FunctionType
from typing import Any

from attrs import field, frozen

from lull import __version__
from lull.cli.questions.kept import program
from lull.cli.spread.values import Damaged, pack, unpack
from lull.domain.refusal import Refusal

BESIDE = ("numpy", "scipy", "numba", "llvmlite", "highspy", "shapely")
"""Packages on which the digits of an answer hang."""


SMALL, MOST_HELD = 4096, 16
"""Bytes up to which packing again costs nothing, and how many larger values are held at most."""


@frozen
class Parcel:
    """Packed values; what is shown of it is nothing."""

    raw: bytes = field(repr=False)


@frozen
class Program:
    """What a machine runs; the same on two machines gives the same answers."""

    lull: str
    sources: str
    python: str
    beside: tuple[str, ...]

    def unlike(self, other: Program) -> str:
        """In words, what `other` has that is not this; empty where they are the same."""
        said = []
        if other.lull != self.lull:
            said.append(f"lull {other.lull} and not {self.lull}")
        elif other.sources != self.sources:
            said.append(f"other sources of lull {other.lull} ({other.sources[:8]} and not "
                        f"{self.sources[:8]})")
        if other.python != self.python:
            said.append(f"Python {other.python} and not {self.python}")
        said += [f"{theirs} and not {ours}" for ours, theirs in
                 zip(self.beside, other.beside, strict=False) if ours != theirs]
        return ", ".join(said)


@cache
def this_program() -> Program:
    """What this machine runs."""
    return Program(__version__, program(), ".".join(platform.python_version_tuple()[:2]),
                   tuple(f"{name} {_version(name)}" for name in BESIDE))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


@frozen
class Done:
    """What a function gave."""

    value: Any = field(repr=False)


@frozen
class Failed:
    """Why there is nothing: the program that the worker runs, a refusal, or a fault."""

    program: Program | None = None
    refusal: str = ""
    fault: str = ""


class Packing:
    """Makes the parcels of one piece of work; what several parts are given is packed once.

    A plan made ready for simulation is megabytes, and the same for every batch of days.
    """

    def __init__(self) -> None:
        self._packed: dict[int, tuple[object, bytes]] = {}

    def parcel(self, fn: Callable[..., Any], row: tuple[Any, ...]) -> Parcel:
        """A function of lull and what it is given."""
        given = tuple(map(self._one, row))
        return Parcel(pack((this_program(), fn.__module__, fn.__qualname__, given)))

    def _one(self, value: object) -> bytes:
        known = self._packed.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        made = zlib.compress(pack(value), 1)
        if len(made) > SMALL:
            self._packed[id(value)] = (value, made)  # held, so that its place is not another's
            if len(self._packed) > MOST_HELD:
                self._packed.pop(next(iter(self._packed)))
        return made


def perform(parcel: Parcel) -> Parcel:
    """Do what is in a parcel: what a worker calls. Never raises for what is in it."""
    return Parcel(pack(_perform(parcel)))


def _perform(parcel: Parcel) -> Done | Failed:
    try:
        wanted, module, name, row = unpack(parcel.raw)
        if wanted != this_program():
            return Failed(program=this_program())
        return Done(_function(module, name)(*(unpack(zlib.decompress(one)) for one in row)))
    except Refusal as refusal:
        return Failed(refusal=str(refusal))
    except (Damaged, zlib.error) as damaged:  # such as values that another version of lull has
        return Failed(program=this_program(), fault=str(damaged))
    except Exception:  # noqa: BLE001 - it is told where the work was asked for, and not logged here
        return Failed(fault=traceback.format_exc())


def _function(module: str, name: str) -> Callable[..., Any]:
    found = getattr(importlib.import_module(module), name) if module.startswith("lull.") else None
    if not isinstance(found, FunctionType) or found.__module__ != module:
        raise Damaged(f"{module}.{name} is no function of lull.")
    return found


def who_am_i() -> bytes:
    """The program that a worker runs, packed: asked of each before it is given anything."""
    return pack(this_program())
