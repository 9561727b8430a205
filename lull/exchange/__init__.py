"""Formats in and out: the pause folder as CSV, YAML and XLSX, and a plan as JSON.

What reads and writes folders and plans is loaded when it is first asked for: whoever needs only a
file that is whole or not there, or a seal, waits for no streets.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lull.exchange.finding import Finding, Level
from lull.exchange.seal import (
    Key,
    SealError,
    is_sealed,
    key_file,
    open_into,
    open_sealed,
    seal,
    secrets_in,
)

if TYPE_CHECKING:
    from lull.exchange.new import new_folder
    from lull.exchange.plan_json import plan_schema
    from lull.exchange.plan_read import BadPlan, read_plan, read_plan_file
    from lull.exchange.plan_write import write_plan
    from lull.exchange.reading import Reading, read_folder
    from lull.exchange.write.folder import from_xlsx, to_xlsx, write_folder

__all__ = [
    "BadPlan",
    "Finding",
    "Key",
    "Level",
    "Reading",
    "SealError",
    "from_xlsx",
    "is_sealed",
    "key_file",
    "new_folder",
    "open_into",
    "open_sealed",
    "plan_schema",
    "read_folder",
    "read_plan",
    "read_plan_file",
    "seal",
    "secrets_in",
    "to_xlsx",
    "write_folder",
    "write_plan",
]

LATER = {
    "new": ("new_folder",),
    "plan_json": ("plan_schema",),
    "plan_read": ("BadPlan", "read_plan", "read_plan_file"),
    "plan_write": ("write_plan",),
    "reading": ("Reading", "read_folder"),
    "write.folder": ("from_xlsx", "to_xlsx", "write_folder"),
}
"""What is loaded when it is first asked for, by its module."""


def __getattr__(name: str) -> Any:
    """What a module has that is loaded only now, by its name (PEP 562)."""
    for module, names in LATER.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
