"""The page of readiness: cells that speak for themselves, taps, questions, go and no-go."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lull.domain.records.readiness import Question
from tests.store.kit import World
from tests.web.pages import november
from tests.web.pages.kit import Browser
from tests.web.pages.test_notice import plain

CELL = re.compile(r'<td id="cell-(\w+)" class="cell (\w+)" data-name="([^"]+)">(.*?)</td>',
                  re.DOTALL)


@pytest.fixture
def told(world: World) -> World:
    november.notice(world)
    november.matrix(world)
    return world

TURNED = (("alice", "Operations room"), ("paul", "Local command"), ("fred", "Checkpoint on shift"))
"""Who says yes at a level where their side has not said it yet, until all of them do."""


def cells(browser: Browser) -> dict[str, tuple[str, str, str]]:
    """Level to tag, look and what stands in the cell, of the only row."""
    found = CELL.findall(browser.text("@readiness"))
    assert len(found) % 4 == 0
    return {level: (tag, look, inside) for tag, look, level, inside in found[:4]}


def tap(browser: Browser, level: str, event: str, **fields: Any) -> Any:
    """What comes of a tap."""
    tag = cells(browser)[level][0]
    where = re.search(r'<form [^>]*action="([^"]+/readiness/[^"]+)"',
                      browser.text("@readiness"))
    assert where
    return browser.send(where[1], {"tap": f"{event}:{tag}", "wall": "public", **fields})


def test_a_yes_above_never_turns_a_no_below(told: World) -> None:
    found = cells(Browser(told, "alice"))
    assert {level: look for level, (_, look, _) in found.items()} == {
        "Capital": "ready", "Operations room": "none", "Local command": "revoked",
        "Checkpoint on shift": "not_ready"}
    assert "nobody has said" in found["Operations room"][2]
    assert "on shift" in found["Capital"][2]
    assert "Party A" in found["Capital"][2]
    assert "2016-11-04 07:00" in found["Capital"][2]
    paul = Browser(told, "paul")
    assert tap(paul, "Capital", "revoke").status_code == 303
    assert tap(paul, "Capital", "confirm").status_code == 303
    assert cells(paul)["Checkpoint on shift"][1] == "not_ready"


def test_what_an_observer_denied_stands_beside_what_a_party_confirms(told: World) -> None:
    mona, piotr = Browser(told, "mona"), Browser(told, "piotr")
    assert tap(mona, "Operations room", "deny").status_code == 303
    assert tap(piotr, "Operations room", "confirm").status_code == 303
    for name in ("alice", "mona", "paul", "fred"):
        _, look, inside = cells(Browser(told, name))["Operations room"]
        assert look == "contested"
        assert "said differently" in inside
        assert "Not ready" in plain(inside)
        assert "Watch" in inside
        assert "Party B" in inside
    text = plain(Browser(told, "alice").text("@readiness"))
    assert re.search(r"Operations room: .*Not ready \( ?Watch ?\)", text)


def test_each_side_takes_back_its_own_word_and_no_other(told: World) -> None:
    piotr, paul = Browser(told, "piotr"), Browser(told, "paul")
    assert tap(piotr, "Operations room", "confirm").status_code == 303
    assert "revoke:" not in cells(paul)["Operations room"][2]
    assert "revoke:" in cells(piotr)["Operations room"][2]
    refused = tap(paul, "Operations room", "revoke")
    assert refused.status_code == 409
    assert cells(paul)["Operations room"][1] == "ready"
    assert tap(piotr, "Operations room", "revoke").status_code == 303
    assert cells(paul)["Operations room"][1] == "revoked"


@pytest.mark.parametrize("name", ["alice", "adam", "olga", "oda", "paul", "piotr", "mona", "fred",
                                  "finn"])
def test_whoever_sits_in_the_room_says_of_a_cell_what_they_know_by_one_tap(told: World, name: str
                                                                           ) -> None:
    browser = Browser(told, name)
    answer = tap(browser, "Operations room", "confirm")
    assert answer.status_code == 303, answer.content.decode()[:3000]
    _, look, inside = cells(browser)["Operations room"]
    assert look == "ready"
    assert told.seat(name).who.side_name in inside
    assert "2016-11-04 08:00" in inside


def test_the_public_has_no_readiness_to_see(told: World) -> None:
    assert Browser(told).get("@readiness").status_code == 302


def test_who_may_read_a_tap_is_what_was_chosen_at_the_head(told: World) -> None:
    piotr = Browser(told, "piotr")
    seal = str(told.side("ocha"))
    assert tap(piotr, "Operations room", "deny", wall="sealed", to=seal).status_code == 303
    assert cells(piotr)["Operations room"][1] == "not_ready"
    assert cells(Browser(told, "alice"))["Operations room"][1] == "not_ready"
    for name in ("paul", "olga", "mona", "fred"):
        assert cells(Browser(told, name))["Operations room"][1] == "none", name
    assert re.search(r'value="sealed" checked', piotr.text("@readiness"))
    wrong = tap(piotr, "Local command", "confirm", wall="sealed", to="")
    assert wrong.status_code == 409
    assert "Name at least one side" in wrong.content.decode()
    assert cells(piotr)["Local command"][1] == "revoked"


def test_a_step_that_cannot_follow_is_refused_in_words_and_nothing_is_written(told: World) -> None:
    fred = Browser(told, "fred")
    answer = tap(fred, "Checkpoint on shift", "revoke")
    assert answer.status_code == 409
    assert "can follow only" in answer.content.decode()
    assert tap(fred, "Capital", "surrender").status_code == 404
    where = fred.address("@readiness")
    assert fred.send(where, {"tap": "confirm:00", "wall": "public"}).status_code == 404
    assert cells(fred)["Capital"][1] == "ready"


def test_the_same_tap_sent_twice_is_written_once(told: World) -> None:
    fred = Browser(told, "fred")
    tag = cells(fred)["Operations room"][0]
    page = fred.text("@readiness")
    once = re.search(r'name="once" value="(\w+)"', page)
    assert once
    sent = {"tap": f"confirm:{tag}", "wall": "public", "once": once[1]}
    assert fred.send("@readiness", sent).status_code == 303
    assert fred.send("@readiness", sent).status_code in (303, 409)
    written = [k for k in Browser(told, "alice").text("@list/readiness").split("<tr>")
               if "operations_room" in k]
    assert len(written) == 1


def test_a_part_renews_itself_alone_and_keeps_the_names_of_its_buttons(told: World) -> None:
    alice = Browser(told, "alice")
    whole = alice.text("@readiness")
    address = re.search(r'id="matrix"[^>]*hx-get="([^"]+)" hx-trigger="every 15s"', whole)
    assert address
    part = alice.get(address[1], HTTP_HX_REQUEST="true").content.decode()
    assert part.lstrip().startswith('<div id="matrix"')
    assert "<html" not in part
    ids = set(re.findall(r'<button[^>]* id="([^"]+)"', part))
    assert ids
    assert ids <= set(re.findall(r'<button[^>]* id="([^"]+)"', whole))


def test_a_new_row_needs_all_its_names_and_says_which_is_missing(told: World) -> None:
    olga = Browser(told, "olga")
    wrong = olga.send("@readiness", {"row": "deny", "row.corridor": "Corridor 2", "wall": "public",
                                     "row.condition": "mines / wires"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'id="row-actor-wrong"' in page
    assert 'id="row-level-wrong"' in page
    assert "has no slash" in page
    assert 'value="Corridor 2"' in page
    done = olga.send("@readiness", {
        "row": "deny", "row.corridor": "Corridor 2", "row.condition": "mines cleared",
        "row.actor": "Party B", "row.level": "local_command", "wall": "public"})
    assert done.status_code == 303
    found = CELL.findall(olga.text("@readiness"))[4:]
    assert [look for _, look, _, _ in found] == ["none", "none", "not_ready", "none"]


def test_no_go_says_in_words_what_is_missing(told: World) -> None:
    text = plain(Browser(told, "alice").text("@readiness"))
    assert "No-go" in text
    assert "Party B must agree; its word stands as: Conditional." in text
    assert re.search(r"Corridor 1 ?, lanes cleared ?, Party A ?, Checkpoint on shift: Not ready "
                     r"\( ?Red Crescent ?\)\.", text)
    assert ("Corridor 1, lanes cleared, Party A, Operations room: nobody has said" in text)
    assert "The question «Mines» is open" in text
    assert "Corridor 8" in text.partition("of which no cell is spoken")[2]


def answer_all(world: World) -> None:
    """Every question answered but one, which a coordinator accepts as open."""
    for question in Question:
        if question is Question.MINES:
            world.write("alice", "protection_answer", "P2", question=question.value,
                        answered_by_function="protection officer", answer=None,
                        waived_by="coordinator",
                        waiver_reason="Engineers look again tonight")
        else:
            world.write("mona", "protection_answer", "P2", question=question.value,
                        answered_by_function="monitor", answer=f"Seen to: {question.value}")


def test_it_is_go_when_all_is_said_and_go_is_no_permission(told: World) -> None:
    answer_all(told)
    told.write("piotr", "consent.agree", "P2", part="Party B", party="Party B", wall="public")
    alice = Browser(told, "alice")
    for name, level in TURNED:
        assert "No-go" in plain(alice.text("@readiness"))
        assert tap(Browser(told, name), level, "confirm").status_code == 303
    text = plain(alice.text("@readiness"))
    assert "Go: nothing is missing" in text
    assert "It is no permission, and says nothing about safety" in text
    assert tap(Browser(told, "finn"), "Checkpoint on shift", "deny").status_code == 303
    assert "No-go" in plain(alice.text("@readiness"))


def test_the_page_and_the_ledger_say_go_or_no_go_alike_at_every_step(told: World) -> None:
    from lull.store.told import readiness_of

    def alike(expected: bool) -> None:
        for name in ("alice", "mona", "paul", "fred"):
            by_ledger = next(r.go for r in readiness_of(told.store, told.seat(name))
                             if r.pause == "P2")
            text = plain(Browser(told, name).text("@readiness"))
            assert ("Go: nothing is missing" in text) is by_ledger, name
            if name == "alice":
                assert by_ledger is expected

    alike(False)
    answer_all(told)
    alike(False)
    told.write("piotr", "consent.agree", "P2", part="Party B", party="Party B", wall="public")
    alike(False)
    for name, level in TURNED:
        assert tap(Browser(told, name), level, "confirm").status_code == 303
    alike(True)
    told.write("mona", "protection_answer", "P2", question="mines", answered_by_function="monitor",
               answer=None, open_because="A mine was found beside the road")
    alike(False)


def test_each_question_is_open_answered_or_accepted_with_a_reason_that_is_printed(told: World
                                                                                  ) -> None:
    answer_all(told)
    page = Browser(told, "olga").text("@readiness")
    shown = page.partition('id="questions"')[2]
    assert shown.count("Seen to:") == 8
    assert "Engineers look again tonight" in shown
    assert "accepted as open" in shown
    assert shown.count("No party may accept") == 3
    notice = Browser(told).text("@notice")
    assert "Questions accepted as open" in notice
    assert "Engineers look again tonight" in notice


def test_the_reason_is_printed_where_only_the_beginning_that_repeats_it_can_be_read(told: World
                                                                                    ) -> None:
    answer_all(told)
    told.write("piotr", "consent.agree", "P2", part="Party B", party="Party B", wall="public")
    entry = told.write("alice", "protection_answer", "P2", question="informed", wall="sealed",
                       to=("ocha", "a"), answer=None, answered_by_function="head of office",
                       waived_by="coordinator", waiver_reason="Leaflets follow").hash
    rests = [{"question": "informed", "entry": entry, "reason": "Leaflets follow at noon",
              "accepted_by": "head of office, OCHA"}]
    words = told.who("paul").reading_with(told.store).view(told.pause).words
    rests += [{"question": w.question.value, "entry": w.entry, **({
        "reason": w.record.waiver_reason, "accepted_by": "OCHA"} if w.record.waived_by else {})}
        for w in words if w.entry != entry and w.pause == "P2"]
    told.write("paul", "pause.begin", "P2", rests_on=rests, wall="public")
    for name in ("oda", ""):
        notice = Browser(told, name).text("@notice")
        assert "Leaflets follow at noon" in notice
        assert "head of office, OCHA" in notice


def test_a_question_is_answered_from_the_page_by_those_who_may(told: World) -> None:
    mona = Browser(told, "mona")
    link = re.search(r'href="([^"]*protection_answer[^"]*question=mines)"', mona.text("@readiness"))
    assert link
    path = link[1].replace("&amp;", "&")
    assert re.search(r'<option value="mines" selected', mona.text(path))
    done = mona.send(path, {
        "f.reference": "P2", "f.version": "1", "f.question": "mines", "wall": "public",
        "f.answered_by_function": "monitor", "f.answered_at": "2016-11-04T08:00",
        "f.answer": "Both lanes were walked"})
    assert done.status_code == 303
    assert "Both lanes were walked" in Browser(told, "paul").text("@readiness")
    assert "protection_answer" not in Browser(told, "fred").text("@readiness")
    assert Browser(told, "fred").get(path).status_code == 403
