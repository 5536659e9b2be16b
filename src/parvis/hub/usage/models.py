"""Counters by day: what was read how often, and what was searched for in vain."""

from __future__ import annotations

from django.db import models

from parvis.hub.usage.rules import LONGEST_DETAIL, LONGEST_NAME, LONGEST_SEARCH


class Count(models.Model):
    """How many times something happened to something on a day, on a site."""

    day = models.DateField()
    """For days older than a year, the first day of their month: the row is then the sum of the month."""
    site = models.BigIntegerField()
    """Key of the site, which may be gone; no foreign key, so that a count never fails."""
    nature = models.CharField(max_length=12)
    subject = models.CharField(max_length=12)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    detail = models.CharField(max_length=LONGEST_DETAIL, blank=True)
    robots = models.BooleanField(default=False)
    """Asked by programs that say they are robots."""
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "site", "nature", "subject", "name", "detail", "robots"], name="one_count_a_day"
            )
        ]
        indexes = [models.Index(fields=["subject", "name", "day"], name="usage_by_thing")]

    def __str__(self) -> str:
        return f"{self.day} {self.nature} {self.subject} {self.name}"


class VainWords(models.Model):
    """Words that several people searched for on a day and that found nothing."""

    day = models.DateField()
    site = models.BigIntegerField()
    words = models.CharField(max_length=LONGEST_SEARCH)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "site", "words"], name="one_vain_words_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.words}"
