"""Addresses and what they asked for, mails that wait, webhooks and the journal of their deliveries, what changed of datasets."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.hub.notifications.webhook_rules import EVENT_WORDS, NAME_LENGTH, new_message_id


def new_key() -> str:
    """A secret that an address has: anyone who has it may confirm or stop."""
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
    """What its module saw last, or the ISO week of the last weekly mail: anyone who moves it is the one that tells."""
    site = models.ForeignKey("wagtailcore.Site", null=True, on_delete=models.SET_NULL, related_name="+")
    """Where it was asked, whose name, colours and addresses its mails have; the main one when it is gone."""
    created = models.DateTimeField(default=timezone.now)
    confirmed = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("abonnement")
        indexes = [models.Index(fields=["kind", "target"], name="subscriptions_to")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Outgoing(models.Model):
    """A mail that must leave: written with what caused it, removed once a mail server took it.

    It goes to the address of its ``subscription``, else to a ``person`` who has an account, else to the ``address`` of an
    organisation.
    """

    kind = models.CharField(max_length=40)
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.CASCADE)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(blank=True, default="")
    facts = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(db_index=True, default=timezone.now)

    class Meta:
        ordering = ["due", "id"]
        verbose_name = _("courriel à envoyer")

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def asked(self) -> Subscription:
        """What was asked, of the kinds that are subscribed to."""
        if self.subscription is None:
            raise ValueError(f"{self} was asked by nobody")
        return self.subscription


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


class Webhook(models.Model):
    """An address of another program that is called when something happens in an organisation; its secret is encrypted."""

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("organisation")
    )
    name = models.CharField(_("nom"), max_length=NAME_LENGTH)
    url = models.URLField(_("adresse appelée"), max_length=500)
    events = models.JSONField(_("événements"), default=list)
    secret = models.CharField(max_length=300)
    former_secret = models.CharField(max_length=300, blank=True)
    """Signs too until ``former_until``, so that nobody has to change both sides at the same instant."""
    former_until = models.DateTimeField(null=True)
    active = models.BooleanField(_("en service"), default=True)
    failures = models.PositiveIntegerField(default=0)
    """Calls in a row that were not taken."""
    disabled = models.DateTimeField(null=True)
    """When it was stopped for having failed too often; None when a person decided."""
    created = models.DateTimeField(default=timezone.now)
    modified = models.DateTimeField(_("modifié"), auto_now=True)

    class Meta:
        ordering = ["organisation__name", "name", "id"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message to one webhook, and how the last call ended; kept 30 days."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("en attente")
        DELIVERED = "delivered", _("reçu")
        FAILED = "failed", _("abandonné")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40, default=new_message_id)
    """The same when it is sent again: receivers tell repetitions by it."""
    event = models.CharField(_("événement"), max_length=40)
    body = models.TextField()
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    status = models.PositiveSmallIntegerField(_("réponse"), null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)
    error = models.JSONField(null=True)
    """code, message and hint of what kept the last call from being answered."""
    due = models.DateTimeField(null=True, default=timezone.now)
    """When it is called next; None once it is over."""
    created = models.DateTimeField(_("date"), default=timezone.now, db_index=True)
    tried = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("envoi")
        verbose_name_plural = _("envois")

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"

    @property
    def event_words(self) -> str:
        """What it tells."""
        return str(EVENT_WORDS.get(self.event, self.event))


class Change(models.Model):
    """Something that happened to a dataset and that those who use it want to hear, besides that it has a new version.

    ``kind`` is one of ``changes.Kind``; ``mark`` makes the same thing one row, however often it is noted.
    """

    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    mark = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    moment = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-moment", "-id"]
        verbose_name = _("changement d’un jeu de données")
        constraints = [models.UniqueConstraint(fields=["dataset", "kind", "mark"], name="one_change_a_mark")]
        indexes = [models.Index(fields=["dataset", "-moment"], name="changes_of_a_dataset")]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.kind} {self.mark}"
