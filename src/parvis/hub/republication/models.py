"""Where an organisation has its datasets appear, with which key, and how the last sending ended."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.hub.republication.rules import DATA_GOUV


class Portal(models.Model):
    """The portal of an organisation, and its account there; the key is encrypted."""

    organisation = models.OneToOneField(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="portal", verbose_name=_("organisation")
    )
    address = models.CharField(_("adresse du portail"), max_length=300, default=DATA_GOUV)
    remote_organisation = models.CharField(_("organisation là-bas"), max_length=100)
    key = models.CharField(max_length=700)
    active = models.BooleanField(_("en service"), default=True)
    failures = models.PositiveIntegerField(default=0)
    """Sendings in a row that did not end."""
    due = models.DateTimeField(null=True)
    """Before when nothing is sent, since the last sending failed."""
    error = models.JSONField(null=True)
    """code, message and hint of what ended the last sending or trial."""
    sent = models.DateTimeField(null=True)
    """When a sending last ended well."""
    report = models.JSONField(null=True)
    """What the last sending did."""
    trial = models.JSONField(null=True)
    """What the next would do, as of a trial."""
    busy_until = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now)
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation__name"]
        verbose_name = _("envoi vers data.gouv.fr")
        verbose_name_plural = _("envois vers data.gouv.fr")

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.address}"


class Copy(models.Model):
    """A dataset of ours that is there, under an identifier of its own."""

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="copies")
    dataset_id = models.CharField(max_length=200)
    remote_id = models.CharField(max_length=100)
    page = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "dataset_id"], name="one_copy_a_dataset")]
        verbose_name = _("jeu de données envoyé")
        verbose_name_plural = _("jeux de données envoyés")

    def __str__(self) -> str:
        return f"{self.dataset_id} → {self.remote_id}"
