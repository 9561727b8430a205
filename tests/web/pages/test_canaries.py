"""Each role's every page: what was sealed to others is in no page, no cache and no history.

One world in which every side has written everything that it may (`canaries`), and for every person
all pages to which their own lead, and those to which the pages of others lead (`crawl`).
"""

from __future__ import annotations

import functools
import gc
import logging
import re
from collections.abc import Iterator

import pytest
from attrs import define, field

from lull.domain.protocol import TABLES
from lull.domain.records import RECORDS, kinds
from lull.domain.rights import WRITTEN_BY_THE_SERVER
from tests.store.kit import DATABASE, address, folder, fresh
from tests.web.pages.canaries import WALLS, WORD, WRITERS, Canaries, fill, may_write, texts_of
from tests.web.pages.crawl import Crawl, Shown, shape_of, spread, words

address()
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]
READERS = ("alice", "olga", "oda", "paul", "piotr", "mona", "fay", "")
"""One of each side; of observers one, of clerks one who has written nothing; the public."""
OF_A_SHAPE = 2
"""Pages that differ in the thing alone, for one person."""


class _Said(logging.Handler):
    """Everything that is logged, with what comes with it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.lines.append(f"{self.format(record)} {record.args} {record.__dict__.get('request')}")


@define
class Seen:
    """What everybody was shown in a world, and what was logged meanwhile."""

    of: Canaries
    crawls: dict[str, Crawl] = field(factory=dict)
    locked: dict[str, Crawl] = field(factory=dict)
    told: dict[tuple[str, str], frozenset[str]] = field(factory=dict)
    odd: list[str] = field(factory=list)
    log: _Said = field(factory=_Said)


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """Everybody looks at everything."""
    world = fresh()
    made = Seen(fill(world))
    loggers = [logging.getLogger(name) for name in ("", "django", "django.server", "lull")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.addHandler(made.log)
        one.setLevel(logging.DEBUG)
    for who in READERS:
        made.crawls[who] = crawl = Crawl(world, who)
        crawl.follow(OF_A_SHAPE)
        _search(made, crawl)
        _one_by_one(made, crawl)
    for who, crawl in made.crawls.items():
        _addresses_of_others(made, who, crawl)
        crawl.keep()
    _with_keys_closed(made)
    for one, level in zip(loggers, levels, strict=True):
        one.removeHandler(made.log)
        one.setLevel(level)
    yield made
    world.store.close()


def _search(made: Seen, crawl: Crawl) -> None:
    """Search every list for everything, and for what others have written; take out what one can."""
    foreign = sorted(made.of.words - made.of.may_see(crawl.who))[::97][:2]
    for path, page in list(crawl.shown.items()):
        if page.status != 200 or "?" in path or path not in crawl.lists:
            continue
        crawl.search(path, "zq")
        for word in foreign:
            if crawl.search(path, word) != crawl.search(path, "zq99999x"):
                made.odd.append(f"{crawl.who}: {shape_of(path)} answers for {word}")
    for path in crawl.tables:
        crawl.take(f"{path} taken out", crawl.browser.send(path, {"act": "csv"}))


def _one_by_one(made: Seen, crawl: Crawl) -> None:
    """Open the page of one entry of each kind that is theirs, and of one that is not."""
    done = set()
    for put in made.of.put:
        mark = (put.kind, put.record, put.wall, put.is_for(crawl.who))
        if put.hash and mark not in done:
            done.add(mark)
            path = crawl.browser.address(f"@entry/{put.hash}")
            crawl.look(path)
            made.told[(crawl.who, put.hash)] = crawl.shown[path].body


def _addresses_of_others(made: Seen, who: str, crawl: Crawl) -> None:
    """Open addresses that stand in the history of others, and in none of one's own pages."""
    for other, theirs in made.crawls.items():
        if other != who:
            fresh_ones = [a for a in theirs.found if a not in crawl.found]
            for path in spread(fresh_ones, 1):
                if path not in crawl.shown:
                    crawl.look(path)


def _with_keys_closed(made: Seen) -> None:
    """Half an hour later, keys are closed."""
    made.of.world.clock.forward(minutes=31)
    for who in ("olga", "paul"):
        before = made.crawls[who]
        made.locked[who] = late = Crawl(before.world, who)
        late.browser.client.cookies = before.browser.client.cookies
        for path in spread(before.found, 1):
            late.look(path)


def wrong_in(made: Seen, crawl: Crawl, *, keys: bool = True) -> list[str]:
    """Pages that show somebody what is not theirs to see."""
    may = made.of.may_see(crawl.who, keys=keys)
    return [f"{crawl.who or 'public'} at {path}: {sorted(page.body - may)[:5]} of "
            f"{_whose(made, page, may)}" for path, page in crawl.shown.items() if page.body - may]


def _whose(made: Seen, page: Shown, may: frozenset[str]) -> str:
    found = [p for p in made.of.put if p.words & (page.body - may)]
    return "; ".join(f"{p.writer} {p.kind} {p.wall} to {','.join(p.to)}" for p in found[:2])


