"""The thumbnails of maps, charts and pages; that of a dataset is named by its version, which lists load anyway."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Thumbnail(models.Model):
    """The picture for the card of one thing, and the datasets that it shows: nobody sees it who may not read them all."""

    kind = models.CharField(max_length=20)
    """``chart``, ``map`` or ``page``."""
    object_id = models.PositiveBigIntegerField()
    name = models.CharField(max_length=60)
    datasets = models.JSONField(default=list)
    """Their public identifiers."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_thumbnail_a_thing")]
        verbose_name = _("vignette")

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
