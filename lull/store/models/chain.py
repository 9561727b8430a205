"""The chain: entries as the pure ledger made them, what they say (sealed), and who writes logs."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models

from lull.store.models.people import Pause, Side


class Post(models.Model):
    """A post that may write as a side in a role; its `key` (sealed) is here if the server signs.

    `tip` is the hash of the last entry of its present log. A `forked` log is not written to until
    its next epoch is opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="posts")
    side = models.ForeignKey(Side, on_delete=models.PROTECT)
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=64)
    key = models.BinaryField(null=True)
    tip = models.CharField(max_length=64, blank=True)
    forked = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["pause", "name"], name="one_post"),)


class Entry(models.Model):
    """One entry: its canonical bytes, and what stands in clear in them, to be found by.

    `seq` is the order in which this store took entries, for cursors only. `by` is the member who
    wrote it here.
    """

    seq = models.BigAutoField(primary_key=True)
    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="entries")
    hash = models.CharField(max_length=64)
    post = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField()
    number = models.PositiveBigIntegerField()
    raw = models.BinaryField()
    merged = models.BooleanField(default=False)
    by = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["pause", "hash"], name="one_entry"),)
        indexes = (models.Index(fields=["pause", "seq"]),
                   models.Index(fields=["post", "epoch", "number"]))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new entry; one that is there is never changed."""
        if self.pk is not None:
            raise TypeError("An entry is never changed; another amends it.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """An entry stays."""
        raise TypeError("An entry is never deleted; its payload can be destroyed.")


class Said(models.Model):
    """What an entry says: in clear with its salt where it is public, else sealed."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="said")
    clear = models.BinaryField(null=True)
    salt = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)


class Wrap(models.Model):
    """The key of one sealed payload, sealed to one recipient; whose it is does not show."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="wraps")
    sealed_key = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entry", "digest"], name="one_wrap"),)


class Head(models.Model):
    """An entry on which nothing follows yet."""

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="heads")
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["pause", "hash"], name="one_head"),)
