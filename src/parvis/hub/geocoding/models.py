"""What the service answered, by an imprint of each address: the address itself, as it was sent, is not kept."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class GeocodedAddress(models.Model):
    """One answer; without a place when the service found nothing."""

    key = models.CharField(max_length=64, unique=True)
    place = models.JSONField(null=True)
    asked = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        """Its imprint."""
        return self.key
