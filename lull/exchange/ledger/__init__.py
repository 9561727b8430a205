"""Ledgers as files, their keys as files, and the sealing of what stands in them."""

from lull.exchange.ledger.file import Held, Line, read_ledger, write_ledger
from lull.exchange.ledger.keyfile import new_key_file, read_key_file
from lull.exchange.ledger.sealing import SealedContent, open_contents, seal_content, wrap_for

__all__ = [
    "Held",
    "Line",
    "SealedContent",
    "new_key_file",
    "open_contents",
    "read_key_file",
    "read_ledger",
    "seal_content",
    "wrap_for",
    "write_ledger",
]
