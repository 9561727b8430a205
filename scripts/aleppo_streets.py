"""From two-point street lines to ways: whose end is whose, what is one-way, what is one way.

Coordinates are metres on a plane. Nothing here reads or writes a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Nodes = dict[int, tuple[float, float]]

ALWAYS_ONE_WAY = frozenset({"motorway", "motorway_link", "trunk_link"})
"""Carriageways of a motorway and slip roads of motorways and trunk roads are drawn one by one."""

MAY_BE_DUAL = frozenset({"trunk", "primary", "secondary", "tertiary"})
"""Classes whose carriageways are mapped apart; blocks of houses also lie between parallel
residential streets, so there a parallel says nothing."""

LEFT_REACH_M = 45.0
"""How far to the left the other carriageway is looked for."""

SAMPLE_M = 8.0
LEAST_SHARE = 0.5
"""Share of a run that must see the other carriageway on its left."""

PARALLEL_COS = np.cos(np.radians(30.0))
ROUNDABOUT_M = (20.0, 400.0)
"""Shortest and longest way around a roundabout."""

ROUNDNESS = 0.9
"""Least 4 pi area / perimeter^2 of a roundabout (a square has 0.785, a hexagon 0.907, a circle
1), so that a block of houses is none."""


@dataclass(frozen=True)
class Extract:
    """Streets as two-point lines: end nodes `u`, `v` (in any order), class, ends [n, 2, 2]."""

    u: NDArray[np.int64]
    v: NDArray[np.int64]
    highway: list[str]
    ends: NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """A chain of nodes of one class, in the direction in which it was drawn."""

    nodes: tuple[int, ...]
    highway: str
    oneway: bool = False
    roundabout: bool = False


def find_nodes(extract: Extract) -> tuple[Nodes, list[Run]]:
    """Where each node lies, and the lines as runs of two nodes in the drawn direction.

    `u, v` need not be in the order of the line's ends. A node of several lines lies at the end
    that they share; what that leaves open follows from the neighbour. Where nothing decides (a
    line that touches no other), the order is taken as it stands. Lines drawn twice are kept once.
    """
    ends = [(tuple(map(float, a)), tuple(map(float, b))) for a, b in extract.ends]
    rows = list(zip(map(int, extract.u), map(int, extract.v), ends, strict=True))
    candidates: dict[int, set[tuple[float, ...]]] = {}
    for u, v, line in rows:
        for node in (u, v):
            candidates[node] = candidates.get(node, set(line)) & set(line)
    if wrong := sorted(node for node, places in candidates.items() if not places):
        raise ValueError(f"The lines of node {wrong[0]} share no end.")
    changed = True
    while changed:
        changed = False
        for u, v, line in rows:
            for node, other in ((u, v), (v, u)):
                if len(candidates[node]) == 1 and len(candidates[other]) > 1:
                    candidates[other] = set(line) - candidates[node]
                    changed = True
    for u, v, line in rows:
        if len(candidates[u]) > 1:
            candidates[u], candidates[v] = {line[0]}, {line[1]}
    nodes: Nodes = {node: next(iter(places)) for node, places in candidates.items()}  # type: ignore[misc]
    segments: dict[tuple[int, int], Run] = {}
    for (u, v, line), highway in zip(rows, extract.highway, strict=True):
        drawn = (u, v) if nodes[u] == line[0] else (v, u)
        if u != v and drawn[::-1] not in segments:
            segments.setdefault(drawn, Run(drawn, highway))
    return nodes, [segments[key] for key in sorted(segments)]


def _degrees(runs: Iterable[Run]) -> dict[int, int]:
    """How many lines end at each node, inner nodes of a run counted twice."""
    degree: dict[int, int] = defaultdict(int)
    for run in runs:
        for node in run.nodes:
            degree[node] += 2
        degree[run.nodes[0]] -= 1
        degree[run.nodes[-1]] -= 1
    return degree


def _mergeable(a: Run, b: Run) -> bool:
    return (a.highway, a.oneway, a.roundabout) == (b.highway, b.oneway, b.roundabout)


def _join(runs: list[Run], *, turn_two_way: bool) -> list[Run]:
    """Join runs of one kind that meet, alone, at a node; the result is in order of its nodes.

    Runs are joined head to tail; with `turn_two_way`, two-way runs also head to head.
    """
    degree = _degrees(runs)
    at: dict[int, list[int]] = defaultdict(list)
    pieces: list[Run | None] = list(runs)
    for i, run in enumerate(runs):
        for node in {run.nodes[0], run.nodes[-1]}:
            at[node].append(i)
    home = list(range(len(runs)))

    def current(i: int) -> int:
        while home[i] != i:
            i = home[i]
        return i

    for node in sorted(at):
        if degree[node] != 2 or len(at[node]) != 2:
            continue
        i, j = (current(k) for k in at[node])
        a, b = pieces[i], pieces[j]
        if i == j or a is None or b is None or not _mergeable(a, b):
            continue
        if turn_two_way and not a.oneway and a.nodes[-1] != node:
            a = replace(a, nodes=a.nodes[::-1])
        if turn_two_way and not b.oneway and b.nodes[0] != node:
            b = replace(b, nodes=b.nodes[::-1])
        if a.nodes[-1] != node or b.nodes[0] != node:
            a, b = b, a
        if a.nodes[-1] == node and b.nodes[0] == node:
            pieces[i], pieces[j], home[j] = replace(a, nodes=a.nodes + b.nodes[1:]), None, i
    return sorted((p for p in pieces if p is not None), key=lambda run: run.nodes)


def join_runs(segments: list[Run]) -> list[Run]:
    """Runs of one class, drawn in one direction, from junction to junction."""
    return _join(segments, turn_two_way=False)


def merge_ways(runs: list[Run]) -> list[Run]:
    """Ways as they are written: one class, one direction, from junction to junction."""
    return _join(runs, turn_two_way=True)


def infer_oneway(runs: list[Run], nodes: Nodes) -> list[Run]:
    """Mark carriageways of dual roads and roundabouts as one-way, in the drawn direction.

    Where traffic drives on the right, the other carriageway of a dual road lies on the left of
    each and is drawn the other way. One-way streets without a parallel are not found.
    """
    around = _roundabouts(runs, nodes)
    share = _share_with_opposite_on_left(runs, nodes)
    marked = [
        replace(
            run,
            roundabout=i in around,
            oneway=i in around or run.highway in ALWAYS_ONE_WAY or bool(share[i] >= LEAST_SHARE),
        )
        for i, run in enumerate(runs)
    ]
    return _free_what_strands(marked)


def _points(run: Run, nodes: Nodes) -> NDArray[np.float64]:
    return np.array([nodes[node] for node in run.nodes])


def _length_m(run: Run, nodes: Nodes) -> float:
    return float(np.hypot(*np.diff(_points(run, nodes), axis=0).T).sum())


def _share_with_opposite_on_left(runs: list[Run], nodes: Nodes) -> NDArray[np.float64]:
    """Share of each run that has a run of its class, drawn the other way, on its left."""
    starts, steps, owner = [], [], []
    for i, run in enumerate(runs):
        if run.highway in MAY_BE_DUAL:
            points = _points(run, nodes)
            starts.append(points[:-1])
            steps.append(np.diff(points, axis=0))
            owner.append(np.full(len(points) - 1, i))
    if not starts:
        return np.zeros(len(runs))
    start, step, of = np.concatenate(starts), np.concatenate(steps), np.concatenate(owner)
    length = np.hypot(step[:, 0], step[:, 1])
    direction = step / length[:, None]
    count = np.maximum(np.ceil(length / SAMPLE_M).astype(int), 1)
    segment = np.repeat(np.arange(len(start)), count)
    rank = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    at = start[segment] + step[segment] * ((rank + 0.5) / count[segment])[:, None]
    left = np.column_stack([-direction[:, 1], direction[:, 0]])[segment]
    rays = shapely.linestrings(np.stack([at + 1.0 * left, at + LEFT_REACH_M * left], axis=1))
    tree = shapely.STRtree(shapely.linestrings(np.stack([start, start + step], axis=1)))
    ray, hit = tree.query(rays, predicate="intersects")
    classes = {name: k for k, name in enumerate(sorted(MAY_BE_DUAL))}
    kind = np.array([classes.get(run.highway, -1) for run in runs])[of]
    opposite = (direction[segment[ray]] * direction[hit]).sum(axis=1) < -PARALLEL_COS
    good = opposite & (kind[segment[ray]] == kind[hit]) & (of[segment[ray]] != of[hit])
    seen = np.zeros(len(segment), dtype=bool)
    seen[ray[good]] = True
    weight = (length / count)[segment]
    total = np.bincount(of[segment], weights=weight, minlength=len(runs))
    with_other = np.bincount(of[segment], weights=weight * seen, minlength=len(runs))
    return np.divide(with_other, total, out=np.zeros(len(runs)), where=total > 0)


def _heading(run: Run, nodes: Nodes, end: int) -> float:
    """Direction, in radians, of the first (`end` 0) or last (-1) line of a run."""
    a, b = (run.nodes[0], run.nodes[1]) if end == 0 else (run.nodes[-2], run.nodes[-1])
    return float(np.arctan2(nodes[b][1] - nodes[a][1], nodes[b][0] - nodes[a][0]))


def _turn(before: Run, after: Run, nodes: Nodes) -> float:
    """Angle from one run into the next, positive to the left, in (-pi, pi]."""
    angle = _heading(after, nodes, 0) - _heading(before, nodes, -1)
    return float(-((-angle + np.pi) % (2 * np.pi) - np.pi))


def _free_what_strands(runs: list[Run]) -> list[Run]:
    """Leave two-way what, as one-way, could be entered and not left, or left and not entered.

    At the edge of the extract the other carriageway is often missing. What is inferred is not
    let cut a part of the city off; afterwards all that hangs together is strongly connected.
    """
    ends = np.array([(run.nodes[0], run.nodes[-1]) for run in runs])
    number, index = np.unique(ends, return_inverse=True)
    start, end = index.reshape(-1, 2).T
    two_way = np.array([not run.oneway for run in runs])
    rows, columns = np.r_[start, end[two_way]], np.r_[end, start[two_way]]
    graph = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(number), len(number)))
    _, component = connected_components(graph, connection="strong")
    strands = component[start] != component[end]
    return [
        replace(run, oneway=False, roundabout=False) if cut else run
        for run, cut in zip(runs, strands, strict=True)
    ]


def _roundabouts(runs: list[Run], nodes: Nodes) -> set[int]:
    """Runs that, drawn head to tail and always bearing left, close a round ring."""
    out: dict[int, list[int]] = defaultdict(list)
    for i, run in enumerate(runs):
        out[run.nodes[0]].append(i)
    length = [_length_m(run, nodes) for run in runs]
    found: set[int] = set()
    for first, run in enumerate(runs):
        ring, total = [first], length[first]
        while total <= ROUNDABOUT_M[1] and runs[ring[-1]].nodes[-1] != run.nodes[0]:
            last = runs[ring[-1]]
            turns = [
                (_turn(last, runs[k], nodes), k)
                for k in out[last.nodes[-1]]
                if runs[k].highway == run.highway and k not in ring
            ]
            turns = [t for t in turns if t[0] < 2 * np.pi / 3]
            if not turns:
                break
            ring.append(max(turns)[1])
            total += length[ring[-1]]
        closed = runs[ring[-1]].nodes[-1] == run.nodes[0]
        if closed and ROUNDABOUT_M[0] <= total <= ROUNDABOUT_M[1]:
            points = np.concatenate([_points(runs[k], nodes)[:-1] for k in ring])
            x, y = (points - points[0]).T
            area = 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
            if 4 * np.pi * area / total**2 >= ROUNDNESS:
                found.update(ring)
    return found
