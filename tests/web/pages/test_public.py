"""What is public of every pause is read without an account, and nothing else of any."""

from __future__ import annotations

import pytest

from lull.store.accounts import make_pause
from lull.web.pages import public
from tests.store.kit import NOON, World
from tests.web.pages.kit import Browser
from tests.web.pages.test_report import corridor, told_apart

SPAN = {"start": "2016-10-20T05:00:00Z", "end": "2016-10-20T16:00:00Z",
        "time_zone": "Asia/Damascus"}
KEPT = ("P-kept", "Not yet announced", "Souk", "Harbour road", "Mill road", "N1", "3fa9c2d1")


def said(world: World) -> None:
    """One public notice and corridor, and others that are not."""
    told_apart(world)
    world.write("paul", "pause.declare", "P-open", title="Quiet hours for all", windows=[SPAN],
                corridors=["Castello"])
    world.write("paul", "pause.declare", "P-kept", wall="restricted", title="Not yet announced")
    world.write("paul", "pause.declare", "P-kept too", wall="sealed", to=("ocha",),
                title="Not yet announced")
    corridor(world, "Castello", "public")
    corridor(world, "Souk", "restricted")


@pytest.mark.parametrize("path", ["/public", "/sign-in"])
@pytest.mark.parametrize("name", ["", "alice", "paul", "mona"])
def test_it_is_the_same_for_whoever_asks_and_holds_the_public_part_alone(
        world: World, path: str, name: str) -> None:
    said(world)
    page = Browser(world, name).text(path)
    for shown in ("Quiet hours for all", "Castello", "2016-10-20 08:00", "2016-10-20 19:00",
                  "Asia/Damascus", "Declared", f"/p/{world.pause}/report"):
        assert shown in page, shown
    for kept in KEPT:
        assert kept not in page, kept


def test_where_nothing_is_public_it_says_so_and_names_no_pause(world: World) -> None:
    world.write("paul", "pause.declare", "P-kept", wall="restricted", title="Not yet announced")
    for path in ("/public", "/sign-in"):
        page = Browser(world).text(path)
        assert "No pause has been made public" in page
        assert str(world.pause) not in page
        assert "Aleppo" not in page


def test_it_is_said_in_arabic(world: World) -> None:
    said(world)
    for path in ("/public", "/sign-in"):
        page = Browser(world, "", "ar").text(path)
        assert 'dir="rtl"' in page
        assert "الهدن العلنية" in page
        assert "Public pauses" not in page
        assert "<bdi>Quiet hours for all</bdi>" in page


def test_what_is_said_anew_is_there_at_once_and_what_is_over_stands_last(world: World) -> None:
    said(world)
    other = make_pause(world.store, "Homs", world.who("alice"))
    before = Browser(world).text("/public")
    assert str(other.id) not in before
    from lull.store.principal import seated
    from lull.store.write import Wish, write
    from tests.store.kit import record

    write(world.store, seated(other.id, world.who("alice")), Wish(
        "pause.declare", "P-homs", record("pause.declare", title="Hours of Homs"), "public"))
    page = Browser(world).text("/public")
    assert page.index("Hours of Homs") < page.index("Quiet hours for all")
    write(world.store, seated(other.id, world.who("alice")), Wish(
        "pause.withdraw", "P-homs", record("pause.withdraw", title="Hours of Homs"), "public"))
    page = Browser(world).text("/public")
    assert page.index("Hours of Homs") > page.index("Quiet hours for all")


def test_who_could_not_sign_in_still_reads_it(world: World) -> None:
    said(world)
    world.clock.at = NOON
    answer = Browser(world).client.post("/sign-in", {"login": "nobody", "passphrase": "x" * 20})
    assert answer.status_code in (403, 422)
    if answer.status_code == 422:
        assert "Quiet hours for all" in answer.content.decode()


def test_a_damaged_pause_keeps_nobody_from_signing_in(world: World,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    from lull.store.rows import Damaged

    def damaged(*_: object) -> None:
        raise Damaged("The store is damaged.")

    monkeypatch.setattr(public, "_known", damaged)
    assert Browser(world).get("/sign-in").status_code == 200
    assert Browser(world, "alice").get("@due").status_code == 200
