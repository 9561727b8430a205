"""The event loop compiled: the very function of `reference`, so that both say the same."""

from __future__ import annotations

from lull.simulate.jit import compiled
from lull.simulate.reference import replicate as _replicate

replicate = compiled(_replicate)
"""One replication on one set of draws; see `lull.simulate.reference.replicate`."""
