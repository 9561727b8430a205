"""Jobs over the API: each kind asked, followed, answered with its page, turned into drafts."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest

from lull.domain.records.form import TO_FILL
from lull.store import job_kinds, jobs, models
from tests.store.kit import World
from tests.web.folders import IMPORT, imported, upload, worked, zipped
from tests.web.kit import Caller, caller

JOBS = "pauses/{pause}/jobs"
QUICK: dict[str, dict[str, Any]] = {
    "plan": {"work": 0},
    "stress": {"replications": 50, "work": 0},
    "frontier": {"length": [180, 240], "work": 0},
    "asks": {"first": 0, "work": 0, "seconds": 5, "lead": [{"kind": "lane", "hours": 3}]},
    "sensitivity": {"replications": 20, "work": 0},
    "shortest": {"work": 0, "step": 60, "longest": 300, "seconds": 5},
    "extension": {"further": [1], "replications": 0, "work": 0, "new": ["observers"]},
}
TELLS = {"recipients": [{"party": "Party A", "channel": "file", "consent_by_function": "owner",
                         "consent_at": "2016-10-19T09:00:00Z"}], "wall": "restricted"}


def asked(who: Caller, folder: str, kind: str, **options: Any) -> str:
    """The id of a job that was asked for."""
    made = who.post(f"{IMPORT}/{folder}/jobs", {"kind": kind, "options": options})
    assert made.status_code == 201, made.content
    return str(made.json()["id"])


def planned(world: World, who: Caller) -> tuple[str, str]:
    """A folder and a job that has planned it."""
    folder = imported(world, who)
    job = asked(who, folder, "plan", work=0)
    worked(world)
    return folder, job


def test_every_kind_is_worked_out_with_its_page_and_a_new_plan_of_the_day(world: World) -> None:
    olga = caller(world, "olga")
    folder = imported(world, olga)
    assert set(QUICK) | {"replan", "compare"} == set(job_kinds.KINDS)
    made = {kind: asked(olga, folder, kind, **options) for kind, options in QUICK.items()}
    worked(world)
    made["replan"] = asked(olga, folder, "replan", plan=made["plan"], at="09:00", reports=[
        {"at": "08:55", "what": "delayed", "who": "bus#1", "minutes": 5}])
    made["stress"] = asked(olga, folder, "stress", plan=made["plan"], replications=50)
    made["compare"] = asked(olga, folder, "compare", plan=made["plan"], beside=made["plan"])
    worked(world)
    for kind, job in made.items():
        found = olga.get(f"{JOBS}/{job}").json()
        assert (found["state"], found["trouble"]) == ("done", ""), (kind, found["trouble"])
        assert found["answer"]["answer"]["consents"] in ("all-met", "if all conditions are met")
        assert found["has_report"]
        assert found["has_drafts"] is (kind in ("plan", "replan"))
        page = olga.get(f"{JOBS}/{job}/report")
        assert page.status_code == 200
        assert page.content.startswith(b"<!DOCTYPE html>"), kind


def test_options_are_checked_each_at_its_field_before_anything_is_done(world: World) -> None:
    olga = caller(world, "olga")
    folder = imported(world, olga)
    wrong = olga.post(f"{IMPORT}/{folder}/jobs", {"kind": "stress", "options": {
        "work": -1, "policy": "luck", "limit": "much", "plan": "x", "colour": 1, "seed": 1.5}})
    assert wrong.status_code == 422
    assert {e["field"] for e in wrong.json()["errors"]} == {
        f"options.{name}" for name in ("work", "policy", "limit", "plan", "colour", "seed")}
    for kind, options, field in (
        ("frontier", {"length": [300, 200]}, "options.length"),
        ("frontier", {"vehicles": [1, 2]}, "options.vehicle_type"),
        ("frontier", {"length": list(range(1, 51)), "notice": [1, 2, 3]}, "options"),
        ("shortest", {"share": 80}, "options.share"), ("replan", {"at": "10:00"}, "options.plan"),
        ("asks", {"lead": [{"kind": "luck", "hours": 1}]}, "options.lead.1.kind"),
        ("replan", {"plan": str(world.pause), "at": "10:00"}, "options.plan"),
        ("compare", {"plan": str(world.pause)}, "options.beside"),
        ("luck", {}, "kind"), ("check", {}, "kind"),
    ):
        said = olga.post(f"{IMPORT}/{folder}/jobs", {"kind": kind, "options": options})
        assert said.status_code == 422, (kind, said.content)
        assert [e["field"] for e in said.json()["errors"]] == [field]
    assert not models.Job.objects.exclude(kind="check").exists()


def test_every_option_and_kind_is_one_that_a_worker_knows() -> None:
    """The tables of the server name what the planner names, without loading it."""
    from lull.cli.working.kinds import JOBS as DONE
    from lull.exchange import reports
    from lull.questions.aim import AimKind
    from lull.questions.axes import Along
    from lull.questions.candidates import Kind
    from lull.questions.days import NAMED
    from lull.questions.sensitivity import HEADLINES

    assert set(DONE) == set(job_kinds.KINDS)
    options = {kind.name: {o.name: o for o in kind.options} for kind in job_kinds.KINDS.values()}
    assert set(options["shortest"]["aim"].choices) == set(AimKind)
    assert set(options["stress"]["policy"].choices) == set(NAMED)
    assert set(job_kinds.HEADLINES) == set(HEADLINES)
    assert set(job_kinds.LEADS) == {kind.name.lower() for kind in Kind}
    assert {along.value for along in Along} <= set(options["frontier"])
    assert job_kinds.REPORT_COLUMNS == reports.REPORT_COLUMNS
    assert job_kinds.NOTIFIED_COLUMNS == reports.NOTIFIED_COLUMNS


def test_kinds_are_listed_with_their_options(world: World) -> None:
    found = {kind["name"]: kind for kind in caller(world, "olga").get("job-kinds").json()}
    assert set(found) == set(job_kinds.KINDS)
    assert {o["name"] for o in found["plan"]["options"]} == {"consents", "seconds", "work", "seed"}


@pytest.fixture
def told(world: World, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is told while jobs are done, at every step."""
    from lull.cli.working import telling

    heard: list[dict[str, Any]] = []
    tell = jobs.tell

    def hear(store: Any, job: Any, worker: str, progress: Any) -> bool:
        kept = tell(store, job, worker, progress)
        heard.append(caller(world, "olga").get(f"{JOBS}/{job}").json())
        return kept

    monkeypatch.setattr(jobs, "tell", hear)
    monkeypatch.setattr(telling, "TELL_EVERY_SECONDS", 0.0)
    return heard


