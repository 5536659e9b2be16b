"""What the index has still to be told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """A thing whose document in the index must be written again: written with the change itself, so that none is lost."""

    kind = models.CharField(max_length=20)
    """The name of a ``SearchKind``."""
    key = models.PositiveBigIntegerField(null=True)
    """Its key; None for all those of the kind."""

    class Meta:
        verbose_name = _("changement à indexer")

    def __str__(self) -> str:
        return f"{self.kind}:{self.key or '*'}"
