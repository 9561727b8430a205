"""A vehicle is lost: who takes its people over, who passes by, and who is sent to fetch them.

Every function here is part of the event loop and runs as plain Python and compiled.
"""

from __future__ import annotations

from lull.compiling.jit import part
from lull.simulate import columns as c
from lull.simulate.columns import Chance, State, World
from lull.simulate.driving import count_inside, count_vehicle_inside, drop, most, push
from lull.simulate.halts import blocked_until, close_after


@part
def breaks_down(
    w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int
) -> None:
    """A vehicle is lost on a street: outside a spare comes, inside its convoy takes its people."""
    me = s.vehicles[v]
    j = me[c.NOW_AT]
    if me[c.PHASE] >= c.TURNED:
        return
    me[c.PHASE] = c.LOST
    s.total[c.VEHICLES_LOST] += 1
    drop(w, s, queue, j, w.vehicles[v, c.LAST] + 1, minute)
    if me[c.SIDE] == c.OUTSIDE:
        s.total[c.LEFT_ON_WAY] += me[c.ABOARD]
        return
    taken = False
    k = j
    while k < w.vehicles[v, c.LAST] and w.steps[k, c.KIND] != c.CROSSES:
        k += 1
    if w.steps[k, c.KIND] == c.CROSSES:
        g = w.steps[k, c.CONVOY]
        group = s.groups[g]
        taken = hand_over(w, s, v, w.convoys[g, c.FROM], w.convoys[g, c.TO], -1)
        if taken:
            held = max(group[c.HELD_UNTIL], minute + w.whole[c.TRANSFER])
            group[c.HELD_UNTIL] = held
    strand(w, chance, s, queue, v, k, w.steps[j, c.GOES_OUT_BY], taken, minute)


@part
def strand(
    w: World, chance: Chance, s: State, queue: list[int], v: int, k: int, corridor: int,
    crew_taken: bool, minute: int,
) -> None:
    """Who is still on board of a lost vehicle inside: fetched by others, or inside at the end.

    `k` is the crossing that was ahead of it. Without a policy to take them up or fetch them they
    count as inside and without shelter at once.
    """
    me = s.vehicles[v]
    fleet = w.vehicles[v, c.BY] == c.FLEET and not w.vehicles[v, c.LIVES_INSIDE]
    crew = 1 if fleet and not crew_taken else 0
    fetched = w.whole[c.TAKE_UP] > 0 or w.whole[c.TEAMS] > 0
    if corridor < 0 or not fetched:
        count_inside(s, corridor, me[c.ABOARD], me[c.ABOARD])
        if crew > 0:
            count_vehicle_inside(s, corridor)
        return
    there = open_gate(w, chance, s, k, corridor, minute)
    way = 0 if there == corridor else most(w, w.elsewhere[w.steps[k, c.CROSSING], there, c.THERE])
    corridor = there
    wait = s.stranded[corridor]
    wait[c.WAIT_SIT] += me[c.ABOARD] - me[c.ABOARD_LYING]
    wait[c.WAIT_LIE] += me[c.ABOARD_LYING]
    wait[c.WAIT_CREWS] += crew
    me[c.ABOARD] = 0
    me[c.ABOARD_LYING] = 0
    row = w.steps[k]
    through = most(w, row[c.TRANSIT]) + most(w, row[c.SERVICE])
    to_gate = most(w, row[c.BACK]) if row[c.BACK] >= 0 else 0
    wait[c.THROUGH_OUT] = max(wait[c.THROUGH_OUT], through)
    whole_way = through + 2 * (to_gate + way) + w.whole[c.TRANSFER]
    wait[c.ROUND_OUT] = max(wait[c.ROUND_OUT], whole_way)
    send_teams(w, chance, s, queue, corridor, minute)


