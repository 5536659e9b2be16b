"""What callers have spent."""

from __future__ import annotations

from django.db import models


class Usage(models.Model):
    """What one caller spent on one day, all processes together; kept for two days and never tied to an address."""

    day = models.DateField()
    client = models.CharField(max_length=40)
    """``key-…``, ``person-…`` or the keyed hash of an address."""
    seconds = models.FloatField(default=0)
    calls = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "client"], name="one_usage_a_day")]

    def __str__(self) -> str:
        return f"{self.client} {self.day}"
