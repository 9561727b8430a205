"""Formats in and out: the pause folder as CSV, YAML and XLSX, and a plan as JSON."""

from lull.exchange.finding import Finding, Level
from lull.exchange.reading import Reading, read_folder

__all__ = ["Finding", "Level", "Reading", "read_folder"]