def test_progress_is_seen_while_a_plan_is_made_and_gone_afterwards(
    world: World, told: list[dict[str, Any]]
) -> None:
    olga = caller(world, "olga")
    _, job = planned(world, olga)
    mine = [one for one in told if one["id"] == job]
    assert {one["state"] for one in mine} == {"leased"}
    assert any(one["progress"]["tiers"] for one in mine)
    bounds = [t["bound"] for one in mine for t in one["progress"]["tiers"]]
    assert any(bound is not None for bound in bounds)
    assert all(one["progress"]["what"] for one in mine)
    assert olga.get(f"{JOBS}/{job}").json()["progress"] is None


def test_progress_is_told_now_and_then_and_not_at_every_step() -> None:
    from lull.cli.working.telling import Telling

    now, kept = [0.0], []
    steps = Telling(kept.append, clock=lambda: now[0])
    for second in range(10):
        now[0] = second / 2
        steps(f"step {second}", second, 10)
    assert [one["what"] for one in kept] == ["step 0", "step 4", "step 8"]


def test_a_job_that_is_ended_is_left_at_its_next_step(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    olga = caller(world, "olga")
    folder = imported(world, olga)
    job = asked(olga, folder, "plan", work=100_000)
    tell = jobs.tell

    def end_first(store: Any, of: Any, worker: str, progress: Any) -> bool:
        assert olga.ask("DELETE", f"{JOBS}/{of}").status_code == 204
        return tell(store, of, worker, progress)

    monkeypatch.setattr(jobs, "tell", end_first)
    worked(world)
    found = olga.get(f"{JOBS}/{job}").json()
    assert (found["state"], found["answer"], found["has_report"]) == ("ended", None, False)
    assert not models.Product.objects.filter(job=job).exists()


def test_a_job_goes_on_with_another_worker_when_one_leaves_or_dies(world: World) -> None:
    """One dies, as kill -9 would have it: nothing is heard of it; one is told to leave."""
    olga = caller(world, "olga")
    folder = imported(world, olga)
    job = asked(olga, folder, "plan", work=0)
    assert jobs.take(world.store, "one that dies") is not None
    worked(world)
    assert olga.get(f"{JOBS}/{job}").json()["state"] == "leased"
    world.clock.forward(seconds=jobs.LEASE_SECONDS + 1)
    taken = jobs.take(world.store, "one that is told to leave")
    assert taken is not None
    jobs.leave(taken.id, "one that is told to leave")
    worked(world)
    found = olga.get(f"{JOBS}/{job}").json()
    assert (found["state"], found["tries"]) == ("done", 2)


def test_a_worker_whose_server_is_gone_is_told_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    from lull.cli import work

    monkeypatch.setattr(work, "LOOK_EVERY_SECONDS", 0.0)
    stop = threading.Event()
    work.stop_without(-1, stop)
    assert stop.is_set()


def test_a_page_can_load_and_send_nothing_and_is_for_its_side_alone(world: World) -> None:
    olga = caller(world, "olga")
    _, job = planned(world, olga)
    page = olga.get(f"{JOBS}/{job}/report")
    policy = dict(part.strip().partition(" ")[::2]
                  for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    scripts = re.findall(rb"<script[^>]*>", page.content)
    assert len(scripts) == policy["script-src"].count("sha256-") == 1
    assert not re.search(rb"(src|href)=\"(https?:)?//", page.content)
    for name, code in {"omar": 200, "alice": 200, "adam": 200, "oda": 404, "paul": 404,
                       "mona": 404, "fred": 404}.items():
        assert caller(world, name).get(f"{JOBS}/{job}/report").status_code == code, name
        drafts = caller(world, name).get(f"{JOBS}/{job}/notifications")
        assert drafts.status_code == code, name
    assert Caller(world).get(f"{JOBS}/{job}/report").status_code == 401


def test_drafts_of_a_plan_are_written_once_and_say_what_is_to_be_filled(world: World) -> None:
    olga = caller(world, "olga")
    _, job = planned(world, olga)
    shown = olga.get(f"{JOBS}/{job}/notifications").json()
    assert shown["pause_notice"]["record"]["record"] == "pause_terms"
    names = [one["reference"] for one in shown["notices"]]
    one = olga.post(f"{JOBS}/{job}/notifications", {**TELLS, "only": names[:1]})
    assert one.status_code == 201, one.content
    done = olga.post(f"{JOBS}/{job}/notifications", TELLS)
    assert [(d["reference"], d["again"]) for d in done.json()] == [
        (name, name == names[0]) for name in names]
    assert done.json()[0]["hash"] == one.json()[0]["hash"]
    assert "contact.number" in done.json()[0]["to_fill"]
    entry = olga.get(f"pauses/{{pause}}/entries/{done.json()[1]['hash']}").json()
    said = entry["content"]["payload"]
    assert said["organisation"] == "Red Crescent"
    assert said["contact"]["number"] == TO_FILL
    assert said["submitted_at"] == "2016-10-20T12:00:00Z"
    assert "position" not in str(said)
    things = {t["object"]: t["states"] for t in olga.get("pauses/{pause}/things").json()}
    assert {name: things[name] for name in names} == {name: ["draft"] for name in names}


def test_drafts_are_filled_with_what_their_sender_says(world: World) -> None:
    alice = caller(world, "alice")
    _, job = planned(world, alice)
    reach = {"organisation": "OCHA", "function": "operations room", "channel": "telephone",
             "number": "+000"}
    done = alice.post(f"{JOBS}/{job}/notifications", {
        **TELLS, "by": "corridor-day", "contact": reach, "deputy": reach, "accuracy_m": 200,
        "crews": [{"organisation": "Red Crescent", "number": 12}], "check_in_minutes": 30})
    assert done.status_code == 201, done.content
    assert len(done.json()) == 2
    assert all(one["to_fill"] in ([], ["nearest_shelter_order"]) for one in done.json())
    said = alice.get(f"pauses/{{pause}}/entries/{done.json()[0]['hash']}").json()
    record = said["content"]["payload"]
    assert record["crews"] == [{"organisation": "Red Crescent", "number": 12}]
    places = [place["position"]["accuracy_m"] for place in record["route_waypoints"]
              if "position" in place]
    assert set(places) == {200}


def test_drafts_are_written_by_who_may_and_wrong_ones_not_at_all(world: World) -> None:
    olga = caller(world, "olga")
    _, job = planned(world, olga)
    for name in ("oda", "paul", "mona", "fred"):
        assert caller(world, name).post(
            f"{JOBS}/{job}/notifications", TELLS).status_code in (403, 404), name
    wrong = olga.post(f"{JOBS}/{job}/notifications", {**TELLS, "only": ["N999"]})
    assert [e["field"] for e in wrong.json()["errors"]] == ["only.1"]
    nobody = olga.post(f"{JOBS}/{job}/notifications", {**TELLS, "recipients": []})
    assert nobody.status_code == 422
    unknown = olga.post(f"{JOBS}/{job}/notifications", {**TELLS, "wall": "sealed",
                                                        "to": [str(world.pause)]})
    assert [e["field"] for e in unknown.json()["errors"]] == ["to"]
    assert olga.get("pauses/{pause}/things").json() == []
    sealing = {**TELLS, "wall": "sealed", "to": [str(world.side("a"))]}
    sealed = olga.post(f"{JOBS}/{job}/notifications", sealing)
    assert sealed.status_code == 201
    again = olga.post(f"{JOBS}/{job}/notifications", sealing)
    assert [(one["hash"], one["again"]) for one in again.json()] == [
        (one["hash"], True) for one in sealed.json()], "not what a party is told of it apart"


def test_a_folder_is_checked_before_what_was_asked_earlier_is_planned(world: World) -> None:
    olga = caller(world, "olga")
    folder = imported(world, olga)
    asked(olga, folder, "plan", work=0)
    world.clock.forward(minutes=1)
    assert upload(olga, zipped()).status_code == 201
    first, second = (jobs.take(world.store, "worker") for _ in range(2))
    assert first is not None
    assert second is not None
    assert (first.kind, second.kind) == ("check", "plan")
