"""The page of rights: who may do and see what, from the one table."""

from __future__ import annotations

from lull.domain.rights import COLUMNS, rights

MADE = "<!-- Made by `make schemas` from the code; do not edit. -->"
WORDS = """A cell says whose things a role may do something to: `own`, what the same member wrote;
`side`, what their side wrote or owns; `named`, the part of an object that bears their side's name;
`key`, what their own key opens; `any`, everybody's; –, nobody's. An object is owned by the side
that spoke of it first. Which step may follow on which is [another table](protocol.md); both must
allow it. `public` (the column) is who has not signed in.

`passed on` is what became of a restricted notification, whoever wrote it: its steps, receipts,
links opened, letters given up, what a checkpoint knows. The side whose notification it is reads it,
and a party its own transmissions and receipts, which bear its name."""


def page() -> str:
    """The page as it should stand."""
    rows = dict.fromkeys((action, thing) for _, action, thing in rights())
    head = ["thing", "what is done", *(who.replace("_", " ") for who in COLUMNS)]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for action, thing in rows:
        cells = [rights()[(who, action, thing)].value.replace("-", "–") for who in COLUMNS]
        lines.append(f"| {' | '.join([thing.replace('_', ' '), action, *cells])} |")
    return f"{MADE}\n\n# Who may do what\n\n{WORDS}\n\n" + "\n".join(lines) + "\n"
