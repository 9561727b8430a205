"""What is told to each side apart, passed on, disclosed and kept beside the ledger, with canaries.

Who may see which word stands beside each step, written by hand: see `canaries`.
"""

from __future__ import annotations

import json
from typing import Any

from attrs import evolve

from tests.web.pages.canaries import (
    COORDINATORS,
    ROLE_OF,
    SIDE_OF,
    WALLS,
    WORD,
    Canaries,
    of_sides,
)

OWNERS = frozenset({"olga", "omar"})
"""Who of the Red Crescent reads what became of its notifications; its clerks do not."""
A, B = of_sides("a"), of_sides("b")
ALL = ("ocha", "crescent", "a", "b", "eyes")
"""To whom the organisation's own notifications are sealed: an observer is not a recipient."""
INNER = of_sides("ocha", "crescent")
"""Who knows to whom a notification goes: its owner's side and those who coordinate."""
RECORDS = ("movement_notification", "site_notification")


def tell(made: Canaries) -> None:
    """All of it."""
    for who in ("alice", "olga", "fred", "oda", "finn", "paul", "piotr", "mona", "mila"):
        made.say(who, "corridor", f"corridor {made.word()}", made.node("corridor"), wall="public")
    about = f"notification {made.word()}"
    made.cited = made.say("alice", "notification.draft", about, made.version(
        "movement_notification", about), wall="sealed", to=("ocha",))
    _disclosed(made)  # first, as everything is read anew after it
    for record in RECORDS:
        _told_apart(made, record)
        _passed_on(made, record)
    for end in ("cancel", "expire", "supersede", "complete"):
        _ended(made, end)
    for wall in WALLS:
        _receipts(made, wall)
    _known_apart(made)
    _beside_the_ledger(made)
    _letters(made)


def _version(made: Canaries, record: str, about: str
             ) -> tuple[dict[str, Any], dict[str, frozenset[str]]]:
    """A version to both parties; and which of its words are for whom, where it is sealed to all."""
    node = made.version(record, about)
    to_a, to_b, ladder = made.word(), made.word(), made.word()
    told = {"channel": "file", "consent_at": "2016-10-19T09:00:00Z"}
    node["recipients"] = [{**told, "party": "Party A", "consent_by_function": f"some {to_a}"},
                          {**told, "party": "Party B", "consent_by_function": f"some {to_b}"}]
    apart = {to_a: INNER | A, to_b: INNER | B}
    if record == "movement_notification":
        node["escalation"] = [{"after_minutes": 30, "organisation": f"some {ladder}", "does": "x",
                               "function": f"some {ladder}", "channel": f"some {ladder}"}]
        node["escalation"][0]["does"] = f"some {ladder}"
        apart[ladder] = INNER
    return node, apart


def _submitted(made: Canaries, record: str, wall: str) -> str:
    """A notification of the organisation, handed in, given back, changed and handed in again."""
    about = f"notification {made.word()}"
    to = ALL if wall == "sealed" else ()

    def say(who: str, event: str, node: dict[str, Any], apart: Any = None) -> None:
        made.say(who, f"notification.{event}", about, node, wall=wall, to=to,
                 also=OWNERS if wall == "restricted" else frozenset(),
                 apart=apart if wall == "sealed" else None)

    say("olga", "draft", *_version(made, record, about))
    say("olga", "submit", made.node("step", version=1))
    say("alice", "return", made.node("step", version=1))
    say("olga", "revise", *_version(made, record, about))
    say("olga", "submit", made.node("step", version=2))
    return about


def _sent(made: Canaries, about: str, wall: str, version: int, party: str) -> None:
    """It leaves for one party."""
    side, readers = {"Party A": ("a", A), "Party B": ("b", B)}[party]
    made.say("alice", "notification.transmit", about, made.node(
        "transmission", notification=about, notification_version=version, recipient=party,
        version_hash=None), wall=wall, to=("ocha", "crescent", side) if wall == "sealed" else (),
        also=OWNERS | readers if wall == "restricted" else frozenset())


