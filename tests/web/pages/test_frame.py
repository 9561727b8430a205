"""What holds for every page: who comes in, what a browser may do, what an address tells."""

from __future__ import annotations

import gzip
import re
from io import BytesIO
from urllib.parse import urlencode

import pytest

from lull.domain.protocol import TABLES
from lull.domain.records import WITHOUT_STATES, kinds
from lull.domain.rights import WRITTEN_BY_THE_SERVER
from lull.web.pages.sections import SECTIONS
from tests.store.kit import World, words_of
from tests.web.pages.kit import Browser

PLACES = [f"@{s.name}" if s.name != "chart" else "@map" for s in SECTIONS]
PEOPLE = ["alice", "olga", "paul", "mona", "fred"]


def test_who_has_not_signed_in_is_sent_to_the_door_and_then_on(world: World) -> None:
    nobody = Browser(world)
    answer = nobody.get("@due")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=/p/")
    sent = nobody.client.post("/sign-in", {"login": "alice", "passphrase": words_of("alice"),
                                           "next": nobody.address("@due")})
    assert sent["Location"] == nobody.address("@due")


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example",
                                   "/\\elsewhere",
                                   "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(world: World, there: str) -> None:
    sent = Browser(world).client.post("/sign-in", {
        "login": "alice", "passphrase": words_of("alice"), "next": there})
    assert sent["Location"] == "/"


def test_a_wrong_passphrase_is_told_and_does_not_say_which_of_the_two_is_wrong(world: World
                                                                               ) -> None:
    nobody = Browser(world)
    known = nobody.client.post("/sign-in", {"login": "alice", "passphrase": "wrong words here"})
    unknown = nobody.client.post("/sign-in", {"login": "alicia", "passphrase": "wrong words here"})
    assert known.status_code == unknown.status_code == 422
    assert "wrong words here" not in known.content.decode()
    said = [re.search(r'role="alert">(.*?)<', a.content.decode())[1]  # type: ignore[index]
            for a in (known, unknown)]
    assert said[0] == said[1]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(world: World) -> None:
    kept = Browser(world, "alice").client.cookies["lull-session"]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert kept["path"] == "/"


def test_over_tls_the_cookie_is_for_tls_alone(world: World) -> None:
    nobody = Browser(world)
    answer = nobody.client.post("/sign-in", {"login": "alice", "passphrase": words_of("alice")},
                                secure=True)
    assert answer.cookies["lull-session"]["secure"]
    assert "max-age" in answer["Strict-Transport-Security"]


def test_behind_a_server_that_does_tls_the_cookie_is_for_tls_alone(world: World) -> None:
    from lull.web.application import Application

    said: list[tuple[str, str]] = []
    environ = Browser(world).client._base_environ(
        PATH_INFO="/sign-in", REQUEST_METHOD="POST",
        CONTENT_TYPE="application/x-www-form-urlencoded")
    body = urlencode({"login": "alice", "passphrase": words_of("alice")}).encode()
    environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    Application(world.store, behind_tls=True)(environ, lambda _, headers: said.extend(headers))
    cookies = [value for name, value in said if name == "Set-Cookie"]
    assert len(cookies) == 1
    assert "Secure" in cookies[0]


def test_signing_out_ends_the_session_and_not_only_the_cookie(world: World) -> None:
    alice = Browser(world, "alice")
    token = alice.client.cookies["lull-session"].value
    assert alice.send("/sign-out", form="@due").status_code == 303
    alice.client.cookies["lull-session"] = token
    assert alice.get("@due").status_code == 302


def test_a_form_without_the_seal_of_its_session_does_nothing(world: World) -> None:
    alice = Browser(world, "alice")
    answer = alice.client.post(alice.address("@write/statement"), {"about": "S1", "wall": "public"})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()
    other = Browser(world, "adam")
    seal = re.search(r'name="seal" value="(\w+)"', other.text("@due"))
    assert seal
    answer = alice.client.post("/sign-out", {"seal": seal[1]})
    assert answer.status_code == 403
    assert alice.get("@due").status_code == 200


@pytest.mark.parametrize("header", [{"HTTP_ORIGIN": "https://elsewhere.example"},
                                    {"HTTP_SEC_FETCH_SITE": "cross-site"}])
def test_a_form_of_another_site_does_nothing_even_with_a_seal(world: World, header: dict[str, str]
                                                              ) -> None:
    alice = Browser(world, "alice")
    assert alice.send("/sign-out", form="@due", **header).status_code == 403
    assert alice.get("@due").status_code == 200


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_forbids_what_it_does_not_need_and_holds_no_script_or_style(world: World,
                                                                               name: str) -> None:
    browser = Browser(world, name)
    shown = 0
    for path in ["/", "/account", *PLACES]:
        answer = browser.get(path)
        if answer.status_code != 200:
            assert answer.status_code in (303, 403, 404), path
            continue
        shown += 1
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        page = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page)
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page)
    assert shown > 10


