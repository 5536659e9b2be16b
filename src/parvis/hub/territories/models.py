"""Territories by official code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.core.geo.areas import square_kilometres
from parvis.core.geo.svg import bounds
from parvis.hub.addresses import absolute_path


class Territory(models.Model):
    """A commune, EPCI, EPT, department or region of the Code officiel géographique.

    Parents are given by code. Contours have a table of their own: they weigh ten times the rest, and few pages draw them.
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

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="one_territory_a_code")]
        verbose_name = _("territoire")

    def __str__(self) -> str:
        return self.name

    @property
    def contour(self) -> dict[str, Any] | None:
        """The GeoJSON geometry in WGS 84, read when it is asked for; None where it is not known."""
        contour = self.__dict__.get("_new_contour") or Contour.objects.filter(territory=self.pk).first()
        return contour.geometry if contour else None

    @contour.setter
    def contour(self, geometry: Mapping[str, Any] | None) -> None:
        """The contour that will be written with the territory."""
        self.__dict__["_new_contour"] = Contour.of(geometry) if geometry else None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the territory, with the contour that it was given if it was."""
        super().save(*args, **kwargs)
        contour = self.__dict__.pop("_new_contour", None)
        if contour is not None:
            contour.territory = self
            contour.save()

    def get_absolute_url(self) -> str:
        """Its public page; a code names one territory, except departments and regions which may share digits."""
        prefix = {"departement": "departement-", "region": "region-"}.get(self.kind, "")
        return absolute_path(f"/territoires/{prefix}{self.code}/")


class Contour(models.Model):
    """Where a territory lies: a GeoJSON geometry in WGS 84, the box around it in degrees, its area in square kilometres."""

    territory = models.OneToOneField(Territory, models.CASCADE, primary_key=True, related_name="outline")
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    area = models.FloatField()
    geojson = models.TextField()

    class Meta:
        # The whole box: looking for what touches another one reads this index alone, never a geometry.
        indexes = [models.Index(fields=["west", "east", "south", "north"], name="contour_box")]
        verbose_name = _("contour")

    def __str__(self) -> str:
        return str(self.territory)

    @classmethod
    def of(cls, geometry: Mapping[str, Any]) -> Contour:
        """The row of a geometry, its territory still to be said."""
        west, south, east, north = bounds([geometry]) or (0.0, 0.0, 0.0, 0.0)
        area = square_kilometres(geometry)
        text = json.dumps(geometry, separators=(",", ":"))
        return cls(west=west, south=south, east=east, north=north, area=area, geojson=text)

    @property
    def geometry(self) -> dict[str, Any]:
        """The GeoJSON geometry."""
        geometry: dict[str, Any] = json.loads(self.geojson)
        return geometry


class Reference(models.Model):
    """Which reference of territories the tables hold: the one shipped with Parvis, or a file given since."""

    shipped = models.BooleanField()
    revision = models.CharField(max_length=64)
    source = models.CharField(max_length=200, blank=True)
    population_year = models.PositiveSmallIntegerField(null=True)
    """Year of the populations of a file given since; none for those shipped."""
    loaded = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("référentiel")

    def __str__(self) -> str:
        return self.source or self.revision
