"""Indicators, their computations, their values."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.core.indicators import Definition
from parvis.domains.indicators.rules import IndicatorStatus


class Indicator(models.Model):
    """A definition under a permanent address; it is retired, never deleted, since its values are cited."""

    STATUS = [
        (IndicatorStatus.DRAFT, _("brouillon")),
        (IndicatorStatus.PUBLISHED, _("publié")),
        (IndicatorStatus.RETIRED, _("retiré")),
    ]

    slug = models.SlugField(_("adresse"), max_length=80, unique=True)
    title = models.CharField(_("titre"), max_length=200)
    definition = models.JSONField()
    datasets = models.JSONField(default=list)
    """Identifiers of the datasets it asks."""
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="indicators", verbose_name=_("organisation")
    )
    status = models.CharField(_("état"), max_length=12, choices=STATUS, default=IndicatorStatus.DRAFT, db_index=True)
    revision = models.PositiveIntegerField(default=1)
    latest = models.ForeignKey("Computation", null=True, on_delete=models.PROTECT, related_name="+")
    """The computation whose values are shown."""
    trouble = models.JSONField(null=True)
    """Why the last try gave nothing: ``code``, ``fr``, ``en``, ``since``; None when it went well."""
    created = models.DateTimeField(auto_now_add=True)
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["title", "id"]
        verbose_name = _("indicateur")
        verbose_name_plural = _("indicateurs")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its permanent public address."""
        return f"/indicateurs/{self.slug}/"

    @property
    def described(self) -> Definition:
        """Its definition, checked."""
        return Definition.from_dict(self.definition)


class Computation(models.Model):
    """One computing of an indicator: everything that its values came from.

    ``versions`` gives, by dataset, the name of the version that was asked; ``population`` the inhabitants that were counted
    with, by territory code (the empty one is the whole); ``asked`` the questions in ODSQL.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="computations")
    fingerprint = models.CharField(max_length=32)
    definition = models.JSONField()
    versions = models.JSONField()
    population = models.JSONField(default=dict)
    asked = models.JSONField(default=list)
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
        return f"/indicateurs/{self.computation.indicator.slug}/valeurs/{self.pk}/"