@pytest.mark.parametrize("name", PEOPLE)
def test_what_stands_in_the_navigation_can_be_opened(world: World, name: str) -> None:
    browser = Browser(world, name)
    nav = re.search(r'<nav class="rooms".*?</nav>', browser.text("@due"), re.DOTALL)
    assert nav
    links = re.findall(r'href="([^"]+)"', nav[0])
    assert len(links) > 5
    for link in links:
        assert browser.client.get(link).status_code == 200, link


def test_a_pause_in_which_one_does_not_sit_is_not_there(world: World) -> None:
    browser = Browser(world, "alice")
    answer = browser.client.get("/p/00000000-0000-4000-8000-000000000000/due")
    assert answer.status_code == 404
    assert "Nothing here is yours" in answer.content.decode()


def test_an_address_that_is_none_has_a_page_of_its_own_and_the_api_its_own_answer(world: World
                                                                                  ) -> None:
    browser = Browser(world, "alice")
    page = browser.client.get("/nowhere")
    assert page.status_code == 404
    assert "<h1>" in page.content.decode()
    assert browser.client.get("/api/nowhere").json()["error"] == "not_there"


def test_no_address_and_no_title_of_a_page_tells_the_name_of_a_thing(world: World) -> None:
    sides = ("ocha", "crescent")
    world.write("olga", "notification.draft", "CANARY-NAME", wall="sealed", to=sides)
    browser = Browser(world, "olga")
    page = browser.text("@list/notification")
    assert "CANARY-NAME" in page
    links = [link for link in re.findall(r'href="([^"]+)"', page) if "/of/" in link]
    assert links
    assert not any("CANARY" in link for link in links)
    inside = browser.client.get(links[0]).content.decode()
    assert "CANARY-NAME" in inside
    for text in (page, inside):
        title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
        assert title
        assert "CANARY" not in title[1]
        assert not any("CANARY" in link for link in re.findall(r'(?:href|action)="([^"]+)"', text))


def test_the_tag_of_one_pause_or_table_opens_nothing_in_another(world: World) -> None:
    world.write("olga", "delivery.plan", "W1")
    browser = Browser(world, "alice")
    link = re.search(r'href="([^"]+/of/delivery/(\w+))"', browser.text("@list/delivery"))
    assert link
    assert browser.client.get(link[1]).status_code == 200
    assert browser.get(f"@of/incident/{link[2]}").status_code == 404
    assert browser.get("@of/delivery/0000").status_code == 404


@pytest.mark.parametrize("name", ["alice", "olga", "paul", "mona", "fred"])
def test_every_kind_of_entry_has_a_form_for_whoever_may_write_it(world: World, name: str) -> None:
    browser = Browser(world, name)
    seat = world.seat(name)
    from lull.web.pages.act import ELSEWHERE
    from lull.web.pages.room import Room

    room = Room(world.store, seat)
    opened = 0
    for kind in kinds():
        answer = browser.get(f"@write/{kind}")
        if kind in (*ELSEWHERE, *WRITTEN_BY_THE_SERVER):
            assert answer.status_code == 404, kind
            continue
        assert answer.status_code == (200 if room.may_write(kind) else 403), kind
        opened += answer.status_code == 200
    assert opened > 5


@pytest.mark.parametrize("table", [*TABLES, *WITHOUT_STATES])
def test_every_list_says_that_there_is_nothing_yet(world: World, table: str) -> None:
    assert "nothing" in Browser(world, "alice").text(f"@list/{table}")


def test_what_is_written_by_a_form_stands_in_the_ledger_and_is_written_once(world: World) -> None:
    alice = Browser(world, "alice")
    given = {"about": "people out", "wall": "public", "f.reference": "C1", "f.version": "1",
             "f.about": "people out", "f.value": "٨٠٠٠", "f.unit": "persons",
             "f.claimed_by": "Party A", "f.claimed_at": "2016-10-20T15:00", "zone": "local",
             "f.source": "statement", "once": "a" * 32}
    first = alice.send("@write/claimed_figure", given)
    again = alice.send("@write/claimed_figure", given)
    assert first.status_code == again.status_code == 303
    assert first["Location"] == again["Location"]
    found = [k.content for k in world.store.own.view(world.pause).known.values()
             if k.content and k.content.kind == "claimed_figure"]
    assert len(found) == 1
    assert found[0].payload["value"] == "8000"
    assert found[0].payload["claimed_at"] == "2016-10-20T15:00:00Z"
    assert alice.client.get(first["Location"]).status_code == 200


