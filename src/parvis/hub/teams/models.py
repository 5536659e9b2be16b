"""Which groups write a site, and where its images and documents are."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.hub.teams.rules import Duty


class Team(models.Model):
    """The two groups of a site, to which Wagtail gives rights on its pages and its collection alone."""

    site = models.OneToOneField("wagtailcore.Site", on_delete=models.CASCADE, related_name="team")
    writers = models.OneToOneField("auth.Group", on_delete=models.PROTECT, related_name="+")
    publishers = models.OneToOneField("auth.Group", on_delete=models.PROTECT, related_name="+")
    collection = models.ForeignKey("wagtailcore.Collection", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("équipe d’un site")

    def __str__(self) -> str:
        return str(self.site)

    def group(self, duty: Duty) -> models.Model:
        """The group of those who do that."""
        return self.publishers if duty is Duty.PUBLISH else self.writers