def _told_apart(made: Canaries, record: str) -> None:
    """Sealed to both parties and an observer; a later version to one party alone."""
    about = _submitted(made, record, "sealed")
    for party in ("Party A", "Party B"):
        _sent(made, about, "sealed", 2, party)
    node, apart = _version(made, record, about)
    to_b = next(word for word, readers in apart.items() if readers == INNER | B)
    made.say("olga", "notification.amend", about, node, wall="sealed", to=("ocha", "crescent", "a"),
             apart={**apart, to_b: INNER})
    _sent(made, about, "sealed", 3, "Party A")


def _passed_on(made: Canaries, record: str) -> None:
    """Restricted: each party reads what was sent to it, and no version."""
    about = _submitted(made, record, "restricted")
    for party in ("Party A", "Party B"):
        _sent(made, about, "restricted", 2, party)
    node, _ = _version(made, record, about)
    made.say("olga", "notification.amend", about, node, wall="restricted", also=OWNERS)
    _sent(made, about, "restricted", 3, "Party A")


def _ended(made: Canaries, end: str) -> None:
    """Sent to one party, and brought to an end, behind each wall."""
    record = "notification_outcome" if end == "complete" else "step"
    for wall in WALLS:
        about = _submitted(made, "movement_notification", wall)
        _sent(made, about, wall, 2, "Party A")
        node = made.node(record, version=3)
        to = ("ocha", "crescent", "a") if wall == "sealed" else ()
        made.say("alice" if end == "expire" else "olga", f"notification.{end}", about, node,
                 wall=wall, to=to, also=OWNERS if wall == "restricted" else frozenset())


def _receipts(made: Canaries, wall: str) -> None:
    """What each party answers: itself, and through who coordinates."""
    about = _submitted(made, "movement_notification", wall)
    for party in ("Party A", "Party B"):
        _sent(made, about, wall, 2, party)

    def answer(who: str, event: str, party: str) -> None:
        side, readers = {"Party A": ("a", A), "Party B": ("b", B)}[party]
        node = made.node("receipt", notification=about, notification_version=2, recipient=party,
                         read_version=2)
        to = ("ocha", "crescent") if ROLE_OF[who] == "party" else ("ocha", "crescent", side)
        made.say(who, f"receipt.{event}", about, node, wall=wall, part=f"{party} 2",
                 to=to if wall == "sealed" else (),
                 also=OWNERS | readers if wall == "restricted" else frozenset())

    answer("alice", "deliver", "Party B")
    answer("alice", "confirm", "Party B")
    answer("piotr", "query", "Party B")
    answer("paul", "confirm", "Party A")
    answer("paul", "object", "Party A")
    if wall == "restricted":  # read by its owner, too, as what became of the own notification
        made.say("mona", "known_at_checkpoint", about, made.node(
            "known_at_checkpoint", notification=about, notification_version=2), wall=wall,
            also=OWNERS)


def _known_apart(made: Canaries) -> None:
    """One object of which several speak behind walls of their own: a corridor, a cell, a pause."""
    corridor = f"corridor {made.word()}"
    say = made.say
    say("alice", "corridor", corridor, made.node("corridor", status="open"), wall="public")
    for who, wall, to in (("piotr", "sealed", ("eyes",)), ("paul", "restricted", ()),
                          ("oda", "sealed", ("a",)), ("fred", "restricted", ())):
        say(who, "corridor", corridor, made.node("corridor", status="closed"), wall=wall, to=to)
    cell = {name: f"some {made.word()}" for name in ("corridor", "condition", "actor")}
    for who, side, wall, to in (("alice", "OCHA", "public", ()),
                                ("paul", "Party A", "sealed", ("watch",)),
                                ("piotr", "Party B", "restricted", ()),
                                ("mila", "Eyes", "sealed", ("relief",))):
        say(who, "readiness.deny", "some pause", made.node(
            "readiness_cell", **cell, level="capital"), wall=wall, to=to,
            part="/".join([*cell.values(), "capital", side]))
    for kind in ("statement", "claimed_figure", "access_constraint"):
        say("mona", kind, f"{kind} {made.word()}", made.node(kind), wall="public")


