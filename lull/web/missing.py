"""Addresses at which there is nothing, told to programs and to people in their own way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lull.store.principal import NotThere
from lull.web.api import errors
from lull.web.pages.visit import Visit, anyones


@anyones
def _page(visit: Visit) -> HttpResponse:
    raise NotThere("There is nothing at this address.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing at this address."""
    if request.path.startswith("/api/"):
        return errors.not_found(request, exception)
    return _page(request)


def server_fault(request: HttpRequest) -> HttpResponse:
    """A fault outside the API and the pages themselves."""
    return errors.server_fault(request)
