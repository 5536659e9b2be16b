"""Files received and their imports."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Deposit(models.Model):
    """A file being received or received, kept byte for byte in the home until its import is over.

    ``received`` grows while an upload goes on (tus protocol); the file is whole when it equals ``bytes``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    bytes = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    source = models.CharField(max_length=1000, default="upload")
    holder = models.CharField(max_length=64, blank=True)
    """The process of the command that brought it (see ``jobs.holders``): when that process is gone, so is the file."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("fichier déposé")

    def __str__(self) -> str:
        return self.name

    @property
    def is_whole(self) -> bool:
        """True once every byte has come."""
        return self.received == self.bytes


class Import(models.Model):
    """The passage of one deposit into one dataset: what was found, what was chosen, how it ended."""

    class State(models.TextChoices):
        """Where an import stands."""

        WAITING = "waiting", _("en attente")
        EXAMINING = "examining", _("examen en cours")
        EXAMINED = "examined", _("à vérifier")
        WRITING = "writing", _("import en cours")
        STOPPED = "stopped", _("choix à faire")
        HELD = "held", _("publication en attente")
        REFUSED = "refused", _("refusé")
        FAILED = "failed", _("échec")
        DONE = "done", _("terminé")
        CANCELLED = "cancelled", _("annulé")

    deposit = models.ForeignKey(Deposit, null=True, blank=True, on_delete=models.SET_NULL, related_name="imports")
    url = models.URLField(max_length=1000, blank=True)
    dataset = models.ForeignKey("catalogue.Dataset", null=True, blank=True, on_delete=models.CASCADE)
    version = models.ForeignKey("catalogue.Version", null=True, blank=True, on_delete=models.SET_NULL)
    version_name = models.CharField(max_length=40, blank=True)
    """The version it writes, chosen before the work starts: run twice, it makes one version."""
    replaces = models.CharField(max_length=40, blank=True)
    """The version whose source is imported again: should another have been published meanwhile, nothing is; empty for a delivery."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reading = models.JSONField(default=dict)
    """ReadOptions chosen."""
    overrides = models.JSONField(default=dict)
    """Corrections of columns chosen (see ``core.profiling.Override``)."""
    steps = models.JSONField(default=list)
    """Changes of rows accepted (see ``core.transforms.Step``)."""
    policy = models.CharField(max_length=5, default="stop")
    publish = models.BooleanField(default=False)
    """Publish as soon as the version is written."""
    findings = models.JSONField(default=dict)
    """The examination shown to the person: detected format, columns, examples, misfits, first rows."""
    error = models.JSONField(null=True, blank=True)
    """code, message and hint of the error that stopped or refused it."""
    job = models.ForeignKey("jobs.Job", null=True, blank=True, on_delete=models.SET_NULL)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("import")

    def __str__(self) -> str:
        return f"import #{self.pk}"

    @property
    def source_name(self) -> str:
        """The file, or where it comes from."""
        if self.deposit:
            return self.deposit.name
        return self.version.original if self.version else self.url
