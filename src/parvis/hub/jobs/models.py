"""Background work as people see it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of background work: where it stands, whether it must stop, how it ended.

    A running job beats (``heartbeat``); one whose heart stopped is queued again by the reaper, so its work must be safe to
    run twice.
    """

    class State(models.TextChoices):
        """Where a job stands."""

        QUEUED = "queued", _("en attente")
        RUNNING = "running", _("en cours")
        DONE = "done", _("terminé")
        FAILED = "failed", _("échec")
        CANCELLED = "cancelled", _("annulé")

    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=100, blank=True, default="")
    """What it is for, of jobs asked for once (a day, a moment): one job of a kind at most has the same."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    stage = models.CharField(max_length=20, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    error = models.JSONField(null=True)
    """code, message and hint of the ParvisError that ended it."""
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    holder = models.CharField(max_length=64, blank=True)
    """The process that runs it (see ``process_locks``); only the holder may write to a running job."""
    in_place = models.BooleanField(default=False)
    """Run by the process that asked for it (a command): never taken up by a worker."""
    operator = models.BooleanField(default=False)
    """Asked for at the command line, with every right."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True, db_index=True)
    progressed = models.DateTimeField(null=True)
    """When it last told where it stands; the heartbeat goes on even when the work does not."""
    finished = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("tâche")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=~models.Q(key=""), name="job_once_by_key")
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} ({self.state})"

    @property
    def is_over(self) -> bool:
        """True once nothing more will happen."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    def has_been_over_for(self, time: timedelta) -> bool:
        """True once it ended that long ago."""
        return self.finished is not None and self.finished < timezone.now() - time
