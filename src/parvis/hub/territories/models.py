"""Territories by official code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.hub.addresses import absolute_path


class Territory(models.Model):
    """A commune, EPCI, EPT, department or region of the Code officiel géographique.

    ``contour`` is a GeoJSON geometry in WGS 84, None where Parvis ships none. Parents are given by code.
    """

    class Kind(models.TextChoices):
        """What kind of territory; the value is used in addresses and files."""

        COMMUNE = "commune", _("commune")
        EPCI = "epci", _("intercommunalité")
        EPT = "ept", _("établissement public territorial")
        DEPARTMENT = "departement", _("département")
        REGION = "region", _("région")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    code = models.CharField(max_length=9)
    name = models.CharField(max_length=120, db_index=True)
    folded = models.CharField(max_length=120, db_index=True)
    population = models.PositiveIntegerField(null=True)
    epci = models.CharField(max_length=9, blank=True, db_index=True)
    ept = models.CharField(max_length=9, blank=True, db_index=True)
    department = models.CharField(max_length=3, blank=True, db_index=True)
    region = models.CharField(max_length=3, blank=True, db_index=True)
    postcodes = models.JSONField(default=list)
    former_codes = models.JSONField(default=list)
    contour = models.JSONField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="one_territory_a_code")]
        verbose_name = _("territoire")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its public page; a code names one territory, except departments and regions which may share digits."""
        prefix = {"departement": "departement-", "region": "region-"}.get(self.kind, "")
        return absolute_path(f"/territoires/{prefix}{self.code}/")
