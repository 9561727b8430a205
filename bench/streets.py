"""Streets of Aleppo: reading them, a 200 × 200 matrix, and the same after a closure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from shapely import Point

from bench.measure import Measure, timed
from lull.network.closures import Closure, Kind
from lull.network.osm import read_streets
from lull.network.profiles import Profile
from lull.network.streets import Streets
from lull.network.table import Place, TravelNetwork

ROADS = Path(__file__).resolve().parents[1] / "samples" / "aleppo" / "roads.osm.pbf"
PLACES = 200
CAR = Profile("bus")


def measures() -> Iterator[Measure]:
    """Each piece of work on the streets, three times."""
    streets = read_streets(ROADS)
    size = f"{len(streets):,} streets"
    yield timed("read streets", size, lambda: read_streets(ROADS))
    places = some_places(streets)
    size = f"{PLACES} × {PLACES} on {size}"
    yield timed("matrix", size, lambda: network(streets, places).table(), limit=2.0)
    kept = network(streets, places, keep=True)
    kept.table()
    closures = [[closure(places[i])] for i in range(3)]

    def close_another() -> None:
        kept.change_closures(closures[0])
        closures.append(closures.pop(0))
        kept.table()

    yield timed("matrix after a closure", size, close_another, limit=2.0)


def some_places(streets: Streets) -> list[Place]:
    """Places spread over the streets' box by a fixed seed, each on a street's first point."""
    chosen = np.random.default_rng(2016).choice(len(streets), PLACES, replace=False)
    made = []
    for number, street in enumerate(chosen):
        lon, lat = streets.line(int(street))
        made.append(Place(f"place {number}", float(lat[0]), float(lon[0]), ("outside",)))
    return made


def network(streets: Streets, places: list[Place], *, keep: bool = False) -> TravelNetwork:
    """A network of these places for one kind of vehicle."""
    return TravelNetwork(streets, places, [CAR], keep=keep)


def closure(place: Place) -> Closure:
    """Everything within about 200 m of a place closed."""
    shape = Point(place.lon, place.lat).buffer(0.002)
    return Closure(id=f"around {place.id}", kind=Kind.CLOSED, geometry=shape, source="benchmark")
