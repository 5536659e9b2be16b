"""The journal: one row for each act."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """Somebody did something to something; rows are only added, but for those that age out."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=60, db_index=True)
    target_kind = models.CharField(max_length=40)
    target = models.CharField(max_length=120, db_index=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("entrée du journal")
        verbose_name_plural = _("journal")

    def __str__(self) -> str:
        return f"{self.actor} · {self.action} · {self.target}"
