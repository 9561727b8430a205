"""The API put together, and the document that describes it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser

from lull import __version__
from lull.domain.records import RECEIPT_SENTENCE
from lull.web.api import (
    account,
    due,
    errors,
    folders,
    jobs,
    ledger,
    notify,
    people,
    records,
    requests,
    service,
    told,
)
from lull.web.api.record_schemas import record_schemas, wish_schema

TITLE = "lull"
SAYS = (
    "Every act of a humanitarian pause: by the role that may do it, kept in a ledger that nobody "
    "can change. Times are UTC to the second. " + RECEIPT_SENTENCE
)


class Once(Parser):
    """JSON in which no key stands twice: of two walls, nobody could say which was meant."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value that was sent; raises ValueError."""
        return json.loads(request.body, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("A key stands twice.")
    return made


class Api(NinjaAPI):
    """As django-ninja has it, with the schemas of the records in its document."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The OpenAPI document."""
        made = super().get_openapi_schema(**options)
        schemas = made["components"]["schemas"]
        schemas.update(record_schemas())
        schemas["WishIn"] = wish_schema(schemas["WishIn"])
        made["servers"] = [{"url": "/"}]
        return made


api = Api(title=TITLE, version=__version__, description=SAYS, docs_url=None,
          parser=Once(), openapi_url="openapi.json", urls_namespace="lull")
errors.install(api)
for part in (service, account, people, records, told, requests, ledger, folders, jobs, notify,
             due):
    api.add_router("", part.router)