def test_every_error_of_a_form_stands_at_its_field_and_what_was_filled_in_stays(world: World
                                                                                ) -> None:
    alice = Browser(world, "alice")
    answer = alice.send("@write/claimed_figure", {
        "about": "people out", "wall": "public", "f.reference": "C1", "f.version": "1",
        "f.about": "people out", "f.value": "many", "f.unit": "persons", "f.claimed_by": "Party A"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for path in ("f-value", "f-claimed_at"):
        assert f'id="{path}-wrong"' in page
        assert f'href="#{path}"' in page
    assert 'value="many"' in page
    assert "Nothing was written" in page


def test_one_more_group_is_offered_without_anything_being_written(world: World) -> None:
    alice = Browser(world, "alice")
    answer = alice.send("@write/notification.draft", {
        "about": "N9", "f.vehicles.count": "1", "f.vehicles.1.type": "bus",
        "more": "f.vehicles"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="f.vehicles.2.type"' in page
    assert 'value="bus"' in page
    assert "Nothing was written" not in page


def test_a_step_that_may_not_follow_is_told_with_the_side_at_fault(world: World) -> None:
    olga = Browser(world, "olga")
    world.write("olga", "delivery.plan", "W1")
    tag = re.search(r"/of/delivery/(\w+)", olga.text("@list/delivery"))
    assert tag
    answer = olga.send(f"@write/delivery.plan?thing={tag[1]}", {
        "wall": "restricted", "f.reference": "W1"})
    assert answer.status_code in (409, 422)


def test_times_are_shown_in_the_zone_of_the_pause_with_utc_beside_them(world: World) -> None:
    span = {"start": "2016-10-20T05:00:00Z", "end": "2016-10-20T16:00:00Z",
            "time_zone": "Asia/Damascus"}
    world.write("paul", "pause.declare", "P2", windows=[span])
    page = Browser(world, "alice").text("@list/pause")
    assert "2016-10-20 15:00" in page
    assert "12:00 UTC" in page


def test_a_time_that_the_clock_skips_is_not_guessed(world: World) -> None:
    alice = Browser(world, "alice")
    alice.send("/account", {"act": "zone", "zone": "Asia/Damascus"})
    answer = alice.send("@write/statement", {
        "about": "S1", "wall": "public", "f.reference": "S1", "f.version": "1", "f.by": "Party A",
        "f.text": "x", "f.published_at": "2016-03-25T00:30", "zone": "local"})
    assert answer.status_code == 422
    assert "give this time in UTC" in answer.content.decode()


def test_after_half_an_hour_the_keys_are_closed_and_opened_again_by_the_passphrase(world: World
                                                                                ) -> None:
    olga = Browser(world, "olga")
    world.write("olga", "notification.draft", "N1", wall="sealed", to=("crescent",))
    assert "N1" in olga.text("@list/notification")
    world.clock.forward(minutes=31)
    page = olga.text("@list/notification")
    assert "Your keys are closed" in page
    assert "N1</bdi>" not in page
    assert olga.send("/unlock", {"passphrase": "not this one at all"}).status_code == 422
    assert olga.send("/unlock", {"passphrase": words_of("olga")}).status_code == 303
    assert "N1" in olga.text("@list/notification")


@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_page_says_its_language_and_the_direction_in_which_it_runs(world: World, code: str,
                                                                     direction: str) -> None:
    page = Browser(world, "alice", code).text("@due")
    assert f'<html lang="{code}" dir="{direction}">' in page


def test_files_of_the_pages_are_kept_for_good_under_the_hash_of_what_they_hold(world: World
                                                                               ) -> None:
    browser = Browser(world)
    page = browser.text("/sign-in")
    files = re.findall(r'(?:src|href|data-renews)="(/static/[^"]+)"', page)
    assert len(files) >= 4
    for name in files:
        answer = browser.client.get(name)
        assert answer.status_code == 200
        assert "immutable" in answer["Cache-Control"]
        assert answer["Vary"] == "Accept-Encoding"  # it is kept when one signs in, or out
        small = browser.client.get(name, headers={"Accept-Encoding": "gzip"})
        assert small["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.content) == answer.content
    assert browser.client.get("/static/000000000000/room.css")["Cache-Control"] == "no-cache"
    assert browser.client.get("/static/000000000000/..%2Fsecret").status_code == 404


def test_the_worker_for_a_lost_link_keeps_one_page_and_no_other(world: World) -> None:
    script = Browser(world).text("/away.js")
    kept = re.search(r"OFFLINE = '(/static/[^']+)'", script)
    assert kept
    assert "not reached" in Browser(world).text(kept[1])
    assert script.count(".add(") == 1
    assert "put(" not in script


def test_a_page_that_renews_itself_does_not_keep_keys_open_for_somebody_who_has_gone(
        world: World) -> None:
    olga = Browser(world, "olga")
    for _ in range(4):
        world.clock.forward(minutes=10)
        assert olga.get("@due", HTTP_HX_REQUEST="true").status_code == 200
    assert "Your keys are closed" in olga.text("@due")
