"""From streets to travel times: extracts, closures, snapping, matrices and routes.

The usual way in: `read_streets` gives `Streets`; `TravelNetwork` (or `travel_table`) takes them
with places, profiles, closures, the line between the sides, approved routes and corridors, and
gives the `TravelTable` that plans are made from, with routes and notes.
"""

from lull.network.closures import Closure, Kind
from lull.network.osm import read_streets
from lull.network.profiles import ON_FOOT, PRIVATE_CAR, Profile
from lull.network.routes import Route
from lull.network.snapping import FAR_M, Snaps
from lull.network.streets import Streets, StreetsError
from lull.network.table import Crossing, Place, TravelNetwork, travel_table

__all__ = [
    "FAR_M",
    "ON_FOOT",
    "PRIVATE_CAR",
    "Closure",
    "Crossing",
    "Kind",
    "Place",
    "Profile",
    "Route",
    "Snaps",
    "Streets",
    "StreetsError",
    "TravelNetwork",
    "read_streets",
    "travel_table",
]
