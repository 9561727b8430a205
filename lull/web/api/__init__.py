"""The REST API: every act of a pause, for whoever has the right to it, and for nobody else."""

from lull.web.api.build import api

__all__ = ["api"]
