"""Discussions of a dataset and their messages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.domains.discussions.rules import LONGEST_TITLE, State


class DatasetDiscussions(models.Model):
    """That those who publish a dataset closed its discussions; without a row they are open."""

    dataset = models.OneToOneField("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    closed = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("discussions d’un jeu de données")

    def __str__(self) -> str:
        return f"#{self.dataset_id}"


class Thread(models.Model):
    """A discussion; it is seen once one of its messages is."""

    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("sujet"), max_length=LONGEST_TITLE, blank=True)
    """Empty once whoever opened it erased what they wrote."""
    closed = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("discussion")

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("dataset-discussion", kwargs={"dataset_id": self.dataset.dataset_id, "key": self.pk})


class Message(models.Model):
    """What somebody wrote in a discussion: a visitor, or ``person`` for the organisation that publishes the dataset.

    ``text`` is read by all, its mentions of persons masked; ``original`` by moderators alone until they decide, then it is erased.
    """

    STATES = [
        (State.UNCONFIRMED.value, _("à confirmer")),
        (State.WAITING.value, _("à relire")),
        (State.SHOWN.value, _("en ligne")),
        (State.HIDDEN.value, _("masqué")),
    ]

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    text = models.TextField(_("texte"))
    original = models.TextField(blank=True)
    original_title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    """The title of the discussion that it opens, before it is masked."""
    signature = models.CharField(_("signature"), max_length=60, blank=True)
    is_answer = models.BooleanField(_("réponse de l’organisation"), default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(_("état"), max_length=12, choices=STATES, default=State.UNCONFIRMED.value)
    held = models.BooleanField(default=False)
    """Whether it mentions somebody: a moderator reads it first."""
    reports = models.PositiveIntegerField(_("signalements"), default=0)
    reason = models.CharField(_("raison"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)
    """Goes up each time somebody decides, so that two moderators do not undo each other's work."""
    sent = models.DateTimeField(_("envoyé le"), default=timezone.now)

    class Meta:
        ordering = ["sent", "id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["thread", "state"], name="messages_of_threads")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """Its place on the page of its discussion."""
        return f"{self.thread.get_absolute_url()}#m{self.pk}"

    @property
    def is_hidden(self) -> bool:
        """Whether moderation hid it."""
        return self.state == State.HIDDEN
