"""Each role's every page: what is another's stands in no page, no cache, no error and no header.

One world in which each kind of entry was written behind each wall (`canaries`, whose oracle is a
table of its own), and for every role all that its links, forms and the API lead to (`crawl`). What
a browser keeps of it is tested in a browser: `tests/browser/test_what_a_browser_keeps.py`.
"""

from __future__ import annotations

import functools
import gc
import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import define, field

from lull.domain.protocol import TABLES
from lull.domain.records import RECORDS, kinds
from tests.store.kit import DATABASE, World, address, folder, fresh, record
from tests.web.kit import Caller
from tests.web.pages.canaries import (
    BY_THE_SERVER,
    EVERYBODY,
    LANGUAGES,
    PUBLIC,
    ROLE_OF,
    WALLS,
    WORD,
    Canaries,
    Put,
    fill,
    texts_of,
)
from tests.web.pages.crawl import FORMS, OUT, Crawl, Shown, name_of, shape_of, spread, words

address()
pytestmark = pytest.mark.timeout(600)
READERS = ("alice", "olga", "oda", "paul", "piotr", "mona", "finn", PUBLIC)
"""Of each role one, of organisations and parties a second of another side; and the public."""
OF_A_SHAPE = 2
"""Pages that differ in the thing alone, for one person."""
OF_A_KIND = 2
"""Pages of entries of one kind, record and wall, for all whose they are."""
NEVER = "zq99999x"
LATE = ("olga", "paul")
"""Whose keys are closed after a while."""


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
    """What everybody was shown in a world, and what was logged meanwhile.

    `told` are the entries' own pages, `fed` what the API's feed holds, `asked` the other answers of
    the API and `sent` those to forms and writes; `locked` is what was seen with keys closed.
    """

    of: Canaries
    crawls: dict[str, Crawl] = field(factory=dict)
    told: dict[tuple[str, str], Shown] = field(factory=dict)
    fed: dict[str, dict[str, dict[str, Any]]] = field(factory=dict)
    asked: dict[tuple[str, str], Shown] = field(factory=dict)
    sent: dict[tuple[str, str], Shown] = field(factory=dict)
    links: dict[str, Shown] = field(factory=dict)
    locked: dict[str, Crawl] = field(factory=dict)
    etags: list[tuple[str, str, bool, int]] = field(factory=list)
    odd: list[str] = field(factory=list)
    log: _Said = field(factory=_Said)

    def strangers(self, put: Put) -> list[str]:
        """Those who crawl and may not see some words."""
        return [who for who in READERS if not put.is_for(who)]


