"""Indicators, their computations, their values."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.core.indicators.definition import Definition
from parvis.domains.indicators.rules import RESERVED, IndicatorChanged, SlugTaken
from parvis.hub.records.models import CivicRecord

MOST_ON_BOARD = 12
"""Tiles of a scoreboard: as many as one A4 sheet holds."""


class Indicator(CivicRecord):
    """A definition under a permanent address; it is retired, never deleted, since its values are cited."""

    noun = "indicator"
    with_article = _("l’indicateur")
    place = "indicateurs"
    unnamed = "indicateur"
    reserved = RESERVED
    of_the_record = (*CivicRecord.of_the_record, "latest", "trouble")
    drafts_while_online = False
    acts = {"publish": "published", "retire": "retired", "unpublish": "draft"}
    may_be_deleted = False
    conflict = IndicatorChanged
    address_taken = SlugTaken

    definition = models.JSONField()
    datasets = models.JSONField(default=list, blank=True, editable=False)
    """Identifiers of the datasets it asks."""
    latest = models.ForeignKey(
        "Computation", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    """The computation whose values are shown."""
    trouble = models.JSONField(null=True, blank=True, editable=False)
    """Why the last try gave nothing: ``code``, ``fr``, ``en``, ``since``; None when it went well."""

    class Meta(CivicRecord.Meta):
        verbose_name = _("indicateur")
        verbose_name_plural = _("indicateurs")

    @property
    def described(self) -> Definition:
        """Its definition, checked."""
        return Definition.from_dict(self.definition)

    def texts(self) -> list[str]:
        """The texts that a search looks in."""
        return [self.title, *(str(self.definition.get(name) or "") for name in ("question", "method"))]

    def journal_details(self, act: str) -> dict[str, Any]:
        """What was defined."""
        return {"definition": self.definition} if act in ("create", "update") else {}


class Computation(models.Model):
    """One computing of an indicator: everything that its values came from.

    ``versions`` gives, by dataset, the name of the version that was asked; ``population`` the inhabitants that were counted
    with, by territory code (the empty one is the whole).
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="computations")
    fingerprint = models.CharField(max_length=32)
    definition = models.JSONField()
    versions = models.JSONField()
    population = models.JSONField(default=dict)
    computed = models.DateTimeField()

    class Meta:
        ordering = ["-computed", "-id"]
        constraints = [models.UniqueConstraint(fields=["indicator", "fingerprint"], name="one_computation_a_cause")]
        verbose_name = _("calcul d’un indicateur")

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.computed:%Y-%m-%d}"

    @property
    def described(self) -> Definition:
        """The definition as it was then."""
        return Definition.from_dict(self.definition)


class Value(models.Model):
    """One figure, with a permanent address; ``parts`` holds the numbers of its formula. Empty territory = the whole."""

    computation = models.ForeignKey(Computation, on_delete=models.PROTECT, related_name="values")
    territory = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=120, blank=True)
    period = models.CharField(max_length=20, blank=True)
    value = models.FloatField(null=True)
    parts = models.JSONField(default=dict)

    class Meta:
        ordering = ["period", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["computation", "territory", "period"], name="one_value_a_place_and_period")
        ]
        verbose_name = _("valeur d’un indicateur")

    def __str__(self) -> str:
        return f"{self.name} {self.period}: {self.value}"

    def get_absolute_url(self) -> str:
        """Where this very figure is shown for ever."""
        return reverse("indicator-value", args=[self.computation.indicator.slug, self.pk])


def new_key() -> str:
    """A secret that an address has: anyone who has it may confirm or stop."""
    return secrets.token_urlsafe(32)


class Board(models.Model):
    """A scoreboard: indicators of one's choice, in their order, seen from one territory; those of members are kept."""

    key = models.CharField(max_length=64, unique=True, default=new_key)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="boards")
    name = models.CharField(_("nom"), max_length=120)
    slugs = models.JSONField(default=list)
    territory = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=1)
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("tableau de bord")

    def __str__(self) -> str:
        return self.name

    def address(self, slugs: Sequence[str] | None = None) -> str:
        """The page of these indicators, or of those in another order: it says everything."""
        pairs = [("i", slug) for slug in (self.slugs if slugs is None else slugs)]
        pairs += [(name, value) for name, value in (("territoire", self.territory), ("t", self.key)) if value]
        return f"{reverse('indicators-board')}?{urlencode(pairs)}"

    def moved(self, rank: int, by: int) -> str:
        """The page where one of them stands earlier or later; empty where there is no such place."""
        slugs = list(self.slugs)
        if not 0 <= rank + by < len(slugs):
            return ""
        slugs.insert(rank + by, slugs.pop(rank))
        return self.address(slugs)

    def without(self, slug: str) -> str:
        """The page without one of them."""
        return self.address([other for other in self.slugs if other != slug])
