"""Reports made once for all that look at them."""

from __future__ import annotations

import pytest

from lull.report.model import ReportInput
from lull.report.page import page
from tests.report.cases import tiny


@pytest.fixture(scope="session")
def report() -> ReportInput:
    return tiny()


@pytest.fixture(scope="session")
def html(report: ReportInput) -> str:
    return page(report)