@part
def open_gate(
    w: World, chance: Chance, s: State, k: int, corridor: int, minute: int
) -> int:
    """The corridor, or where it is closed for good the nearest by which its people may go out."""
    x = w.steps[k, c.CROSSING]
    closed = blocked_until(w, chance, s, corridor, minute) >= c.NEVER
    if not closed or x < 0 or w.whole[c.REROUTE] == 0:
        return corridor
    best, nearest = corridor, c.NEVER
    for other in range(w.corridors.shape[0]):
        way = w.elsewhere[x, other, c.THERE]
        if other == corridor or way < 0 or most(w, way) >= nearest:
            continue
        if blocked_until(w, chance, s, other, minute) < c.NEVER:
            best, nearest = other, most(w, way)
    return best


@part
def send_teams(
    w: World, chance: Chance, s: State, queue: list[int], corridor: int, minute: int
) -> None:
    """Send who stands ready at a gate for those who wait, if even at the most it is out in time."""
    wait = s.stranded[corridor]
    for n in range(corridor * w.whole[c.TEAMS], (corridor + 1) * w.whole[c.TEAMS]):
        team = s.teams[n]
        if wait[c.WAIT_SIT] + wait[c.WAIT_LIE] + wait[c.WAIT_CREWS] == 0:
            return
        if team[c.TEAM_IS] != c.TEAM_READY:
            continue
        start = blocked_until(w, chance, s, corridor, minute)
        back = start + wait[c.ROUND_OUT]
        if start >= c.NEVER or back + wait[c.THROUGH_OUT] > close_after(w, minute):
            return
        team[c.TEAM_IS] = c.TEAM_IN
        team[c.TEAM_SIT] = min(wait[c.WAIT_SIT], w.whole[c.TEAM_SEATS])
        team[c.TEAM_LIE] = min(wait[c.WAIT_LIE], w.whole[c.TEAM_STRETCHERS])
        team[c.TEAM_CREWS] = wait[c.WAIT_CREWS]
        team[c.TEAM_THROUGH] = wait[c.THROUGH_OUT]
        wait[c.WAIT_SIT] -= team[c.TEAM_SIT]
        wait[c.WAIT_LIE] -= team[c.TEAM_LIE]
        wait[c.WAIT_CREWS] = 0
        push(queue, back, c.FETCHES, n)


@part
def fetches(
    w: World, chance: Chance, s: State, queue: list[int], n: int, minute: int
) -> None:
    """A team with those it fetched is at the gate on its way out, or out and ready again."""
    team = s.teams[n]
    corridor = n // w.whole[c.TEAMS]
    if team[c.TEAM_IS] == c.TEAM_OUT:
        team[c.TEAM_IS] = c.TEAM_READY
        send_teams(w, chance, s, queue, corridor, minute)
        return
    close = close_after(w, minute)
    until = blocked_until(w, chance, s, corridor, minute)
    out = until + team[c.TEAM_THROUGH]
    if until >= c.NEVER or out > close:
        persons = team[c.TEAM_SIT] + team[c.TEAM_LIE]
        count_inside(s, corridor, persons, persons)
        for _ in range(c.TEAM_VEHICLES + team[c.TEAM_CREWS]):
            count_vehicle_inside(s, corridor)
        team[c.TEAM_IS] = c.TEAM_LOST
        return
    if until > minute:
        push(queue, until, c.FETCHES, n)
        return
    arrive(w, s, team[c.TEAM_SIT] + team[c.TEAM_LIE], team[c.TEAM_LIE], out)
    s.by_corridor[corridor, c.C_OUT] += team[c.TEAM_SIT] + team[c.TEAM_LIE]
    closes = w.windows[w.windows.shape[0] - 1, c.CLOSES] if close >= c.NEVER else close
    s.by_corridor[corridor, c.C_CLEAR] = max(s.by_corridor[corridor, c.C_CLEAR], out - closes)
    team[c.TEAM_IS] = c.TEAM_OUT
    push(queue, out, c.FETCHES, n)


