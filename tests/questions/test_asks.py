"""What to ask for: ranked and sized as planning every candidate again would do it."""

from __future__ import annotations

import pytest
from attrs import evolve

from bench.asks.brute import agrees, by_brute_force
from lull.cli.questions.asks import answer
from lull.domain.corridor import Direction, MineStatus
from lull.domain.fleet import Use
from lull.domain.pause import Consents
from lull.domain.rules import judge
from lull.domain.tiers import TierKind
from lull.domain.worth import arrived
from lull.plan import make_plan
from lull.plan.proof.elsewhere import Elsewhere, carried
from lull.plan.proof.evidence import About, By
from lull.questions import changes
from lull.questions.asks import By as Measure
from lull.questions.asks import asks, rank
from lull.questions.candidates import Kind, Terms, candidates
from lull.questions.fallbacks import fallbacks, unused
from lull.questions.weighed import Lost, Weighed, weighed
from tests.alone import plan_alone
from tests.questions.towns import small_town
from tests.tiny.cases import full_bus

WORK = 10
FEW = Terms(more={Use.PASSENGERS: (1, 3)})


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_asks_agree_in_rank_and_size_with_planning_everything_again(seed: int) -> None:
    case = small_town(seed)
    found = asks(case, terms=FEW, work=WORK, first=6)
    brute = by_brute_force(case, FEW, WORK)
    assert agrees(found, brute) == []
    gain = any(t.persons > 0 for t in brute)
    assert any(a.found(Measure.PERSONS) > 0 for a in found.asks) is gain


def test_one_more_bus_doubles_a_bus_that_is_full_and_that_is_proven() -> None:
    """A bus of 50 makes two rounds of 12 households of 4 in 200 minutes: 96, and none more.

    No plan moves more than 100 (two rounds of 50 seats); a second bus in the same convoys moves 96
    more, 192 in all: more than 100, so at least 92 are proven.
    """
    case = full_bus().case
    found = asks(case, terms=Terms(more={Use.PASSENGERS: (1,)}), work=WORK)
    bus = next(a for a in found.asks if a.candidate.kind is Kind.VEHICLES)
    assert (found.counts.persons.done, bus.found(Measure.PERSONS)) == (96, 96)
    assert bus.gains[Measure.PERSONS].proven
    assert 92 <= bus.gains[Measure.PERSONS].least <= 96
    lanes = [a for a in found.asks if a.candidate.kind is Kind.LANE]
    assert lanes
    assert all(a.found(Measure.PERSONS) == 0 for a in lanes)
    assert all(not a.gains or not a.gains[Measure.PERSONS].proven for a in lanes)


def test_every_interval_holds_the_gain_of_the_best_plans() -> None:
    """Least and most lie around what is found, and proof is of the least alone."""
    found = asks(small_town(5), terms=FEW, work=WORK)
    for ask in found.asks:
        for gain in ask.gains.values():
            assert 0 <= gain.least <= max(gain.most, 0)
            assert gain.found <= gain.most + 1e-6
            assert gain.proven is (gain.least > 0)


def test_the_first_aim_that_changes_outweighs_the_next_load_by_load() -> None:
    """A bus of 50 seats carries 50 in an aim; fifty loads of the next aim make up for one."""
    case = small_town(1)
    kinds = [t.kind for t in case.pause.tiers if t.kind is not TierKind.SHORTER]
    assert kinds[1] is kinds[3] is TierKind.PEOPLE
    before, gain = [0.0] * 5, weighed(case, [0.0] * 5, [0.0, 10.0, 0.0, 0.0, 0.0])
    assert gain.score > weighed(case, before, [0.0, 0.0, 0.0, 20.0, 0.0]).score > 0
    assert gain.lost == ()
    assert weighed(case, before, [0.0, 10.0, 0.0, -5.0, 0.0]).lost == ()
    lost = weighed(case, before, [0.0, -25.0, 0.0, 400.0, 0.0]).lost
    assert [(x.tier, round(x.loads, 2)) for x in lost] == [("cannot leave alone", 0.5)]


def test_what_gives_an_earlier_aim_away_is_never_before_what_does_not() -> None:
    """However many more people it moves, and by whatever it is ranked."""
    found = asks(small_town(1), terms=FEW, work=WORK, first=1)
    good = next(a for a in found.asks if a.gains and a.found(Measure.PERSONS) > 0)
    more = {m: evolve(g, found=10 * g.found) for m, g in good.gains.items()}
    bad = evolve(good, gains=more, weighed=Weighed(1e9, (Lost("lives", 0.4),)))
    for by_tiers in (True, False):
        assert rank(good, Measure.PERSONS, by_tiers) < rank(bad, Measure.PERSONS, by_tiers)
    said = answer(evolve(found, asks=(good, bad))).asks
    assert "gives an earlier aim away" not in said[0].sentence
    assert "It gives an earlier aim away: «lives» loses 0.4 of a full load" in said[1].sentence
    assert [(x.aim, x.loads) for x in said[1].gives_away] == [("lives", 0.4)]


