"""The columns of a service."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.core.metadata import LICENCE_BY_SLUG, LICENCES
from parvis.hub.dataservices.portal_slugs import PORTAL_SLUGS
from parvis.hub.dataservices.rules import ACCESS_CHOICES, DOWN_AFTER, KIND_BY_SLUG, KIND_CHOICES, OPEN, Kind
from parvis.hub.records.models import CivicRecord

WEB = URLValidator(schemes=["http", "https"])
"""An address of the web."""


class DataService(CivicRecord):
    """A way for programs or people to use data: an API, a service of maps, a live feed, an application.

    Those of the portal itself are of this type too, and of no row: see ``portal``.
    """

    noun = "dataservice"
    with_article = _("le service")
    place = "services"
    unnamed = "service"
    reserved = CivicRecord.reserved | PORTAL_SLUGS
    of_the_record = (*CivicRecord.of_the_record, "identifier", "checked", "failures", "down_since")

    identifier = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    """What other catalogues know it by, whatever its address is since."""
    kind = models.CharField(_("nature"), max_length=16, choices=KIND_CHOICES, default="rest", db_index=True)
    text = models.TextField(
        _("présentation"), blank=True, default="", help_text=_("À quoi il sert, et pour qui, en quelques phrases.")
    )
    endpoints = models.JSONField(_("adresses du service"), default=list, blank=True)
    description_address = models.URLField(
        _("description pour les programmes"),
        max_length=500,
        blank=True,
        default="",
        validators=[WEB],
        help_text=_("OpenAPI en JSON, GetCapabilities, ou page d’accueil d’une OGC API."),
    )
    documentation = models.URLField(
        _("documentation"), max_length=500, blank=True, default="", validators=[WEB], help_text=_("La page à lire.")
    )
    version = models.CharField(_("version"), max_length=40, blank=True, default="")
    licence = models.CharField(
        _("licence"), max_length=20, blank=True, default="", choices=[(row.slug, row.name) for row in LICENCES]
    )
    access = models.CharField(_("accès"), max_length=20, choices=ACCESS_CHOICES, default=OPEN, db_index=True)
    access_address = models.URLField(_("où demander l’accès"), max_length=500, blank=True, default="", validators=[WEB])
    rate = models.CharField(
        _("limite d’appels"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Par exemple : 50 appels par seconde."),
    )
    availability = models.CharField(
        _("disponibilité"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Par exemple : 99,5 %, hors maintenance."),
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True, default="")
    contact_email = models.EmailField(_("adresse de contact"), blank=True, default="")
    themes = models.JSONField(_("thèmes"), default=list, blank=True)
    keywords = models.JSONField(_("mots-clés"), default=list, blank=True)
    datasets = models.JSONField(_("jeux de données servis"), default=list, blank=True)
    """Their permanent identifiers: a dataset that is called otherwise since is still served."""
    operations = models.JSONField(_("opérations ou couches"), default=list, blank=True)
    checked = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    down_since = models.DateTimeField(null=True, editable=False)
    """When it first failed to answer, of the failures that last."""

    class Meta(CivicRecord.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def names_elsewhere(self) -> dict[str, str]:
        """Its identifier."""
        return {"identifier": str(self.identifier)}

    def texts(self) -> list[str]:
        """The texts that a search looks in."""
        names = [self.organisation.name] if self.organisation_id else []
        kind = str(self.kind_row.label)
        return [self.title, self.text, kind, *names, *self.keywords, *self.operations]

    @property
    def kind_row(self) -> Kind:
        """What is known of its kind."""
        return KIND_BY_SLUG.get(self.kind, KIND_BY_SLUG["other"])

    @property
    def licence_row(self) -> Any:
        """Its licence; None without one."""
        return LICENCE_BY_SLUG.get(self.licence)

    @property
    def is_down(self) -> bool:
        """Whether it failed to answer often enough to be said."""
        return self.failures >= DOWN_AFTER

    @property
    def is_portal(self) -> bool:
        """Whether it is one of the portal itself."""
        return self.pk is None and self.slug in PORTAL_SLUGS


class HarvestedService(models.Model):
    """A service as a source names it, and ours that it became."""

    source = models.ForeignKey("harvesting.Source", on_delete=models.CASCADE, related_name="+")
    identifier = models.CharField(max_length=500)
    service = models.ForeignKey(DataService, null=True, on_delete=models.SET_NULL, related_name="+")
    """None once somebody deleted it here: it does not come back."""
    landing_page = models.CharField(max_length=1000, blank=True, default="")
    card = models.JSONField(default=dict)
    """Our columns as the source told them last."""
    written = models.JSONField(default=dict)
    """The same as they then were here: what differs since was changed by somebody, and is theirs."""
    serves = models.JSONField(default=list)
    """Identifiers of items of the source."""
    last_run = models.PositiveBigIntegerField(default=0)
    counted_run = models.PositiveBigIntegerField(default=0)
    """The last that counted it as missing."""
    missing = models.PositiveSmallIntegerField(default=0)
    """Whole runs in a row that did not see it."""
    gone = models.DateTimeField(null=True)
    """When it was withdrawn here because the source no longer has it."""

    class Meta:
        ordering = ["pk"]
        verbose_name = _("service d’une source")
        constraints = [models.UniqueConstraint(fields=["source", "identifier"], name="one_harvested_service")]

    def __str__(self) -> str:
        return self.identifier
