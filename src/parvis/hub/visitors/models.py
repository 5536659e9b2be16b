"""That something was sent by an address: a digest of it, for two days."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Sending(models.Model):
    """One message of somebody without an account: ``mark`` is a digest of their address, ``subject`` what it was about."""

    mark = models.CharField(max_length=64)
    subject = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("envoi d’un visiteur")
        indexes = [models.Index(fields=["mark", "at"], name="visitors_sendings")]

    def __str__(self) -> str:
        return f"{self.subject} #{self.pk}"
