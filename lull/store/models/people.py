"""Who may come in: the vault, pauses, sides, members with their keys and seats, ways in.

Names, logins and functions are veiled: encrypted under the data key, which is not in the database.
A tag is a keyed hash by which a veiled text is found again.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class Vault(models.Model):
    """The data key: its public half, and its secret half under the server's passphrase."""

    public = models.CharField(max_length=80)
    wrapped = models.TextField()
    recovery = models.CharField(max_length=64)
    """The public recovery key of all posts kept here."""


class Pause(models.Model):
    """One pause, with a ledger of its own. `generation` goes up when its past has grown."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.BinaryField()
    name_tag = models.CharField(max_length=64, unique=True)
    generation = models.PositiveIntegerField(default=0)


class Side(models.Model):
    """An organisation or a party, by the name it uses."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.BinaryField()
    name_tag = models.CharField(max_length=64, unique=True)


class SideIn(models.Model):
    """That a side takes part in a pause. Who is not in it does not learn of it there."""

    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="places")
    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="places")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["side", "pause"], name="one_place"),)


class Member(models.Model):
    """An account: somebody's function for one side. No person is named."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    side = models.ForeignKey(Side, on_delete=models.PROTECT, related_name="members")
    login = models.BinaryField()
    login_tag = models.CharField(max_length=64, unique=True)
    function = models.BinaryField()
    password = models.CharField(max_length=200)
    keeper = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    totp = models.BinaryField(null=True)
    totp_on = models.BooleanField(default=False)
    totp_step = models.BigIntegerField(default=0)
    """The last time step whose code was used; no code is taken twice."""


class MemberKey(models.Model):
    """A member's age key pair: `wrapped` under the passphrase, `spare` under the printed code."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="keys")
    public = models.CharField(max_length=80, unique=True)
    wrapped = models.TextField()
    spare = models.TextField()
    since = models.DateField()
    current = models.BooleanField(default=True)
    """False for a key from before a reset: nothing new is sealed to it."""


class RecoveryCode(models.Model):
    """A code that stands in once for the second factor."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)


class Seat(models.Model):
    """The role of a member in one pause."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="seats")
    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "pause"], name="one_seat"),)


class Invitation(models.Model):
    """A way in by link, once: to become a member, or to set a new passphrase (`member`)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True)
    side = models.ForeignKey(Side, on_delete=models.CASCADE)
    pause = models.ForeignKey(Pause, on_delete=models.CASCADE)
    role = models.CharField(max_length=20, blank=True)
    function = models.BinaryField()
    by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    expires = models.DateTimeField()
    used = models.BooleanField(default=False)
    members_only = models.BooleanField(default=False)
    """It gives a seat to somebody who is of the side already, and lets in nobody new."""
    ends_factor = models.BooleanField(default=False)
    """A reset that takes away the second factor, too; that it does is an entry."""


class Session(models.Model):
    """A member who has signed in; the token itself is only with them."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sessions")
    began = models.DateTimeField()
    seen = models.DateTimeField()
    expires = models.DateTimeField()


class Token(models.Model):
    """A key for a program: what it may do, in which pause, until when."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tokens")
    pause = models.ForeignKey(Pause, on_delete=models.CASCADE, null=True)
    scopes = models.CharField(max_length=100)
    label = models.BinaryField()
    expires = models.DateTimeField()


class Throttle(models.Model):
    """Failed attempts by one login, address or both (a tag), and until when to wait."""

    tag = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last = models.DateTimeField()
