"""Files sent with a form: no larger than the page takes, and never put on the server's disk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

FORM_BYTES = 10_000
"""Beside a file: what the form itself holds."""


class _InMemory(MemoryFileUploadHandler):
    """Keeps a file in memory whatever its size, where Django would write a large one to a disk."""

    def handle_raw_input(self, *args: Any, **how: Any) -> None:
        """Look at nothing: the size of the whole request was looked at before."""
        self.activated = True


def in_memory(request: HttpRequest, most_bytes: int) -> None:
    """Have what is sent kept in memory; raises RequestDataTooBig before any of it is read."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    if not said.isdecimal() or len(said) > 15 or int(said) > most_bytes + FORM_BYTES:
        raise RequestDataTooBig("More was sent than this page takes.")
    request.upload_handlers = [_InMemory(request)]
