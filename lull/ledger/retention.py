"""What is destroyed when: rules as data, and the entries that they make due at a time.

The first rule that fits an entry governs it; where none fits, or the rule says so, it stays. A rule
can name the kind of what can be read here. Of what is sealed there stands in clear as whom its post
writes, in which hour, and how many keys open it: rules for every kind can tell it apart by those.
Whoever can read it destroys it otherwise. Times are as the entries say, and never before the hour
in which they were written, so that a false early time brings nothing forward.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from attrs import frozen

from lull.domain.protocol import PAUSE, TABLES, Role
from lull.domain.records import kinds
from lull.domain.refusal import Refusal
from lull.ledger.content import Wall

FORM = "lull retention 1"
ANY = "*"
LONGEST_DAYS = 36_500
MOST_RULES = 500
MORE = ("since", "by", "most_keys")
"""Fields of a rule that may be left out."""


class Since(StrEnum):
    """From when the days count."""

    PAUSE_ENDED = "pause_ended"
    WRITTEN = "written"


@frozen
class Rule:
    """One rule: which kinds and which class, and after how many days (None: it stays).

    `kind` is a kind of entry, a table of the protocol, or `*`; `wall` a class, or `*`. `by` is the
    role in which its post writes, or `*`. `most_keys`: only what no more keys than that open; a
    member has one, and what is public none.
    """

    kind: str
    wall: str
    days: int | None
    since: Since = Since.PAUSE_ENDED
    by: str = ANY
    most_keys: int | None = None

    def fits(self, kept: Kept) -> bool:
        """Whether it governs an entry; one that cannot be read has no kind."""
        of_kind = self.kind == ANY or (kept.kind and self.kind in (
            kept.kind, kept.kind.partition(".")[0]))
        of_few = self.most_keys is None or 0 < kept.keys <= self.most_keys
        return bool(of_kind) and of_few and self.wall in (ANY, kept.wall.value) and (
            self.by in (ANY, kept.by))

    @property
    def reaches_sealed(self) -> bool:
        """Whether it can fit something sealed where its kind cannot be read."""
        return self.kind == ANY and self.wall in (ANY, Wall.SEALED.value)

    @property
    def says(self) -> str:
        """The rule in words."""
        what = f"{'any kind' if self.kind == ANY else self.kind}, {self.wall.replace(ANY, 'any')}"
        what += "" if self.by == ANY else f", by {self.by.replace('_', ' ')}"
        what += "" if self.most_keys is None else f", at most {self.most_keys} keys"
        if self.days is None:
            return f"{what}: stays"
        return f"{what}: {self.days} days after {self.since.value.replace('_', ' ')}"


DEFAULT = (
    Rule("disclosure", ANY, None),
    Rule("pause", ANY, None),
    Rule("consent", ANY, None),
    Rule("readiness", ANY, None),
    Rule("protection_answer", ANY, None),
    Rule("incident", ANY, None),
    Rule("assessment", ANY, None),
    Rule("verified_figure", ANY, None),
    Rule("after_action", ANY, None),
    Rule("notification", Wall.SEALED.value, 90),
    Rule("notification", Wall.RESTRICTED.value, 90),
    Rule("movement", Wall.SEALED.value, 90),
    Rule("movement", Wall.RESTRICTED.value, 90),
    Rule("corridor", Wall.SEALED.value, 90),
    Rule("corridor", Wall.RESTRICTED.value, 90),
    Rule("known_at_checkpoint", ANY, 90),
    Rule("fetch", ANY, 90),
    Rule("delivery", Wall.RESTRICTED.value, 1_825),
)
"""Assumed, to be replaced by the rules of those who keep the ledger: routes, sites and times are of
no use to the pause after it, and of use to others; accounts of what was done stay."""


@frozen
class Kept:
    """An entry whose payload is still there. `kind` is empty where it cannot be read.

    `by` is the role in which its post writes (empty: not known here), `keys` how many open it.
    """

    entry: str
    kind: str
    wall: Wall
    written: datetime
    by: str = ""
    keys: int = 0


@frozen
class Due:
    """An entry that is to be destroyed, by which rule, and since when it is due."""

    kept: Kept
    rule: Rule
    since: datetime


def governing(rules: Iterable[Rule], kept: Kept) -> Rule | None:
    """The first rule that fits an entry; None where none does."""
    return next((rule for rule in rules if rule.fits(kept)), None)


def due(rules: Iterable[Rule], there: Iterable[Kept], *, ended: datetime | None, now: datetime
        ) -> tuple[Due, ...]:
    """What the rules make due at `now`, in the order of `there`; `ended` None: it has not."""
    rules = tuple(rules)
    found = []
    for kept in there:
        rule = governing(rules, kept)
        start = None
        if rule is not None and rule.days is not None:
            start = kept.written if rule.since is Since.WRITTEN else ended
        if rule is None or rule.days is None or start is None:
            continue
        at = max(start, kept.written) + timedelta(days=rule.days)
        if at <= now:
            found.append(Due(kept, rule, at))
    return tuple(found)


def ended_at(stands: Mapping[str, Iterable[tuple[str, datetime]]]) -> datetime | None:
    """When the last of some pauses came to its end; None while one has not, or there is none.

    `stands` has for each pause the states in which it stands, with the times of those steps.
    """
    found = [one for steps in stands.values() for one in steps]
    if not found or any(state not in PAUSE.ends for state, _ in found):
        return None
    return max(at for _, at in found)


def read_rules(node: Any) -> tuple[Rule, ...]:
    """Rules from JSON; raises Refusal with all that is wrong, each at its place."""
    if not isinstance(node, dict) or node.get("form") != FORM or node.keys() != {"form", "rules"}:
        raise Refusal(f'The rules must be one JSON object: {{"form": "{FORM}", "rules": [...]}}.')
    rows = node["rules"]
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_RULES:
        raise Refusal(f"There must be 1 to {MOST_RULES} rules.")
    wrong = [f"rule {i}: {sentence}" for i, row in enumerate(rows, 1) for sentence in _wrong(row)]
    if wrong:
        raise Refusal(" ".join(wrong))
    return tuple(Rule(row["kind"], row["class"], row["days"],
                      Since(row.get("since", Since.PAUSE_ENDED)), row.get("by", ANY),
                      row.get("most_keys")) for row in rows)


def _wrong(row: Any) -> list[str]:
    fields = {"kind", "class", "days"}
    if not isinstance(row, dict) or not fields <= row.keys() <= {*fields, *MORE}:
        return ["It holds exactly kind, class, days; and where they are wanted since, by, "
                "most_keys."]
    found = []
    if row["kind"] not in {ANY, *kinds(), *TABLES}:
        found.append(f"{row['kind']!r} is no kind of entry and no table; see "
                     "docs/reference/records.md.")
    if row["class"] not in {ANY, *Wall}:
        found.append(f"The class {row['class']!r} is none of: {ANY}, {', '.join(Wall)}.")
    days = row["days"]
    whole = isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= LONGEST_DAYS
    if days is not None and not whole:
        found.append(f"The days {days!r} must be a whole number from 0 to {LONGEST_DAYS:,}, or "
                     "null where it stays.")
    if row.get("since", Since.PAUSE_ENDED) not in list(Since):
        found.append(f"since {row['since']!r} is none of: {', '.join(Since)}.")
    if row.get("by", ANY) not in {ANY, *Role}:
        found.append(f"by {row['by']!r} is none of: {ANY}, {', '.join(Role)}.")
    keys = row.get("most_keys", 1)
    if not isinstance(keys, int) or isinstance(keys, bool) or keys < 1:
        found.append(f"most_keys {keys!r} must be a whole number from 1.")
    return found


def rules_as_json(rules: Iterable[Rule]) -> dict[str, Any]:
    """Rules as they stand in a file."""
    return {"form": FORM, "rules": [
        {"kind": r.kind, "class": r.wall, "days": r.days, "since": r.since.value}
        | ({} if r.by == ANY else {"by": r.by})
        | ({} if r.most_keys is None else {"most_keys": r.most_keys}) for r in rules]}
