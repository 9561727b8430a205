"""Bus days replayed from the matrices alone, with no code of the solver."""

from __future__ import annotations

from lull.plan.makespan.instance import Days, Evacuation


def replayed(of: Evacuation, days: Days) -> int:
    """The minute at which the last load is set down; asserts that nothing impossible is done."""
    standing = list(of.buses)
    waiting, room, last = list(of.loads), list(of.places), 0
    for day in days:
        standing[day.yard] -= 1
        ways, row, minute = of.out, day.yard, 0
        for point, shelter in day.trips:
            assert ways[row][point] >= 0, "a bus drives where there is no way"
            assert of.carry[point][shelter] >= 0, "people are driven where there is no way"
            minute += int(ways[row][point]) + int(of.carry[point][shelter])
            waiting[point] -= 1
            room[shelter] -= 1
            ways, row = of.back, shelter
        last = max(last, minute)
    assert min(standing) >= 0, "a yard sends more buses than it has"
    assert not any(waiting), "a load is left, or fetched twice"
    assert min(room) >= 0, "a shelter takes more than it has places"
    return last
