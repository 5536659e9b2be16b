"""What a dataset takes, what was proposed of it, what was accepted and is laid over its source, and who is trusted."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.domains.contributions.rules import LIVE_STATES, Kind, Laid, State

LONGEST_KEY = 400


def new_uid() -> str:
    """A secret that nobody guesses: who has it follows the proposal."""
    return secrets.token_urlsafe(18)


def form_digest(token: str) -> str:
    """What is kept of the token of a form."""
    return hashlib.sha256(token.encode()).hexdigest()


def key_text(key: Sequence[str | None] | None) -> str:
    """A key as one short text, to find what is about the same row."""
    text = json.dumps(list(key), ensure_ascii=False) if key else ""
    return text if len(text) <= LONGEST_KEY else f"{text[:300]}…{hashlib.sha256(text.encode()).hexdigest()}"


def every_kind() -> list[str]:
    """All that may be proposed."""
    return list(Kind.values)


class Opening(models.Model):
    """What the owner of a dataset chose; a dataset without one takes everything, with the key that its schema or card declares."""

    dataset = models.OneToOneField("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    kinds = models.JSONField(default=every_kind)
    key = models.JSONField(default=list)
    """Names of the columns that tell rows apart; empty: those declared, or found."""
    is_key_confirmed = models.BooleanField(default=True)
    """False for a key that was found in the values when somebody proposed something: a person has still to confirm it."""
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("ouverture aux contributions")

    def __str__(self) -> str:
        return f"#{self.dataset_id}"


class Proposal(models.Model):
    """One thing that somebody asks of a dataset.

    ``key``, ``row`` (as it was seen) and ``changes`` hold canonical texts (``core.overlays.canonical``), by column.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    version_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(_("demande"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("état"), max_length=12, choices=State.choices, default=State.RECEIVED)
    key = models.JSONField(null=True)
    key_text = models.CharField(max_length=400, blank=True)
    row = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    column = models.CharField(max_length=100, blank=True)
    text = models.TextField(_("message"), blank=True)
    photo = models.FileField(upload_to="contributions/", blank=True, max_length=200)
    shows_photo = models.BooleanField(default=False)
    """A moderator looked at it: no face, no plate."""
    shows_text = models.BooleanField(default=False)
    """A moderator decided that what names a person in the message may be read by all."""
    form = models.CharField(max_length=64, null=True, unique=True)
    """A digest of the token of its form: sent twice, it makes one."""
    origin = models.CharField(max_length=20, default="form")
    """``form``, ``api``, ``osm``: how it came."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    site = models.ForeignKey("wagtailcore.Site", null=True, on_delete=models.SET_NULL, related_name="+")
    accepted = models.JSONField(default=dict)
    answer = models.TextField(_("réponse"), blank=True)
    """What the producer says: the reason of a refusal, the answer to a question, what is asked back."""
    reply = models.TextField(blank=True)
    """What the contributor answered to what was asked back."""
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(_("date"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        indexes = [
            models.Index(fields=["dataset", "state", "created"], name="contributions_queue"),
            models.Index(fields=["dataset", "key_text"], name="contributions_row"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    def get_absolute_url(self) -> str:
        """Its private page."""
        return reverse("contribution", kwargs={"uid": self.uid})

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to decide."""
        return State(self.state).is_open


class Correction(models.Model):
    """One accepted change: a cell (``column``), a row added or a row removed, laid over the source at each import."""

    class Verb(models.TextChoices):
        """What it does to the source."""

        CELL = "cell", _("valeur corrigée")
        ADD = "add", _("ligne ajoutée")
        REMOVE = "remove", _("ligne retirée")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="corrections")
    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=6, choices=Verb.choices)
    key = models.JSONField()
    key_text = models.CharField(max_length=400)
    column = models.CharField(max_length=100, blank=True)
    base = models.JSONField(null=True)
    """What the source said: a text for a cell, texts by column for a row."""
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    """What the source says now, where that is something else: texts by column."""
    state = models.CharField(_("état"), max_length=10, choices=Laid.choices, default=Laid.WAITING)
    version_name = models.CharField(max_length=40, blank=True)
    """The version whose import gave it its state."""
    created = models.DateTimeField(default=timezone.now)
    closed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("correction")
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "key_text", "verb", "column"],
                condition=models.Q(state__in=LIVE_STATES),
                name="contributions_one_live_correction",
            )
        ]
        indexes = [models.Index(fields=["dataset", "state"], name="contributions_laid")]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} #{self.pk}"


class Ambassador(models.Model):
    """A person whom an organisation trusts: their changes to its datasets need no second look."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("personne"), related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, verbose_name=_("organisation"), related_name="+"
    )
    badge = models.CharField(
        _("badge"), max_length=60, default="Ambassadeur des données", help_text=_("Montré avec ses contributions.")
    )
    since = models.DateTimeField(default=timezone.now)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-since"]
        verbose_name = _("ambassadeur")
        verbose_name_plural = _("ambassadeurs")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=models.Q(revoked=None), name="contributions_one_ambassador"
            )
        ]

    def __str__(self) -> str:
        return f"{self.badge} #{self.pk}"


def values_of(body: Any) -> dict[str, str | None]:
    """The texts by column of a JSON field."""
    return dict(body) if isinstance(body, dict) else {}
