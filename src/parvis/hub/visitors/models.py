"""That something was sent by an address: a digest of it, for two days."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.hub.addresses import absolute_path
from parvis.hub.notifications.models import new_key


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


class Receipt(models.Model):
    """What somebody sent without an account: at its secret address they read the state of it, sign it off, erase it.

    ``kind`` is a ``ReceiptKind`` of a module, ``target`` the key of the row. It goes with the row.
    """

    key = models.CharField(max_length=64, unique=True, default=new_key)
    kind = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    form = models.CharField(max_length=64, unique=True, null=True)
    """A digest of the token of the form, so that a form sent twice is one."""
    confirmed = models.BooleanField(default=False)
    """Whether the browser did its work, or the mail address was confirmed: nobody else reads it before."""
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("récépissé")
        constraints = [models.UniqueConstraint(fields=["kind", "target"], name="one_receipt_a_row")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.target}"

    def get_absolute_url(self) -> str:
        """Its secret address."""
        return absolute_path(f"/compte/envois/{self.key}/")
