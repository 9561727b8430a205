"""What this process has answered since it started: how many requests, with what, in what time.

Counted are kinds of addresses and classes of answers; nothing of what was asked, by whom, or from
where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from threading import Lock

from attrs import define, field

UPTO_SECONDS = (0.05, 0.2, 1.0, 5.0)
"""Bounds by which answers are counted; 0.2 is what nineteen of twenty are to keep."""
SURFACES = ("api", "confirm", "static")
"""What addresses begin with; all others are pages."""


@define(eq=False)
class Requests:
    """Answers by (surface, class of status), and their time by surface."""

    answers: Counter[tuple[str, str]] = field(factory=Counter)
    seconds: dict[str, float] = field(factory=dict)
    within: Counter[tuple[str, float]] = field(factory=Counter)
    _lock: Lock = field(factory=Lock, repr=False)

    def count(self, path: str, status: int, seconds: float) -> None:
        """Count one answer."""
        first = path.strip("/").partition("/")[0]
        surface = first if first in SURFACES else "pages"
        with self._lock:
            self.answers[surface, f"{status // 100}xx"] += 1
            self.seconds[surface] = self.seconds.get(surface, 0.0) + seconds
            for bound in UPTO_SECONDS:
                if seconds <= bound:
                    self.within[surface, bound] += 1

    @property
    def total(self) -> int:
        """All answers."""
        return sum(self.answers.values())

    @property
    def faults(self) -> int:
        """Answers that tell of a fault of the server, or that it was too busy (5xx)."""
        return sum(n for (_, answer), n in self.answers.items() if answer == "5xx")

    @property
    def refused(self) -> int:
        """Answers that refuse what was asked (4xx)."""
        return sum(n for (_, answer), n in self.answers.items() if answer == "4xx")

    def lines(self) -> Iterator[str]:
        """The text form of Prometheus, a histogram by surface."""
        with self._lock:
            answers, seconds = dict(self.answers), dict(self.seconds)
            within = dict(self.within)
        yield "# TYPE lull_requests_total counter"
        for (surface, answer), n in sorted(answers.items()):
            yield f'lull_requests_total{{surface="{surface}",answer="{answer}"}} {n}'
        yield "# TYPE lull_request_seconds histogram"
        for surface, spent in sorted(seconds.items()):
            count = sum(n for (of, _), n in answers.items() if of == surface)
            for bound in UPTO_SECONDS:
                n = within.get((surface, bound), 0)
                yield f'lull_request_seconds_bucket{{surface="{surface}",le="{bound:g}"}} {n}'
            yield f'lull_request_seconds_bucket{{surface="{surface}",le="+Inf"}} {count}'
            yield f'lull_request_seconds_sum{{surface="{surface}"}} {spent:.6f}'
            yield f'lull_request_seconds_count{{surface="{surface}"}} {count}'
