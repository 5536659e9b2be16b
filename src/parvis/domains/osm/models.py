"""A dataset of a town put face to face with OpenStreetMap: what is compared, each comparison, what was found and decided."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from parvis.core.osm.mappings import Theme, read_mapping
from parvis.core.osm.model import Difference, Verdict
from parvis.domains.osm.messages import DECISIONS, MARKS, VERDICTS
from parvis.hub.records.models import CivicRecord


class Conflation(CivicRecord):
    """What is compared and how. Online, anybody may read what was found; as a draft, those who write it alone."""

    noun = "osm-review"
    with_article = _("le rapprochement avec OpenStreetMap")
    place = "openstreetmap"
    unnamed = "rapprochement"
    reserved = CivicRecord.reserved | {"compte", "envoi"}

    dataset_id = models.CharField(_("votre jeu de données"), max_length=100)
    osm_dataset_id = models.CharField(_("le jeu venu d’OpenStreetMap"), max_length=100)
    theme = models.CharField(_("thème"), max_length=40)
    mapping = models.TextField(
        _("correspondance"),
        blank=True,
        default="",
        help_text=_(
            "Laissez vide pour prendre celle du thème. Chaque ligne dit quelle colonne correspond à quelle étiquette d’OpenStreetMap, "
            "et à quelle distance deux objets peuvent être le même."
        ),
    )
    key_columns = models.CharField(
        _("colonnes qui identifient une ligne"),
        max_length=300,
        blank=True,
        default="",
        help_text=_(
            "Séparées par des virgules. Sans elles, ce qui a été décidé d’une ligne est à revoir quand elle change."
        ),
    )
    comment = models.CharField(
        _("commentaire des modifications"),
        max_length=200,
        blank=True,
        default="",
        help_text=_(
            "Ce que la communauté d’OpenStreetMap lira de chaque envoi, par exemple « Relevé des arceaux de Lieusaint »."
        ),
    )
    hashtag = models.CharField(
        _("mot-dièse"), max_length=60, blank=True, default="", help_text=_("Par exemple #lieusaint.")
    )
    source = models.CharField(
        _("source citée"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Le nom et la date de votre fichier : la Licence Ouverte demande de les citer."),
    )

    run: Run | None = None
    """Its last comparison, once ``selectors.with_runs`` has read it."""

    class Meta(CivicRecord.Meta):
        verbose_name = _("rapprochement")
        verbose_name_plural = _("rapprochements")

    @property
    def datasets(self) -> list[str]:
        """The datasets that it reads."""
        return [self.dataset_id, self.osm_dataset_id]

    @cached_property
    def described(self) -> Theme:
        """The mapping; BadTheme when it makes no sense."""
        return read_mapping(self.mapping, self.theme)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell rows apart."""
        return tuple(name.strip() for name in self.key_columns.split(",") if name.strip())


class Run(models.Model):
    """One comparison: of which versions, how many findings of each verdict, how far apart pairs are; or what stopped it."""

    conflation = models.ForeignKey(Conflation, on_delete=models.CASCADE, related_name="runs")
    our_version = models.CharField(max_length=40, blank=True, default="")
    osm_version = models.CharField(max_length=40, blank=True, default="")
    counts = models.JSONField(default=dict)
    distances = models.JSONField(default=dict)
    """How many pairs are within so many metres, by steps of ``curves.STEPS``, and their number."""
    left_out = models.JSONField(default=dict)
    """Rows that were not compared, or that cannot be well, by why: ``unplaced``, ``same_reference``, ``same_place``."""
    error = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("comparaison avec OpenStreetMap")

    def __str__(self) -> str:
        return f"{self.conflation_id} {self.at:%Y-%m-%d}"


class Finding(models.Model):
    """One thing found, and what somebody decided of it, once. ``facts`` is what its page shows of the two sides."""

    VERDICTS = list(VERDICTS.items())
    DECISIONS = [("", _("à décider")), *DECISIONS.items()]

    conflation = models.ForeignKey(Conflation, on_delete=models.CASCADE, related_name="findings")
    digest = models.CharField(max_length=32)
    verdict = models.CharField(max_length=16, choices=VERDICTS)
    ours = models.CharField(max_length=400, blank=True, default="")
    theirs = models.CharField(max_length=24, blank=True, default="")
    label = models.CharField(max_length=200, blank=True, default="")
    longitude = models.FloatField()
    latitude = models.FloatField()
    distance = models.FloatField(null=True)
    facts = models.JSONField(default=dict)
    is_present = models.BooleanField(default=True)
    """Whether the last comparison found it still."""

    decision = models.CharField(max_length=12, choices=DECISIONS, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decider = models.CharField(max_length=120, blank=True, default="")
    """Who decided, as anybody may read it: the organisation, not its member; or an account of OpenStreetMap."""
    decided_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=40, blank=True, default="")
    """The changeset or the note that followed."""

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["conflation", "digest"], name="osm_one_finding_a_digest")]
        indexes = [
            models.Index(fields=["conflation", "is_present", "verdict", "decision", "id"], name="osm_finding_list")
        ]
        verbose_name = _("constat")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What it is called in lists."""
        return f"{self.get_verdict_display()} — {self.label}" if self.label else str(self.get_verdict_display())

    @property
    def mark(self) -> str:
        """The sign of its verdict."""
        return MARKS[self.verdict]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("osm-finding", args=[self.conflation.slug, self.pk])

    @property
    def differences(self) -> list[Difference]:
        """The tags of which the two say different things."""
        return [Difference(*row) for row in self.facts.get("differences", ())]

    @property
    def is_new_there(self) -> bool:
        """Whether OpenStreetMap has no such object."""
        return self.verdict == Verdict.MISSING_THERE

    def side(self, name: str) -> dict[str, Any] | None:
        """What is known of ``ours`` or ``theirs``: ``tags`` or ``cells``, ``place``; None when it is missing there."""
        return self.facts.get(name)