@part
def arrive(w: World, s: State, persons: int, patients: int, minute: int) -> None:
    """Persons are where they wished to go."""
    s.total[c.ARRIVED] += persons
    s.total[c.PATIENTS] += patients
    bar = (minute - w.whole[c.FIRST_HOUR] * 60) // c.BIN_MINUTES
    s.by_time[min(max(bar, 0), w.whole[c.BINS] - 1)] += persons


@part
def takes_up(w: World, s: State, v: int, corridor: int, minute: int, way: int) -> int:
    """A vehicle on its way out takes up those who wait on it; the minutes that it takes more.

    It does so only if even at the most it is out before the close.
    """
    me, wait = s.vehicles[v], s.stranded[corridor]
    if wait[c.WAIT_SIT] + wait[c.WAIT_LIE] + wait[c.WAIT_CREWS] == 0:
        return 0
    fleet = w.vehicles[v, c.BY] == c.FLEET and me[c.PHASE] < c.TURNED
    if not fleet or w.whole[c.TAKE_UP] == 0:
        return 0
    if minute + most(w, way) + w.whole[c.DETOUR] > close_after(w, minute):
        return 0
    lying = me[c.ABOARD_LYING]
    lie = max(0, min(wait[c.WAIT_LIE], w.vehicles[v, c.STRETCHERS] - lying))
    sit = max(0, min(wait[c.WAIT_SIT], w.vehicles[v, c.SEATS] - (me[c.ABOARD] - lying)))
    if sit + lie + wait[c.WAIT_CREWS] == 0:
        return 0
    me[c.GUESTS_SIT] += sit
    me[c.GUESTS_LIE] += lie
    me[c.ABOARD] += sit + lie
    me[c.ABOARD_LYING] += lie
    wait[c.WAIT_SIT] -= sit
    wait[c.WAIT_LIE] -= lie
    wait[c.WAIT_CREWS] = 0
    return int(w.whole[c.DETOUR])


@part
def count_stranded(s: State) -> None:
    """Whoever still waits beside a lost vehicle is inside at the end, without shelter."""
    for corridor in range(s.stranded.shape[0]):
        wait = s.stranded[corridor]
        persons = wait[c.WAIT_SIT] + wait[c.WAIT_LIE]
        count_inside(s, corridor, persons, persons)
        for _ in range(wait[c.WAIT_CREWS]):
            count_vehicle_inside(s, corridor)
        wait[c.WAIT_SIT] = 0
        wait[c.WAIT_LIE] = 0
        wait[c.WAIT_CREWS] = 0


@part
def hand_over(w: World, s: State, v: int, first: int, end: int, group: int) -> bool:
    """The people of a lost vehicle go to convoy mates with places; whether there is a mate.

    Mates are of one group, or, where `group` is -1, all who have not yet passed that gate and are
    inside. Whoever finds no place stays on board.
    """
    me = s.vehicles[v]
    taken = False
    for x in range(first, end):
        u = w.crossings[x, c.VEHICLE_OF]
        other = s.vehicles[u]
        if u == v or other[c.PHASE] >= c.TURNED or other[c.SIDE] == c.OUTSIDE:
            continue
        if group >= 0 and s.group_of[x] != group:
            continue
        if group < 0 and other[c.NOW_AT] > w.crossings[x, c.STEP_OF]:
            continue
        taken = True
        lying = me[c.ABOARD_LYING]
        sitting = me[c.ABOARD] - lying
        there_lie = other[c.ABOARD_LYING]
        there_sit = other[c.ABOARD] - there_lie
        lie = max(0, min(lying, w.vehicles[u, c.STRETCHERS] - there_lie))
        sit = max(0, min(sitting, w.vehicles[u, c.SEATS] - there_sit))
        other[c.GUESTS_SIT] += sit
        other[c.GUESTS_LIE] += lie
        other[c.ABOARD] += sit + lie
        other[c.ABOARD_LYING] += lie
        me[c.ABOARD] -= sit + lie
        me[c.ABOARD_LYING] -= lie
    return taken
