"""Makes docs/reference/due.md: what can be due, and the times by which it is measured."""

from __future__ import annotations

from lull.domain.lead_times import LEAD_TIMES
from lull.domain.time import lasting
from lull.ledger.due import MEANS

MADE = "<!-- Made by `make schemas` from the code; do not edit. -->"
WORDS = """What is due is worked out from what a reader may read, at the moment that is asked for;
nothing is kept of it. So what others have not let them read may look undone. To be late is told,
never refused: a notification that tells may leave at any time.

What is late comes first, then the kinds in this order, then the earliest time. Times are UTC.
`yours` marks what one's own role and side may do, by [the table of rights](rights.md)."""
TIMES = """A pause may agree on other figures: `lead_times` of its [terms](records.md). Assumed is
what no source asks for."""


def page() -> str:
    """The page as it should stand."""
    kinds = [f"| `{kind.value}` | {says} |" for kind, says in MEANS.items()]
    rows = [
        f"| `{rule.value}` | {lasting(time.minutes)} | {time.says} | "
        f"{'assumed: ' if time.assumed else ''}{time.source} |"
        for rule, time in LEAD_TIMES.items()
    ]
    return "\n\n".join([
        MADE, "# What is due", WORDS,
        "\n".join(["| kind | that is |", "|---|---|", *kinds]),
        "## Lead times", TIMES,
        "\n".join(["| rule | time | what it says | source |", "|---|---|---|---|", *rows]),
    ]) + "\n"