def test_what_cannot_be_ready_in_time_is_worth_nothing_and_says_when_it_would_be() -> None:
    """Granted at 07:00 for an opening at 08:00: a lane takes two hours, a bus an hour and a half.

    The lane comes too late. The bus comes at 08:30: it is planned from then on, and no earlier.
    """
    case = small_town(6)
    bus = evolve(case.fleet["bus"], mobilise=90)
    case = evolve(case, fleet={"bus": bus})
    every = candidates(case, Consents.ALL_MET, Terms(asked_at=-60, more={Use.PASSENGERS: (1,)}))
    lane = next(c for c in every if c.kind is Kind.LANE)
    assert "ready at 09:00" in lane.not_ready
    more = next(c for c in every if c.kind is Kind.VEHICLES)
    assert more.not_ready == ""
    made = plan_alone(more.case, work=5)
    assert not judge(more.case, made)
    late = [d.steps[0].departs for d in made.vehicles if d.vehicle.startswith("bus-more")]
    assert all(at >= 30 for at in late)
    too_late = candidates(case, Consents.ALL_MET, Terms(asked_at=600, more={Use.PASSENGERS: (1,)}))
    assert all(c.not_ready for c in too_late if c.kind is Kind.VEHICLES)
    answer = asks(case, terms=Terms(asked_at=600, more={}), work=0, first=1)
    assert {a.candidate.kind for a in answer.asks if a.candidate.not_ready} >= {
        Kind.LANE, Kind.HOURS}
    assert all(not a.gains for a in answer.asks if a.candidate.not_ready)


def test_a_corridor_that_is_not_open_yet_and_one_with_mines_may_be_asked_for() -> None:
    case = small_town(7)
    mined = evolve(case.corridors["c1"], mines={Direction.OUT: MineStatus.CLEARED})
    case = changes.with_corridor(case, mined)
    kinds = {c.id: c for c in candidates(case, Consents.ALL_MET, Terms())}
    assert "mines-c1" in kinds
    assert "corridor-c0" not in kinds  # all corridors are open if all conditions are met
    nothing = candidates(case, Consents.DECLARED, Terms())  # nobody has declared anything
    assert {c.id for c in nothing if c.kind is Kind.CORRIDOR} == {"corridor-c0", "corridor-c1"}


def test_prices_of_one_pause_bound_every_plan_of_a_changed_one() -> None:
    """What is carried over is never below what a plan of the changed pause moves."""
    case = small_town(2)
    made, here = make_plan(case, work=2), Elsewhere(case)
    rows = {by: tuple(here.names(by)) for by in By}
    for one in candidates(case, Consents.ALL_MET, FEW):
        most = Elsewhere(one.case).bound(made.proof.of(About.PERSONS), rows)
        plan = plan_alone(one.case, work=2)
        assert most is not None
        assert most >= sum(arrived(plan).persons.values()) - 1e-6


def test_prices_over_time_move_with_their_rows() -> None:
    """A whole window that has grown takes the old one's price; a new half hour its neighbour's."""
    old = ["lanes out of c, 0 to 30", "lanes out of c, 30 to 60", "lanes out of c, 0 to 60", "x"]
    new = [*old[:2], "lanes out of c, 60 to 90", "lanes out of c, 0 to 90", "x", "y"]
    prices = {"lanes out of c, 30 to 60": 2.0, "lanes out of c, 0 to 60": 5.0, "x": 1.0}
    assert carried(prices, old, new) == {
        "lanes out of c, 30 to 60": 2.0, "lanes out of c, 60 to 90": 2.0,
        "lanes out of c, 0 to 90": 5.0, "x": 1.0}


def test_a_corridor_that_no_plan_uses_saves_what_is_lost_without_it() -> None:
    """With one corridor wide enough the other is idle; when the first closes it carries all."""
    case = full_bus().case
    spare = evolve(case.corridors["north"], id="south", name="south")
    places = {"north@inside": "south@inside", "north@outside": "south@outside"}
    case = evolve(case, corridors={"north": case.corridors["north"], "south": spare},
                  travel=_also_by(case.travel, places))
    plan = plan_alone(changes.without(case, "south"), work=WORK)
    assert unused(case, plan) == ["south"]
    (fallback,) = fallbacks(case, plan, WORK, 0)
    assert [(s.closed, s.persons) for s in fallback.saves] == [("north", 96)]


def _also_by(table, places: dict[str, str]):
    """The travel table with the gates of a second corridor that lies where the first one does."""
    import numpy as np

    index = [*range(len(table.places)), *(table.places.index(old) for old in places)]
    return evolve(table, places=(*table.places, *places.values()), **{
        name: {k: np.ascontiguousarray(a[np.ix_(index, index)])
               for k, a in getattr(table, name).items()}
        for name in ("low", "likely", "high", "metres", "approved", "mined")})
