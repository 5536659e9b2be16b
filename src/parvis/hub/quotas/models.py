"""What callers have spent, and what organisations may take."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class OrganisationLimits(models.Model):
    """What an organisation may take of the instance; None: as much as it wants. No row: no limit at all."""

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.CASCADE, related_name="limits")
    storage = models.BigIntegerField(_("place des versions, en octets"), null=True, blank=True)
    datasets = models.BigIntegerField(_("jeux de données"), null=True, blank=True)
    rows = models.BigIntegerField(_("lignes en ligne"), null=True, blank=True)
    imports = models.BigIntegerField(_("imports par jour"), null=True, blank=True)
    seconds = models.BigIntegerField(_("secondes de moteur par jour"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.organisation)


class Throttle(models.Model):
    """The table of the cache ``default``, made by a migration so that every way to make a database has it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
