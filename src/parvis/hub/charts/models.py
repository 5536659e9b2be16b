"""Charts that were saved."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.core.charts import ChartDescription
from parvis.hub.addresses import here
from parvis.hub.charts.rules import LONGEST_SLUG, MOST_TITLE, ChartStatus


class Chart(models.Model):
    """A chart under a permanent address; ``description`` is what ``ChartDescription.to_dict`` gives."""

    STATUS = [(ChartStatus.DRAFT, _("brouillon")), (ChartStatus.PUBLISHED, _("publié"))]

    slug = models.SlugField(_("adresse"), max_length=LONGEST_SLUG + 8, unique=True)
    title = models.CharField(_("titre"), max_length=MOST_TITLE)
    description = models.JSONField()
    datasets = models.JSONField(default=list)
    """Identifiers of the datasets it asks, to find the charts of a dataset."""
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="charts", verbose_name=_("organisation")
    )
    status = models.CharField(_("état"), max_length=12, choices=STATUS, default=ChartStatus.DRAFT, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    revision = models.PositiveIntegerField(default=1)
    """Goes up each time it is saved, so that two people do not undo each other's work."""
    created = models.DateTimeField(_("créé"), auto_now_add=True)
    modified = models.DateTimeField(_("modifié"), auto_now=True)

    class Meta:
        ordering = ["title", "id"]
        verbose_name = _("graphique")
        verbose_name_plural = _("graphiques")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its permanent public address."""
        return here(f"/graphiques/{self.slug}/")

    @property
    def described(self) -> ChartDescription:
        """Its description, checked, bearing its title."""
        return ChartDescription.from_dict({**self.description, "title": self.title})
