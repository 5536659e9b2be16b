"""Measures of versions, scores by day, answers of sources, and what was told to whom."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.hub.quality.rules import Event


def new_feed_key() -> str:
    """What makes the address of a person's feed secret: 256 bits."""
    return secrets.token_urlsafe(32)


class VersionQuality(models.Model):
    """What is known of the quality of one version.

    ``measures`` (``core.quality.Measures``) never changes: rows do not. ``around`` (``core.quality.Around``), ``shares`` (share of
    each criterion, None when it does not apply) and ``score`` (0 to 100) are reckoned again each day while the version is the
    one that readers see; afterwards they stay as they last were.
    """

    version = models.OneToOneField("catalogue.Version", on_delete=models.CASCADE, related_name="quality")
    measures = models.JSONField()
    around = models.JSONField(default=dict)
    shares = models.JSONField(default=dict)
    score = models.FloatField(default=0)
    measured = models.DateTimeField()
    reckoned = models.DateTimeField()

    class Meta:
        verbose_name = _("qualité d’une version")

    def __str__(self) -> str:
        return f"{self.version_id}: {self.score}"


class VersionPortraits(models.Model):
    """The portrait of each column of one version (``core.quality.Portrait``), in order; as immutable as its rows."""

    version = models.OneToOneField("catalogue.Version", on_delete=models.CASCADE, related_name="portraits")
    columns = models.JSONField()

    class Meta:
        verbose_name = _("profil d’une version")

    def __str__(self) -> str:
        return str(self.version_id)


class ScoreDay(models.Model):
    """The score of a dataset on a day when it changed, or when a version came; kept when the version is gone."""

    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="score_days")
    day = models.DateField()
    version_name = models.CharField(max_length=40)
    score = models.FloatField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["dataset", "day"], name="one_score_a_day")]
        verbose_name = _("note d’un jour")

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.day}: {self.score}"


class SourceCheck(models.Model):
    """Whether the address that the data comes from answered when it was last asked."""

    dataset = models.OneToOneField("catalogue.Dataset", on_delete=models.CASCADE, related_name="source_check")
    url = models.URLField(max_length=1000)
    answered = models.BooleanField()
    checked = models.DateTimeField()
    failing_since = models.DateField(null=True)
    error = models.JSONField(null=True)
    """code, message and hint of what the last reading met."""

    class Meta:
        verbose_name = _("état d’une source")

    def __str__(self) -> str:
        return f"{self.url}: {self.answered}"


class Link(models.Model):
    """An address that datasets name, and how it answered lately."""

    digest = models.CharField(max_length=64, unique=True)
    url = models.CharField(max_length=1000)
    checked = models.DateTimeField(null=True)
    due = models.DateTimeField(default=timezone.now, db_index=True)
    """When it is asked next."""
    failures = models.PositiveIntegerField(default=0)
    """In a row."""
    failing_since = models.DateTimeField(null=True)
    broken = models.BooleanField(default=False)
    """It failed several times, over days."""
    error = models.JSONField(null=True)
    """code, message and hint of what the last question met."""

    class Meta:
        verbose_name = _("lien")

    def __str__(self) -> str:
        return self.url

    @property
    def is_document(self) -> bool:
        """Whether it stands for a document of ours."""
        return self.url.startswith("attachment:")


class DatasetLink(models.Model):
    """Where a dataset names an address: ``source``, ``card``, ``document``, or ``column:`` and its label."""

    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="links")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="places")
    place = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "link", "place"], name="one_place_of_a_link")]
        verbose_name = _("lien d’un jeu de données")

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.place}"


class LinkAnswer(models.Model):
    """What an address answered once: the code of the error, empty when it answered."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="answers")
    at = models.DateTimeField()
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("réponse d’un lien")

    def __str__(self) -> str:
        return f"{self.link_id} {self.at} {self.error}"


class Feed(models.Model):
    """A live feed: the minutes within which something new of a dataset is expected, and its present silence."""

    dataset = models.OneToOneField("catalogue.Dataset", on_delete=models.CASCADE, related_name="feed")
    minutes = models.PositiveIntegerField(_("minutes"))
    heard = models.DateTimeField(null=True)
    """When rows came last by another way than a version."""
    silent_since = models.DateTimeField(null=True)
    """The last sign of life, once it is too old; None while the feed is alive."""
    told = models.DateTimeField(null=True)
    """When its owners were last told of a silence: one that comes and goes is not told each time."""
    told_of = models.DateTimeField(null=True)
    """The silence that they were told of and that is not over."""

    class Meta:
        ordering = ["dataset__title", "id"]
        verbose_name = _("flux")

    def __str__(self) -> str:
        return f"{self.dataset_id}: {self.minutes} min"


class Notice(models.Model):
    """Something that happened to a dataset and that its owners should know; one row for each time that it happens.

    ``mark`` tells one time from another: the date of the data that became late, the number of the import that failed.
    """

    EVENTS = [
        (Event.LATE.value, _("en retard")),
        (Event.STALE.value, _("périmé")),
        (Event.BROKEN.value, _("en panne")),
        (Event.SCHEMA.value, _("schéma plus récent")),
    ]

    dataset = models.ForeignKey("catalogue.Dataset", on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=10, choices=EVENTS)
    mark = models.CharField(max_length=80)
    details = models.JSONField(default=dict)
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened", "-id"]
        constraints = [models.UniqueConstraint(fields=["dataset", "event", "mark"], name="one_notice_a_time")]
        verbose_name = _("avis")

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.event} {self.mark}"


class NoticeChoices(models.Model):
    """What a person wants to be told of, and how; without a row, everything, by mail."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices")
    mail = models.BooleanField(_("Recevoir un courriel, un par jour au plus"), default=True)
    late = models.BooleanField(_("Un jeu est en retard sur sa fréquence"), default=True)
    stale = models.BooleanField(_("Un jeu est périmé : son retard dépasse le délai promis"), default=True)
    broken = models.BooleanField(_("Un import échoue, ou la source ne répond plus"), default=True)
    schema = models.BooleanField(_("Le schéma qu’un jeu suit a une version plus récente"), default=True)
    feed_key = models.CharField(max_length=64, unique=True, default=new_feed_key, editable=False)

    class Meta:
        verbose_name = _("choix d’avis")

    def __str__(self) -> str:
        return str(self.person)

    @property
    def events(self) -> list[str]:
        """The events chosen."""
        return [event for event in Event if getattr(self, event)]


class Digest(models.Model):
    """The mail of one day to one person: the row is written before the mail leaves, so that none leaves twice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    notices = models.ManyToManyField(Notice, related_name="digests")
    sent = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_digest_a_day")]
        verbose_name = _("courriel d’avis")

    def __str__(self) -> str:
        return f"{self.person} {self.day}"
