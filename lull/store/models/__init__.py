"""The tables. What could tell who, where or what stands in them sealed or veiled (see `veil`)."""

from lull.store.models.chain import Entry, Head, Post, Said, Wrap
from lull.store.models.people import (
    Invitation,
    Member,
    MemberKey,
    Pause,
    RecoveryCode,
    Seat,
    Session,
    Side,
    SideIn,
    Throttle,
    Token,
    Vault,
)
from lull.store.models.work import Addressee, BackedUp, Folder, Job, Once, Outgoing, Product

__all__ = [
    "Addressee",
    "BackedUp",
    "Entry",
    "Folder",
    "Head",
    "Invitation",
    "Job",
    "Member",
    "MemberKey",
    "Once",
    "Outgoing",
    "Pause",
    "Post",
    "Product",
    "RecoveryCode",
    "Said",
    "Seat",
    "Session",
    "Side",
    "SideIn",
    "Throttle",
    "Token",
    "Vault",
    "Wrap",
]