def test_every_kind_of_entry_is_written_by_everybody_who_may_with_a_word_in_every_text(
    seen: Seen
) -> None:
    by_hand = [kind for kind in kinds() if kind not in WRITTEN_BY_THE_SERVER]
    written = {(p.writer, p.kind) for p in seen.of.put}
    assert [(w, k) for w in WRITERS for k in by_hand if may_write(w, k)
            and (w, k) not in written] == []
    behind = {(p.kind, p.wall) for p in seen.of.put}
    assert [(k, wall) for k in by_hand for wall in WALLS if (k, wall) not in behind] == []
    carried = {record for kind in by_hand for record in kinds()[kind]}
    assert carried | WRITTEN_BY_THE_SERVER == set(RECORDS)
    assert [(wall, path) for record in sorted(carried) for path in sorted(texts_of(record))
            for wall in WALLS if (wall, path) not in seen.of.filled] == []
    assert len(by_hand) > len(TABLES) * 5


@pytest.mark.parametrize("who", READERS, ids=lambda who: who or "public")
def test_no_page_shows_what_is_addressed_to_others(seen: Seen, who: str) -> None:
    crawl = seen.crawls[who]
    assert wrong_in(seen, crawl) == []
    met = {shape_of(path)[0] for path, page in crawl.shown.items()
           if shape_of(path) and page.status == 200}
    assert len(met) > (25 if who else 8), met
    refused = [p for p in crawl.shown.values() if p.status in (403, 404)]
    assert len(refused) > (0 if who == "alice" else 20)  # who coordinates sees that entries exist


@pytest.mark.parametrize("who", READERS, ids=lambda who: who or "public")
def test_what_is_theirs_is_shown_to_them_so_that_a_leak_would_be_seen(seen: Seen, who: str) -> None:
    told = [(put, shown) for put in seen.of.put
            if (shown := seen.told.get((who, put.hash))) is not None]
    mine = [(put, shown) for put, shown in told if put.is_for(who)]
    assert [f"{p.kind} {p.wall}" for p, shown in mine if not p.words <= shown] == []
    assert {p.wall for p, _ in mine} >= ({"public", "sealed"} if who else {"public"})
    assert len(told) - len(mine) > 50
    if who in WRITERS:
        own = {p.wall for p in seen.of.put if p.writer == who and p.words & seen.crawls[who].words}
        assert own >= set(WALLS)


def test_no_address_title_header_or_cookie_holds_a_word_of_the_ledger_not_even_ones_own(
    seen: Seen
) -> None:
    assert [f"{crawl.who} at {path}: {sorted(page.around)[:3]}" for crawl in seen.crawls.values()
            for path, page in crawl.shown.items() if page.around and "entry" not in path] == []


def test_no_search_tells_whether_a_word_of_others_is_there(seen: Seen) -> None:
    assert seen.odd == []
    asked = [path for crawl in seen.crawls.values() for path in crawl.shown if " search " in path]
    assert len(asked) > 4 * len(READERS)


def test_no_page_that_the_server_keeps_holds_what_its_holder_may_not_see(seen: Seen) -> None:
    for who, crawl in seen.crawls.items():
        may = seen.of.may_see(who)
        assert crawl.kept, who
        shown = frozenset().union(*map(words, crawl.kept))
        assert shown <= may, (who, sorted(shown - may)[:3])
        assert crawl.held <= may, who
    assert any(words(page) for crawl in seen.crawls.values() for page in crawl.kept)
    assert all(crawl.held for who, crawl in seen.crawls.items() if who)


def test_with_keys_closed_nothing_sealed_is_shown(seen: Seen) -> None:
    for crawl in seen.locked.values():
        assert wrong_in(seen, crawl, keys=False) == []
        assert crawl.words & seen.of.may_see(crawl.who, keys=False)


def test_no_line_of_a_log_holds_a_word_of_the_ledger(seen: Seen) -> None:
    assert len(seen.log.lines) > 20
    assert [line for line in seen.log.lines if WORD.search(line)] == []


def test_no_cache_of_a_function_keeps_a_word_of_the_ledger(seen: Seen) -> None:
    caches = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
    assert len(caches) > 50
    assert [one.__qualname__ for one in caches
            if any(WORD.search(repr(held)) for held in gc.get_referents(one)
                   if isinstance(held, dict) and held is not one.__dict__)] == []


@pytest.mark.skipif(bool(DATABASE), reason="the store is no file here")
def test_no_file_of_the_store_holds_what_is_not_public(seen: Seen) -> None:
    public = seen.of.may_see("")
    files = [path for path in folder().iterdir() if path.is_file()]
    for path in files:
        found = {word.decode() for word in re.findall(WORD.pattern.encode(), path.read_bytes())}
        assert found <= public, path.name
    assert any(path.stat().st_size > 1_000_000 for path in files)
