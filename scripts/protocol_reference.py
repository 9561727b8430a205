"""Makes docs/reference/protocol.md: every state table as a diagram, and who may take a step."""

from __future__ import annotations

from lull.domain.protocol import NONE, TABLES, Table

MADE = "<!-- Made by `make schemas` from the code; do not edit. -->"


def page() -> str:
    """The page as it should stand."""
    parts = [
        MADE,
        "# What may follow what",
        f"There are {len(TABLES)} tables. A step leads to the same state from wherever it comes. "
        "An illegal step is refused when it is written, and the refusal names the side at fault; "
        "in a merge it is kept, told, and has no effect. A step is judged by what its writer had "
        "seen. Where posts that were apart took different steps, both stand until somebody who "
        "has seen both takes the next.",
    ]
    for table in TABLES.values():
        parts += section(table)
    return "\n\n".join(parts) + "\n"


def section(table: Table) -> list[str]:
    """One table: what it is, its diagram, its steps."""
    of = f" One for each {table.part}." if table.part else ""
    rows = [
        f"| `{table.name}.{step.event}` | {', '.join(_in_order(table, step.before))} | "
        f"{step.after} | {', '.join(sorted(role.value for role in step.by))} | {step.says} |"
        for step in table.steps
    ]
    head = "| step | follows on | leads to | by | that is |\n|---|---|---|---|---|"
    return [f"## {table.name}", f"{table.says}{of}", diagram(table), "\n".join([head, *rows])]


def diagram(table: Table) -> str:
    """The states of a table as a Mermaid diagram, which also reads as text."""
    edges = [
        f"    {_dot(before)} --> {step.after}: {step.event}"
        for step in table.steps for before in _in_order(table, step.before)
    ]
    ends = [f"    {state} --> [*]" for state in table.ends]
    return "\n".join(["```mermaid", "stateDiagram-v2", *edges, *ends, "```"])


def _dot(state: str) -> str:
    return "[*]" if state == NONE else state


def _in_order(table: Table, states: frozenset[str]) -> list[str]:
    return [state for state in table.states if state in states]
