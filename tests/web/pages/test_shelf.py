"""Pages that many watch: as fresh as if each were made anew, and for nobody else's eyes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lull.web.pages import shelf
from tests.store.kit import World, words_of
from tests.web.pages.kit import Browser

ALL = ("ocha", "crescent", "a", "b")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were made into pages."""
    from lull.web.pages import visit

    found: list[str] = []
    real = visit.render_to_string

    def noted(template: str, *args: Any) -> str:
        found.append(template)
        return str(real(template, *args))

    monkeypatch.setattr(visit, "render_to_string", noted)
    return found


def browser(world: World, who: str, language: str = "en") -> Any:
    """A browser in which somebody has signed in."""
    from django.test import Client

    from lull.web.application import STORE

    client = Client(**{STORE: world.store})
    client.cookies["lull-language"] = language
    if who:
        done = client.post("/sign-in", {"login": who, "passphrase": words_of(who)})
        assert done.status_code == 303
    return client


def page(client: Any, world: World, name: str = "notifications", query: str = "") -> str:
    """The text of a page."""
    answer = client.get(f"/p/{world.pause}/{name}{query}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.content.decode())


def bare(text: str) -> str:
    """A page without the seals of its forms."""
    return re.sub(r'name="(seal|once)" value="\w*"', "", text)


def settled(client: Any, world: World, made: list[str], name: str = "notifications") -> None:
    """Load a page until that it was shown is written down, and it stays as it is."""
    for _ in range(3):
        page(client, world, name)
    made.clear()


def test_a_page_is_made_once_while_nothing_changes_with_a_new_seal_each_time(
    world: World, made: list[str]
) -> None:
    world.write("olga", "notification.draft", "N7", wall="sealed", to=ALL)
    alice = browser(world, "alice")
    settled(alice, world, made)
    first, second = page(alice, world), page(alice, world)
    assert made == []
    assert "N7" in first
    assert bare(first) == bare(second)
    assert first != second
    assert shelf.SEAL not in first + second
    assert shelf.ONCE not in first + second


def test_what_anybody_writes_is_on_the_page_at_once(world: World, made: list[str]) -> None:
    alice = browser(world, "alice")
    settled(alice, world, made)
    world.write("olga", "notification.draft", "N8", wall="sealed", to=ALL)
    assert "N8" in page(alice, world)
    world.write("olga", "notification.submit", "N8", wall="sealed", to=ALL)
    assert "Submitted" in page(alice, world)


def test_that_somebody_was_shown_something_makes_no_page_anew(
    world: World, made: list[str]
) -> None:
    world.write("olga", "notification.draft", "N7", wall="sealed", to=ALL)
    alice = browser(world, "alice")
    for _ in range(2):  # at first a side has no post yet that writes such things down
        for who in ("adam", "paul", "omar"):
            page(browser(world, who), world)  # that they were shown it is written down
        made.clear()
        page(alice, world)
    assert made == []
    page(browser(world, "adam"), world)
    page(alice, world)
    assert made == []


def test_members_of_a_side_share_a_page_and_that_each_was_shown_it_is_written_down(
    world: World, made: list[str]
) -> None:
    world.write("olga", "notification.draft", "N7", wall="sealed", to=ALL)
    alice, adam = browser(world, "alice"), browser(world, "adam")
    settled(alice, world, made)
    settled(adam, world, made)
    settled(alice, world, made)
    page(alice, world)
    assert bare(page(alice, world)) == bare(page(adam, world))
    assert made == []
    seen = {str(k.by) for k in world.seat("alice").who.reading_with(world.store).view(
        world.pause).known.values() if k.content is not None and k.content.kind == "disclosure"}
    assert seen >= {str(world.who(one).member) for one in ("alice", "adam")}


@pytest.mark.parametrize("stranger", ["oda", "piotr", "mona", "finn", "paul"])
def test_a_kept_page_is_never_shown_to_who_may_read_less(
    world: World, made: list[str], stranger: str
) -> None:
    world.write("olga", "notification.draft", "CANARY", wall="sealed", to=("ocha", "crescent"))
    olga, alice = browser(world, "olga"), browser(world, "alice")
    for one in (olga, alice):
        settled(one, world, made)
        assert "CANARY" in page(one, world)
    assert "CANARY" not in page(browser(world, stranger), world)


def test_each_language_query_and_time_zone_has_a_page_of_its_own(
    world: World, made: list[str]
) -> None:
    world.write("olga", "notification.draft", "N7", wall="sealed", to=ALL)
    world.write("olga", "notification.draft", "N9", wall="sealed", to=ALL)
    world.write("olga", "notification.submit", "N9", wall="sealed", to=ALL)
    alice = browser(world, "alice")
    whole = page(alice, world)
    assert "N7" not in page(alice, world, query="?state=submitted")
    alice.cookies["lull-language"] = "ar"
    assert 'dir="rtl"' in page(alice, world)
    alice.cookies["lull-language"] = "en"
    alice.cookies["lull-zone"] = "Asia/Damascus"
    assert "Asia/Damascus" in page(alice, world)
    assert "Asia/Damascus" not in whole


def test_a_page_is_made_again_when_a_minute_has_passed(world: World, made: list[str]) -> None:
    alice = browser(world, "alice")
    settled(alice, world, made)
    page(alice, world)
    assert made == []
    world.clock.forward(minutes=1)
    page(alice, world)
    assert made == ["room/notifications.html"] or len(made) == 1


def test_after_signing_out_nothing_is_kept_for_a_session(world: World) -> None:
    alice = browser(world, "alice")
    page(alice, world)
    readers = [held.reader for held in world.store.keyring._held.values()]
    text = page(alice, world)
    seal = re.search(r'name="seal" value="(\w+)"', text)
    assert seal is not None
    assert alice.post("/sign-out", {"seal": seal[1]}).status_code == 303
    assert readers
    assert all(not reader.shelf for reader in readers)
    assert alice.get(f"/p/{world.pause}/notifications").status_code in (302, 303)


def test_no_session_keeps_more_than_a_few_pages(world: World) -> None:
    public = browser(world, "")
    for at in range(shelf.MOST_KEPT + 5):
        page(public, world, "statements", f"?x={at}")
    assert len(world.store.own.shelf) <= shelf.MOST_KEPT
    page(public, world, "statements", "?x=" + "y" * 200)


@pytest.mark.parametrize("name", sorted(shelf.WATCHED))
def test_a_page_that_is_kept_does_not_depend_on_whose_session_it_is(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write("olga", "notification.draft", "N7", wall="sealed", to=ALL)
    world.write("mona", "incident.allege", "I1")
    world.write("olga", "delivery.plan", "W1")
    olga, omar = browser(world, "olga"), browser(world, "omar")
    for one in (olga, omar):
        page(one, world, name)
    monkeypatch.setattr(shelf, "WATCHED", frozenset())
    assert bare(page(olga, world, name)) == bare(page(omar, world, name))


def test_no_kept_page_holds_what_was_destroyed(world: World) -> None:
    from lull.store.write import destroy

    entry = world.write("olga", "notification.draft", "CANARY", wall="sealed",
                        to=("ocha", "crescent"))
    watching = [Browser(world, name) for name in ("olga", "omar", "alice")]
    for browser in watching:
        assert "CANARY" in browser.text("@notifications")
    readers = [world.store.own, *(held.reader for held in world.store.keyring._held.values())]
    assert any("CANARY" in kept.html for r in readers for kept in r.shelf.values())
    destroy(world.store, world.seat("olga"), entry.hash)
    assert not any("CANARY" in kept.html for r in readers for kept in r.shelf.values())


def test_a_page_that_was_being_made_while_something_was_destroyed_is_not_kept(
        world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from lull.store.write import destroy
    from lull.web.pages import visit

    entry = world.write("olga", "notification.draft", "CANARY", wall="sealed",
                        to=("ocha", "crescent"))
    omar = Browser(world, "omar")
    render = visit.render_to_string

    def meanwhile(*how: Any) -> str:
        html = render(*how)
        monkeypatch.setattr(visit, "render_to_string", render)
        destroy(world.store, world.seat("olga"), entry.hash)
        return html

    monkeypatch.setattr(visit, "render_to_string", meanwhile)
    assert "CANARY" in omar.text("@notifications"), "it was asked for before"
    readers = [world.store.own, *(held.reader for held in world.store.keyring._held.values())]
    assert not any("CANARY" in kept.html for r in readers for kept in r.shelf.values())
    assert "CANARY" not in omar.text("@notifications")


def version(client: Any, world: World, name: str = "notifications") -> str:
    """The version of the page that a browser shows."""
    answer = client.get(f"/p/{world.pause}/{name}")
    assert answer.status_code == 200
    return str(answer.headers["ETag"])


def renewed(client: Any, world: World, shown: str, name: str = "notifications") -> Any:
    """The answer to a browser that says which version it shows."""
    return client.get(f"/p/{world.pause}/{name}", headers={"If-None-Match": shown})


def test_a_browser_that_shows_the_page_as_it_is_gets_no_more_than_that(world: World) -> None:
    world.write("olga", "notification.draft", "N7", wall="sealed", to=ALL)
    alice = browser(world, "alice")
    page(alice, world)
    answer = renewed(alice, world, version(alice, world))
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert renewed(alice, world, 'W/"0123456789abcdef"').status_code == 200


def test_a_version_tells_nothing_of_what_its_page_holds(world: World) -> None:
    world.write("olga", "notification.draft", "N7", wall="sealed", to=ALL)
    alice = browser(world, "alice")
    page(alice, world)
    one = version(alice, world)
    world.store.own.shared.clear()
    for held in world.store.keyring._held.values():
        held.reader.shelf.clear()
    assert one != version(alice, world)


def test_whoever_writes_and_every_minute_makes_a_new_version(world: World) -> None:
    alice = browser(world, "alice")
    page(alice, world)
    shown = version(alice, world)
    world.write("olga", "notification.draft", "N8", wall="sealed", to=ALL)
    answer = renewed(alice, world, shown)
    assert answer.status_code == 200
    assert "N8" in answer.content.decode()
    shown = version(alice, world)
    assert renewed(alice, world, shown).status_code == 304
    world.clock.forward(minutes=1)
    assert renewed(alice, world, shown).status_code == 200


@pytest.mark.parametrize("stranger", ["oda", "piotr", "mona", "finn", "paul", ""])
def test_a_version_that_others_see_opens_nothing_to_a_stranger(
    world: World, stranger: str
) -> None:
    world.write("olga", "notification.draft", "CANARY", wall="sealed", to=("ocha", "crescent"))
    olga, omar = browser(world, "olga"), browser(world, "omar")
    for one in (olga, omar):
        page(one, world)
    shown = version(olga, world)
    assert renewed(omar, world, shown).status_code == 304  # a member of the same side sees it, too
    answer = renewed(browser(world, stranger), world, shown)
    assert answer.status_code == (200 if stranger else 302)
    assert "CANARY" not in answer.content.decode()


def test_no_version_holds_for_who_has_signed_out_or_has_no_seat_or_no_keys(world: World) -> None:
    from lull.store import models

    world.write("olga", "notification.draft", "CANARY", wall="sealed", to=("ocha", "crescent"))
    olga, omar, alice = (browser(world, who) for who in ("olga", "omar", "alice"))
    shown = {}
    for one in (olga, omar, alice):
        page(one, world)
        shown[one] = version(one, world)
        assert renewed(one, world, shown[one]).status_code == 304
    models.Session.objects.filter(member_id=world.who("olga").member).delete()
    assert renewed(olga, world, shown[olga]).status_code == 302
    models.Seat.objects.filter(member_id=world.who("omar").member).delete()
    assert renewed(omar, world, shown[omar]).status_code == 404
    world.store.keyring.drop_member(world.who("alice").member)
    answer = renewed(alice, world, shown[alice])
    assert answer.status_code == 200
    assert "CANARY" not in answer.content.decode()


def test_no_version_holds_once_something_that_it_shows_was_destroyed(world: World) -> None:
    from lull.store.write import destroy

    entry = world.write("olga", "notification.draft", "CANARY", wall="sealed",
                        to=("ocha", "crescent"))
    alice = browser(world, "alice")
    assert "CANARY" in page(alice, world)
    shown = version(alice, world)
    destroy(world.store, world.seat("olga"), entry.hash)
    answer = renewed(alice, world, shown)
    assert answer.status_code == 200
    assert "CANARY" not in answer.content.decode()


def two_at_once(world: World, made: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a coordinator and another of the same side see who ask while the page is being made."""
    from threading import Event, Thread

    from django.db import connections

    from lull.web.pages import visit

    alice, adam = browser(world, "alice"), browser(world, "adam")
    for one in (alice, adam, alice):
        settled(one, world, made)
    world.clock.forward(minutes=1)
    asked, seen = Event(), []
    real_find, real_render = shelf.Place.find, visit.render_to_string

    def adam_asks() -> None:
        seen.append(page(adam, world))
        connections.close_all()

    thread = Thread(target=adam_asks)

    def find(place: Any, visiting: Any) -> Any:
        found = real_find(place, visiting)
        if found is None and thread.ident is not None:
            asked.set()
        return found

    def render(*how: Any) -> str:
        if thread.ident is None:
            thread.start()
            assert asked.wait(30)
            if shelf.LONGEST_WAIT_SECONDS == 0:
                thread.join(30)
        return str(real_render(*how))

    monkeypatch.setattr(shelf.Place, "find", find)
    monkeypatch.setattr(visit, "render_to_string", render)
    seen.append(page(alice, world))
    thread.join(30)
    return seen


def test_who_asks_while_a_page_is_being_made_waits_for_it(
    world: World, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = two_at_once(world, made, monkeypatch)
    assert len(made) == 1
    assert len(seen) == 2
    assert bare(seen[0]) == bare(seen[1])


def test_who_has_waited_too_long_makes_the_page_alone(
    world: World, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "LONGEST_WAIT_SECONDS", 0)
    seen = two_at_once(world, made, monkeypatch)
    assert len(made) == 2
    assert len(seen) == 2
    assert bare(seen[0]) == bare(seen[1])


def test_what_is_due_renews_itself_with_its_part_and_says_what_it_shows(world: World) -> None:
    olga = browser(world, "olga")
    whole = page(olga, world, "due")
    said = re.search(r"""hx-headers='\{"If-None-Match": "W/\\"(\w+)\\""\}'""", whole)
    assert said is not None
    assert shelf.VERSION not in whole
    part = olga.get(f"/p/{world.pause}/due", headers={"HX-Request": "true"})
    assert "<h1>" in whole
    assert "<h1>" not in part.content.decode()
    assert 'id="now"' in part.content.decode()
    again = olga.get(f"/p/{world.pause}/due", headers={
        "HX-Request": "true", "If-None-Match": part.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
