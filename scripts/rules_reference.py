"""Writes docs/reference/rules.md: every rule with its statement, its source and how it counts.

python -m scripts.rules_reference           writes the page if it has changed
python -m scripts.rules_reference --check   leaves with code 1 if it is out of date
"""

from __future__ import annotations

import sys
from pathlib import Path

from lull.domain.rules import FIRST, RULES, Rule

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "rules.md"
MADE = "<!-- Made by `make schemas` from the code; do not edit. -->"

HEADINGS = {
    "names": "Names, figures, overrides",
    "vehicles": "Vehicles",
    "corridors": "Corridors",
    "checkpoints": "Checkpoints",
    "convoys": "Convoys",
    "ways": "Streets and the line",
    "sites": "Sites",
    "waiting": "People who wait",
    "people": "People",
    "returns": "People who are refused",
    "aid": "Aid",
    "window": "The end of a window",
    "rounds": "Rounds",
    "orders": "Orders and crews",
}
"""What the rules of each module are about."""


def page() -> str:
    """The page as it should stand."""
    first = " and ".join(f"`{rule.name}`" for rule in FIRST)
    parts = [
        MADE,
        "# Rules that a plan must keep",
        f"There are {len(RULES)}. Each is a function that answers in words: who, where, when, by "
        "how much. No plan is shown before it has been judged by all of them, in code that "
        f"shares nothing with the planner. While {first} are broken, the others cannot be "
        "judged. Times are likely minutes unless the rule says high.",
    ]
    about = ""
    for rule in RULES:
        if rule.about != about:
            about = rule.about
            parts.append(f"## {HEADINGS[about]}")
        parts.append(section(rule))
    return "\n\n".join(parts) + "\n"


def section(rule: Rule) -> str:
    """One rule: name, statement, how it is counted, source."""
    details = [" ".join(part.split()) for part in rule.details.split("\n\n")]
    said = [f"### `{rule.name}`", f"**{rule.statement}**", *details]
    if rule.source:
        said.append(f"Source: {rule.source}")
    return "\n\n".join(said)


def main() -> int:
    """Write the page, or say that it is out of date."""
    current = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    if current == page():
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE.name} is out of date: make schemas")
        return 1
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
