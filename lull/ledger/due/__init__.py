"""What is due now: a pure function of what a reader knows and the moment that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from lull.domain.lead_times import LEAD_TIMES, Times
from lull.domain.protocol import Role
from lull.domain.records import Record
from lull.domain.refusal import require
from lull.ledger.apart import is_of_others, things_of
from lull.ledger.due.accounts import due_of_contradictions, due_of_deliveries
from lull.ledger.due.facts import Act, Facts, times_under
from lull.ledger.due.item import MEANS, Due, DueKind, Ladder
from lull.ledger.due.movements import due_of_movements, lines_of
from lull.ledger.due.notifications import due_of_notifications
from lull.ledger.due.pauses import due_of_pauses
from lull.ledger.fold import Stand, Thing
from lull.ledger.protection import Word

PARTS = (due_of_movements, due_of_notifications, due_of_pauses, due_of_deliveries,
         due_of_contradictions)


def due(things: Mapping[Thing, tuple[Stand, ...]], acts: Iterable[Act], now: datetime, *,
        role: Role | None = None, side: str = "", times: Times = LEAD_TIMES,
        memo: dict[str, Record] | None = None, words: Iterable[Word] = ()) -> tuple[Due, ...]:
    """Everything that is due at a moment, what is late first; each once.

    `things`, `acts` and `words` are those of a `State`, or as much of them as one reader may read:
    nothing else enters. What a side other than `side` was told apart is left out. So what a reader
    cannot read may look undone to them. `role` and `side` say whose turn is marked as `yours`. The
    order of `acts` and the time zone of `now` do not matter. `memo` is kept between calls by
    whoever asks often, and thrown away with what was read into it. Raises
    Refusal where `now` has no time zone.
    """
    require(now.tzinfo is not None, f"The time {now} has no time zone.")
    facts = Facts(things_of(things, side), now.astimezone(UTC), times, role, side,
                  memo={} if memo is None else memo, words=tuple(words))
    facts.take(act for act in acts if not is_of_others(act[1], side))
    found = (item for part in PARTS for item in part(facts))
    return tuple(sorted(found, key=lambda item: item.urgency))


__all__ = ["MEANS", "Due", "DueKind", "Ladder", "due", "lines_of", "times_under"]
