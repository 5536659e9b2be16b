"""Addresses and what they asked for, mails that wait, what was told once."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_key() -> str:
    """A secret that an address bears: whoever has it may confirm or stop."""
    return secrets.token_urlsafe(32)


class Recipient(models.Model):
    """An address that asked for mails, apart from everything else; erased with the last thing it asked for."""

    email = models.EmailField(unique=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("adresse abonnée")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Subscription(models.Model):
    """One thing an address asked to be told; nothing leaves before ``confirmed``, but the mail that asks to confirm.

    ``kind`` is a ``NoticeKind`` of a module, ``target`` the key of what is followed when it is one row, ``details`` what else was
    asked: both are the module's own.
    """

    key = models.CharField(max_length=64, unique=True, default=new_key)
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="subscriptions")
    kind = models.CharField(max_length=40)
    target = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    mark = models.CharField(max_length=80, blank=True)
    """What its module saw last, or the ISO week of the last weekly mail: whoever moves it is the one that tells."""
    site = models.ForeignKey("wagtailcore.Site", null=True, on_delete=models.SET_NULL, related_name="+")
    """Where it was asked, whose name, colours and addresses its mails bear; the main one when it is gone."""
    created = models.DateTimeField(default=timezone.now)
    confirmed = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("abonnement")
        indexes = [models.Index(fields=["kind", "target"], name="subscriptions_to")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Outgoing(models.Model):
    """A mail that must leave: written with what caused it, removed once a mail server took it.

    It goes to the address of its ``subscription``, else to a ``person`` who has an account.
    """

    kind = models.CharField(max_length=40)
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.CASCADE)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(db_index=True, default=timezone.now)

    class Meta:
        ordering = ["due", "id"]
        verbose_name = _("courriel à envoyer")

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class ConfirmationRequest(models.Model):
    """That somebody asked for a confirmation mail: a digest of the address or of the caller, kept two days to bound them."""

    mark = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("demande de confirmation")

    def __str__(self) -> str:
        return self.mark


class ToldOnce(models.Model):
    """That a person was told once of something: the same ``mark`` about the same ``target`` is not told to them again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    target = models.CharField(max_length=200)
    mark = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "target", "mark"], name="notifications_told_once")
        ]
        verbose_name = _("avis donné")

    def __str__(self) -> str:
        return f"{self.kind} {self.target} {self.mark}"
