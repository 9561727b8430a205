"""What is done for each kind of job."""

from __future__ import annotations

from collections.abc import Callable

from lull.cli.working.doing import Doing, Outcome
from lull.cli.working.planning import plan
from lull.cli.working.questions import QUESTION_JOBS
from lull.store.job_kinds import PLAN

JOBS: dict[str, Callable[[Doing], Outcome]] = {PLAN: plan, **QUESTION_JOBS}
"""By the names of `lull.store.job_kinds`. A folder is checked in `lull.cli.work` itself, as what
comes of it is kept with the folder."""
