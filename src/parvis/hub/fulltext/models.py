"""What the indexes of long documents have still to be told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentChange(models.Model):
    """A document that must be written again in the index of its library: written with the change itself, so that none is lost."""

    library = models.CharField(max_length=40)
    """The name of a ``TextLibrary``."""
    key = models.PositiveBigIntegerField(null=True)
    """Its key; None for all those of the library."""

    class Meta:
        verbose_name = _("document à indexer")

    def __str__(self) -> str:
        return f"{self.library}:{self.key or '*'}"