def _disclosed(made: Canaries) -> None:
    """An organisation lets one party read two of its entries, and tells it why."""
    from lull.store.ledgers import disclose

    hashes = [made.say("olga", "incident.allege", f"incident {made.word()}", made.node("incident"),
                       wall=wall, to=("watch",) if wall == "sealed" else ()) for wall in WALLS]
    word = made.word()
    done = disclose(made.world.store, made.world.seat("olga"), hashes, made.world.side("b"),
                    f"because {word}")
    made.put = [evolve(p, readers=p.readers | B) if p.hash in hashes else p for p in made.put]
    made.note("olga", "disclosure", {word}, B | {"olga"}, wall="sealed", of=done.hash)


def _letters(made: Canaries) -> None:
    """Letters that wait to be read out, and one that was sent with a link to confirm."""
    from lull.store.notify import transmit
    from tests.store.letters import reachable
    from tests.web.test_confirm import sent_links

    reachable(made.world, "Party B", "email", "b@example.org")
    for wall, party, channel in (("sealed", "Party A", "radio"), ("restricted", "Party A", "radio"),
                                 ("restricted", "Party B", "email")):
        about = f"notification {made.word()}"
        to = ("ocha", "a") if wall == "sealed" else ()
        node = made.version("movement_notification", about)
        node["recipients"] = [{"party": party, "channel": channel, "consent_by_function": "access",
                               "consent_at": "2016-10-19T09:00:00Z"}]
        if wall == "sealed":
            del node["escalation"]
        made.say("alice", "notification.draft", about, node, wall=wall, to=to)
        made.say("alice", "notification.submit", about, made.node("step", version=1), wall=wall,
                 to=to)
        transmit(made.world.store, made.world.seat("alice"), about, f"send {about}")
        readers = B if party == "Party B" else A
        made.note("alice", "notification.transmit", {about.split()[1]}, COORDINATORS | readers)
        if channel == "email":
            link = sent_links(made.world)["b@example.org"]
            made.links = {link: frozenset(WORD.findall(str(node) + about))}


def _beside_the_ledger(made: Canaries) -> None:
    """Addresses, folders and what was worked out: no entries, by the table of rights."""
    from tests.store.letters import reachable

    for who in ("alice", "olga", "oda"):
        words = _planned(made, who, made.word())
        same = frozenset(name for name in of_sides(SIDE_OF[who]) if ROLE_OF[name] != "field_clerk")
        made.note(who, "folder", words, COORDINATORS | same)
    word = made.word()
    reachable(made.world, "Party A", "radio", f"EAGLE {word}")
    made.note("alice", "addressee", {word}, COORDINATORS)


def _planned(made: Canaries, who: str, word: str) -> set[str]:
    """A folder is imported, checked and planned on, as its side sees it; the words in all that."""
    from lull.store import folders, jobs
    from tests.web.folders import zipped

    store, seat = made.world.store, made.world.seat(who)
    folder = folders.import_folder(store, seat, zipped(), f"{word}.zip")
    job = jobs.take(store, "worker")
    assert job is not None
    finding = {"level": "warning", "check": "some check", "file": "sites.csv", "row": 5,
               "column": "name", "found": word, "expected": word, "sentence": f"See {word}."}
    assert folders.settle(store, job.id, "worker", folder.pk, files={"pause.yaml": b"x"},
                          title=f"Title {word}", content_hash="0" * 64, findings=[finding])
    asked = jobs.ask_on(store, seat, folder.pk, "plan", {})
    draft = {"reference": f"draft {word}", "counts_fighters": False, "to_fill": [],
             "convoys": [], "parties": [],
             "record": made.node("movement_notification")}
    again = jobs.take(store, "worker")
    assert again is not None
    assert again.id == asked.pk
    made.jobs[who] = asked.pk
    assert jobs.finish(
        store, again.id, "worker", json.dumps({"plan": {"title": word}}).encode(),
        products={jobs.REPORT: f"<main>{word}</main>".encode(), jobs.DRAFTS: json.dumps([
            {"by": by, "notices": [draft], "plan_hash": "0" * 64, "not_in_any": [],
             "pause_notice": {"title": word}} for by in ("convoy", "corridor-day")]).encode()})
    return set(WORD.findall(json.dumps(draft)))
