"""Formats in and out: the pause folder as CSV, YAML and XLSX, and a plan as JSON."""

from lull.exchange.finding import Finding, Level
from lull.exchange.new import new_folder
from lull.exchange.plan_json import plan_schema
from lull.exchange.plan_read import BadPlan, read_plan, read_plan_file
from lull.exchange.plan_write import write_plan
from lull.exchange.reading import Reading, read_folder
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
