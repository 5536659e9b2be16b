"""What was read of a portal besides its datasets, and what became of each."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from parvis.hub.moving.rules import KINDS, STATES, State


class Move(models.Model):
    """How far the rest of a portal was read, for any process to go on from there."""

    source = models.OneToOneField("harvesting.Source", on_delete=models.CASCADE, related_name="+")
    without = models.JSONField(default=list)
    """Kinds that somebody leaves out."""
    run = models.PositiveBigIntegerField(default=0)
    """The run of the source that it belongs to."""
    step = models.PositiveSmallIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    """In the step."""
    notes = models.JSONField(default=dict)
    """What is said of each kind that could not be read, or not whole."""

    def __str__(self) -> str:
        return f"{self.source_id} #{self.run}"


class Part(models.Model):
    """One thing of a portal: a page, a person, a rule…"""

    source = models.ForeignKey("harvesting.Source", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=[(name, kind.label) for name, kind in KINDS.items()])
    identifier = models.CharField(max_length=400)
    title = models.CharField(max_length=300, blank=True, default="")
    facts = models.JSONField(default=dict)
    """What the portal says of it."""
    digest = models.CharField(max_length=64, blank=True, default="")
    """Of what the portal said when it was last made here."""
    state = models.CharField(
        max_length=8, choices=[(str(name), words) for name, words in STATES.items()], default=State.TOLD.value
    )
    target = models.CharField(max_length=120, blank=True, default="")
    """What it became, by its key or its address."""
    made = models.CharField(max_length=64, blank=True, default="")
    """How that was when it was written: another mark since is somebody's work."""
    notes = models.JSONField(default=list)
    dataset = models.ForeignKey("catalogue.Dataset", null=True, on_delete=models.CASCADE, related_name="+")
    run = models.PositiveBigIntegerField(default=0)
    """The last run that saw it."""
    created = models.DateTimeField(default=timezone.now)
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "identifier"], name="parvis_moving_one_part_a_name")
        ]
        indexes = [models.Index(fields=["kind", "identifier"], name="parvis_moving_by_name")]

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}"
