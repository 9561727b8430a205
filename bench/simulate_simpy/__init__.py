"""The simulated day in SimPy: the same model and the same draws, written for SimPy's processes.

A vehicle is a process; convoys, bays, lanes and corridors are objects that let it go on. It shares
with lull.simulate only the tables of a scenario and the draws, and none of the event loop, so that
it checks the loop as well as measures its rate. SimPy orders events by (time, priority, number of
the event); here the priority carries lull's own (priority, number), so that ties fall alike.
"""

from __future__ import annotations

from bench.simulate_simpy.day import Day
from bench.simulate_simpy.things import Tables

__all__ = ["Day", "Tables"]
