"""Work to be done and not done twice: requests answered before, jobs, the outbox."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from lull.store.models.chain import Entry
from lull.store.models.people import Pause


class Once(models.Model):
    """A write that was acknowledged, by the idempotency key of who asked for it."""

    tag = models.CharField(max_length=64, unique=True)
    asked = models.CharField(max_length=64)
    """A keyed hash of what was asked: the same key with another wish is refused."""
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True)
    answer = models.BinaryField(null=True)
    on = models.DateField()


class Folder(models.Model):
    """A pause folder that was imported: its files sealed to the data key, the rest veiled.

    `kept` is empty until a worker has read it, and after it was ended. `about` is its name, content
    hash and findings.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="folders")
    by = models.UUIDField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    kept = models.BinaryField(default=b"")
    about = models.BinaryField()


class Job(models.Model):
    """Something that a process of its own does; `due` and `lease` say who may take it when.

    `options` and `progress` are veiled; `told` is when progress was last told.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="jobs")
    by = models.UUIDField()
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default="waiting")
    given = models.BinaryField()
    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, null=True, related_name="jobs")
    options = models.BinaryField(null=True)
    progress = models.BinaryField(null=True)
    told = models.DateTimeField(null=True)
    answer = models.BinaryField(null=True)
    worker = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    asked = models.DateTimeField()
    done = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["state", "asked"]),)


class Product(models.Model):
    """A file that came of a job, such as the page of its answer, sealed to the data key."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="products")
    name = models.CharField(max_length=40)
    content = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job", "name"], name="one_of_a_name"),)


class BackedUp(models.Model):
    """That a backup of the store was written, with how many rows; it is not in any backup."""

    at = models.DateTimeField()
    rows = models.PositiveBigIntegerField()
    proven = models.BooleanField()


class Outgoing(models.Model):
    """One thing to be sent to one recipient over one channel; `sent` NULL means: not yet.

    Rows are written in the transaction of the entry that orders them, and claimed by a conditional
    update (see `outbox`). `once` is the idempotency key that goes with it over the transport.
    """

    id = models.BigAutoField(primary_key=True)
    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="outgoing")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    channel = models.CharField(max_length=20)
    once = models.CharField(max_length=64, unique=True)
    letter = models.BinaryField()
    worker = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    due = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    sent = models.DateTimeField(null=True)
    given_up = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True)
    """The kind of the last failure; its words may hold an address, and are not kept."""
    recipient = models.BinaryField(null=True)
    """Veiled. It stays when the letter is destroyed, as who was told is still to be known."""
    about = models.CharField(max_length=64, blank=True, db_index=True)
    """A tag of the object it is about, by which all letters about it are found."""
    version = models.PositiveIntegerField(default=0)
    of = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="letters_of")
    """The entry whose words are in it; they are destroyed with it."""
    before = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True,
                               related_name="letters_since")
    """The earlier version, where the letter says what has changed since."""

    class Meta:
        indexes = (models.Index(fields=["sent", "given_up", "due"]),)


class Addressee(models.Model):
    """Where one recipient of a pause is reached over one channel, veiled with all that is in it."""

    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="addressees")
    tag = models.CharField(max_length=64, unique=True)
    kept = models.BinaryField()
