"""Each test gets a store of its own, with people."""

from __future__ import annotations

from tests.store.conftest import world

__all__ = ["world"]