def _keeps_the_server(world: World, name: str) -> None:
    """As a first coordinator does."""
    from lull.store import models

    models.Member.objects.filter(pk=world.who(name).member).update(keeper=True)


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """Everybody looks at everything, and then tries what is not theirs."""
    world = fresh()
    _keeps_the_server(world, "alice")
    made = Seen(fill(world))
    loggers = [logging.getLogger(name) for name in ("", "django", "django.server", "lull")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.addHandler(made.log)
        one.setLevel(logging.DEBUG)
    for turn, who in enumerate(READERS):
        made.crawls[who] = crawl = Crawl(world, who, made.of.browsers[who])
        crawl.follow(OF_A_SHAPE, turn)
        _search(made, crawl)
    for path in made.of.links:
        made.links[path] = _shown(made.of.browsers[PUBLIC].client.get(path))
    _with_marks_of_others(made)
    _by_the_api(made)
    _one_by_one(made)
    for crawl in made.crawls.values():
        _addresses_of_others(made, crawl)
        crawl.keep()
    _with_keys_closed_later(made)
    for one, level in zip(loggers, levels, strict=True):
        one.removeHandler(made.log)
        one.setLevel(level)
    yield made
    world.store.close()


def _shown(answer: Any, without: str = "") -> Shown:
    """Which words an answer holds, but for those that were sent."""
    raw = b"".join(answer) if answer.streaming else answer.content
    gone = words(without)
    around = words(f"{answer.headers} {answer.cookies}")
    return Shown(answer.status_code, words(raw.decode("utf-8", "replace")) - gone, around,
                 answer.headers.get("Cache-Control", ""), answer.headers.get("ETag", ""))


def _search(made: Seen, crawl: Crawl) -> None:
    """Search every list for everything, and for what others have written; take out what one can."""
    foreign = sorted(made.of.words - made.of.may_see(crawl.who))[7::97]
    for n, (path, page) in enumerate(list(crawl.shown.items())):
        if page.status != 200 or "?" in path or path not in crawl.lists:
            continue
        if foreign:
            word = foreign[n % len(foreign)]
            if crawl.search(path, word) != crawl.search(path, NEVER):
                made.odd.append(f"{crawl.who}: {shape_of(path)} answers for {word}")
    for path in crawl.tables:
        crawl.take(f"{path} taken out", crawl.browser.send(path, {"act": "csv"}))


def _with_marks_of_others(made: Seen) -> None:
    """Ask for pages as a browser does that has them: from somebody else, and its own."""
    paths = dict.fromkeys(path for crawl in made.crawls.values()
                          for path, page in crawl.shown.items() if page.etag and "?" not in path)
    for path in [*paths][::2]:
        marks = {}
        for who in READERS:
            answer = made.of.browsers[who].client.get(path)
            if answer.has_header("ETag"):
                marks[who] = answer.headers["ETag"]
        for who, own in marks.items():
            theirs = ", ".join(mark for whose, mark in marks.items() if whose != who)
            for mark, mine in ((theirs, False), (own, True)):
                answer = made.of.browsers[who].client.get(path, HTTP_IF_NONE_MATCH=mark)
                made.etags.append((path, who, mine, answer.status_code))
                made.crawls[who].shown[f"{path} with the mark of {mine}"] = _shown(answer)


def routes() -> list[str]:
    """Every address of the API that is asked with GET, from its own description."""
    from lull.web.api import api

    return [path.removeprefix("/api/") for path, ways in api.get_openapi_schema()["paths"].items()
            if "get" in ways]


def caller_of(made: Seen, who: str) -> Caller:
    """Somebody who asks the API in the session of their browser."""
    return Caller(made.of.world, made.of.world.tokens[who] if who else "")


def _by_the_api(made: Seen) -> None:
    """The feed for everybody; every other route for those who crawl, with what others have."""
    from lull.store import models

    for who in (*sorted(EVERYBODY), PUBLIC):
        made.fed[who] = {item["hash"]: item for item in _feed(caller_of(made, who))}
    hashes = {p.wall: p.hash for p in made.of.put if p.hash and p.writer == "oda"}
    folders = [str(row.pk) for row in models.Folder.objects.all()]
    for route in routes():
        wanted: list[dict[str, str]] = [{"entry": one} for one in hashes.values()]
        wanted = wanted if "{entry}" in route else [{}]
        if "{folder}" in route:
            wanted = [{"folder": one} for one in folders]
        if "{job}" in route:
            wanted = [{"job": str(one)} for one in made.of.jobs.values()]
        for of in wanted:
            path = route.format(pause=made.of.world.pause, **of)
            for who in READERS:
                made.asked[(who, path)] = _shown(caller_of(made, who).get(path))


def _feed(asks: Caller) -> Iterator[dict[str, Any]]:
    after, more = 0, True
    while more:
        answer = asks.get(f"pauses/{{pause}}/changes?limit=500&after={after}").json()
        after, more = answer["cursor"], answer["more"]
        yield from answer["items"]


def marks_of(content: dict[str, Any]) -> tuple[str, str, str]:
    """What is alike in entries that a page shows alike."""
    return content["kind"], str(content["payload"].get("record")), content["wall"]


def _one_by_one(made: Seen) -> None:
    """Pages of entries of each kind, record and wall: for some whose they are, and for a stranger.
    """
    opened = Counter[tuple[str, str, str]]()
    for who, crawl in made.crawls.items():
        own: dict[tuple[str, str, str], str] = {}
        for hash_, item in made.fed[who].items():
            if item["content"] and words(json.dumps(item["content"])):
                own.setdefault(marks_of(item["content"]), hash_)
        for marks, hash_ in own.items():
            opened[marks] += 1
            if opened[marks] <= OF_A_KIND:
                _entry(made, crawl, hash_)
    tried = set()
    for n, put in enumerate(made.of.put):
        strangers = made.strangers(put)
        if put.hash and strangers and (put.kind, put.record, put.wall) not in tried:
            tried.add((put.kind, put.record, put.wall))
            _entry(made, made.crawls[strangers[n % len(strangers)]], put.hash)


def _entry(made: Seen, crawl: Crawl, hash_: str) -> None:
    path = crawl.browser.address(f"@entry/{hash_}")
    if path not in crawl.shown:
        crawl.look(path)
    made.told[(crawl.who, hash_)] = crawl.shown[path]


def _addresses_of_others(made: Seen, crawl: Crawl) -> None:
    """Open addresses that stand in the history of others, and in none of one's own pages."""
    theirs = dict.fromkeys(a for other in made.crawls.values() for a in other.found)
    for path in spread(a for a in theirs if a not in crawl.found and name_of(a) != FORMS):
        if path not in crawl.shown:
            crawl.look(path)


def _with_keys_closed_later(made: Seen) -> None:
    """Forms are sent and writes tried; half an hour later, keys are closed."""
    _by_forms(made)
    _by_writes(made)
    made.of.world.clock.forward(minutes=31)
    for who in LATE:
        before = made.crawls[who]
        made.locked[who] = late = Crawl(before.world, who, before.browser)
        for path in spread(before.found):
            late.look(path)


def _by_forms(made: Seen) -> None:
    """Send every form with nothing in it, one's own and those of others."""
    everyones = list(dict.fromkeys(one for c in made.crawls.values() for one in c.forms))
    for turn, (who, crawl) in enumerate(made.crawls.items()):
        own = spread(crawl.forms)
        others = spread(one for one in everyones if one not in crawl.forms)[turn % 4::4]
        for path in (*own, *others):
            if name_of(path) in OUT | {"account", "sign_in"}:
                continue
            answer = crawl.browser.client.post(path, {
                "about": "x", "act": "write", "once": "0" * 32, "seal": crawl.seal})
            made.sent[(who, f"{path} form")] = _shown(answer)


def _by_writes(made: Seen) -> None:
    """Write, as if one knew its name, to what others have: every kind, behind every wall."""
    firsts: dict[tuple[str, str], Put] = {}
    for put in made.of.put:
        if put.about and made.strangers(put):
            firsts.setdefault((put.kind.partition(".")[0], put.wall), put)
    for n, kind in enumerate(kinds()):
        for wall in WALLS:
            put = firsts.get((kind.partition(".")[0], wall))
            if put is not None:
                strangers = [who for who in made.strangers(put) if who] or [PUBLIC]
                _try(made, strangers[n % len(strangers)], kind, put)
    for put in {p.about: p for p in made.of.put if p.kind == "protection_answer"
                and p.about.startswith("shared")}.values():
        for who in READERS:
            _try(made, who, "pause.begin", put)


def _try(made: Seen, who: str, kind: str, put: Put) -> None:
    given = {"kind": kind, "object": put.about, "part": put.part, "wall": "public", "to": [],
             "payload": record(kind)}
    answer = caller_of(made, who).post("pauses/{pause}/entries", given)
    made.sent[(who, f"{kind} on {put.wall} {put.about}")] = _shown(answer, json.dumps(given))
    found = caller_of(made, who).post("pauses/{pause}/find", {"object": put.about})
    made.sent[(who, f"find {put.about}")] = _shown(found)


def wrong_in(made: Seen, who: str, answers: dict[Any, Shown], *, keys: bool = True) -> list[str]:
    """Answers that show somebody what is not theirs to see."""
    may = made.of.may_see(who, keys=keys)
    return [f"{who or 'public'} at {at}: {sorted(one.body - may)[:5]} of "
            f"{_whose(made, one.body - may)}" for at, one in answers.items() if one.body - may]


def _whose(made: Seen, found: frozenset[str]) -> str:
    of = [p for p in made.of.put if p.words & found]
    return "; ".join(f"{p.writer} {p.kind} {p.wall} for {','.join(sorted(p.readers))}"
                     for p in of[:2])


def test_every_kind_of_entry_is_written_behind_each_wall_with_a_word_in_every_text(seen: Seen
                                                                                   ) -> None:
    by_hand = [kind for kind in kinds() if kind not in BY_THE_SERVER]
    behind = {(p.kind, p.record, p.wall) for p in seen.of.put}
    assert [(kind, record, wall) for kind in by_hand for record in kinds()[kind] for wall in WALLS
            if (kind, record, wall) not in behind] == []
    carried = {record for kind in by_hand for record in kinds()[kind]}
    assert carried | BY_THE_SERVER == set(RECORDS)
    assert [(wall, path) for record in sorted(carried) for path in sorted(texts_of(record))
            for wall in WALLS if (wall, path) not in seen.of.filled] == []
    assert len(by_hand) > len(TABLES) * 5
    for who in READERS:
        assert len(seen.of.words - seen.of.may_see(who)) > 100, who
    assert {ROLE_OF.get(who, "") for who in READERS} == {*ROLE_OF.values(), ""}
    assert {ROLE_OF[who] for who in READERS if who in LANGUAGES} >= {
        "organisation", "party", "field_clerk"}


@pytest.mark.parametrize("who", [*sorted(EVERYBODY), PUBLIC], ids=lambda who: who or "public")
def test_the_feed_holds_every_word_that_one_may_see_and_no_other(seen: Seen, who: str) -> None:
    in_entries = frozenset().union(*(p.words for p in seen.of.put if p.hash))
    fed = words(json.dumps(list(seen.fed[who].values())))
    assert sorted(fed - seen.of.may_see(who)) == []
    assert sorted((seen.of.may_see(who) & in_entries) - fed) == []


@pytest.mark.parametrize("who", READERS, ids=lambda who: who or "public")
def test_no_page_shows_what_is_addressed_to_others(seen: Seen, who: str) -> None:
    crawl = seen.crawls[who]
    assert wrong_in(seen, who, crawl.shown) == []
    met = {name_of(path) for path, page in crawl.shown.items() if page.status == 200}
    assert len(met) > (25 if who else 8), met
    refused = [p for p in crawl.shown.values() if p.status in (302, 303, 403, 404)]
    assert len(refused) > (3 if who == "alice" else 10)
    assert {p.status for p in crawl.shown.values()} <= {200, 204, 302, 303, 304, 403, 404, 405}


def test_every_page_that_there_is_was_shown_to_somebody(seen: Seen) -> None:
    from lull.web.pages.urls import PAGES

    met = {name_of(path) for crawl in seen.crawls.values() for path, page in crawl.shown.items()
           if page.status in (200, 204)}
    leading_on = {"home", "export"}  # to what is due, and to the form by which a file is taken
    assert sorted({one.name for one in PAGES} - OUT - leading_on - met) == []


@pytest.mark.parametrize("who", READERS, ids=lambda who: who or "public")
def test_what_is_theirs_is_shown_to_them_so_that_a_leak_would_be_seen(seen: Seen, who: str) -> None:
    mine = [p for p in seen.of.put if p.is_for(who)]
    pages = {marks_of(seen.fed[who][h]["content"]): (h, page)
             for (name, h), page in seen.told.items()
             if name == who and seen.fed[who].get(h, {}).get("content")}
    assert [marks for marks, (h, page) in pages.items()
            if not words(json.dumps(seen.fed[who][h])) <= page.body] == []
    assert {p.wall for p in mine} >= ({"public", "sealed"} if who else {"public"})
    for kind in ("folder", "addressee"):
        theirs = frozenset().union(*(p.words for p in mine if p.kind == kind))
        assert bool(theirs & seen.crawls[who].words) is bool(theirs), kind
    met = seen.of.may_see(who) & seen.crawls[who].words
    assert len(met) > len(seen.of.may_see(who)) / 3


def test_an_entry_of_every_kind_was_shown_whole_to_somebody_whose_it_is(seen: Seen) -> None:
    shown = {(p.kind, p.record, p.wall) for p in seen.of.put for who in READERS
             if p.is_for(who) and (who, p.hash) in seen.told
             and p.words <= seen.told[(who, p.hash)].body}
    wanted = {(p.kind, p.record, p.wall) for p in seen.of.put
              if p.about and any(map(p.is_for, READERS))}
    assert sorted(wanted - shown) == []


def test_who_may_not_read_an_entry_is_told_that_there_is_none_or_nothing_of_what_it_says(
    seen: Seen
) -> None:
    foreign = [(who, p, seen.told[(who, p.hash)]) for p in seen.of.put for who in READERS
               if p.hash and (who, p.hash) in seen.told and not p.is_for(who)]
    assert len({(p.kind, p.wall) for _, p, _ in foreign}) > 100
    assert [(who, p.kind) for who, p, page in foreign if page.body & p.words] == []


@pytest.mark.parametrize("who", READERS, ids=lambda who: who or "public")
def test_no_route_of_the_api_tells_what_is_addressed_to_others(seen: Seen, who: str) -> None:
    mine = {at: one for (name, at), one in seen.asked.items() if name == who}
    assert wrong_in(seen, who, mine) == []
    assert len(mine) > 30
    assert {one.status for one in mine.values()} <= {200, 401, 403, 404}
    assert any(one.status == 200 and one.body for one in mine.values())


@pytest.mark.parametrize("who", READERS, ids=lambda who: who or "public")
def test_no_answer_to_a_form_or_a_write_repeats_what_is_addressed_to_others(seen: Seen, who: str
                                                                            ) -> None:
    mine = {at: one for (name, at), one in seen.sent.items() if name == who}
    assert wrong_in(seen, who, mine) == []
    statuses = {one.status for one in mine.values()}
    assert statuses & {401, 403, 404, 409, 422}
    assert 500 not in statuses


def test_no_address_title_header_or_cookie_holds_a_word_of_the_ledger_not_even_ones_own(
    seen: Seen
) -> None:
    everything = [(crawl.who, path, page) for crawl in (*seen.crawls.values(),
                                                        *seen.locked.values())
                  for path, page in crawl.shown.items()]
    everything += [(who, at, one) for (who, at), one in (seen.asked | seen.sent).items()]
    assert len(everything) > 1_000
    assert [(who, at, sorted(one.around)[:3]) for who, at, one in everything if one.around] == []


def test_nothing_that_is_shown_may_be_kept_by_anything_on_the_way(seen: Seen) -> None:
    answers = [(who, at, one) for (who, at), one in (seen.asked | seen.sent).items()]
    answers += [(crawl.who, at, one) for crawl in seen.crawls.values()
                for at, one in crawl.shown.items()]
    assert [(who, at, one.caching) for who, at, one in answers if one.caching != "no-store"] == []


def test_a_mark_of_another_side_s_page_never_stands_for_one_s_own(seen: Seen) -> None:
    assert {(mine, status) for *_, mine, status in seen.etags} == {(True, 304), (False, 200)}
    assert len({path for path, *_ in seen.etags}) > 4
    assert {who for _, who, *_ in seen.etags} == set(READERS)


def test_no_search_tells_whether_a_word_of_others_is_there(seen: Seen) -> None:
    assert seen.odd == []
    asked = [path for crawl in seen.crawls.values() for path in crawl.shown if " searched" in path]
    assert len(asked) > 4 * len(READERS)


def test_a_link_to_confirm_shows_its_letter_and_nothing_else(seen: Seen) -> None:
    assert seen.links
    for path, page in seen.links.items():
        assert page.status == 200
        assert page.body
        assert page.body <= seen.of.links[path]


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
        assert wrong_in(seen, crawl.who, crawl.shown, keys=False) == []
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
    public = seen.of.may_see(PUBLIC)
    files = [path for path in folder().iterdir() if path.is_file()]
    for path in files:
        found = {word.decode() for word in re.findall(WORD.pattern.encode(), path.read_bytes())}
        assert found <= public, path.name
    assert any(path.stat().st_size > 1_000_000 for path in files)
