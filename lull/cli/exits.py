"""The exit codes, and the one way for a verb to say that its input is wrong."""

from __future__ import annotations

DONE = 0
BROKEN_RULE = 1
"""A plan breaks a rule, so it is no plan."""
BAD_INPUT = 2
"""The folder, the plan or the command line is wrong; click uses the same code."""
CANNOT_PLAN = 3
"""The folder has a kind of rule that the planner cannot keep yet, so it refuses to plan."""
FAULT = 70
"""A fault of lull itself (EX_SOFTWARE of sysexits.h): never the user's, and never a plan."""
INTERRUPTED = 130
"""Stopped by the user before there was anything to show."""


class BadInput(Exception):
    """The input is wrong; the message says how, or is empty where all was already printed."""
