"""Keys, without their secrets."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.hub.apikeys.rules import SHOWN, Scope, Strength, is_live

SOON = timedelta(days=30)


class ApiKey(models.Model):
    """A key by which programs act for a person; only the hash of its secret is kept."""

    SCOPES = [
        (Scope.READ_PUBLIC, _("lire ce qui est public")),
        (Scope.READ, _("lire tout ce que je peux lire")),
        (Scope.PROPOSE, _("lire ce qui est public, et proposer des contributions")),
        (Scope.DEPOSIT, _("lire tout ce que je peux lire, et déposer des actes")),
        (Scope.PUSH, _("pousser des lignes dans une organisation")),
        (Scope.WRITE, _("écrire des brouillons dans une organisation : fiches, fichiers")),
        (Scope.PUBLISH, _("écrire et publier dans une organisation")),
        (Scope.ADMINISTER, _("écrire, publier et administrer une organisation")),
    ]

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="api_keys"
    )
    name = models.CharField(_("nom"), max_length=80)
    start = models.CharField(_("début"), max_length=SHOWN)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("portée"), max_length=12, choices=SCOPES, default=Scope.READ_PUBLIC)
    datasets = models.JSONField(_("jeux de données"), default=list, blank=True)
    """The identifiers of the only datasets that a key that writes may change; empty for all those of its organisation."""
    created = models.DateTimeField(_("créée"), auto_now_add=True)
    expires = models.DateTimeField(_("expire"), null=True, blank=True)
    last_used = models.DateField(_("dernier jour d’usage"), null=True, blank=True)
    """The day only: written once a day, not at each call."""
    revoked = models.DateTimeField(_("révoquée"), null=True, blank=True)
    revoked_by = models.CharField(max_length=200, blank=True)
    warned = models.SmallIntegerField(null=True, editable=False)
    """The last warning that its owner was mailed: how many days were left, 0 once it had expired."""

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("clé d’API")
        verbose_name_plural = _("clés d’API")

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def strength(self) -> Strength:
        """How far it goes."""
        return Strength(Scope(self.scope), self.organisation_id, frozenset(self.datasets), self.expires)

    @property
    def ends_soon(self) -> bool:
        """Whether it ends within a month: its owner is told by mail as well."""
        return self.is_live and self.expires is not None and self.expires - timezone.now() < SOON

    @property
    def is_live(self) -> bool:
        """Whether it opens anything now."""
        return is_live(self.expires, self.revoked, timezone.now())
